"""HTTP and WebSocket APIs of API Gateway: which there are. No more is read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, as_chosen
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_APIS = Call(
    "apigatewayv2:GetApis",
    of="HTTP APIs in {region}",
    on="arn:aws:apigateway:{region}::/apis",
    action="apigateway:GET",
)


class HttpApi(Kind):
    """An API of version 2, named by what it is called: its id is AWS's to choose. No web ACL protects one."""

    noun = "http_api"
    plural = "http_apis"
    terraform_type = "aws_apigatewayv2_api"
    listing = Listing(_APIS, "Items[].Name")
    call = _APIS
    chosen: ClassVar = {"id": "ApiId"}

    id: str = ""
    protocol_type: str = "HTTP"
    """HTTP or WEBSOCKET."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "id": as_chosen(declaration.resource, "id"),
            "protocol_type": declaration.at("protocol_type"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = [it for it in answer["Items"] if it["Name"] == asked.name]
        if not found:
            raise Missing(f"HTTP API {asked.name}", f"in {asked.region} ({_APIS.operation})")
        if len(found) > 1:
            raise Undetermined(f"{len(found)} HTTP APIs in {asked.region} are called {asked.name}")
        return {"id": found[0]["ApiId"], "protocol_type": found[0]["ProtocolType"]}

    def requested(self) -> Requests:
        """Return what makes it; one of WebSockets says by what it chooses a route."""
        chooses = {"RouteSelectionExpression": "$request.body.action"}
        yield request(
            "apigatewayv2:CreateApi",
            Name=self.name,
            ProtocolType=self.protocol_type,
            **(chooses if self.protocol_type == "WEBSOCKET" else {}),
        )
