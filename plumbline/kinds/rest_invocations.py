"""The functions that a REST API invokes, and for which requests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.api_arns import as_spelled, declared_execution_arn, described_execution_arn
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.function_calls import alias_arn, function_arn
from plumbline.kinds.rest_calls import APIS, RESOURCES, OfApi, id_of, own_id, refuse_document
from plumbline.kinds.rest_routes import declared_route, methods_of, route_of
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import Beside, Declaration, given, known, settings_of
from plumbline.values.arns import region_in
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.rest_answers import Integration
    from plumbline.terraform.model import Configuration, Resource

_OF_FUNCTION = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:lambda:path/[^/]+/functions/(?P<function>.+)/invocations"
)
_ALIAS, _FUNCTION = "aws_lambda_alias", "aws_lambda_function"
_ANY = "ANY"
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""Those that ANY stands for. Source: API Gateway Developer Guide, "Set up an HTTP method"."""
_PARAMETER = re.compile(r"\{[^/{}]*\}")


class Invocation(Model):
    """A function that is invoked for a route."""

    route: Text
    """`POST /orders`."""
    function: Text
    """Its ARN, with the version or the alias that is invoked."""
    role: Text = ""
    """The role as which it is; empty where API Gateway invokes it in its own name."""
    method: Text = "POST"
    """By which method API Gateway asks Lambda, which takes no other one than POST."""


@dataclass(frozen=True)
class ApiCall:
    """A request to an API for which a function is invoked, as far as the function's policy is told of it."""

    route: str
    stage: str
    function: str
    role: str
    sources: tuple[str, ...]
    """By which ARNs API Gateway may say for what it asks: one for each method."""
    method: Any
    """By which method it asks Lambda."""

    @property
    def line(self) -> str:
        """What it is, to people."""
        return f"{self.route} of stage {self.stage}"


class Invocations(OfApi):
    """The functions that are invoked for its routes."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_integration", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = ("aws_api_gateway_resource", _ALIAS, _FUNCTION)
    follows: ClassVar[tuple[str, ...]] = ("integrations",)
    arguments: ClassVar = dict.fromkeys(("invoked", "asked_for", "execution_arn"), "uri")

    if TYPE_CHECKING:
        access_logs: dict[Text, Text]
        integrations: dict[Text, Integration]

    invoked: list[Invocation] = []
    execution_arn: str = ""
    """What the ARNs of its requests begin with."""

    @property
    def asked_for(self) -> list[ApiCall] | SomeOf:
        """The requests for which functions are invoked, of each stage.

        A parameter of a path is any text. Raises `Undetermined` where a function or a role is not known.
        """
        invoked, stages = self.invoked, [str(it) for it in self.access_logs]
        found = [
            ApiCall(
                route=str(it.route),
                stage=stage,
                function=known(it.function),
                role=known(it.role),
                sources=tuple(_sources(known(as_spelled(self.execution_arn)), stage, str(it.route))),
                method=it.method,
            )
            for it in (invoked.members if isinstance(invoked, SomeOf) else invoked)
            for stage in stages
        ]
        return SomeOf(found, invoked.reason) if isinstance(invoked, SomeOf) else found

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        found = (_declared(it, declaration) for it in declaration.parts)
        return {
            "invoked": sorted((it for it in found if it), key=repr),
            "execution_arn": declared_execution_arn(declaration.resource, declaration.configuration),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        identifier = id_of(asked.ask(APIS).answer, asked)
        reply = asked.ask(cls.call, api=identifier)
        own = described_execution_arn(asked, identifier)
        return Found(
            reply.at("@").map(lambda answer: {"invoked": _described(answer), "execution_arn": own}),
            reply.call,
        )

    def requested(self) -> Requests:
        """Return what hands the routes to their functions; moto was told of some function before."""
        if not self.invoked:
            return
        api = yield from own_id(self.name)
        held = yield request("apigateway:GetResources", restApiId=api)
        ids = {it["path"]: it["id"] for it in held["items"]}
        for it in self.invoked:
            method, path = route_of(str(it.route))
            function = str(known(it.function))
            place = f"arn:aws:apigateway:{region_in(function)}:lambda:path/2015-03-31"
            yield request(
                "apigateway:PutIntegration",
                restApiId=api,
                resourceId=ids[path],
                httpMethod=method,
                type=known(self.integrations[it.route].type),
                integrationHttpMethod=known(it.method),
                uri=f"{place}/functions/{function}/invocations",
                **({"credentials": known(it.role)} if known(it.role) else {}),
            )


def _declared(integration: Resource, declaration: Declaration) -> Invocation | None:
    uri, role = integration.values.get("uri"), integration.values.get("credentials")
    if not given(uri):
        return None
    found = _invoked(uri, declaration.configuration) if isinstance(uri, Placeholder) else _function(str(uri))
    if not isinstance(found, Placeholder) and not found:
        return None
    route = declared_route(integration, declaration)
    return Invocation(**_fields(route, found, role, integration.values.get("integration_http_method")))


def _invoked(uri: Placeholder, configuration: Configuration) -> Any:
    """Return the ARN of the function or alias that a plan refers to; where there is none, what it says."""
    for it in (*configuration.of_type(_ALIAS), *configuration.of_type(_FUNCTION)):
        if refers_to(uri, it) and isinstance(uri, Unknown) and uri.origin == f"{it.address}.invoke_arn":
            settings = settings_of(it, configuration)
            arn = (alias_arn if it.type == _ALIAS else function_arn)(it.values, settings)
            return uri if arn is None else arn
    return uri


def _described(answer: Answer) -> list[Invocation]:
    integrated = [
        (route, it["methodIntegration"]) for route, it in methods_of(answer) if it.get("methodIntegration")
    ]
    found = [
        (route, _function(it.get("uri") or ""), it.get("credentials"), it.get("httpMethod"))
        for route, it in integrated
    ]
    return sorted((Invocation(**_fields(*it)) for it in found if it[1]), key=repr)


def _fields(route: Any, function: Any, role: Any, method: Any) -> dict[str, Any]:
    asks = {"role": role if given(role) else "", "method": method if given(method) else ""}
    return {"route": route, "function": function, **asks}


def _function(uri: str) -> str:
    """Return the function that is invoked at an address; empty for what is no function."""
    found = _OF_FUNCTION.fullmatch(uri)
    return found["function"] if found else ""


def _sources(api: str, stage: str, route: str) -> Iterator[str]:
    method, path = route_of(route)
    for it in _METHODS if method == _ANY else (method,):
        yield f"{api}/{stage}/{it}{_PARAMETER.sub('*', path)}"
