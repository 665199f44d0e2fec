"""What a REST API answers with: the integration of each method, and the headers that answers are given.

A function behind a proxy integration gives its headers itself, and the API says nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.rest_calls import (
    GATEWAY_RESPONSES,
    RESOURCES,
    OfApi,
    methods_at,
    own_id,
    refuse_document,
)
from plumbline.kinds.rest_cors import ORIGIN, not_given
from plumbline.kinds.rest_routes import declared_route, methods_of, serving
from plumbline.terraform.declared import Beside, Declaration, each_once, known
from plumbline.values.model import Model, Text, keep_placeholder
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

T = TypeVar("T")
_MOCK = "MOCK"
_PROXIES = ("AWS_PROXY", "HTTP_PROXY")
_UNLESS_SAID = "application/json"
"""What a request without a content type is taken for. Source: API Gateway Developer Guide, "Method request
behavior for payloads without mapping templates"."""
_STATUS = re.compile(r"""["']?statusCode["']?\s*:\s*["']?(\d{3})\b""")
_DECIDES = re.compile(r"#(?:if|foreach|set|macro)\b")
_OVERRIDES = "responseOverride"
_OF_METHOD, _OF_GATEWAY = "method.response.header.", "gatewayresponse.header."
_OVERRIDING = "#set($context.responseOverride.header.x = 'y')"
_SITE = "http://example.com"
_FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/functions/f/invocations"
"""What moto is told to hand requests to: it asks for something, and nobody asks it what."""
_RESOURCES = ("aws_api_gateway_resource",)


class Integration(Model):
    """What a method's requests are handed to."""

    type: Text
    """MOCK, AWS, AWS_PROXY, HTTP or HTTP_PROXY."""
    mocked: Text = ""
    """The status that a mock is given for a request without a body; empty where it is given none."""


class Mapped(Model):
    """How an answer of an integration becomes one of the method."""

    pattern: Text = ""
    """Which answers it is for; empty for all that no other is for."""
    headers: dict[Text, Text] = {}
    """What each header is made from: `'*'`."""
    overrides: Annotated[bool, WrapValidator(keep_placeholder)] = False
    """Whether a template replaces headers."""


