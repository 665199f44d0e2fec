"""REST APIs of API Gateway: their routes, and what their stages throttle and log."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.rest_routes import declared_routes, route_of, serving
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import Beside, Declaration, as_chosen, blocks, given, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

_EVERY_METHOD = "*/*"
"""How settings of a stage name all its methods. Source: API Gateway API reference, Stage, methodSettings."""
_DEPLOYMENT = "aws_api_gateway_deployment"
_LOG_GROUP = re.compile(r"arn:[^:]+:logs:([^:]*):([^:]*):log-group:([^:]+)(?::\*)?")

APIS = Call(
    "apigateway:GetRestApis",
    of="REST APIs in {region}",
    on="arn:aws:apigateway:{region}::/restapis",
    action="apigateway:GET",
)
_AT = "arn:aws:apigateway:{region}::/restapis"
RESOURCES = Call(
    "apigateway:GetResources",
    {"restApiId": "{api}", "embed": ["methods"]},
    of=f"{_AT}/{{api}}/resources",
    on=f"{_AT}/*/resources",
    action="apigateway:GET",
)
_STAGES = Call(
    "apigateway:GetStages",
    {"restApiId": "{api}"},
    of=f"{_AT}/{{api}}/stages",
    on=f"{_AT}/*/stages",
    action="apigateway:GET",
)


def id_of(answer: Answer, asked: Asked) -> str:
    """Return the id of the API of the name that is asked about.

    Raises `Missing`, and `Undetermined` where several have the name: AWS lets them.
    """
    listed = ((it["name"], it["id"]) for it in answer.get("items", []))
    return id_among(listed, asked, APIS, "REST API")


class OfApi(Facet):
    """What API Gateway tells by the id of an API, which a list of all tells."""

    further_calls: ClassVar[tuple[Call, ...]] = (APIS,)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        reply = asked.ask(cls.call, api=id_of(asked.ask(APIS).answer, asked))
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)


class Routes(OfApi):
    """What can be asked for, and who may. A stage serves it as it was when it was deployed last."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_method", "rest_api_id", many=True)
    further_types = ("aws_api_gateway_resource",)
    arguments: ClassVar = {"routes": "authorization", "not_protected": "authorization"}

    routes: dict[Text, Text] = {}
    """How whoever asks is authorized, by route: `POST /leads` NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS."""

    def not_protected(self, protected: Sequence[str], authorized_by: Sequence[str]) -> list[str]:
        """Return which of these routes are authorized in none of these ways, each with how it is.

        Raises `Undetermined` for a route of which that is not known.
        """
        named = [str(it) for it in self.routes]
        found = {it: known(self.routes.get(serving(it, named), "")) for it in protected}
        return [
            f"{route}: {how or 'there is no such route'}"
            for route, how in found.items()
            if how not in authorized_by
        ]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the routes. Raises `Undetermined` where a document of OpenAPI gives them."""
        if given(declaration.resource.values.get("body")):
            raise Undetermined(
                f"the body of {declaration.resource.address} gives its routes, and is not read"
            )
        return {"routes": declared_routes(declaration)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "routes": {
                f"{method} {it['path']}": told["authorizationType"]
                for it in answer.get("items", [])
                for method, told in it.get("resourceMethods", {}).items()
            }
        }

    def requested(self) -> Requests:
        """Return what makes the routes: a resource for each step of a path, and its methods."""
        if not self.routes:
            return
        api = yield from _own_id(self.name)
        held = yield request("apigateway:GetResources", restApiId=api)
        ids = {it["path"]: it["id"] for it in held["items"]}
        for route, how in self.routes.items():
            method, path = route_of(str(route))
            at = "/"
            for step in filter(None, path.split("/")):
                parent, at = ids[at], f"{at.rstrip('/')}/{step}"
                if at not in ids:
                    made = yield request(
                        "apigateway:CreateResource", restApiId=api, parentId=parent, pathPart=step
                    )
                    ids[at] = made["id"]
            own = {"restApiId": api, "resourceId": ids[at], "httpMethod": method}
            yield request("apigateway:PutMethod", **own, authorizationType=known(how))
            yield request("apigateway:PutIntegration", **own, type="MOCK")


class Throttles(OfApi):
    """How many requests a second its stages take, of all callers together."""

    call = _STAGES
    beside = Beside("aws_api_gateway_method_settings", "rest_api_id", many=True)
    follows = ("access_logs",)
    arguments: ClassVar = dict.fromkeys(("throttles", "not_throttled"), "settings")

    throttles: dict[Text, Annotated[float, WrapValidator(keep_placeholder)]] = {}
    """Requests a second by stage and method: `prod */*`, `prod leads/POST`; -1 where nothing is throttled."""

    def not_throttled(self, throttled: Mapping[str, float]) -> list[str]:
        """Return what a stage lets through faster than so many requests a second, or not at all.

        Without a setting of its own a stage has the limits of the account, which all APIs share. What is set
        for a method comes before what is set for all. Source: API Gateway Developer Guide, "Throttle requests
        to your REST APIs". Raises `Undetermined` where a limit is not known.
        """
        told: list[str] = []
        for stage, most in throttled.items():
            limits = {it: rate for it, rate in self.throttles.items() if str(it).partition(" ")[0] == stage}
            if f"{stage} {_EVERY_METHOD}" not in limits:
                told.append(f"{stage} {_EVERY_METHOD}: not set")
            told += [f"{it}: {rate:g}" for it, rate in limits.items() if not 0 < known(rate) <= most]
        return told

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"throttles": dict(map(_declared_throttle, declaration.parts))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "throttles": {
                f"{stage['stageName']} {_method(path)}": told.get("throttlingRateLimit", -1)
                for stage in answer.get("item", [])
                for path, told in (stage.get("methodSettings") or {}).items()
            }
        }

    def requested(self) -> Requests:
        if not self.throttles:
            return
        api = yield from _own_id(self.name)
        for setting, rate in self.throttles.items():
            stage, _, method = str(setting).partition(" ")
            path = "/*/*" if method == _EVERY_METHOD else "/" + "/".join(_escaped(method))
            change = {"op": "replace", "path": f"{path}/throttling/rateLimit", "value": str(known(rate))}
            yield request("apigateway:UpdateStage", restApiId=api, stageName=stage, patchOperations=[change])


class AccessLogs(OfApi):
    """Which stages there are, and where they log each request."""

    call = _STAGES
    beside = Beside("aws_api_gateway_stage", "rest_api_id", many=True)
    further_types = (_DEPLOYMENT,)
    follows = ("routes",)
    arguments: ClassVar = {"access_logs": "access_log_settings", "stages_beyond": "stage_name"}

    if TYPE_CHECKING:
        routes: dict[Text, Text]

    access_logs: dict[Text, Text] = {}
    """The log group of each stage, or the ARN of what is none of its region and account; empty where requests
    are not logged."""

    def stages_beyond(self, stages: Sequence[str]) -> list[str]:
        """Return the stages that it has besides these: each serves its routes at an address of its own."""
        return [it for it in self.access_logs if it not in stages]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        stages = {known(it.values["stage_name"]): _declared_log(it, declaration) for it in declaration.parts}
        return {"access_logs": {**dict.fromkeys(_deployed(declaration), ""), **stages}}

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
            }
        }

    def requested(self) -> Requests:
        """Return what makes the stages. Raises `Undetermined` where nobody knows what they serve."""
        if not self.access_logs:
            return
        known(self.routes)
        api = yield from _own_id(self.name)
        for stage, log in self.access_logs.items():
            made = yield request("apigateway:CreateDeployment", restApiId=api)
            yield request("apigateway:CreateStage", restApiId=api, stageName=stage, deploymentId=made["id"])
            if known(log):
                arn = log if log.startswith("arn:") else f"arn:aws:logs:::log-group:{log}"
                change = {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": arn}
                yield request(
                    "apigateway:UpdateStage", restApiId=api, stageName=stage, patchOperations=[change]
                )


class RestApiLimits(Model):
    """What can be expected of an API besides its fields."""

    protected: list[str]
    """The routes that ask who calls: `POST /orders`."""
    authorized_by: list[str]
    """How they may find out: AWS_IAM, CUSTOM, COGNITO_USER_POOLS."""
    throttled: dict[str, float]
    """How many requests a second each stage takes at most."""
    stages: list[str]
    """The stages that it may have."""


class RestApi(Routes, Throttles, AccessLogs, Kind):
    """A REST API, named by what it is called: its id is AWS's to choose."""

    noun = "rest_api"
    plural = "rest_apis"
    terraform_type = "aws_api_gateway_rest_api"
    expects_some = ("protected", "authorized_by", "throttled", "access_logs")
    limits = RestApiLimits
    listing = Listing(APIS, "items[].name")
    call = APIS
    chosen: ClassVar = {"id": "id", "root_resource_id": "rootResourceId"}

    id: str = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"id": id_of(answer, asked)}

    def requested(self) -> Requests:
        yield request("apigateway:CreateRestApi", name=self.name)


def _own_id(name: str) -> Generator[Request, dict[str, Any], str]:
    return asked_of_moto(APIS, "items", "id", name=name)


def _declared_throttle(settings: Resource) -> tuple[str, Any]:
    stage, path = known(settings.values["stage_name"]), known(settings.values["method_path"])
    told = blocks(settings.values, "settings")[0].get("throttling_rate_limit")
    return f"{stage} {_method(path)}", -1 if told is None else told


def _method(path: str) -> str:
    """Return how a setting names a method, as Terraform writes it: `leads/POST`."""
    return path.lstrip("/").replace("~1", "/").lstrip("/")


def _escaped(method: str) -> tuple[str, str]:
    path, _, verb = method.rpartition("/")
    return "~1" + path.replace("/", "~1"), verb


def _deployed(declaration: Declaration) -> list[str]:
    """Return the stages that deployments make beside themselves. Raises `Undetermined`.

    Source: provider, aws_api_gateway_deployment, "stage_name".
    """
    found = belonging(declaration.resource, declaration.configuration, _DEPLOYMENT, "rest_api_id")
    making = [it for it in (*found.certain, *found.perhaps) if given(it.values.get("stage_name"))]
    return [str(known(it.values["stage_name"])) for it in making]


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
