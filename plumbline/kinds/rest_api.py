"""REST APIs of API Gateway: their routes, and who may ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.api_arns import own_execution_arn
from plumbline.kinds.bounds import Rate, Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.rest_answers import GatewayResponses, IntegrationResponses, Integrations, MethodResponses
from plumbline.kinds.rest_authorizers import Authorizers, RouteAuthorizers
from plumbline.kinds.rest_calls import APIS, RESOURCES, OfApi, id_of, own_id, refuse_document
from plumbline.kinds.rest_invocations import Invocations
from plumbline.kinds.rest_logs import ExecutionLogs, ToldOfMethods
from plumbline.kinds.rest_routes import declared_route, methods_of, paths_of, route_of, serving
from plumbline.kinds.rest_stages import AccessLogs, Throttles
from plumbline.kinds.rest_timeouts import Timeouts
from plumbline.kinds.rest_validation import Validation
from plumbline.terraform.declared import Beside, Declaration, as_chosen, given, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_NONE = "NONE"
_IN_A_HEADER = "HEADER"


class Routes(OfApi):
    """What can be asked for, and who may. A stage serves it as it was when it was deployed last."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_method", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = ("aws_api_gateway_resource",)
    arguments: ClassVar = {
        **dict.fromkeys(("routes", "not_protected", "asked_of_preflight"), "authorization"),
        **dict.fromkeys(("with_key", "without_key"), "api_key_required"),
    }

    routes: dict[Text, Text] = {}
    """How whoever asks is authorized, by route: `GET /orders` NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS."""
    with_key: dict[Text, Annotated[bool, WrapValidator(keep_placeholder)]] = {}
    """Whether an API key must come with a request, by route."""

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

    def without_key(self, keyed: Sequence[str]) -> list[str]:
        """Return which of these routes answer whoever has no API key. Raises `Undetermined` as above."""
        named = [str(it) for it in self.with_key]
        served = {it: serving(it, named) for it in keyed}
        absent = [f"{it}: there is no such route" for it, own in served.items() if not own]
        open_ = [it for it, own in served.items() if own and not known(self.with_key[own])]
        return absent + [f"{it}: no key is asked for" for it in open_]

    def asked_of_preflight(self, paths: Sequence[str]) -> list[str]:
        """Return what the OPTIONS of these paths ask for, which no browser gives before it may.

        Source: Fetch Standard, "CORS-preflight fetch": it is sent without credentials and own headers.
        """
        named = [str(it) for it in self.routes]
        told: list[str] = []
        for route in (f"OPTIONS {it}" for it in paths):
            own = serving(route, named)
            if not own:
                told.append(f"{route}: there is no such route")
            elif (how := known(self.routes[own])) != _NONE:
                told.append(f"{route}: {how}")
            elif known(self.with_key.get(own)):
                told.append(f"{route}: an API key")
        return told

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return the routes. Raises `Undetermined` where a document of OpenAPI gives them."""
        refuse_document(declaration)
        named = {declared_route(it, declaration): it.values for it in declaration.parts}
        return {
            "routes": {
                route: how if given(how := values.get("authorization")) else ""
                for route, values in named.items()
            },
            "with_key": {
                route: False if (it := values.get("api_key_required")) is None else it
                for route, values in named.items()
            },
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        told = dict(methods_of(answer))
        return {
            "routes": {route: it["authorizationType"] for route, it in told.items()},
            "with_key": {route: bool(it.get("apiKeyRequired")) for route, it in told.items()},
        }

    def requested(self) -> Requests:
        """Return what makes the routes: a resource for each step of a path, and its methods."""
        if not self.routes:
            return
        api = yield from own_id(self.name)
        held = yield request("apigateway:GetResources", restApiId=api)
        ids = {it["path"]: it["id"] for it in held["items"]}
        for route, how in self.routes.items():
            method, path = route_of(str(route))
            for parent, at, step in paths_of(path):
                if at not in ids:
                    made = yield request(
                        "apigateway:CreateResource", restApiId=api, parentId=ids[parent], pathPart=step
                    )
                    ids[at] = made["id"]
            own = {"restApiId": api, "resourceId": ids[path], "httpMethod": method}
            keyed = known(self.with_key.get(route, False))
            yield request("apigateway:PutMethod", **own, authorizationType=known(how), apiKeyRequired=keyed)
            yield request("apigateway:PutIntegration", **own, type="MOCK")


class KeySource(OfApi):
    """Where an API looks for the key of whoever asks."""

    call = APIS
    further_calls: ClassVar[tuple[Call, ...]] = ()

    api_key_source: str = _IN_A_HEADER
    """HEADER, which is `x-api-key`, or AUTHORIZER: a function that authorizes tells it."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return what Terraform says. Raises `Undetermined` where a document may say something else.

        A plan calls what is left out unknown by its own name.
        """
        told = declaration.resource.values.get("api_key_source")
        own = f"{declaration.resource.address}.api_key_source"
        left_out = told is None or (isinstance(told, Unknown) and told.origin == own)
        if left_out:
            refuse_document(declaration)
        return {"api_key_source": _IN_A_HEADER if left_out else told}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(APIS)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        own = id_of(answer, asked)
        found = next(it for it in answer["items"] if it["id"] == own)
        return {"api_key_source": found.get("apiKeySource") or _IN_A_HEADER}

    def requested(self) -> Requests:
        if self.api_key_source != _IN_A_HEADER:
            api = yield from own_id(self.name)
            change = {"op": "replace", "path": "/apiKeySource", "value": self.api_key_source}
            yield request("apigateway:UpdateRestApi", restApiId=api, patchOperations=[change])


class RestApiLimits(Model):
    """What can be expected of an API besides its fields."""

    protected: list[str]
    """The routes that ask who calls: `POST /orders`."""
    authorized_by: list[str]
    """How they may find out: AWS_IAM, CUSTOM, COGNITO_USER_POOLS."""
    public: list[str]
    """The routes that anybody may ask for, where every other one asks who calls."""
    integration_timeout: Some
    """How many milliseconds each route's integration may take."""
    throttled: dict[str, Rate]
    """How many requests a second each stage takes at most."""
    least_rates: dict[str, Rate]
    """How many requests a second each stage takes at least."""
    least_bursts: dict[str, Rate]
    """How many requests at once each stage takes at least."""
    keyed: list[str]
    """The routes that answer nobody who has no API key."""
    stages: list[str]
    """The stages that it has; what is asked of them: that they serve something, take requests, are all."""
    cross_origin: list[str]
    """The paths that a page of another origin may ask for: `/orders`."""
    cors: dict[str, list[str]]
    """What the headers of the answer to its preflight have in them at least."""
    readable: list[str]
    """The routes whose answers it may read."""
    proxied: list[str]
    """Those of them to which what stands behind a proxy integration gives the headers."""
    refusals: list[str]
    """The answers of API Gateway itself that it may read: DEFAULT_4XX, DEFAULT_5XX."""
    origins: list[str]
    """The origins of such pages; `*` is any."""