class Integrations(OfApi):
    """What each route's requests are handed to."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_integration", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = _RESOURCES
    follows: ClassVar[tuple[str, ...]] = ("routes",)
    arguments: ClassVar = {"integrations": "type"}

    integrations: dict[Text, Integration] = {}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {
            "integrations": each_once(
                declaration.resource.address,
                (
                    (it, declared_route(it, declaration), _declared_integration(it.values))
                    for it in declaration.parts
                ),
            )
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "integrations": {
                route: Integration(
                    type=its["type"], mocked=_mocked_by(its["type"], its.get("requestTemplates"))
                )
                for route, method in methods_of(answer)
                if (its := method.get("methodIntegration"))
            }
        }

    def requested(self) -> Requests:
        for place, it in (yield from methods_at(self.name, self.integrations)):
            given: dict[str, Any] = {}
            if known(it.type) != _MOCK:
                given = {"uri": _SITE if "HTTP" in it.type else _FUNCTION, "integrationHttpMethod": "POST"}
            elif known(it.mocked):
                given = {"requestTemplates": {_UNLESS_SAID: f'{{"statusCode": {it.mocked}}}'}}
            yield request("apigateway:PutIntegration", **place, type=it.type, **given)


class MethodResponses(OfApi):
    """Which answers each route may give, and with which headers."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_method_response", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = _RESOURCES
    follows: ClassVar[tuple[str, ...]] = ("routes",)
    arguments: ClassVar = {"response_headers": "response_parameters"}

    response_headers: dict[Text, Annotated[list[Text], WrapValidator(keep_placeholder)]] = {}
    """The names of headers by route and status: `OPTIONS /leads 200`."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {
            "response_headers": {
                _declared_answer(it, declaration): headers
                if isinstance(
                    headers := _headers(it.values.get("response_parameters"), _OF_METHOD), Placeholder
                )
                else sorted(headers)
                for it in declaration.parts
            }
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "response_headers": {
                f"{route} {status}": sorted(_headers(it.get("responseParameters"), _OF_METHOD))
                for route, method in methods_of(answer)
                for status, it in (method.get("methodResponses") or {}).items()
            }
        }

    def requested(self) -> Requests:
        for place, headers in (yield from methods_at(self.name, self.response_headers)):
            named = {f"{_OF_METHOD}{it}": False for it in known(headers)}
            yield request("apigateway:PutMethodResponse", **place, responseParameters=named)


class IntegrationResponses(OfApi):
    """What becomes of the answers that are not handed on as they are."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_integration_response", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = _RESOURCES
    follows: ClassVar[tuple[str, ...]] = ("integrations", "invoked", "response_headers")
    arguments: ClassVar = dict.fromkeys(
        ("mapped", "not_let_in", "unreadable_elsewhere"), "response_parameters"
    )

    if TYPE_CHECKING:
        integrations: dict[Text, Integration]
        response_headers: dict[Text, list[Text]]
        routes: dict[Text, Text]

    mapped: dict[Text, Mapped] = {}
    """By route and status of the answer: `OPTIONS /leads 200`."""

    def not_let_in(self, paths: Sequence[str], cors: Mapping[str, Sequence[str]]) -> list[str]:
        """Return what keeps a browser from asking for these paths from elsewhere: what its preflight lacks.

        Raises `Undetermined` where a proxy integration leaves that to whatever stands behind it.
        """
        told: list[str] = []
        for route in (f"OPTIONS {it}" for it in paths):
            own = serving(route, [str(it) for it in self.routes])
            if not own:
                told.append(f"{route}: there is no such route")
            elif own not in self.integrations:
                told.append(f"{route}: nothing answers, it has no integration")
            else:
                told += _of_preflight(own, self.integrations[own], self.mapped, self.response_headers, cors)
        return told

    def unreadable_elsewhere(
        self, routes: Sequence[str], proxied: Sequence[str], origins: Sequence[str]
    ) -> list[str]:
        """Return which answers of these routes a browser keeps from a page of another origin.

        What stands behind a proxy integration gives its headers itself: nothing is told of routes that are
        said to be `proxied`, and raises `Undetermined` for another one that is.
        """
        told: list[str] = []
        for route in routes:
            own = serving(route, [str(it) for it in self.routes])
            if not own:
                told.append(f"{route}: there is no such route")
            elif own not in self.integrations:
                told.append(f"{route}: nothing answers, it has no integration")
            elif known(self.integrations[own].type) not in _PROXIES:
                answers = _of_route(own, self.mapped)
                told += [] if answers else [f"{route}: no answer is mapped"]
                for status, it in answers.items():
                    told += _lacking(own, status, it, self.response_headers, {ORIGIN: origins})
            elif route not in proxied:
                raise Undetermined(f"{route} answers with the headers that what stands behind it gives")
        return told

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {
            "mapped": each_once(
                declaration.resource.address,
                (
                    (it, _declared_answer(it, declaration), _declared_mapping(it.values))
                    for it in declaration.parts
                ),
            )
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "mapped": {
                f"{route} {status}": Mapped(
                    pattern=it.get("selectionPattern") or "",
                    headers=_headers(it.get("responseParameters"), _OF_METHOD),
                    overrides=_overrides(it.get("responseTemplates")),
                )
                for route, method in methods_of(answer)
                for status, it in (
                    (method.get("methodIntegration") or {}).get("integrationResponses") or {}
                ).items()
            }
        }

    def requested(self) -> Requests:
        for place, it in (yield from methods_at(self.name, self.mapped)):
            templates = {_UNLESS_SAID: _OVERRIDING} if known(it.overrides) else {}
            yield request(
                "apigateway:PutIntegrationResponse",
                **place,
                selectionPattern=known(it.pattern),
                responseParameters={
                    f"{_OF_METHOD}{name}": known(value) for name, value in it.headers.items()
                },
                responseTemplates=templates,
            )


class GatewayResponses(OfApi):
    """What API Gateway answers by itself: whoever has no key, asks too often, or meets an error."""

    call = GATEWAY_RESPONSES
    beside = Beside("aws_api_gateway_gateway_response", "rest_api_id", many=True)
    arguments: ClassVar = dict.fromkeys(("gateway_headers", "unreadable_refusals"), "response_parameters")

    gateway_headers: dict[Text, Annotated[dict[Text, Text], WrapValidator(keep_placeholder)]] = {}
    """What each header is made from, by the type of the answer; of those alone that somebody has changed."""

    def unreadable_refusals(self, types: Sequence[str], origins: Sequence[str]) -> list[str]:
        """Return which answers of API Gateway itself a browser keeps from a page of another origin.

        One that somebody has changed comes before the default of its class. Source: API Gateway Developer
        Guide, "Gateway responses in API Gateway".
        """
        told = [f"{it}: no {ORIGIN}" for it in types if it not in self.gateway_headers]
        for type_, headers in self.gateway_headers.items():
            told += not_given(known(headers), {ORIGIN: origins}, str(type_))
        return told

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        return {
            "gateway_headers": each_once(
                declaration.resource.address,
                (
                    (
                        it,
                        known(it.values["response_type"]),
                        _headers(it.values.get("response_parameters"), _OF_GATEWAY),
                    )
                    for it in declaration.parts
                ),
            )
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "gateway_headers": {
                it["responseType"]: _headers(it.get("responseParameters"), _OF_GATEWAY)
                for it in answer.get("items", [])
                if not it.get("defaultResponse")
            }
        }

    def requested(self) -> Requests:
        if not self.gateway_headers:
            return
        api = yield from own_id(self.name)
        for type_, headers in self.gateway_headers.items():
            given = {f"{_OF_GATEWAY}{name}": known(value) for name, value in known(headers).items()}
            yield request(
                "apigateway:PutGatewayResponse", restApiId=api, responseType=type_, responseParameters=given
            )


