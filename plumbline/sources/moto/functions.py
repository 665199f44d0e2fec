"""What moto lacks of Lambda: limits of an account, where a function logs and lies, what versions have.

Roles may come later than functions.
"""

import json
from typing import Any

from moto.awslambda import urls
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import EventInvokeConfig, LambdaBackend, LambdaFunction, LambdaStorage
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends

CONCURRENT_EXECUTIONS = 1000
"""How many an account has unless AWS said otherwise. Source: Lambda Developer Guide, "Lambda quotas"."""
LATEST = "$LATEST"
KEPT_READY = "kept_ready"
"""Where a function of moto keeps the instances of its versions that are ready."""
REPLACED = ("put_function_event_invoke_config", "remove_permission")
"""The operations that moto has, and that take no version or alias there."""
_get_configuration = LambdaFunction.get_configuration
_update_configuration = LambdaFunction.update_configuration
_init = LambdaFunction.__init__


def _get_account_settings(self: LambdaResponse) -> str:
    allowed = vars(self.backend).get("concurrent_executions", CONCURRENT_EXECUTIONS)
    unreserved = allowed - sum(it.reserved_concurrency or 0 for it in self.backend.list_functions())
    limits = {"ConcurrentExecutions": allowed, "UnreservedConcurrentExecutions": unreserved}
    return json.dumps({"AccountLimit": limits, "AccountUsage": {}})


def _made_with_its_log(
    self: LambdaFunction, account_id: str, spec: dict[str, Any], *more: Any, **named: Any
) -> None:
    """Make a function as moto does, and keep where it logs, which moto drops."""
    _init(self, account_id, spec, *more, **named)
    vars(self)["logs"] = spec.get("LoggingConfig") or {}


def _configuration_with_its_log(self: LambdaFunction, *asked: Any, **named: Any) -> dict[str, Any]:
    """Tell what moto tells of a function, and where it logs."""
    told: dict[str, Any] = _get_configuration(self, *asked, **named)
    usual = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
    return told | {"LoggingConfig": usual | vars(self).get("logs", {})}


def _in_its_vpc(self: LambdaFunction) -> dict[str, Any] | None:
    """Tell where a function runs: the VPC is that of its subnets, and not always the same."""
    placed = vars(self)["_vpc_config"] or {}
    if not placed.get("SubnetIds"):
        return None
    subnet = ec2_backends[self.account_id][self.region].get_subnet(placed["SubnetIds"][0])
    return {**placed, "VpcId": subnet.vpc_id}


def _update_and_its_tracing(self: LambdaFunction, updates: dict[str, Any]) -> dict[str, Any]:
    """Update a function as moto does, and how it is traced, which moto leaves as it was."""
    self.tracing_config = updates.get("TracingConfig") or self.tracing_config
    return _update_configuration(self, updates)


def _put_whatever_its_role(self: LambdaStorage, function: LambdaFunction) -> None:
    """Keep a function before its role is made: moto is given what is declared in an order of its own."""
    self._functions.setdefault(function.function_name, {"versions": []})["latest"] = function
    self._arns[function.function_arn] = function


def _policy(self: LambdaBackend, name: str, qualifier: str | None) -> Policy:
    """Return the policy of a function, or of a version or an alias, of which each has its own."""
    asked = self.get_function(name, qualifier)
    if not qualifier or qualifier == LATEST:
        return self.get_function(asked.function_name).policy
    policies: dict[tuple[str, str], Policy] = vars(self).setdefault("policies_of_versions", {})
    return policies.setdefault((asked.function_name, qualifier), Policy(asked))


