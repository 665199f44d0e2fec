"""Whether a log group keeps its lines as long as is looked back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.values.unknown import ReadError
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_KEPT_BY_ALL = timedelta(days=1)
"""Source: CloudWatch Logs API reference, PutRetentionPolicy: no group keeps its lines for less."""
_GROUPS = Call("logs:DescribeLogGroups", {"logGroupNamePrefix": "{group}"}, of="log group {group}")


def asked_for(question: Any) -> Iterator[Call]:
    """Yield the call that says how long lines are kept, where a question looks back far enough to matter."""
    if question is None or timedelta(minutes=question.looked_back_minutes or 0) > _KEPT_BY_ALL:
        yield _GROUPS


def why_lines_may_lack(asked: Asked, group: str, window: Window) -> Callable[[], str]:
    """Return what tells why lines of a window may be gone already; it tells nothing where none is.

    A run may be told to look back further than its policy was written for: that it may not ask is told, too.
    """
    if window.length <= _KEPT_BY_ALL:
        return lambda: ""
    days = asked.ask(_GROUPS, group=group).at("logGroups").map(lambda groups: _days(groups, group))

    def why() -> str:
        try:
            kept = days.value()
        except ReadError as unread:
            return f"whether {group} keeps its lines long enough is not known: {unread.cause}"
        gone = kept is not None and timedelta(days=kept) < window.length
        return f"{group} keeps a line for {kept} days, which is less than from {window}" if gone else ""

    return why


def _days(groups: list[Answer], name: str) -> int | None:
    found = (it.get("retentionInDays") for it in groups if it["logGroupName"] == name)
    days = next(found, None)
    return None if days is None else int(days)
