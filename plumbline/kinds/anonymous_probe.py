"""A probe of a route of a REST API: a request without a token, or a key, which must be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from plumbline.aws import anonymous
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Found
from plumbline.kinds.kind import Kind
from plumbline.kinds.rest_calls import APIS, RESOURCES, STAGES, id_of
from plumbline.kinds.rest_routes import methods_of, route_of, serving
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_FORBIDDEN = "ForbiddenException"
"""What is refused for want of a key, and what is refused whoever asks: by WAF, or because the API is not
served at this address.

Source: API Gateway Developer Guide, "Gateway response types", INVALID_API_KEY, WAF_FILTERED; "Disable the
default endpoint".
"""
_REFUSED = 403
_WANT = {"token": "a token", "key": "an API key"}


class AskingAnonymously(Model):
    """What is asked for by somebody who lacks what it takes."""

    stage: Annotated[str, Field(pattern=r"^[A-Za-z0-9_{}-]+$")]
    route: Annotated[str, Field(pattern=r"^[A-Z]+ /[A-Za-z0-9._~/-]*$")]
    """`POST /orders`; nothing in braces."""
    lacks: Literal["token", "key"] = "token"
    """What is not sent, and must be the reason for the refusal."""


class AnonymousProbeLimits(Model):
    """What can be expected of the answer."""

    refused_with: list[int]
    """The statuses of which it must have one: 401, 403."""


class AnonymousProbe(Kind):
    """A request of one route that says not who sends it. Its name is the API's.

    Where the route is open after all, it does what it does of an empty document, or of GET. Nothing of the
    answer but its status is kept.
    """

    noun = "anonymous_probe"
    plural = "anonymous_probes"
    expects_some = ("refused_with",)
    writes = (APIS, RESOURCES, STAGES)
    limits = AnonymousProbeLimits
    question = AskingAnonymously

    status: int = 0

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Look whether there is such a route, and ask for it.

        Raises `Missing` for the API, its route and its stage, and `Undetermined` where API Gateway is asked
        elsewhere than at AWS, or refuses for what has nothing to do with what is lacking.
        """
        from plumbline.aws.probing import leave

        probing = leave(asked.aws.probing)
        place = str(asked.aws.client("apigateway").meta.endpoint_url)
        domain = place.removeprefix(f"https://apigateway.{asked.region}.")
        if domain not in ("amazonaws.com", "amazonaws.com.cn"):
            raise Undetermined(f"API Gateway is asked at {place}, where no API of it answers")
        listed = asked.now(APIS)
        api, (stage, route, lacks) = id_of(listed, asked), _question(asked)
        if not serving(route, [it for it, _ in methods_of(asked.now(RESOURCES, api=api))]):
            raise Missing(f"route {route} of {asked.name}", f"in {asked.region} ({RESOURCES.operation})")
        others = _other_reasons(asked, api, listed) if lacks == "key" else ""
        host, (method, path) = f"{api}.execute-api.{asked.region}.{domain}", route_of(route)
        probing.announce(f"asking https://{host}/{stage} for {route} without {_WANT[lacks]}")
        answer = anonymous.ask(host, method, f"/{stage}{path}")
        if answer.error == _FORBIDDEN and lacks == "token":
            raise Undetermined(
                f"{host} refuses {route} whoever asks: by a web ACL, or it is not served there"
            )
        if answer.error == _FORBIDDEN and others:
            raise Undetermined(f"{host} refuses {route}, perhaps whoever asks: {others}")
        if lacks == "key" and answer.status == _REFUSED and answer.error != _FORBIDDEN:
            why = answer.error or "whatever stands behind it answers so"
            raise Undetermined(f"{host} refuses {route} for something else than a key: {why}")
        return Found({"status": answer.status}, f"{method} https://{host}/{stage}{path}")


def _question(asked: Asked) -> tuple[str, str, Literal["token", "key"]]:
    return asked.question.stage, asked.question.route, asked.question.lacks


def _other_reasons(asked: Asked, api: str, listed: Answer) -> str:
    """Return why the API may refuse also whoever has a key; empty where nothing tells that.

    Raises `Missing` for the stage.
    """
    own = next(it for it in listed["items"] if it["id"] == api)
    if own.get("disableExecuteApiEndpoint"):
        return "the API is not served at its own address"
    if "PRIVATE" in (own.get("endpointConfiguration") or {}).get("types", ()):
        return "the API is served in private networks alone"
    stages = {it["stageName"]: it for it in asked.now(STAGES, api=api).get("item", [])}
    if (name := asked.question.stage) not in stages:
        raise Missing(f"stage {name} of {asked.name}", f"in {asked.region} ({STAGES.operation})")
    return "a web ACL stands before the stage" if stages[name].get("webAclArn") else ""
