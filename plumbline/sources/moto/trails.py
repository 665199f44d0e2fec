"""What moto lacks of a trail: when something was last delivered to its log group."""

import json
from datetime import timedelta
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.utils import unix_time, utcnow

_AFTER = timedelta(minutes=5)
"""How long CloudTrail takes. Source: CloudTrail User Guide, "How CloudTrail works"."""
_get_trail_status = CloudTrailResponse.get_trail_status


def _with_its_log(self: CloudTrailResponse) -> str:
    """Tell what moto tells of a trail, and of its log group."""
    told: dict[str, Any] = json.loads(_get_trail_status(self))
    named = self._get_param("Name")
    trails = self.cloudtrail_backend.describe_trails(include_shadow_trails=True)
    trail = next(it for it in trails if named in (it.trail_name, it.arn))
    if told["IsLogging"] and trail.cw_log_group_arn:
        told.setdefault("LatestCloudWatchLogsDeliveryTime", unix_time(utcnow() - _AFTER))
    return json.dumps(told)


def install() -> None:
    """Replace what moto answers otherwise."""
    setattr(CloudTrailResponse, "get_trail_status", _with_its_log)  # noqa: B010
