"""What API Gateway is told once for all APIs of an account and region."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.log_writing import kept_out
from plumbline.kinds.rest_logs import GROUP
from plumbline.terraform.declared import Declaration, given, region

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Configuration, Resource
    from plumbline.values.unknown import Unknown

_OF_AWS = "AmazonAPIGatewayPushToCloudWatchLogs"
"""Source: API Gateway Developer Guide, "Permissions for CloudWatch logging"."""
_SOME_LOG = GROUP.format(api="a1b2c3d4e5") + "/a"


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
        """Return what keeps API Gateway from writing execution logs as a role. Raises `Undetermined`."""
        return kept_out("apigateway", role, _SOME_LOG, self.name, _OF_AWS)

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
