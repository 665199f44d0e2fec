"""What moto gets wrong of API Gateway: the limits of a usage plan, which it keeps as texts or drops."""

import re
from typing import Any

from moto.apigateway.models import UsagePlan

_apply = UsagePlan.apply_patch_operations
_NUMBERS = {"limit": int, "offset": int, "rateLimit": float, "burstLimit": int}
_OF_PLAN = re.compile(r"/(throttle|quota)/(\w+)")
_OF_METHOD = re.compile(r"/apiStages/([^/:]+):([^/]+)/throttle/(.+)/(rateLimit|burstLimit)")
"""Source: API Gateway API reference, UpdateUsagePlan, patch operations."""


def install() -> None:
    """Replace how moto changes a usage plan."""
    setattr(UsagePlan, "apply_patch_operations", _with_limits)  # noqa: B010 (mypy refuses it plainly)


def _with_limits(self: UsagePlan, operations: list[dict[str, Any]]) -> None:
    """Change a plan as moto does, and its limits as API Gateway does."""
    for it in operations:
        if it["op"] == "remove":
            _apply(self, [it])
        elif limit := _OF_PLAN.fullmatch(it["path"]):
            part, name = limit.groups()
            getattr(self, part)[name] = _NUMBERS.get(name, str)(it["value"])
        elif limit := _OF_METHOD.fullmatch(it["path"]):
            api, stage, method, name = limit.groups()
            [own] = [one for one in self.api_stages if (one["apiId"], one["stage"]) == (api, stage)]
            throttles = own.setdefault("throttle", {})
            throttles.setdefault(method, {})[name] = _NUMBERS[name](it["value"])
        else:
            _apply(self, [it])