class RestApi(
    Routes,
    Authorizers,
    RouteAuthorizers,
    Validation,
    Integrations,
    Invocations,
    Timeouts,
    MethodResponses,
    IntegrationResponses,
    GatewayResponses,
    KeySource,
    Throttles,
    ToldOfMethods,
    ExecutionLogs,
    AccessLogs,
    Kind,
):
    """A REST API, named by what it is called: its id is AWS's to choose."""

    noun = "rest_api"
    plural = "rest_apis"
    terraform_type = "aws_api_gateway_rest_api"
    expects_some = (
        *("protected", "authorized_by", "throttled", "least_rates", "least_bursts", "access_logs", "keyed"),
        "stages",
        *("cross_origin", "cors", "readable", "refusals", "origins"),
    )
    limits = RestApiLimits
    listing = Listing(APIS, "items[].name")
    call = APIS
    arn_lists: ClassVar = ("aws_api_gateway_authorizer.provider_arns",)
    chosen: ClassVar = {"id": "id", "root_resource_id": "rootResourceId"}
    computed: ClassVar = {"aws_api_gateway_rest_api.execution_arn": own_execution_arn}

    id: str = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"id": id_of(answer, asked)}

    def requested(self) -> Requests:
        yield request("apigateway:CreateRestApi", name=self.name)
