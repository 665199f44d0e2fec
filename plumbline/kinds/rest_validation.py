"""What a request to a route of a REST API must hold, and whether API Gateway looks that it does.

Source: API Gateway Developer Guide, "Request validation for REST APIs in API Gateway".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.rest_calls import (
    APIS,
    RESOURCES,
    VALIDATORS,
    OfApi,
    id_of,
    is_of_another,
    methods_at,
    own_id,
    refuse_document,
)
from plumbline.kinds.rest_routes import declared_route, methods_of
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import Beside, Declaration, given, known
from plumbline.values.model import Text, keep_placeholder
from plumbline.values.some_of import each_told, one_is
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_VALIDATOR = "aws_api_gateway_request_validator"
_BODY, _PARAMETERS = "body", "parameters"
_FLAGS: Mapping[str, str] = {_BODY: "validate_request_body", _PARAMETERS: "validate_request_parameters"}
_MEMBERS: Mapping[str, str] = {_BODY: "validateRequestBody", _PARAMETERS: "validateRequestParameters"}
_SOME: Mapping[str, tuple[str, str]] = {
    _BODY: ("/requestModels/application~1json", "Empty"),
    _PARAMETERS: ("/requestParameters/method.request.querystring.it", "true"),
}
"""What moto is told that a request must hold. Source: API Gateway API reference, UpdateMethod, patch
operations."""

Parts = Annotated[list[Text], WrapValidator(keep_placeholder)]


class Validation(OfApi):
    """What requests must hold, and what of it is looked at before they reach what stands behind a route."""

    call = RESOURCES
    further_calls: ClassVar[tuple[Call, ...]] = (APIS, VALIDATORS)
    beside = Beside("aws_api_gateway_method", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = ("aws_api_gateway_resource", _VALIDATOR)
    follows: ClassVar[tuple[str, ...]] = ("routes",)
    arguments: ClassVar = {
        "required": "request_parameters",
        **dict.fromkeys(("validated", "unvalidated"), "request_validator_id"),
    }

    required: dict[Text, Parts] = {}
    """What requests must hold, by route, as it declares: `body`, of the form of a model, `parameters`."""
    validated: dict[Text, Parts] = {}
    """What of both the validator of each route looks at; a route without one looks at nothing."""

    @property
    def unvalidated(self) -> list[str]:
        """Which routes declare what nobody looks at. Raises `Undetermined` where nothing is for certain."""
        return each_told(self.required, lambda it: _unvalidated(str(it), self.required, self.validated))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        named = {declared_route(it, declaration): it.values for it in declaration.parts}
        return {
            "required": {route: _required(it) for route, it in named.items()},
            "validated": {
                route: _validated(it.get("request_validator_id"), declaration) for route, it in named.items()
            },
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        api = id_of(asked.ask(APIS).answer, asked)
        routes, there = (asked.ask(it, api=api) for it in (RESOURCES, VALIDATORS))
        found = routes.at("@").map(lambda answer: _described(answer, there.answer))
        return Found(found, f"{VALIDATORS.operation} {routes.call}")

    def requested(self) -> Requests:
        """Return what makes the validators that are wanted, and what declares that something is required."""
        if not self.required:
            return
        api = yield from own_id(self.name)
        ids: dict[tuple[str, ...], str] = {}
        for parts in {tuple(known(it)) for it in self.validated.values() if known(it)}:
            looked_at = {member: part in parts for part, member in _MEMBERS.items()}
            made = yield request(
                "apigateway:CreateRequestValidator", restApiId=api, name="-".join(parts), **looked_at
            )
            ids[parts] = made["id"]
        for place, route in (yield from methods_at(self.name, {it: it for it in self.required})):
            changes = [
                {"op": "add", "path": path, "value": value}
                for path, value in (_SOME[part] for part in known(self.required[route]))
            ]
            if parts := tuple(known(self.validated.get(route, []))):
                changes += [{"op": "replace", "path": "/requestValidatorId", "value": ids[parts]}]
            if changes:
                yield request("apigateway:UpdateMethod", **place, patchOperations=changes)


def _unvalidated(route: str, required: Mapping[Any, Any], validated: Mapping[Any, Any]) -> Iterator[str]:
    for part in known(required[route]):
        if part not in known(validated.get(route, [])):
            yield f"{route}: nobody looks at its {part}"


def _required(values: Mapping[str, Any]) -> Any:
    """Return what a method declares that a request must hold; a placeholder where that is not known."""
    try:
        asked = {_BODY: _some(values.get("request_models")), _PARAMETERS: _demanded(values)}
    except Undetermined as doubt:
        return Unexamined(doubt.reason)
    return [part for part, is_so in asked.items() if is_so]


def _some(models: Any) -> bool:
    return bool(known(models))


def _demanded(values: Mapping[str, Any]) -> bool:
    parameters = known(values.get("request_parameters")) or {}
    return one_is(parameters.values(), lambda it: bool(known(it)))


def _validated(validator: Any, declaration: Declaration) -> Any:
    """Return what a validator looks at, by its id; a placeholder where that is not known."""
    if not given(validator):
        return []
    for it in declaration.configuration.of_type(_VALIDATOR):
        if refers_to(validator, it) or (isinstance(validator, str) and validator == it.values.get("id")):
            if is_of_another(it, declaration):
                return []
            return _looked_at({part: it.values.get(flag) for part, flag in _FLAGS.items()})
    if isinstance(validator, Placeholder):
        return validator
    return Unexamined(f"what a validator {validator} looks at: no {_VALIDATOR} has this id")


def _looked_at(flags: Mapping[str, Any]) -> Any:
    unknown = next((it for it in flags.values() if isinstance(it, Placeholder)), None)
    return [part for part, flag in flags.items() if flag] if unknown is None else unknown


def _described(answer: Answer, validators: Answer) -> Fields:
    told = dict(methods_of(answer))
    looked_at = {
        it["id"]: [part for part, member in _MEMBERS.items() if it.get(member)]
        for it in validators.get("items", [])
    }
    return {
        "required": {
            route: _required(
                {
                    "request_models": it.get("requestModels"),
                    "request_parameters": it.get("requestParameters"),
                }
            )
            for route, it in told.items()
        },
        "validated": {route: looked_at.get(it.get("requestValidatorId"), []) for route, it in told.items()},
    }
