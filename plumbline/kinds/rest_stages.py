"""The stages of a REST API: what they serve, how fast, and where they log it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.rest_calls import STAGES, OfApi, is_of_another, own_id
from plumbline.terraform.companions import belonging, refers_to
from plumbline.terraform.declared import Beside, Declaration, blocks, each_once, given, known
from plumbline.values.model import Text, keep_placeholder
from plumbline.values.unknown import Placeholder

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

EVERY_METHOD = "*/*"
"""How settings of a stage name all its methods. Source: API Gateway API reference, Stage, methodSettings."""
_LOG_GROUP = re.compile(r"arn:[^:]+:logs:([^:]*):([^:]*):log-group:([^:]+)(?::\*)?")
_DEPLOYMENT = "aws_api_gateway_deployment"
_NOT_THROTTLED = -1

Limit = Annotated[float, WrapValidator(keep_placeholder)]


class Throttles(OfApi):
    """How many requests a second its stages take, of all callers together."""

    call = STAGES
    beside = Beside("aws_api_gateway_method_settings", "rest_api_id", many=True)
    follows: ClassVar[tuple[str, ...]] = ("access_logs",)
    arguments: ClassVar = dict.fromkeys(
        ("throttles", "bursts", "not_throttled", "throttled_below", "switched_off"), "settings"
    )

    if TYPE_CHECKING:
        deployed: dict[Text, bool]

    throttles: dict[Text, Limit] = {}
    """Requests a second by stage and method: `prod */*`, `prod leads/POST`; -1 where nothing is throttled."""
    bursts: dict[Text, Limit] = {}
    """How many requests at once, likewise."""

    def not_throttled(self, throttled: Mapping[str, float]) -> list[str]:
        """Return what a stage lets through faster than so many requests a second, or not at all.

        Without a setting of its own a stage has the limits of the account, which all APIs share. What is set
        for a method comes before what is set for all. Source: API Gateway Developer Guide, "Throttle requests
        to your REST APIs". Raises `Undetermined` where a limit is not known.
        """
        told: list[str] = []
        for stage, most in throttled.items():
            limits = of_stage(stage, self.throttles)
            if f"{stage} {EVERY_METHOD}" not in limits:
                told.append(f"{stage} {EVERY_METHOD}: not set")
            told += [f"{it}: {rate:g}" for it, rate in limits.items() if not 0 < known(rate) <= most]
        return told

    def throttled_below(self, rates: Mapping[str, float], bursts: Mapping[str, float]) -> list[str]:
        """Return what of a stage takes fewer requests than so many, a second or at once.

        What a stage without a setting of its own takes hangs on all APIs of the account. Raises
        `Undetermined` where a limit is not known.
        """
        told: list[str] = []
        for what, limits, least in (("a second", self.throttles, rates), ("at once", self.bursts, bursts)):
            for stage, number in least.items():
                own = {it: known(limit) for it, limit in of_stage(stage, limits).items()}
                if own.get(f"{stage} {EVERY_METHOD}", _NOT_THROTTLED) == _NOT_THROTTLED:
                    told.append(f"{stage} {EVERY_METHOD}: not set, {what}")
                told += [f"{it}: {limit:g} {what}" for it, limit in own.items() if 0 <= limit < number]
        return told

    def switched_off(self, stages: Sequence[str]) -> list[str]:
        """Return what of these stages takes no request: a rate or a burst of zero, of all methods or of one.

        Raises `Undetermined` where a limit is not known and none is zero.
        """
        told = [f"{it}: there is no such stage" for it in stages if it not in self.deployed]
        doubts: list[Placeholder] = []
        for what, limits in (("a second", self.throttles), ("at once", self.bursts)):
            for it, limit in (
                (it, limit) for stage in stages for it, limit in of_stage(stage, limits).items()
            ):
                if isinstance(limit, Placeholder):
                    doubts.append(limit)
                elif limit == 0:
                    told.append(f"{it}: no request {what}")
        if doubts and not told:
            known(doubts[0])
        return told

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "throttles": declared_settings(declaration, "throttling_rate_limit", _NOT_THROTTLED),
            "bursts": declared_settings(declaration, "throttling_burst_limit", _NOT_THROTTLED),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "throttles": described_settings(answer, "throttlingRateLimit", _NOT_THROTTLED),
            "bursts": described_settings(answer, "throttlingBurstLimit", _NOT_THROTTLED),
        }

    def requested(self) -> Requests:
        if not self.throttles:
            return
        api = yield from own_id(self.name)
        for name, limits in (("rateLimit", self.throttles), ("burstLimit", self.bursts)):
            for setting, limit in limits.items():
                stage, path = path_of(str(setting))
                number = f"{known(limit):g}"
                change = {"op": "replace", "path": f"{path}/throttling/{name}", "value": number}
                yield request(
                    "apigateway:UpdateStage", restApiId=api, stageName=stage, patchOperations=[change]
                )


class AccessLogs(OfApi):
    """Which stages there are, whether they serve anything, and where they log each request."""

    call = STAGES
    beside = Beside("aws_api_gateway_stage", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = (_DEPLOYMENT,)
    follows: ClassVar[tuple[str, ...]] = ("routes", "integrations")
    arguments: ClassVar = {
        "access_logs": "access_log_settings",
        **dict.fromkeys(("deployed", "not_deployed"), "deployment_id"),
        "stages_beyond": "stage_name",
    }

    if TYPE_CHECKING:
        routes: dict[Text, Text]

    access_logs: dict[Text, Text] = {}
    """The log group of each stage, or the ARN of what is none of its region and account; empty where requests
    are not logged."""
    deployed: dict[Text, Annotated[bool, WrapValidator(keep_placeholder)]] = {}
    """Whether a deployment stands behind each stage."""

    def not_deployed(self, stages: Sequence[str]) -> list[str]:
        """Return which of these stages are not there, or serve nothing."""
        told = [f"{it}: there is no such stage" for it in stages if it not in self.deployed]
        there = [it for it in stages if it in self.deployed]
        return told + [f"{it}: nothing is deployed" for it in there if not known(self.deployed[it])]

    def stages_beyond(self, stages: Sequence[str]) -> list[str]:
        """Return the stages that it has besides these: each serves its routes at an address of its own."""
        return [it for it in self.access_logs if it not in stages]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        made = dict.fromkeys(_made_with_a_deployment(declaration))
        own = {known(it.values["stage_name"]): it for it in declaration.parts}
        return {
            "access_logs": dict.fromkeys(made, "")
            | {name: _declared_log(it, declaration) for name, it in own.items()},
            "deployed": dict.fromkeys(made, True)
            | {name: _is_deployed(it, declaration) for name, it in own.items()},
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "access_logs": {
                it["stageName"]: _log(
                    (it.get("accessLogSettings") or {}).get("destinationArn") or "",
                    asked.region,
                    asked.account,
                )
                for it in answer.get("item", [])
            },
            "deployed": {it["stageName"]: bool(it.get("deploymentId")) for it in answer.get("item", [])},
        }

    def requested(self) -> Requests:
        """Return what makes the stages. Raises `Undetermined` where nobody knows what they serve."""
        if not self.access_logs:
            return
        known(self.routes)
        api = yield from own_id(self.name)
        for stage, log in self.access_logs.items():
            made = yield request("apigateway:CreateDeployment", restApiId=api)
            yield request("apigateway:CreateStage", restApiId=api, stageName=stage, deploymentId=made["id"])
            if known(log):
                arn = log if log.startswith("arn:") else f"arn:aws:logs:::log-group:{log}"
                change = {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": arn}
                yield request(
                    "apigateway:UpdateStage", restApiId=api, stageName=stage, patchOperations=[change]
                )


def of_stage(stage: str, settings: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what is set of a stage, by stage and method."""
    return {it: told for it, told in settings.items() if str(it).partition(" ")[0] == stage}


