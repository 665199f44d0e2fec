"""The routes of a REST API in Terraform: a resource for each step of a path, and its methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


def serving(route: str, routes: Iterable[str]) -> str:
    """Return which of some routes serves a request: the nearest path, and of that its method before ANY.

    Empty where none does. Source: API Gateway Developer Guide, "Set up a proxy integration with a proxy
    resource".
    """
    method, path = route_of(route)
    nearest = min(filter(None, (_distance(path, it) for it in routes)), default=None)
    there = [it for it in routes if nearest and _distance(path, it) == nearest]
    return next((it for verb in (method, "ANY") for it in there if route_of(it)[0] == verb), "")


def _distance(path: str, route: str) -> tuple[int, ...] | None:
    """Return how far a route's path is from one that is asked for, step by step; None where it is another."""
    steps, own = path.strip("/").split("/"), route_of(route)[1].strip("/").split("/")
    far: list[int] = []
    for place, step in enumerate(own):
        if step.startswith("{") and step.endswith("+}"):
            return (*far, 2) if place < len(steps) else None
        if place >= len(steps) or not (step == steps[place] or step.startswith("{")):
            return None
        far.append(int(step != steps[place]))
    return tuple(far) if len(own) == len(steps) else None


def methods_of(answer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each route of an answer that lists resources, and what it tells of the method."""
    for it in answer.get("items", []):
        for method, told in (it.get("resourceMethods") or {}).items():
            yield f"{method} {it['path']}", told


def paths_of(path: str) -> Iterator[tuple[str, str, str]]:
    """Yield for each step of a path the path above it, its own path, and the step."""
    at = "/"
    for step in filter(None, path.split("/")):
        above, at = at, f"{at.rstrip('/')}/{step}"
        yield above, at, step


def declared_route(part: Resource, declaration: Declaration) -> str:
    """Return the route that a method, or what belongs to one, is of.

    Raises `Undetermined` where its path is not known.
    """
    path = _path(part.values.get("resource_id"), declaration)
    return f"{known(part.values['http_method'])} {path or '/'}"


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
