"""The history of alarms, which moto lacks: each change of a state, and the actions that it had.

In moto an action succeeds. How one ends, and when a change was, can be seeded in the data of the request
that makes it: a request is the one thing that reaches moto in this process and a server in another one alike.

    cloudwatch.set_alarm_state(..., StateReasonData=json.dumps({ENDS: "Failed", AGE_IN_HOURS: 3}))
"""

import json
from datetime import datetime, timedelta
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult
from moto.core.utils import unix_time_millis, utcnow

ENDS, AGE_IN_HOURS = "moto:ends", "moto:age-in-hours"
NOT_AT_ALL = "not at all"
_HISTORY = "changes"
_ACTIONS = {"ALARM": "alarm_actions", "OK": "ok_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}
_SUMMARIES = {"Succeeded": "Successfully executed action {}", "Failed": "Failed to execute action {}"}
_set_alarm_state = CloudWatchBackend.set_alarm_state


def _set_and_remember(
    self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str
) -> None:
    """Set a state as moto does, and remember that it changed, and what actions that had."""
    before = self.alarms[alarm_name].state_value if alarm_name in self.alarms else ""
    _set_alarm_state(self, alarm_name, reason, reason_data, state_value)
    seeded = json.loads(reason_data or "{}")
    alarm = self.alarms[alarm_name]
    alarm.state_updated_timestamp = utcnow() - timedelta(hours=float(seeded.get(AGE_IN_HOURS, 0)))
    if before == state_value:
        return
    at = alarm.state_updated_timestamp
    kept = vars(self).setdefault(_HISTORY, [])
    told = {"newState": {"stateValue": state_value}, "oldState": {"stateValue": before}}
    summary = f"Alarm updated from {before} to {state_value}"
    kept.append(_entry(alarm, at, "StateUpdate", summary, told))
    ends = seeded.get(ENDS, "Succeeded")
    for action in (
        getattr(alarm, _ACTIONS[state_value]) if alarm.actions_enabled and ends in _SUMMARIES else []
    ):
        came = {
            "actionState": ends,
            "stateUpdateTimestamp": int(unix_time_millis(at)),
            "notificationResource": action,
            "publishedMessage": f"{alarm_name}: {reason}",
        }
        kept.append(_entry(alarm, at + timedelta(seconds=1), "Action", _SUMMARIES[ends].format(action), came))


def _entry(alarm: Alarm, at: datetime, type_: str, summary: str, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmType": "MetricAlarm",
        "Timestamp": at,
        "HistoryItemType": type_,
        "HistorySummary": summary,
        "HistoryData": json.dumps(data),
    }


def _describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    name, start, end = (self._get_param(it) for it in ("AlarmName", "StartDate", "EndDate"))
    found = [
        it
        for it in vars(self.cloudwatch_backend).get(_HISTORY, [])
        if it["AlarmName"] == name and _naive(start) <= it["Timestamp"] <= _naive(end)
    ]
    newest_first = sorted(found, key=lambda it: it["Timestamp"], reverse=True)
    return ActionResult({"AlarmHistoryItems": newest_first})


def _naive(at: Any) -> datetime:
    """Return a time as moto keeps it: in UTC, without saying so."""
    told = at if isinstance(at, datetime) else datetime.fromisoformat(str(at).replace("Z", "+00:00"))
    return told.replace(tzinfo=None)


def install() -> None:
    """Add the operation to moto."""
    setattr(CloudWatchBackend, "set_alarm_state", _set_and_remember)  # noqa: B010
    setattr(CloudWatchResponse, "describe_alarm_history", _describe_alarm_history)  # noqa: B010
