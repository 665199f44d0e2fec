"""The routes of a REST API in Terraform: a resource for each step of a path, and its methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import known
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.declared import Declaration
    from plumbline.terraform.model import Resource

_RESOURCE = "aws_api_gateway_resource"
_DEEPEST = 100
"""More steps than that lead round in a circle."""


def route_of(route: str) -> tuple[str, str]:
    """Return method and path of a route: POST and /leads."""
    method, _, path = route.partition(" ")
    return method, path


def declared_routes(declaration: Declaration) -> dict[str, Any]:
    """Return how each route of an API is authorized. Raises `Undetermined` where a path is not known."""
    return {_route(it, declaration): it.values["authorization"] for it in declaration.parts}


def _route(method: Resource, declaration: Declaration) -> str:
    path = _path(method.values.get("resource_id"), declaration)
    return f"{known(method.values['http_method'])} {path or '/'}"


def _path(of: Any, declaration: Declaration, deepest: int = _DEEPEST) -> str:
    """Return the path of the resource of an id; that of the API itself is empty."""
    api = declaration.resource
    if refers_to(of, api) or (isinstance(of, str) and of == _root_of(api, declaration)):
        return ""
    for it in declaration.configuration.of_type(_RESOURCE):
        if deepest and (refers_to(of, it) or (isinstance(of, str) and of in _ids(it, declaration))):
            above = _path(it.values.get("parent_id"), declaration, deepest - 1)
            return f"{above}/{known(it.values['path_part'])}"
    raise Undetermined(f"known only after apply: the path of a method of {api.address}")


def _root_of(api: Resource, declaration: Declaration) -> Any:
    return {**declaration.configuration.chosen_for(api), **api.values}.get("root_resource_id")


def _ids(resource: Resource, declaration: Declaration) -> list[Any]:
    return [resource.values.get("id"), declaration.configuration.chosen_for(resource).get("id")]
