"""GraphQL APIs of AppSync: what they log."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.by_name import id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.log_writing import kept_out
from plumbline.terraform.declared import Declaration, as_chosen
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role

_APIS = Call("appsync:ListGraphqlApis", of="GraphQL APIs in {region}", on="*")
_NOTHING = "NONE"
_OF_AWS = "AWSAppSyncPushToCloudWatchLogs"
_SOME_LOG = "/aws/appsync/apis/a1b2c3d4e5"
"""Source: AppSync Developer Guide, "CloudWatch logging and monitoring"."""


class GraphqlApiLimits(Model):
    """What can be expected of a GraphQL API besides its fields."""

    field_log_level_one_of: list[str]
    """The levels of which it has one."""


class GraphqlApi(Kind):
    """A GraphQL API, by its name; its id is AppSync's to choose."""

    noun = "graphql_api"
    plural = "graphql_apis"
    expects_some = ("field_log_level_one_of",)
    terraform_type = "aws_appsync_graphql_api"
    limits = GraphqlApiLimits
    call = _APIS
    listing = Listing(_APIS, "graphqlApis[].name")
    remedy_names = ("graphql_api_id",)
    chosen: ClassVar = {"id": "graphqlApi.apiId", "arn": "graphqlApi.arn"}
    arguments: ClassVar = dict.fromkeys(("field_log_level", "log_role", "kept_out"), "log_config")

    id: str = ""
    arn: str = ""
    field_log_level: str = _NOTHING
    """What is logged of resolvers: NONE, ERROR, INFO, DEBUG or ALL.

    Source: AppSync API reference, LogConfig, fieldLogLevel.
    """
    log_role: Text = ""
    """The ARN of the role as which AppSync writes logs; empty where it writes none."""

    def kept_out(self, role: Role) -> list[str]:
        """Return what keeps AppSync from writing logs as a role. Raises `Undetermined`.

        In which region it lies is not said here: a policy that names one leaves it open.
        """
        return kept_out("appsync", role, _SOME_LOG, "", _OF_AWS)

    def named_in_remedies(self) -> dict[str, str]:
        """Return its id: every command takes that."""
        return known_texts(graphql_api_id=self.id)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            **{it: as_chosen(declaration.resource, it) for it in ("id", "arn")},
            "field_log_level": declaration.at("log_config", "field_log_level", default=_NOTHING),
            "log_role": declaration.at("log_config", "cloudwatch_logs_role_arn", default=""),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        listed = {it["apiId"]: it for it in answer["graphqlApis"]}
        pairs = ((it["name"], identifier) for identifier, it in listed.items())
        it = listed[id_among(pairs, asked, _APIS, "GraphQL API")]
        return {
            "id": it["apiId"],
            "arn": it["arn"],
            "field_log_level": (it.get("logConfig") or {}).get("fieldLogLevel", _NOTHING),
            "log_role": (it.get("logConfig") or {}).get("cloudWatchLogsRoleArn", ""),
        }

    def requested(self) -> Requests:
        """Yield what creates it, with a key of nobody's."""
        logs = {"fieldLogLevel": self.field_log_level, "cloudWatchLogsRoleArn": self.log_role}
        yield request(
            "appsync:CreateGraphqlApi",
            name=self.name,
            authenticationType="API_KEY",
            **({} if self.field_log_level == _NOTHING else {"logConfig": logs}),
        )
