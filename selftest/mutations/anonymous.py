"""API Gateway as moto is not: it answers a request without a token or key, where the route asks for none."""

from __future__ import annotations

from typing import Any

from moto.apigateway.models import apigateway_backends

from plumbline.aws.anonymous import Refusal


def answered(host: str, method: str, path: str) -> Refusal:
    """Return what API Gateway answers to whoever sends no token, by what moto holds of the API."""
    api, _, region = host.split(".")[:3]
    stage, _, resource = path.lstrip("/").partition("/")
    for regions in apigateway_backends.values():
        held = regions[region].apis.get(api)
        if held and stage in held.stages:
            return _answered(held, method, f"/{resource}")
    return Refusal(403, "ForbiddenException")


def _answered(api: Any, method: str, path: str) -> Refusal:
    methods = next(it.resource_methods for it in api.resources.values() if it.get_path() == path)
    asked = methods[method if method in methods else "ANY"]
    if asked.authorization_type != "NONE":
        return Refusal(401, "UnauthorizedException")
    return Refusal(403, "ForbiddenException") if asked.api_key_required else Refusal(200, "")
