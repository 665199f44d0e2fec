"""What API Gateway is told once for all APIs of an account and region."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.policy import ALL, OVER_TLS, Context, decide, surely
from plumbline.terraform.declared import Declaration, given, known, region
from plumbline.values.arns import account_in
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Configuration, Resource
    from plumbline.values.unknown import Unknown

_SERVICE = "apigateway.amazonaws.com"
_TOLD: Context = {**OVER_TLS, "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": _SERVICE}
_WRITING = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_OF_AWS = re.compile(r"arn:[^:]+:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
"""What AWS keeps for it, with every action that it takes.

Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs", "Permissions for CloudWatch
logging".
"""
_SOME_LOG = "arn:aws:logs:{}:{}:log-group:API-Gateway-Execution-Logs_a1b2c3d4e5/a:log-stream:0"


class ApiGatewaySettings(Kind):
    """The settings of API Gateway in an account and region. Its name is the region's."""

    noun = "api_gateway_settings"
    plural = "api_gateway_settings_of_regions"
    terraform_type = "aws_api_gateway_account"
    name_argument = ""
    shows = ("api_gateway_settings",)
    call = Call(
        "apigateway:GetAccount",
        of="API Gateway in {name}",
        on="arn:aws:apigateway:{region}::/account",
        action="apigateway:GET",
    )
    arguments: ClassVar = {"log_role": "cloudwatch_role_arn"}

    log_role: str | None = None
    """The ARN of the role as which API Gateway writes execution logs; None where it has none."""

    def kept_out(self, role: Role) -> list[str]:
        """Return what keeps API Gateway from writing execution logs as a role.

        Raises `Undetermined` where nothing does for certain, and something may: the managed policies of the
        role are not read, but for the one that AWS keeps for it.
        """

        def is_not_trusted() -> bool:
            asker = ("Service", _SERVICE)
            return decide([known(role.trust)], "sts:AssumeRole", "", asker, _TOLD) != "allowed"

        asked = ((it, partial(self._may_not, it, role)) for it in _WRITING)
        return surely([("sts:AssumeRole", is_not_trusted), *asked])

    def _may_not(self, action: str, role: Role) -> bool:
        """Return whether a role is refused an action on the log of every API. Raises `Undetermined`."""
        log = _SOME_LOG.format(self.name, account_in(known(role.arn)))
        attached = [known(it) for it in known(role.attached_policies)]
        inline = known(role.inline_policies).values()
        denied = decide([ALL, *inline], action, log) == "explicitDeny"
        if denied or not (attached or inline):
            return True
        if known(role.permissions_boundary):
            raise Undetermined(f"what {role.permissions_boundary} leaves of {action} is not read")
        if any(map(_OF_AWS.fullmatch, attached)) or decide(inline, action, log) == "allowed":
            return False
        raise Undetermined(f"whether {', '.join(attached) or role.name} grants {action} is not read")

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        """Return the region that it lies in; that of the environment where nothing says another one."""
        lies_in = region(resource, configuration)
        return lies_in if isinstance(lies_in, str) else str(configuration.settings.region)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        role = declaration.at("cloudwatch_role_arn")
        return {"log_role": role if given(role) else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"log_role": answer.get("cloudwatchRoleArn") or None}

    def requested(self) -> Requests:
        change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": self.log_role or ""}
        yield request("apigateway:UpdateAccount", patchOperations=[change])