_CONDITIONS = {
    "SourceArn": ("ArnLike", "AWS:SourceArn"),
    "SourceAccount": ("StringEquals", "AWS:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
}


def _add_permission(self: LambdaBackend, function_name: str, qualifier: str, raw: str) -> dict[str, Any]:
    """Let somebody invoke a version or an alias, and not the function, too, as moto does."""
    asked, policy = json.loads(raw), _policy(self, function_name, qualifier)
    arn = self.get_function(self.get_function(function_name).function_name).function_arn
    statement = {
        "Sid": asked["StatementId"],
        "Effect": "Allow",
        "Principal": _principal(asked["Principal"]),
        "Action": asked["Action"],
        "Resource": f"{arn}:{qualifier}" if qualifier and qualifier != LATEST else arn,
    }
    for name, (operator, key) in _CONDITIONS.items():
        if name in asked:
            statement.setdefault("Condition", {}).setdefault(operator, {})[key] = asked[name]
    policy.statements.append(statement)
    return statement


def _principal(asked: str) -> Any:
    if asked == "*":
        return asked
    if asked.endswith((".amazonaws.com", ".amazonaws.com.cn")):
        return {"Service": asked}
    return {"AWS": f"arn:aws:iam::{asked}:root" if asked.isdigit() else asked}


def _get_policy(self: LambdaBackend, function_name: str, qualifier: str | None = None) -> str:
    return _policy(self, function_name, qualifier).wire_format()


def _put_invoke_config(self: LambdaBackend, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
    """Keep what is put last, for each version or alias; moto answers what was put first."""
    config = dict(config)
    qualifier = config.pop("Qualifier", None) or LATEST
    function = self.get_function(function_name)
    arn = f"{function.function_arn}:{qualifier}"
    kept = [it for it in function.event_invoke_config if it.arn != arn]
    made = EventInvokeConfig(arn, function.last_modified, config)
    function.event_invoke_config = [*kept, made]
    return made.response()


def _list_invoke_configs(self: LambdaBackend, function_name: str) -> dict[str, Any]:
    listed = self.get_function(function_name).event_invoke_config
    return {"FunctionEventInvokeConfigs": [it.response() for it in listed]}


class Versions(LambdaResponse):
    """What versions and aliases have of their own; never made, only a place to write the operations."""

    def remove_permission(self) -> tuple[int, dict[str, str], str]:
        name, qualifier = _function_of(self)
        sid = self.path.rstrip("/").rsplit("/", 1)[-1]
        _policy(self.backend, name, qualifier).del_statement(sid, "")
        return 204, {"status": "204"}, "{}"

    def put_function_event_invoke_config(self) -> ActionResult:
        name, qualifier = _function_of(self)
        put = self.backend.put_function_event_invoke_config
        return ActionResult(put(name, {**self.json_body, "Qualifier": qualifier}))

    def put_provisioned_concurrency_config(self) -> tuple[int, dict[str, str], str]:
        name, qualifier = _function_of(self)
        made = self.backend.get_function(name, qualifier)
        if made.version == LATEST:
            raise InvalidParameterValueException(
                "Provisioned Concurrency Configs cannot be applied to unpublished function versions."
            )
        asked = self.json_body["ProvisionedConcurrentExecutions"]
        function = self.backend.get_function(made.function_name)
        told = {
            "RequestedProvisionedConcurrentExecutions": asked,
            "AvailableProvisionedConcurrentExecutions": asked,
            "AllocatedProvisionedConcurrentExecutions": asked,
            "Status": "READY",
            "LastModified": function.last_modified,
        }
        vars(function).setdefault(KEPT_READY, {})[qualifier] = told
        return 202, {}, json.dumps(told)

    def get_provisioned_concurrency_config(self) -> tuple[int, dict[str, str], str]:
        return _kept_ready(self)

    def list_provisioned_concurrency_configs(self) -> tuple[int, dict[str, str], str]:
        return _kept_ready(self)

    def delete_provisioned_concurrency_config(self) -> tuple[int, dict[str, str], str]:
        name, qualifier = _function_of(self)
        vars(self.backend.get_function(name)).get(KEPT_READY, {}).pop(qualifier, None)
        return 204, {}, ""


def _kept_ready(response: LambdaResponse) -> tuple[int, dict[str, str], str]:
    """Answer both operations: moto tells them apart by their path, which is the same."""
    name, qualifier = _function_of(response)
    function = response.backend.get_function(name)
    kept = vars(function).get(KEPT_READY, {})
    if response.querystring.get("List"):
        listed = [{"FunctionArn": f"{function.function_arn}:{it}", **told} for it, told in kept.items()]
        return 200, {}, json.dumps({"ProvisionedConcurrencyConfigs": listed})
    if qualifier in kept:
        return 200, {}, json.dumps(kept[qualifier])
    code = "ProvisionedConcurrencyConfigNotFoundException"
    told = {"Type": "User", "Message": "No Provisioned Concurrency Config found for this function"}
    return 404, {"x-amzn-errortype": code, "status": "404"}, json.dumps(told)


def _function_of(response: LambdaResponse) -> tuple[str, str | None]:
    """Return the function that a path names, and the version or alias that is asked about."""
    name = response.path.rstrip("/").split("/functions/")[1].split("/")[0]
    return name.replace("%3A", ":"), response.querystring.get("Qualifier", [None])[0]


def install() -> None:
    """Add the operations, and replace what moto answers otherwise."""
    setattr(LambdaResponse, "get_account_settings", _get_account_settings)  # noqa: B010
    setattr(LambdaFunction, "__init__", _made_with_its_log)  # noqa: B010
    setattr(LambdaFunction, "get_configuration", _configuration_with_its_log)  # noqa: B010
    setattr(LambdaFunction, "vpc_config", property(_in_its_vpc))  # noqa: B010
    setattr(LambdaFunction, "update_configuration", _update_and_its_tracing)  # noqa: B010
    setattr(LambdaStorage, "put_function", _put_whatever_its_role)  # noqa: B010
    setattr(LambdaBackend, "add_permission", _add_permission)  # noqa: B010
    setattr(LambdaBackend, "get_policy", _get_policy)  # noqa: B010
    setattr(LambdaBackend, "put_function_event_invoke_config", _put_invoke_config)  # noqa: B010
    setattr(LambdaBackend, "list_function_event_invoke_configs", _list_invoke_configs)  # noqa: B010
    for name, operation in vars(Versions).items():
        if name in REPLACED or not (name.startswith("_") or hasattr(LambdaResponse, name)):
            setattr(LambdaResponse, name, operation)
    urls.url_paths.setdefault("{0}/(?P<api_version>[^/]+)/account-settings/?$", LambdaResponse.dispatch)
    urls.url_paths.setdefault(
        r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency/?$",
        LambdaResponse.dispatch,
    )