def _of_route(route: str, answers: Mapping[Any, T]) -> dict[str, T]:
    """Return what there is of a route, by the status of the answer."""
    return {
        status: it
        for (own, _, status), it in ((str(key).rpartition(" "), it) for key, it in answers.items())
        if own == route
    }


def _of_preflight(
    route: str,
    integration: Integration,
    mapped: Mapping[Any, Mapped],
    headers: Mapping[Any, Sequence[str]],
    cors: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return what the answer to a preflight lacks."""
    if known(integration.type) in _PROXIES:
        raise Undetermined(f"what {route} answers is up to what stands behind its proxy integration")
    if integration.type == _MOCK and not known(integration.mocked):
        return [f"{route}: its mock integration is given no status, so it ends in an error"]
    answers = _of_route(route, mapped)
    status = _chosen(integration, answers)
    if not status:
        return [f"{route}: no answer is mapped that others are not for"]
    if not status.startswith("2"):
        return [f"{route}: it answers {status}, which a browser takes for a refusal"]
    return _lacking(route, status, answers[status], headers, cors)


def _chosen(integration: Integration, answers: Mapping[str, Mapped]) -> str:
    """Return the status that the usual answer becomes; empty where none does."""
    usual = next((status for status, it in answers.items() if not known(it.pattern)), "")
    if integration.type != _MOCK:
        return usual
    for status, it in answers.items():
        try:
            if it.pattern and re.fullmatch(it.pattern, integration.mocked):
                return status
        except re.error:
            raise Undetermined(f"whether {integration.mocked} matches {it.pattern!r}") from None
    return usual


def _lacking(
    route: str,
    status: str,
    answer: Mapped,
    headers: Mapping[Any, Sequence[str]],
    asked: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return what an answer lacks of the headers that are asked for.

    A header must be mapped, and the method must say that it has it. Source: API Gateway Developer Guide,
    "CORS for REST APIs in API Gateway".
    """
    of = f"{route} {status}"
    if known(answer.overrides):
        raise Undetermined(f"a template replaces headers of {of}")
    said = [str(known(it)).lower() for it in known(headers.get(of, []))]
    told = not_given(known(answer.headers), asked, of)
    unsaid = [it for it in asked if it.lower() not in said]
    return told or [f"{of}: the method does not say that it answers with {it}" for it in unsaid]


def _headers(parameters: Any, prefix: str) -> Any:
    """Return what headers are made from, by their names; of other parameters nothing."""
    if isinstance(parameters, Placeholder):
        return parameters
    given = parameters or {}
    return {name.removeprefix(prefix): it for name, it in given.items() if name.startswith(prefix)}


def _declared_answer(part: Resource, declaration: Declaration) -> str:
    return f"{declared_route(part, declaration)} {known(part.values['status_code'])}"


def _declared_integration(values: Mapping[str, Any]) -> Integration:
    return Integration(type=values["type"], mocked=_mocked(values))


def _declared_mapping(values: Mapping[str, Any]) -> Mapped:
    pattern = values.get("selection_pattern")
    return Mapped(
        pattern="" if pattern is None else pattern,
        headers=_headers(values.get("response_parameters"), _OF_METHOD),
        overrides=_overrides(values.get("response_templates")),
    )


def _mocked(values: Mapping[str, Any]) -> Any:
    type_, templates = values.get("type"), values.get("request_templates")
    if isinstance(type_, Placeholder) or (type_ == _MOCK and isinstance(templates, Placeholder)):
        return type_ if isinstance(type_, Placeholder) else templates
    return _mocked_by(type_, templates)


def _mocked_by(type_: Any, templates: Mapping[str, Any] | None) -> Any:
    """Return the status that a mock is given; a placeholder where a template works it out."""
    template = (templates or {}).get(_UNLESS_SAID) if type_ == _MOCK else None
    if not isinstance(template, str):
        return template if isinstance(template, Placeholder) else ""
    found = _STATUS.findall(template)
    if _DECIDES.search(template) or len(found) > 1:
        return Unexamined(f"a template works out which status a mock is given: {template}")
    return found[0] if found else ""


def _overrides(templates: Any) -> Any:
    """Return whether one of some templates replaces headers; a placeholder where that is not known."""
    if isinstance(templates, Placeholder):
        return templates
    given = [it for it in (templates or {}).values() if it is not None]
    if any(not isinstance(it, Placeholder) and _OVERRIDES in it for it in given):
        return True
    return next((it for it in given if isinstance(it, Placeholder)), False)
