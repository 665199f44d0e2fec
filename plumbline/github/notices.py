"""The notices of a waiting approval: who is told, and what, before an apply can start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.github import actions
from plumbline.github.applying import applies_of, applying, happy
from plumbline.github.jobs import Files, Found
from plumbline.github.runs import Happening, JobRun, Run
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import WORKSPACE, Command, is_known
from plumbline.github.starts import started, starts
from plumbline.values.unknown import Undetermined

_CHANNEL = re.compile(r"[\"']?\bchannel[\"']?\s*[:=]\s*[\"']?([^\"',}\s]+)")
_POSTS = re.compile(r"slack\.com/api/chat\.(?:postMessage|scheduleMessage|meMessage)\b")
_MESSAGES = ("chat.postMessage", "chat.scheduleMessage", "chat.meMessage")
"""The methods that bring a message to all of a channel. Source: Slack's documentation, "Web API methods"."""
_HOOK = re.compile(r"hooks\.slack\.com|SLACK_WEBHOOK", re.IGNORECASE)
_OF_A_FILE = re.compile(
    r"""(?<!\S)(?:-d|--data(?:-binary|-ascii|-urlencode)?|--json)[ =]?["']?@|--post-file|--body-file"""
)
"""How curl and wget are told to send what a file holds, or what comes by a pipe. Source: their manuals."""
UNKNOWN_CHANNEL = "?"
"""Stands for the channel that a webhook belongs to, which only Slack knows."""


@dataclass(frozen=True)
class Notice:
    """What one step tells Slack."""

    channel: str
    text: str
    """Empty where it is not read."""
    where: str


def notified_channels(files: Files, scripts: Scripts) -> Found:
    """Return the Slack channels that are told of every approval while it is waited for."""
    found = _of_every_start(files, scripts)
    open_ones = [it for it in found if it.channel == UNKNOWN_CHANNEL or not is_known(it.channel)]
    if open_ones and len(open_ones) == len(found):
        raise Undetermined(f"the channel is {open_ones[0].channel}, at {open_ones[0].where}")
    channels = dict.fromkeys(it.channel for it in found if it not in open_ones)
    return list(channels), next((it.where for it in found), files[0].where("jobs"))


def approval_notices(files: Files, scripts: Scripts) -> Found:
    """Return what Slack is told of a waiting approval, each text once."""
    found = _of_every_start(files, scripts)
    read = [it for it in found if it.text]
    if found and not read:
        raise Undetermined(f"what this tells is not read: {found[0].where}")
    return list(dict.fromkeys(it.text for it in read)), next(
        (it.where for it in read), files[0].where("jobs")
    )


def _of_every_start(files: Files, scripts: Scripts) -> list[Notice]:
    """Return the notices that each start gives which comes to an apply."""
    applying(list(files), scripts)
    told: list[list[Notice]] = []
    for file in started(files):
        for start in starts(file, scripts):
            run = happy(file, scripts, start)
            waiting = {it.job.name for it in applies_of(run) if it.job.is_let_through(run)}
            if waiting:
                told.append(
                    [
                        it
                        for job, _, happening in run.happened()
                        for it in _told(job, happening, waiting, scripts, run)
                    ]
                )
    if not told:
        raise Undetermined(f"{files[0].shown}: no start that was gone through comes to what applies")
    channels = [{it.channel for it in notices} for notices in told]
    common = set.intersection(*channels) if channels else set()
    return list({it.where: it for notices in told for it in notices if it.channel in common}.values())


def _told(job: JobRun, it: Happening, waiting: set[str], scripts: Scripts, run: Run) -> Iterator[Notice]:
    """Yield what a step surely tells before the jobs that apply can start."""
    gated = {other.name for other in run.every if other.environment}
    waits = job.name in waiting | gated or bool(job.after & (waiting | gated))
    if waits or not it.sure:
        return
    text = _text(it.command, scripts)
    if text is None:
        return
    channels = list(dict.fromkeys(_channels(it.command, text)))
    yield from (Notice(channel, text, it.where) for channel in channels)


def _text(command: Command, scripts: Scripts) -> str | None:
    """Return what a command tells Slack; None for one that tells nothing."""
    if command.words[:1] == ("uses:",):
        return _of_action(command, scripts)
    if any(_POSTS.search(it) or _HOOK.search(it) for it in command.words) and command.words[0] in (
        "curl",
        "wget",
        "http",
    ):
        return "" if _OF_A_FILE.search(command.line) else command.line
    return None


def _of_action(command: Command, scripts: Scripts) -> str | None:
    """Return what an action tells Slack: empty for one that is not read, None for one that tells nothing.

    Sources: the documentation of slackapi/slack-github-action, rtCamp/action-slack-notify ("Environment
    Variables") and 8398a7/action-slack ("with Parameters").
    """
    name, inputs = actions.name_of(command), actions.inputs_of(command)
    if name == "rtcamp/action-slack-notify":
        channel = command.variables.get("SLACK_CHANNEL", "")
        told = (command.variables.get(f"SLACK_{it}", "") for it in ("TITLE", "MESSAGE", "FOOTER"))
        return "\n".join([*([f"channel: {channel}"] if channel else []), *told])
    if name == "8398a7/action-slack":
        return "\n".join(f"{name}: {value}" for name, value in inputs.items())
    if name != "slackapi/slack-github-action":
        return "" if "slack" in name else None
    method = inputs.get("method", _MESSAGES[0])
    if method not in _MESSAGES:
        return None if is_known(method) else ""
    path = inputs.get("payload-file-path", "")
    written = scripts.text(path, WORKSPACE) if path else None
    return "\n".join([*(f"{name}: {value}" for name, value in inputs.items()), written or ""])


def _channels(command: Command, text: str) -> Iterator[str]:
    """Yield the channels that are told; version 1 of the action is given them otherwise than later ones."""
    inputs = actions.inputs_of(command) if command.words[0] == "uses:" else {}
    own = [part.strip().strip("#") for part in inputs.get("channel-id", "").split(",")]
    found = [it for it in own if it] or [it.strip("#") for it in _CHANNEL.findall(text)]
    yield from found or [UNKNOWN_CHANNEL]
