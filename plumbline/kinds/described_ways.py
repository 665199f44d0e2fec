"""The ways that an account gives subnets out of their VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Call
from plumbline.kinds.networks import main_table
from plumbline.kinds.routes import described_routes
from plumbline.kinds.ways_out import Nat, Ways
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plumbline.aws.reads import Reply

NAT_GATEWAYS = Call(
    "ec2:DescribeNatGateways",
    {"Filter": [{"Name": "vpc-id", "Values": ["{vpc}"]}]},
    of="NAT gateways of {vpc}",
    on="*",
)


def described_ways(tables: Reply, gateways: Reply) -> Ways:
    """Return the ways out of the subnets of a VPC, each given by its id.

    A gateway that is attached to no VPC any more leaves the routes to it as black holes.
    """
    listed: list[Mapping[str, Any]] = tables.answer["RouteTables"]

    def routes(subnet: str) -> Any:
        own = (it for it in listed if any(of.get("SubnetId") == subnet for of in it["Associations"]))
        return described_routes((next(own, None) or main_table(listed))["Routes"])

    return Ways(routes=routes, nat=lambda target: _nat(gateways.answer["NatGateways"], str(target)))


def _nat(gateways: list[Mapping[str, Any]], target: str) -> Nat | None:
    found = next((it for it in gateways if it["NatGatewayId"] == target), None)
    if found is None:
        return None
    if not found.get("SubnetId"):
        raise Undetermined(f"the NAT gateway {target} lies in no subnet, and its routes are not read")
    return Nat([found["SubnetId"]], found["ConnectivityType"] == "public", found["State"])