def path_of(setting: str) -> tuple[str, str]:
    """Return the stage and the path by which its settings of some methods are changed: prod and `/*/*`.

    Source: API Gateway API reference, UpdateStage, patch operations.
    """
    stage, _, method = setting.partition(" ")
    return stage, "/*/*" if method == EVERY_METHOD else "/" + "/".join(_escaped(method))


def declared_settings(declaration: Declaration, argument: str, unset: Any) -> dict[str, Any]:
    """Return an argument of the settings of methods, by stage and method; `unset` where it is left out.

    Raises `Undetermined` where two settings of one method say different things. What one leaves out it leaves
    to another, but for limits, which the provider sets then, too. Source: AWS provider,
    aws_api_gateway_method_settings.
    """
    found = [(it, _set_for(it), blocks(it.values, "settings")[0].get(argument)) for it in declaration.parts]
    left_out = unset if unset == _NOT_THROTTLED else None
    told = [(it, method, left_out if value is None else value) for it, method, value in found]
    said = each_once(declaration.resource.address, (it for it in told if it[2] is not None))
    return {method: said.get(method, unset) for _, method, _ in found}


def _set_for(settings: Resource) -> str:
    """Return the stage and the method that settings are for."""
    return f"{known(settings.values['stage_name'])} {_method(known(settings.values['method_path']))}"


def described_settings(answer: Answer, member: str, unset: Any) -> dict[str, Any]:
    """Return it as an account has it."""
    return {
        f"{stage['stageName']} {_method(path)}": told.get(member, unset)
        for stage in answer.get("item", [])
        for path, told in (stage.get("methodSettings") or {}).items()
    }


def _method(path: str) -> str:
    """Return how a setting names a method, as Terraform writes it: `leads/POST`."""
    return path.lstrip("/").replace("~1", "/").lstrip("/")


def _escaped(method: str) -> tuple[str, str]:
    path, _, verb = method.rpartition("/")
    return "~1" + path.replace("/", "~1"), verb


def _made_with_a_deployment(declaration: Declaration) -> Iterator[str]:
    """Yield the stages that deployments make themselves. Raises `Undetermined` where that is not known.

    Source: AWS provider, aws_api_gateway_deployment, stage_name.
    """
    api = declaration.resource
    found = belonging(api, declaration.configuration, _DEPLOYMENT, "rest_api_id", api.values.get("name"))
    for it in found.certain:
        if given(stage := it.values.get("stage_name")):
            yield known(stage)


def _is_deployed(stage: Resource, declaration: Declaration) -> Any:
    """Return whether a stage names a deployment of its API; a placeholder where nobody knows."""
    named = stage.values.get("deployment_id")
    if not isinstance(named, Placeholder):
        return bool(named)
    for it in declaration.configuration.of_type(_DEPLOYMENT):
        if refers_to(named, it):
            return not is_of_another(it, declaration)
    return named


def _declared_log(stage: Resource, declaration: Declaration) -> Any:
    told = blocks(stage.values, "access_log_settings")
    destination = told[0].get("destination_arn") if told else ""
    if isinstance(destination, Placeholder):
        return destination
    return _log(destination or "", declaration.region, declaration.account or "")


def _log(destination: str, region: Any, account: str) -> str:
    """Return the log group of an ARN, or the ARN where it is none, or one of another region or account.

    What moto is given names neither.
    """
    match = _LOG_GROUP.fullmatch(destination)
    if match is None or match[2] not in ("", account):
        return destination
    return match[3] if match[1] == "" or known(region) == match[1] else destination
