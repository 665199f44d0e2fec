"""What moto is not: API Gateway, and CloudFront, as they answer a request of anybody."""

from __future__ import annotations

from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.cloudfront.models import cloudfront_backends

from plumbline.aws.anonymous import Response


def answered(host: str, method: str, path: str) -> Response:
    """Return what is answered to whoever sends no token, by what moto holds of what has the host."""
    return _of_api(host, method, path) if ".execute-api." in host else _of_distribution(host)


def _of_distribution(host: str) -> Response:
    """Return what CloudFront answers: it serves nothing by the name of what is disabled.

    Source: CloudFront Developer Guide, "Disable a distribution"; "HTTP 403 status code".
    """
    every = [it for regions in cloudfront_backends.values() for it in regions["aws"].distributions.values()]
    configured = [
        it.distribution_config
        for it in every
        if host in (it.domain_name, *it.distribution_config.Aliases.get("Items", []))
    ]
    return Response(200 if any(it.Enabled for it in configured) else 403, "")


def _of_api(host: str, method: str, path: str) -> Response:
    api, _, region = host.split(".")[:3]
    stage, _, resource = path.lstrip("/").partition("/")
    for regions in apigateway_backends.values():
        held = regions[region].apis.get(api)
        if held and stage in held.stages:
            return _answered(held, method, f"/{resource}")
    return Response(403, "ForbiddenException")


def _answered(api: Any, method: str, path: str) -> Response:
    methods = next(it.resource_methods for it in api.resources.values() if it.get_path() == path)
    asked = methods[method if method in methods else "ANY"]
    if asked.authorization_type != "NONE":
        return Response(401, "UnauthorizedException")
    return Response(403, "ForbiddenException") if asked.api_key_required else Response(200, "")
