"""What API Gateway tells of a REST API: by the id of one, which a list of all tells by its name."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from plumbline.kinds.by_name import asked_of_moto, id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Found, Request, request
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import Declaration, given
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

T = TypeVar("T")

_AT = "arn:aws:apigateway:{region}::/restapis"
APIS = Call("apigateway:GetRestApis", of="REST APIs in {region}", on=_AT, action="apigateway:GET")
RESOURCES = Call(
    "apigateway:GetResources",
    {"restApiId": "{api}", "embed": ["methods"]},
    of=f"{_AT}/{{api}}/resources",
    on=f"{_AT}/*/resources",
    action="apigateway:GET",
)


def _of_one(operation: str, part: str) -> Call:
    """Return the call that tells a part of the REST API of an id."""
    return Call(
        f"apigateway:{operation}",
        {"restApiId": "{api}"},
        of=f"{_AT}/{{api}}/{part}",
        on=f"{_AT}/*/{part}",
        action="apigateway:GET",
    )


STAGES = _of_one("GetStages", "stages")
AUTHORIZERS = _of_one("GetAuthorizers", "authorizers")
VALIDATORS = _of_one("GetRequestValidators", "requestvalidators")
GATEWAY_RESPONSES = _of_one("GetGatewayResponses", "gatewayresponses")


def id_of(answer: Answer, asked: Asked) -> str:
    """Return the id of the API of the name that is asked about.

    Raises `Missing`, and `Undetermined` where several have the name: AWS lets them.
    """
    listed = ((it["name"], it["id"]) for it in answer.get("items", []))
    return id_among(listed, asked, APIS, "REST API")


def own_id(name: str) -> Generator[Request, dict[str, Any], str]:
    """Request of moto the id of an API."""
    return asked_of_moto(APIS, "items", "id", name=name)


def methods_at(
    name: str, wanted: Mapping[Any, T]
) -> Generator[Request, dict[str, Any], list[tuple[dict[str, Any], T]]]:
    """Request of moto where methods are, and return that with what is wanted of each, or of its answers."""
    if not wanted:
        return []
    api = yield from own_id(name)
    held = yield request("apigateway:GetResources", restApiId=api)
    ids = {it["path"]: it["id"] for it in held["items"]}
    places: list[tuple[dict[str, Any], T]] = []
    for key, it in wanted.items():
        method, path, *status = str(key).split(" ")
        place = {"restApiId": api, "resourceId": ids[path], "httpMethod": method}
        places.append((place | ({"statusCode": status[0]} if status else {}), it))
    return places


def refuse_document(declaration: Declaration) -> None:
    """Raise `Undetermined` where a document of OpenAPI says what there is of an API."""
    if given(declaration.resource.values.get("body")):
        raise Undetermined(f"the body of {declaration.resource.address} gives its routes, and is not read")


def is_of_another(part: Resource, declaration: Declaration) -> bool:
    """Return whether what Terraform declares of an API is surely of another one than the declared.

    API Gateway takes no authorizer, validator or deployment of another API.
    """
    api = declaration.resource
    own = belonging(api, declaration.configuration, part.type, "rest_api_id", api.values.get("name"))
    return not own.doubts and part.address not in {it.address for it in own.certain}


class OfApi(Facet):
    """What API Gateway tells by the id of an API, which a list of all tells."""

    further_calls: ClassVar[tuple[Call, ...]] = (APIS,)

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        reply = asked.ask(cls.call, api=id_of(asked.ask(APIS).answer, asked))
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)
