"""The ways that Terraform gives subnets out of their VPC."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from plumbline.kinds.route_tables import routes_of
from plumbline.kinds.ways_out import Nat, Ways
from plumbline.terraform.companions import belonging, companion, refers_to
from plumbline.terraform.declared import given, known
from plumbline.terraform.named_by_id import Placed, named
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.kinds.ways_out import Routes
    from plumbline.terraform.model import Configuration, Resource

_TABLE, _OF_VPC = "aws_route_table", "aws_default_route_table"
_OF_SUBNET, _OF_MAIN = "aws_route_table_association", "aws_main_route_table_association"
_ROUTE, _PROPAGATION = "aws_route", "aws_vpn_gateway_route_propagation"
TYPES = (
    *("aws_vpc", "aws_subnet", "aws_nat_gateway", "aws_internet_gateway", "aws_internet_gateway_attachment"),
    *(_TABLE, _OF_VPC, _OF_SUBNET, _OF_MAIN, _ROUTE, _PROPAGATION),
)


def declared_ways(configuration: Configuration) -> Ways:
    """Return the ways out of subnets, each given with the root that declares it."""
    return Ways(
        routes=lambda subnet: _routes(*subnet),
        nat=partial(_nat, configuration),
        attached=partial(_is_attached, configuration),
    )


def _routes(subnet: Resource, root: Configuration) -> Routes:
    """Return the routes of the table that a subnet is associated with, or of the one that its VPC has."""
    if table := _associated(subnet, root, _OF_SUBNET, "subnet_id"):
        return _of_table(table[0], _without_main_routes(table[1]))
    vpc, home = named(subnet.values.get("vpc_id"), "aws_vpc", root).one("VPC")
    if table := _associated(vpc, home, _OF_MAIN, "vpc_id"):
        return _of_table(*table)
    own = belonging(vpc, home, _ROUTE, "route_table_id")
    routes = [*own.certain, *_by_id(vpc, home)]
    home = _without_main_routes(home)
    for adopted in home.of_type(_OF_VPC):
        by = adopted.values.get("default_route_table_id")
        if refers_to(by, vpc) or (isinstance(by, str) and by == vpc.values.get("default_route_table_id")):
            return _of_table(adopted, home, *routes)
    return routes_of(vpc, home, tuple(routes), own.doubts)


def _without_main_routes(root: Configuration) -> Configuration:
    """Return a root without the routes of the tables that VPCs have: `aws_vpc.x.main_route_table_id`."""
    vpcs = root.of_type("aws_vpc")
    named_by = {it.address: it.values.get("route_table_id") for it in root.of_type(_ROUTE)}
    of_main = [at for at, table in named_by.items() if any(refers_to(table, vpc) for vpc in vpcs)]
    kept = tuple(it for it in root.resources if it.address not in of_main)
    return replace(root, resources=kept) if of_main else root


def _by_id(vpc: Resource, root: Configuration) -> list[Resource]:
    """Return the routes for a VPC's own table where a state has its id."""
    ids = [vpc.values.get(it) for it in ("main_route_table_id", "default_route_table_id")]
    known = [it for it in ids if isinstance(it, str) and it]
    given_ids = ((it, it.values.get("route_table_id")) for it in root.of_type(_ROUTE))
    return [it for it, of in given_ids if isinstance(of, str) and of in known]


def _associated(target: Resource, root: Configuration, type_: str, argument: str) -> Placed | None:
    """Return the table that a resource of a type names for a subnet, or for all of a VPC that have none."""
    part = companion(target, root, type_, argument)
    if part is None:
        return None
    roots = (root, *root.others())
    home = next(it for it in roots if part.root in {other.root for other in it.of_type(type_)})
    return named(part.values.get("route_table_id"), _TABLE, home).one("route table")


def _of_table(table: Resource, root: Configuration, *more: Resource) -> Routes:
    found = belonging(table, root, _ROUTE, "route_table_id")
    propagated = belonging(table, root, _PROPAGATION, "route_table_id")
    doubts = [*found.doubts, *(f"{it.address} adds routes to {table.address}" for it in propagated.certain)]
    return routes_of(table, root, (*found.certain, *more), tuple(doubts))


def _nat(configuration: Configuration, target: Any) -> Nat:
    """Return a NAT gateway, with each place where it may lie: a plan does not always say which is meant."""
    meant = named(target, "aws_nat_gateway", configuration)
    gateways = meant.all("NAT gateway")
    places = [named(it.values.get("subnet_id"), "aws_subnet", root) for it, root in gateways]
    sorts = [it.values.get("connectivity_type") or "public" for it, _ in gateways]
    return Nat(
        subnets=[place for it in places for place in it.all("subnet")],
        is_public=all(known(it) == "public" for it in sorts),
        doubt=next((it for it in (meant.among, *(place.among for place in places)) if it), ""),
    )


def _is_attached(configuration: Configuration, target: Any) -> bool:
    """Return whether an internet gateway is attached to a VPC; one that is not declared here is."""
    found = named(target, "aws_internet_gateway", configuration)
    if not found.found:
        return True
    gateway, root = found.one("internet gateway")
    if given(gateway.values.get("vpc_id")):
        return True
    parts = belonging(gateway, root, "aws_internet_gateway_attachment", "internet_gateway_id")
    if parts.doubts and not parts.certain:
        raise Undetermined(parts.doubts[0])
    return bool(parts.certain)
