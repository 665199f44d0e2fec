"""Routes: which ranges of addresses lead where, in Terraform and in an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from plumbline.kinds.facet import Request, request
from plumbline.terraform.declared import blocks, given, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Resource

INTERNET, LOCAL, NAT, PEER = "internet gateway", "local", "NAT gateway", "VPC peering connection"
_GATEWAYS = {
    "igw-": INTERNET,
    "vgw-": "virtual private gateway",
    "vpce-": "VPC endpoint",
    "local": LOCAL,
}
"""What a gateway's id begins with. Source: EC2 API reference, Route, GatewayId."""
_GATEWAY_TYPES = {
    "aws_internet_gateway.": INTERNET,
    "aws_vpn_gateway.": "virtual private gateway",
    "aws_vpc_endpoint.": "VPC endpoint",
}
_TARGETS = {
    "nat_gateway_id": ("NatGatewayId", NAT),
    "gateway_id": ("GatewayId", ""),
    "vpc_peering_connection_id": ("VpcPeeringConnectionId", PEER),
    "egress_only_gateway_id": ("EgressOnlyInternetGatewayId", "egress-only internet gateway"),
    "transit_gateway_id": ("TransitGatewayId", "transit gateway"),
    "network_interface_id": ("NetworkInterfaceId", "network interface"),
    "vpc_endpoint_id": ("VpcEndpointId", "VPC endpoint"),
    "carrier_gateway_id": ("CarrierGatewayId", "carrier gateway"),
    "local_gateway_id": ("LocalGatewayId", "local gateway"),
    "core_network_arn": ("CoreNetworkArn", "core network"),
}
"""Where a route may lead: in Terraform, in the API, and to people."""
_DESTINATIONS = {
    "cidr_block": "DestinationCidrBlock",
    "destination_cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
}


class Route(Model):
    """What becomes of traffic to a range."""

    destination: Text
    """A range in CIDR notation, or the id of a prefix list."""
    leads_to: str
    """The sort of what it leads to: `NAT gateway`."""
    target: Text
    """The id of that."""
    gone: bool = False
    """Whether what it leads to is no more, so that it swallows what is sent there."""


def declared_routes(parts: Iterable[Resource], table: Resource | None = None) -> list[Route]:
    """Return the routes of resources of their own, and of the blocks of a table. Raises `Undetermined`."""
    inside = blocks(table.values, "route") if table else []
    return in_order(_declared(it) for it in (*inside, *(part.values for part in parts)))


def in_order(routes: Iterable[Route]) -> list[Route]:
    """Return routes in one order, each once."""
    return sorted({repr(it): it for it in routes}.values(), key=repr)


def _declared(values: Mapping[str, Any]) -> Route:
    destination: Any = next(
        (values[it] for it in _DESTINATIONS if given(values.get(it))), Unknown("destination")
    )
    argument = next((it for it in _TARGETS if given(values.get(it))), None)
    target: Any = values[argument] if argument else Unknown("what a route leads to")
    sort: Any = _TARGETS[argument][1] if argument else target
    return Route(destination=destination, leads_to=sort or _gateway(target), target=target)


def _gateway(target: Any) -> Any:
    """Return what sort of gateway is meant, by the id or by the type of what makes it."""
    if isinstance(target, Placeholder):
        origin = target.origin if isinstance(target, Unknown) else ""
        return next((sort for it, sort in _GATEWAY_TYPES.items() if it in origin), target)
    return next((sort for it, sort in _GATEWAYS.items() if str(target).startswith(it)), f"gateway {target}")


def described_routes(routes: Iterable[Mapping[str, Any]]) -> list[Route]:
    """Return the routes that EC2 describes, but for those within the VPC."""
    found = (_described(it) for it in routes)
    return in_order(it for it in found if it.leads_to != LOCAL)


def _described(route: Mapping[str, Any]) -> Route:
    destination = next(route[it] for it in _DESTINATIONS.values() if route.get(it))
    told = [(route[key], sort) for key, sort in _TARGETS.values() if route.get(key)]
    target, sort = told[0] if told else ("", "something else")
    return Route(
        destination=destination,
        leads_to=sort or _gateway(target),
        target=target,
        gone=route.get("State") == "blackhole",
    )


def requested_routes(table: str, routes: Iterable[Route]) -> Iterator[Request]:
    """Yield what makes the routes of a table."""
    for it in routes:
        destination, target = known(it.destination), known(it.target)
        by = "DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock"
        by = by if "/" in destination else "DestinationPrefixListId"
        key = next((key for key, sort in _TARGETS.values() if sort == known(it.leads_to)), "GatewayId")
        yield request("ec2:CreateRoute", RouteTableId=table, **{by: destination, key: target})
