"""A probe of a route of a REST API: a request without a token, which must be refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from plumbline.aws import anonymous
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.rest_calls import APIS, RESOURCES, id_of
from plumbline.kinds.rest_routes import route_of, serving
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined

_FORBIDDEN = "ForbiddenException"
"""What is refused whoever asks: by WAF, or because the API is not served at this address.

Source: API Gateway Developer Guide, "Gateway response types", WAF_FILTERED; "Disable the default endpoint".
"""


class AskingAnonymously(Model):
    """What is asked for without a token."""

    stage: Annotated[str, Field(pattern=r"^[A-Za-z0-9_{}-]+$")]
    route: Annotated[str, Field(pattern=r"^[A-Z]+ /[A-Za-z0-9._~/-]*$")]
    """`POST /orders`; nothing in braces."""


class AnonymousProbeLimits(Model):
    """What can be expected of the answer."""

    refused_with: list[int]
    """The statuses of which it must have one: 401, 403."""


class AnonymousProbe(Kind):
    """A request of one route that says not who sends it. Its name is the API's.

    Where the route is open after all, it does what it does of an empty document. Nothing of the answer but
    its status is kept.
    """

    noun = "anonymous_probe"
    plural = "anonymous_probes"
    expects_some = ("refused_with",)
    writes = (APIS, RESOURCES)
    limits = AnonymousProbeLimits
    question = AskingAnonymously

    status: int = 0

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Look whether there is such a route, and ask for it.

        Raises `Missing` for the API and its route, and `Undetermined` where API Gateway is asked elsewhere
        than at AWS, or refuses for what has nothing to do with a token.
        """
        from plumbline.aws.probing import leave

        probing = leave(asked.aws.probing)
        place = str(asked.aws.client("apigateway").meta.endpoint_url)
        domain = place.removeprefix(f"https://apigateway.{asked.region}.")
        if domain not in ("amazonaws.com", "amazonaws.com.cn"):
            raise Undetermined(f"API Gateway is asked at {place}, where no API of it answers")
        api = id_of(asked.now(APIS), asked)
        stage, route = asked.question.stage, asked.question.route
        method, path = route_of(route)
        held = asked.now(RESOURCES, api=api).get("items", [])
        routes = [f"{verb} {it['path']}" for it in held for verb in it.get("resourceMethods", {})]
        if not serving(route, routes):
            raise Missing(f"route {route} of {asked.name}", f"in {asked.region} ({RESOURCES.operation})")
        host = f"{api}.execute-api.{asked.region}.{domain}"
        probing.announce(f"asking https://{host}/{stage} for {route} without a token")
        answer = anonymous.ask(host, method, f"/{stage}{path}")
        if answer.error == _FORBIDDEN:
            raise Undetermined(
                f"{host} refuses {route} whoever asks: by a web ACL, or it is not served there"
            )
        return Found({"status": answer.status}, f"{method} https://{host}/{stage}{path}")
