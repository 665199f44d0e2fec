"""Whether a change of files starts a workflow before somebody relies on it.

Source: GitHub's documentation, "Events that trigger workflows" (activity types, `pull_request_target`) and
"Workflow syntax" (`on.<pull_request>.<branches|paths>`, `on.push.<branches|tags|paths>`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from plumbline.github.filters import fits
from plumbline.github.shell.path import Status
from plumbline.github.workflows import WorkflowFile, mapping, texts

_OF_REQUESTS = ("pull_request", "pull_request_target")
_USUAL_TYPES = ("opened", "synchronize", "reopened")
"""What starts a workflow of pull requests that names no activity types."""
_DEFAULT_BRANCHES = ("main", "master")
_ANY_BRANCH = ("topic", "users/one/topic")
"""Names that no filter is about: what lets them through lets any branch through."""
_BY_HAND_OR_CLOCK = ("schedule", "workflow_dispatch")


def starts_on_change(file: WorkflowFile, event: str, paths: Collection[str]) -> Status:
    """Return whether an event of a file comes with each change of some paths of the checkout.

    None where only some of them start it, and where nobody knows which branch changes come to, or whether
    they make the event. Where pull requests start a file, what is pushed to a branch of a name is changed
    already. Raises `Undetermined` for a filter that is none.
    """
    settings = mapping(file.triggers.get(event))
    if event in _OF_REQUESTS:
        whole = _all((_by_activity(settings), _into_a_branch(settings), _of_paths(settings, paths)))
        # It runs what the branch held before, unless its steps ask for the change.
        return whole if event == "pull_request" else _all((whole, None))
    if event == "merge_group":
        return _into_a_branch(settings)
    if event == "push":
        by_request = any(it in file.triggers for it in _OF_REQUESTS)
        return _all((_pushed(settings, by_request), _of_paths(settings, paths)))
    return False if event in _BY_HAND_OR_CLOCK else None


def _by_activity(settings: Mapping[Any, Any]) -> Status:
    """Return whether a pull request starts it when it is opened, and with each push to it."""
    types = texts(settings.get("types")) or _USUAL_TYPES
    if "synchronize" not in types:
        return False
    return True if "opened" in types else None


def _into_a_branch(settings: Mapping[Any, Any]) -> Status:
    """Return whether pull requests to the default branch start it; None where nobody knows which that is.

    One of the usual names is enough where branches are chosen, and both where branches are left out.
    """
    chosen, ignored = texts(settings.get("branches")), texts(settings.get("branches-ignore"))
    if _is_refused(settings, "branches"):
        return False
    if "branches" in settings:
        found = any(fits(chosen, it) for it in _DEFAULT_BRANCHES)
        return True if found else False if all(it.startswith("!") for it in chosen) else None
    left_out = [fits(ignored, it) for it in (*_DEFAULT_BRANCHES, *_ANY_BRANCH)]
    return False if all(left_out) else None if any(left_out[: len(_DEFAULT_BRANCHES)]) else True


def _pushed(settings: Mapping[Any, Any], by_request: bool) -> Status:
    """Return whether a push to whatever branch starts it. One to a tag is no change of a branch."""
    if {"tags", "tags-ignore"} & {*settings} and not {"branches", "branches-ignore"} & {*settings}:
        return False
    chosen = _chosen(settings, "branches", _ANY_BRANCH)
    return True if chosen is True else False if by_request or _is_refused(settings, "branches") else None


def _of_paths(settings: Mapping[Any, Any], paths: Collection[str]) -> Status:
    if not {"paths", "paths-ignore"} & {*settings}:
        return True
    return _chosen(settings, "paths", paths) if paths else None


def _chosen(settings: Mapping[Any, Any], filter_: str, names: Iterable[str]) -> Status:
    """Return whether a filter lets all of some names through; None where it does some of them."""
    ignored = f"{filter_}-ignore"
    if _is_refused(settings, filter_):
        return False
    if filter_ in settings:
        told = {fits(texts(settings[filter_]), it) for it in names}
    elif ignored in settings:
        told = {not fits(texts(settings[ignored]), it) for it in names}
    else:
        return True
    return told == {True} if len(told) == 1 else None


def _is_refused(settings: Mapping[Any, Any], filter_: str) -> bool:
    """Return whether GitHub takes no such file: one filter for what is chosen and for what is left out."""
    return {filter_, f"{filter_}-ignore"} <= {*settings}


def _all(told: Iterable[Status]) -> Status:
    found = {*told}
    return False if False in found else None if None in found else True
