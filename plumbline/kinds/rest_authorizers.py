"""The authorizers of a REST API, and which of them stands before each route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.rest_calls import (
    APIS,
    AUTHORIZERS,
    RESOURCES,
    OfApi,
    id_of,
    is_of_another,
    methods_at,
    own_id,
    refuse_document,
)
from plumbline.kinds.rest_routes import declared_route, methods_of, route_of
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import Beside, Declaration, given, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.some_of import SomeOf, each_told, members, one_is
from plumbline.values.unknown import Placeholder, Unexamined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_AUTHORIZER = "aws_api_gateway_authorizer"
_OF_A_POOL = "COGNITO_USER_POOLS"
_UNLESS_SAID = "TOKEN"
"""Source: AWS provider, aws_api_gateway_authorizer, type."""
_BY_AN_AUTHORIZER = (_OF_A_POOL, "CUSTOM")
"""How a route is authorized that names an authorizer. Source: API Gateway API reference, Method,
"authorizationType"."""
_PREFLIGHT = "OPTIONS"
_NO_ROUTE = "there is no route"
_FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
"""Which function moto is told that an authorizer asks: it asks none."""


class Authorizer(Model):
    """What tells whether whoever calls may."""

    type: Text
    """TOKEN or REQUEST, where a function tells it, or COGNITO_USER_POOLS."""
    providers: Annotated[list[Text], WrapValidator(keep_placeholder)] = []
    """The ARNs of the user pools whose tokens it takes."""


class Authorizers(OfApi):
    """The authorizers of an API. No two of one API have one name."""

    call = AUTHORIZERS
    beside = Beside(_AUTHORIZER, "rest_api_id", many=True)
    arguments: ClassVar = {"authorizers": "type"}

    authorizers: dict[Text, Authorizer] = {}
    """By their names."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {"authorizers": {known(it.values["name"]): _declared(it.values) for it in declaration.parts}}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "authorizers": {
                it["name"]: Authorizer(type=it["type"], providers=sorted(it.get("providerARNs") or []))
                for it in answer.get("items", [])
            }
        }

    def requested(self) -> Requests:
        if not self.authorizers:
            return
        api = yield from own_id(self.name)
        for name, it in self.authorizers.items():
            pools = [known(arn) for arn in it.providers]
            told = {"providerARNs": pools} if known(it.type) == _OF_A_POOL else {"authorizerUri": _FUNCTION}
            yield request(
                "apigateway:CreateAuthorizer",
                restApiId=api,
                name=name,
                type=it.type,
                identitySource="method.request.header.Authorization",
                **told,
            )


