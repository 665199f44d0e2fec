"""How long a REST API waits for what answers its requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import WrapValidator

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.rest_calls import RESOURCES, OfApi, methods_at, refuse_document
from plumbline.kinds.rest_routes import declared_route, methods_of
from plumbline.terraform.declared import Beside, Declaration, each_once, known
from plumbline.values.model import Text, keep_placeholder
from plumbline.values.some_of import each_told

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_UNLESS_SAID = 29_000
"""Source: API Gateway API reference, Integration; AWS provider, aws_api_gateway_integration."""


class Timeouts(OfApi):
    """How long each route's integration may take."""

    call = RESOURCES
    beside = Beside("aws_api_gateway_integration", "rest_api_id", many=True)
    further_types: ClassVar[tuple[str, ...]] = ("aws_api_gateway_resource",)
    follows: ClassVar[tuple[str, ...]] = ("integrations", "invoked", "access_logs")
    arguments: ClassVar = dict.fromkeys(("timeouts", "not_waited_for"), "timeout_milliseconds")

    if TYPE_CHECKING:
        routes: dict[Text, Text]

    timeouts: dict[Text, Annotated[int, WrapValidator(keep_placeholder)]] = {}
    """Milliseconds, by the route of each integration that there is."""

    def not_waited_for(self, milliseconds: int) -> list[str]:
        """Return which routes have no integration, or another time than this; every route is asked.

        Raises `Undetermined` where nothing is for certain.
        """
        told = each_told(self.routes, lambda it: _not_waited_for(str(it), self.timeouts, milliseconds))
        return told if self.routes else ["there is no route"]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        refuse_document(declaration)
        told = (
            (it, declared_route(it, declaration), it.values.get("timeout_milliseconds"))
            for it in declaration.parts
        )
        said = ((it, route, _UNLESS_SAID if time is None else time) for it, route, time in told)
        return {"timeouts": each_once(declaration.resource.address, said)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "timeouts": {
                route: its.get("timeoutInMillis") or _UNLESS_SAID
                for route, method in methods_of(answer)
                if (its := method.get("methodIntegration"))
            }
        }

    def requested(self) -> Requests:
        """Return what sets them. A route without an integration is given one, so that moto can deploy it."""
        for place, it in (yield from methods_at(self.name, self.timeouts)):
            change = {"op": "replace", "path": "/timeoutInMillis", "value": str(known(it))}
            yield request("apigateway:UpdateIntegration", **place, patchOperations=[change])
        bare = {route: how for route, how in self.routes.items() if route not in self.timeouts}
        for place, _ in (yield from methods_at(self.name, bare)):
            yield request("apigateway:DeleteIntegration", **place)


def _not_waited_for(route: str, timeouts: Mapping[Any, Any], milliseconds: int) -> Iterator[str]:
    if route not in timeouts:
        yield f"{route}: it has no integration"
    elif (found := known(timeouts[route])) != milliseconds:
        yield f"{route}: {found} ms"
