"""What became of the changes of an alarm: whether somebody was told each time that it fired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.values.json_source import data_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_KEPT_DAYS = 14
"""How long CloudWatch keeps the history of an alarm, at least. Source: Amazon CloudWatch CLI reference,
mon-describe-alarm-history."""
_LATE = timedelta(minutes=5)
"""How long an action may take: a change that is younger may have one yet."""
_AT_ONCE = timedelta(seconds=1)
"""How far the time of a change may be from what an action says of it, which is in milliseconds."""
_SUCCEEDED, _FAILED, _UNTOLD = "succeeded", "failed", "untold"


class LookedBack(Model):
    """How far is looked back."""

    looked_back_days: Annotated[int, Field(gt=0, le=_KEPT_DAYS)] = _KEPT_DAYS


class AlarmHistory(Kind):
    """The changes of an alarm, and the actions that they had. Its name is the alarm's.

    What an action published is not kept.
    """

    noun = "alarm_history"
    plural = "alarm_histories"
    call = Alarm.call
    further_calls = (
        Call(
            "cloudwatch:DescribeAlarmHistory",
            {"AlarmName": "{name}", "AlarmTypes": ["MetricAlarm"]},
            of="the history of alarm {name}",
            on="arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
        ),
    )
    own_arn = call, "MetricAlarms[].AlarmArn"
    question = LookedBack

    unheard: list[Text] = []
    """When it fired and no action succeeded, or one failed, each with which of both. One that never fired has
    none: CloudWatch keeps every change."""

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the alarm."""
        return name

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to look back; CloudWatch answers the history of an alarm that is gone, too."""
        alarm, call = cls.calls()
        there = asked.ask(alarm)
        start = asked.window.ago(days=asked.question.looked_back_days)
        times = {"StartDate": start.isoformat(), "EndDate": asked.window.end.isoformat()}
        history = asked.ask(call, parameters=times, kept=_kept)
        if not there.answer["MetricAlarms"]:
            raise Missing(f"alarm {asked.name}", f"in {asked.region} ({alarm.operation})", asked.name)
        unheard = history.at("@").map(lambda answer: _unheard(answer, asked))
        return Found({"unheard": unheard}, f"{history.call}, {asked.question.looked_back_days} days")


def _kept(answer: Answer) -> Answer:
    """Return when it fired, and when actions were executed, with what came of each; nothing else of them."""
    changes, actions = [], []
    for it in answer["AlarmHistoryItems"]:
        data = _data(it)
        at = it["Timestamp"].isoformat()
        if it["HistoryItemType"] == "StateUpdate":
            changes.append({"at": at, "to": data.get("newState", {}).get("stateValue") or _last(it)})
        elif it["HistoryItemType"] == "Action":
            told = data.get("stateUpdateTimestamp")
            actions.append({"at": at, "of": told if isinstance(told, int) else None, "came": _came(it, data)})
    return {"changes": changes, "actions": actions}


def _data(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry holds as JSON; nothing where it holds none."""
    try:
        data = data_of(item.get("HistoryData") or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _last(item: Mapping[str, Any]) -> str:
    """Return the last word of a summary: `Alarm updated from OK to ALARM`."""
    return str(item["HistorySummary"]).rpartition(" ")[2]


def _came(item: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return what came of an action, by its state or else by its summary."""
    state, summary = data.get("actionState"), str(item.get("HistorySummary", ""))
    if state == "Succeeded" or (state is None and summary.startswith("Successfully executed action")):
        return _SUCCEEDED
    if state == "Failed" or (state is None and summary.startswith("Failed to execute action")):
        return _FAILED
    return _UNTOLD


def _unheard(answer: Answer, asked: Asked) -> list[str]:
    """Return when it fired unheard. Raises `Undetermined` where CloudWatch does not say what came of it."""
    end = asked.window.end - _LATE
    changes = sorted((datetime.fromisoformat(it["at"]), it["to"]) for it in answer["changes"])
    came: dict[datetime, list[str]] = {at: [] for at, _ in changes}
    for action in answer["actions"]:
        if (change := _change_of(action, [at for at, _ in changes])) is not None:
            came[change].append(action["came"])
    fired = [at for at, to in changes if to == "ALARM" and at <= end]
    found = [f"{at:%Y-%m-%d %H:%M} UTC: {why}" for at in fired for why in _wrong(came[at])]
    if not found and any(_SUCCEEDED not in came[at] for at in fired):
        raise Undetermined(f"CloudWatch does not say what came of an action of alarm {asked.name}")
    return found


def _change_of(action: Mapping[str, Any], changes: list[datetime]) -> datetime | None:
    """Return which change an action was of: the one whose time it says, else the last before it."""
    at = datetime.fromisoformat(action["at"])
    if action["of"] is not None:
        told = datetime.fromtimestamp(action["of"] / 1000, at.tzinfo)
        return next((it for it in changes if abs(it - told) <= _AT_ONCE), None)
    return max((it for it in changes if it <= at), default=None)


def _wrong(came: list[str]) -> Iterator[str]:
    """Yield what is wrong with what came of a change."""
    if _FAILED in came:
        yield "an action failed"
    elif not came:
        yield "no action was executed"