class RouteAuthorizers(OfApi):
    """Which authorizer stands before each route."""

    call = RESOURCES
    further_calls: ClassVar[tuple[Call, ...]] = (APIS, AUTHORIZERS)
    beside = Beside("aws_api_gateway_method", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = ("aws_api_gateway_resource", _AUTHORIZER)
    follows: ClassVar[tuple[str, ...]] = ("routes", "authorizers")
    arguments: ClassVar = dict.fromkeys(
        ("authorized_with", "open_to_anybody", "refusing", "taking_besides"), "authorizer_id"
    )

    if TYPE_CHECKING:
        authorizers: dict[Text, Authorizer]
        routes: dict[Text, Text]

    authorized_with: dict[Text, Text] = {}
    """The name of each route's authorizer, or its id where the API has none of that id; empty where a route
    names none."""

    def open_to_anybody(self, authorized_by: Sequence[str], public: Sequence[str]) -> list[str]:
        """Return which routes are authorized in none of these ways, or by an authorizer that is not there.

        That is every route of the API but those of OPTIONS, which a browser asks for without credentials,
        and those that are said to be `public`. Raises `Undetermined` where nothing is for certain.
        """
        asked = [it for it in self.routes if route_of(str(it))[0] != _PREFLIGHT and it not in public]
        told = each_told(
            asked,
            lambda it: _open(str(it), self.routes, authorized_by, self.authorized_with, self.authorizers),
        )
        return told if self.routes else [_NO_ROUTE]

    def refusing(self, pool: Any) -> list[str]:
        """Return which authorizers of its routes take no token of the user pool of an ARN.

        Also that there is none. Raises `Undetermined` where nothing is for certain.
        """
        named = self._named()
        told = each_told(named, lambda it: _refusing(it, self.authorizers, pool))
        return told if named else ["no route has an authorizer"]

    def taking_besides(self, pool: Any) -> list[str]:
        """Return which authorizers of its routes take tokens of other user pools, too.

        Raises `Undetermined` where nothing is for certain.
        """
        return each_told(self._named(), lambda it: _taking_besides(it, self.authorizers, pool))

    def _named(self) -> list[str]:
        """Return the authorizers that routes name. Raises `Undetermined`."""
        return sorted({name for it in self.authorized_with.values() if (name := known(it))})

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {
            "authorized_with": {
                declared_route(it, declaration): _named(it.values.get("authorizer_id"), declaration)
                for it in declaration.parts
            }
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        api = id_of(asked.ask(APIS).answer, asked)
        routes, there = (asked.ask(it, api=api) for it in (RESOURCES, AUTHORIZERS))
        found = routes.at("@").map(lambda answer: _described(answer, there.answer))
        return Found({"authorized_with": found}, routes.call)

    def requested(self) -> Requests:
        wanted = {route: name for route, name in self.authorized_with.items() if known(name)}
        if not wanted:
            return
        api = yield from own_id(self.name)
        held = yield request("apigateway:GetAuthorizers", restApiId=api)
        ids = {it["name"]: it["id"] for it in held["items"]}
        for place, name in (yield from methods_at(self.name, wanted)):
            change = {"op": "replace", "path": "/authorizerId", "value": ids.get(name, name)}
            yield request("apigateway:UpdateMethod", **place, patchOperations=[change])


def _declared(values: Mapping[str, Any]) -> Authorizer:
    type_, pools = values.get("type"), values.get("provider_arns")
    told: dict[str, Any] = {
        "type": type_ if given(type_) else _UNLESS_SAID,
        "providers": pools if isinstance(pools, Placeholder | SomeOf) else sorted(pools or [], key=repr),
    }
    return Authorizer(**told)


def _named(authorizer: Any, declaration: Declaration) -> Any:
    """Return the name of an authorizer that Terraform declares, by its id; empty for none.

    One of another API is called so: API Gateway has none of that name here.
    """
    if not given(authorizer):
        return ""
    for it in declaration.configuration.of_type(_AUTHORIZER):
        if refers_to(authorizer, it) or (isinstance(authorizer, str) and authorizer == it.values.get("id")):
            name = it.values.get("name")
            return f"{known(name)} of another API" if is_of_another(it, declaration) else name
    if isinstance(authorizer, Placeholder):
        return authorizer
    return Unexamined(f"whether there is an authorizer {authorizer}: no {_AUTHORIZER} has this id")


def _described(answer: Answer, authorizers: Answer) -> dict[str, str]:
    names = {it["id"]: it["name"] for it in authorizers.get("items", [])}
    told = {route: it.get("authorizerId") or "" for route, it in methods_of(answer)}
    return {route: names.get(identifier, identifier) for route, identifier in told.items()}


def _open(
    route: str,
    routes: Mapping[Any, Any],
    authorized_by: Sequence[str],
    authorized_with: Mapping[Any, Any],
    authorizers: Mapping[Any, Any],
) -> Iterator[str]:
    how = known(routes[route])
    if how not in authorized_by:
        yield f"{route}: {how or 'NONE'}"
    elif how in _BY_AN_AUTHORIZER:
        own = known(authorized_with.get(route, ""))
        if not own:
            yield f"{route}: {how}, and it names no authorizer"
        elif own not in known(authorizers):
            yield f"{route}: its authorizer {own} is not there"


def _refusing(name: str, authorizers: Mapping[Any, Any], pool: Any) -> Iterator[str]:
    own = known(authorizers).get(name)
    if own is None:
        yield f"{name} is not there"
    elif known(own.type) != _OF_A_POOL:
        yield f"{name} is of type {own.type}"
    elif not one_is(known(own.providers), lambda it: bool(it == pool)):
        yield f"{name} takes tokens of other pools alone"


def _taking_besides(name: str, authorizers: Mapping[Any, Any], pool: Any) -> Iterator[str]:
    own = known(authorizers).get(name)
    if own is None or not one_is(known(own.providers), lambda it: bool(it == pool)):
        return
    others = each_told(members(own.providers), lambda it: [_pool(it)] if it != pool else [])
    if not others and isinstance(own.providers, SomeOf):
        own.providers.refuse()
    yield from (f"{name} takes tokens of {it}, too" for it in others)


def _pool(arn: Any) -> str:
    return arn.origin if isinstance(arn, Unknown) else str(arn)
