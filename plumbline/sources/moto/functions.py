"""What moto lacks of Lambda: limits of an account, a function's log group and VPC, roles that come later."""

import json
from typing import Any

from moto.awslambda import urls
from moto.awslambda.models import LambdaFunction, LambdaStorage
from moto.awslambda.responses import LambdaResponse
from moto.ec2.models import ec2_backends

CONCURRENT_EXECUTIONS = 1000
"""How many an account has unless AWS said otherwise. Source: Lambda Developer Guide, "Lambda quotas"."""
_get_configuration = LambdaFunction.get_configuration
_init = LambdaFunction.__init__


def _get_account_settings(self: LambdaResponse) -> str:
    allowed = vars(self.backend).get("concurrent_executions", CONCURRENT_EXECUTIONS)
    return json.dumps({"AccountLimit": {"ConcurrentExecutions": allowed}, "AccountUsage": {}})


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


def _put_whatever_its_role(self: LambdaStorage, function: LambdaFunction) -> None:
    """Keep a function before its role is made: moto is given what is declared in an order of its own."""
    self._functions.setdefault(function.function_name, {"versions": []})["latest"] = function
    self._arns[function.function_arn] = function


def install() -> None:
    """Add the operation, and replace what moto answers otherwise."""
    setattr(LambdaResponse, "get_account_settings", _get_account_settings)  # noqa: B010
    setattr(LambdaFunction, "__init__", _made_with_its_log)  # noqa: B010
    setattr(LambdaFunction, "get_configuration", _configuration_with_its_log)  # noqa: B010
    setattr(LambdaFunction, "vpc_config", property(_in_its_vpc))  # noqa: B010
    setattr(LambdaStorage, "put_function", _put_whatever_its_role)  # noqa: B010
    urls.url_paths.setdefault("{0}/(?P<api_version>[^/]+)/account-settings/?$", LambdaResponse.dispatch)
