"""What moto lacks of API Gateway: changes of methods and of their integrations, and a stage's execution log.

And what it gets wrong: the limits of a usage plan, which it keeps as texts or drops.
"""

import json
import re
from typing import Any

from moto.apigateway.exceptions import BadRequestException, NoIntegrationDefined
from moto.apigateway.models import APIGatewayBackend, Integration, Method, Stage, UsagePlan
from moto.apigateway.responses import APIGatewayResponse
from moto.logs.models import logs_backends

from plumbline.kinds.rest_logs import GROUP

_apply = UsagePlan.apply_patch_operations
_update_stage = APIGatewayBackend.update_stage
_NUMBERS = {"limit": int, "offset": int, "rateLimit": float, "burstLimit": int}
_OF_PLAN = re.compile(r"/(throttle|quota)/(\w+)")
_OF_METHOD = re.compile(r"/apiStages/([^/:]+):([^/]+)/throttle/(.+)/(rateLimit|burstLimit)")
"""Source: API Gateway API reference, UpdateUsagePlan, patch operations."""


_MEMBERS = {
    "/apiKeyRequired": "api_key_required",
    "/authorizationType": "authorization_type",
    "/authorizerId": "authorizer_id",
    "/requestValidatorId": "request_validator_id",
}
"""Where moto keeps what is replaced in a method. Source: API Gateway API reference, UpdateMethod."""
_MAPS = re.compile(r"/(requestModels|requestParameters)/(.+)")
_TIMEOUT = "/timeoutInMillis"
_LOGGING = "/logging/loglevel"


def install() -> None:
    """Add the operations to moto, and replace how it changes a usage plan."""
    setattr(UsagePlan, "apply_patch_operations", _with_limits)  # noqa: B010 (mypy refuses it plainly)
    setattr(APIGatewayResponse, "update_method", _update_method)  # noqa: B010
    setattr(APIGatewayResponse, "update_integration", _update_integration)  # noqa: B010
    setattr(APIGatewayBackend, "update_stage", _stage_with_log)  # noqa: B010


def _stage_with_log(self: APIGatewayBackend, api: str, name: str, operations: list[dict[str, Any]]) -> Stage:
    """Change a stage as moto does, and make its execution log where something of it is logged now.

    Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs in API Gateway".
    """
    stage = _update_stage(self, api, name, operations)
    if any(it["path"].endswith(_LOGGING) and it.get("value", "OFF") != "OFF" for it in operations):
        logs = logs_backends[self.account_id][self.region_name]
        group = f"{GROUP.format(api=api)}/{name}"
        if group not in logs.groups:
            logs.create_log_group(group, {})
    return stage


def _update_method(self: APIGatewayResponse) -> str:
    method: Method = self.backend.get_method(*_place(self))
    for it in self._get_param("patchOperations"):
        _change_method(method, it)
    return json.dumps(method.to_json())


def _update_integration(self: APIGatewayResponse) -> str:
    integration: Integration | None = self.backend.get_integration(*_place(self))
    if integration is None:
        raise NoIntegrationDefined
    for it in self._get_param("patchOperations"):
        if (it["op"], it["path"]) != ("replace", _TIMEOUT):
            raise BadRequestException(f"moto is not given {it['op']} of {it['path']}")
        integration.timeout_in_millis = int(it["value"])  # type: ignore[assignment]  # a number, as is put
    return json.dumps(integration.to_json())


def _place(self: APIGatewayResponse) -> tuple[str, str, str]:
    """Return the API, the resource and the method of a request: `/restapis/A/resources/R/methods/GET`."""
    _, _, api, _, resource, _, method, *_ = self.path.split("/")
    return api, resource, method


def _change_method(method: Method, change: dict[str, Any]) -> None:
    """Change a method as API Gateway does. Raises `BadRequestException` for what it is not asked here."""
    path, value = change["path"], change.get("value")
    if found := _MAPS.fullmatch(path):
        member = "request_models" if found[1] == "requestModels" else "request_parameters"
        kept = dict(getattr(method, member) or {})
        name = found[2].replace("~1", "/")
        if change["op"] == "remove":
            kept.pop(name, None)
        else:
            kept[name] = value if member == "request_models" else value == "true"
        setattr(method, member, kept)
    elif path in _MEMBERS and change["op"] == "replace":
        setattr(method, _MEMBERS[path], value == "true" if path == "/apiKeyRequired" else value)
    else:
        raise BadRequestException(f"moto is not given {change['op']} of {path}")


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
