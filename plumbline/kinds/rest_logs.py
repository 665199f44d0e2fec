"""What API Gateway writes and counts of the requests to a stage: its execution log, and metrics by method."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED
from plumbline.kinds.rest_calls import APIS, STAGES, OfApi, id_of, own_id
from plumbline.kinds.rest_stages import EVERY_METHOD, declared_settings, described_settings, of_stage, path_of
from plumbline.terraform.declared import Beside, Declaration, known
from plumbline.values.model import Text, keep_placeholder
from plumbline.values.some_of import each_told

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

GROUP = "API-Gateway-Execution-Logs_{api}"
"""What the execution logs of an API are called, before the stage. Source: API Gateway Developer Guide,
"Set up CloudWatch logging for REST APIs in API Gateway"."""
_GROUPS = Call(
    "logs:DescribeLogGroups",
    {"logGroupNamePrefix": f"{GROUP}/"},
    of=f"arn:aws:logs:{{region}}:{{account}}:log-group:{GROUP}/",
    on="*",
)
_OFF = "OFF"
_LOGGED = ("ERROR", "INFO")
"""Source: API Gateway API reference, MethodSetting, "loggingLevel"."""

Flag = Annotated[bool, WrapValidator(keep_placeholder)]


class ToldOfMethods(OfApi):
    """What is logged and measured of each method."""

    call = STAGES
    beside = Beside("aws_api_gateway_method_settings", "rest_api_id", many=True)
    follows: ClassVar[tuple[str, ...]] = ("throttles",)
    arguments: ClassVar = dict.fromkeys(
        ("logging_levels", "detailed_metrics", "not_logged", "not_measured"), "settings"
    )

    logging_levels: dict[Text, Text] = {}
    """OFF, ERROR or INFO: what is logged, by stage and method: `prod */*`, `prod leads/POST`."""
    detailed_metrics: dict[Text, Flag] = {}
    """Whether CloudWatch is told of each method by itself, likewise."""

    def not_logged(self, stages: Sequence[str]) -> list[str]:
        """Return what these stages write nothing of: all methods, or one that is set otherwise.

        Raises `Undetermined` where nothing is for certain.
        """
        return each_told(stages, lambda it: _left_out(it, self.logging_levels, _LOGGED))

    def not_measured(self, stages: Sequence[str]) -> list[str]:
        """Return of which methods these stages have no metrics. Raises `Undetermined` likewise."""
        return each_told(stages, lambda it: _left_out(it, self.detailed_metrics, (True,)))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return what is set: of what nobody sets nothing is logged and measured."""
        return {
            "logging_levels": declared_settings(declaration, "logging_level", _OFF),
            "detailed_metrics": declared_settings(declaration, "metrics_enabled", False),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "logging_levels": described_settings(answer, "loggingLevel", _OFF),
            "detailed_metrics": described_settings(answer, "metricsEnabled", False),
        }

    def requested(self) -> Requests:
        if not self.logging_levels:
            return
        api = yield from own_id(self.name)
        for setting, level in self.logging_levels.items():
            stage, path = path_of(str(setting))
            measured = "true" if known(self.detailed_metrics.get(setting, False)) else "false"
            changes = [
                {"op": "replace", "path": f"{path}/logging/loglevel", "value": known(level)},
                {"op": "replace", "path": f"{path}/metrics/enabled", "value": measured},
            ]
            yield request("apigateway:UpdateStage", restApiId=api, stageName=stage, patchOperations=changes)


class ExecutionLogs(OfApi):
    """The log groups that API Gateway makes itself, where logging of a stage is switched on."""

    call = _GROUPS

    execution_logs: list[Text] = []
    """The stages that have one."""

    def without_execution_log(self, stages: Sequence[str]) -> list[str]:
        """Return which of these stages have no log group."""
        return [it for it in stages if it not in self.execution_logs]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"execution_logs": NOT_DEPLOYED}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        api = id_of(asked.ask(APIS).answer, asked)
        reply, before = asked.ask(_GROUPS, api=api), f"{GROUP.format(api=api)}/"
        found = reply.at("logGroups[].logGroupName").map(
            lambda names: sorted(str(it).removeprefix(before) for it in names or [])
        )
        return Found({"execution_logs": found}, reply.call)


def _left_out(stage: str, settings: Mapping[Any, Any], on: Sequence[object]) -> Iterator[str]:
    own = {it: known(told) for it, told in of_stage(stage, settings).items()}
    if f"{stage} {EVERY_METHOD}" not in own:
        yield f"{stage} {EVERY_METHOD}: not set"
    yield from (f"{it}: {told}" for it, told in own.items() if told not in on)
