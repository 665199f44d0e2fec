"""Models of what lies in a VPC, in one that is always made alike: EC2 chooses the ids."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from moto.core.base_backend import BackendDict
from moto.moto_api._internal import mock_random

from plumbline.aws.reads import Aws
from plumbline.kinds.elasticache import CacheCluster, CacheSubnetGroup
from plumbline.kinds.functions import Function
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.networks import InternetGateway, NatGateway, Subnet, Vpc
from plumbline.kinds.placements import Placements
from plumbline.kinds.route_tables import RouteTable
from plumbline.kinds.routes import INTERNET, NAT, Route
from plumbline.kinds.security_groups import SecurityGroup
from plumbline.kinds.security_rules import GROUP, PREFIX_LIST, RANGE, SecurityRule, in_order
from plumbline.sources.moto.account import account

ACCOUNT, REGION = "536580886816", "af-south-1"
SUBNET_GROUP = "the-subnets-of-caches"
RANGES = ["10.0.1.0/24", "10.0.2.0/24"]
EVERYTHING = SecurityRule(protocol="-1", sort=RANGE, peer="0.0.0.0/0")
DOOR = SecurityRule(protocol="tcp", from_port=6379, to_port=6379, sort=RANGE, peer="10.0.0.0/16")
"""What one of the two groups lets in."""
_SEED = 7

names = st.from_regex(r"[a-z][a-z0-9]{2,9}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)


@dataclass(frozen=True)
class Given:
    """The ids of what there is before a model is made."""

    vpc: str
    bare_vpc: str
    subnets: tuple[str, str]
    groups: tuple[str, str]
    gateway: str
    nat: str
    prefix_list: str


def prepared(aws: Aws) -> Given:
    """Make a VPC with what models refer to, always with the same ids."""
    mock_random.seed(_SEED)
    vpc, bare = (aws.write("ec2:CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for _ in range(2))
    subnets = [aws.write("ec2:CreateSubnet", VpcId=vpc, CidrBlock=it)["Subnet"]["SubnetId"] for it in RANGES]
    groups = [
        aws.write("ec2:CreateSecurityGroup", GroupName=it, Description=it, VpcId=vpc)["GroupId"]
        for it in ("of-functions", "of-caches")
    ]
    door = {"IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "IpRanges": [{"CidrIp": DOOR.peer}]}
    aws.write("ec2:AuthorizeSecurityGroupIngress", GroupId=groups[1], IpPermissions=[door])
    gateway = aws.write("ec2:CreateInternetGateway")["InternetGateway"]["InternetGatewayId"]
    aws.write("ec2:AttachInternetGateway", InternetGatewayId=gateway, VpcId=vpc)
    address = aws.write("ec2:AllocateAddress", Domain="vpc")["AllocationId"]
    nat = aws.write("ec2:CreateNatGateway", SubnetId=subnets[0], AllocationId=address)
    listed = {"PrefixListName": "offices", "MaxEntries": 1, "AddressFamily": "IPv4"}
    prefixes = aws.write("ec2:CreateManagedPrefixList", **listed)["PrefixList"]["PrefixListId"]
    aws.write(
        "elasticache:CreateCacheSubnetGroup",
        CacheSubnetGroupName=SUBNET_GROUP,
        CacheSubnetGroupDescription=SUBNET_GROUP,
        SubnetIds=subnets,
    )
    mock_random.seed()
    return Given(
        vpc,
        bare,
        (subnets[0], subnets[1]),
        (groups[0], groups[1]),
        gateway,
        nat["NatGateway"]["NatGatewayId"],
        prefixes,
    )


@functools.cache
def given() -> Given:
    """The ids, which are the same each time."""
    BackendDict.reset()
    return prepared(account(ACCOUNT, REGION))


def _rules() -> st.SearchStrategy[list[SecurityRule]]:
    it = given()
    peers = st.sampled_from(
        [
            (RANGE, "10.0.0.0/8"),
            (RANGE, "0.0.0.0/1"),
            (RANGE, "::/0"),
            (GROUP, it.groups[0]),
            (PREFIX_LIST, it.prefix_list),
        ]
    )
    ports = st.sampled_from([("-1", None, None), ("tcp", 0, 65535), ("tcp", 6379, 6379), ("udp", 53, 53)])

    def made(parts: tuple[tuple[str, Any, Any], tuple[str, str]]) -> SecurityRule:
        (protocol, first, last), (sort, peer) = parts
        return SecurityRule(protocol=protocol, from_port=first, to_port=last, sort=sort, peer=peer)

    return st.lists(st.tuples(ports, peers).map(made), max_size=3, unique_by=repr).map(in_order)


def _routes() -> st.SearchStrategy[list[Route]]:
    it = given()
    targets = st.sampled_from([(INTERNET, it.gateway), (NAT, it.nat)])
    ranges = st.sets(st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "52.0.0.0/8"]), max_size=3)

    def made(several: set[str], target: tuple[str, str]) -> list[Route]:
        return [Route(destination=to, leads_to=target[0], target=target[1]) for to in sorted(several)]

    return st.builds(made, ranges, targets)


@st.composite
def vpcs(draw: st.DrawFn) -> Vpc:
    """A VPC whose own route table leads somewhere."""
    return Vpc(
        name=draw(names),
        id=NOT_DEPLOYED,
        cidr_block=draw(st.sampled_from(["10.1.0.0/16", "10.2.0.0/16"])),
        main_routes=draw(_routes()),
    )


@st.composite
def subnets(draw: st.DrawFn) -> Subnet:
    """A subnet of one of two VPCs."""
    return Subnet(
        name=draw(names),
        id=NOT_DEPLOYED,
        vpc_id=draw(st.sampled_from([given().vpc, given().bare_vpc])),
        cidr_block=draw(st.sampled_from(["10.0.8.0/24", "10.0.9.0/24"])),
    )


@st.composite
def internet_gateways(draw: st.DrawFn) -> InternetGateway:
    """An internet gateway, perhaps of a VPC."""
    return InternetGateway(
        name=draw(names), id=NOT_DEPLOYED, vpc_id=draw(st.sampled_from(["", given().bare_vpc]))
    )


@st.composite
def nat_gateways(draw: st.DrawFn) -> NatGateway:
    """A NAT gateway, public or not."""
    return NatGateway(
        name=draw(names),
        id=NOT_DEPLOYED,
        subnet_id=draw(st.sampled_from(given().subnets)),
        connectivity_type=draw(st.sampled_from(["public", "private"])),
    )


@st.composite
def route_tables(draw: st.DrawFn) -> RouteTable:
    """A route table of some subnets."""
    return RouteTable(
        name=draw(names),
        id=NOT_DEPLOYED,
        vpc_id=given().vpc,
        routes=draw(_routes()),
        subnet_ids=sorted(draw(st.sets(st.sampled_from(given().subnets)))),
        is_main=draw(st.booleans()),
    )


@st.composite
def security_groups(draw: st.DrawFn) -> SecurityGroup:
    """A group with some rules in both directions."""
    return SecurityGroup(
        name=draw(names),
        id=NOT_DEPLOYED,
        vpc_id=draw(st.sampled_from([given().vpc, given().bare_vpc])),
        ingress=draw(_rules()),
        egress=draw(_rules()),
    )


@st.composite
def cache_subnet_groups(draw: st.DrawFn) -> CacheSubnetGroup:
    """Some of the subnets."""
    name = draw(names)
    return CacheSubnetGroup(
        name=name,
        arn=f"arn:aws:elasticache:{REGION}:{ACCOUNT}:subnetgroup:{name}",
        subnet_ids=sorted(draw(st.sets(st.sampled_from(given().subnets), min_size=1))),
    )


@st.composite
def cache_clusters(draw: st.DrawFn) -> CacheCluster:
    """A cluster with one group, or both."""
    name, groups = draw(names), draw(st.sets(st.sampled_from(given().groups), min_size=1))
    return CacheCluster(
        name=name,
        arn=f"arn:aws:elasticache:{REGION}:{ACCOUNT}:cluster:{name}",
        engine=draw(st.sampled_from(["redis", "valkey", "memcached"])),
        port=draw(st.sampled_from([6379, 7000])),
        subnet_group=SUBNET_GROUP,
        security_group_ids=sorted(groups),
        vpc_id=given().vpc,
        subnet_ranges=RANGES,
        lets_in=[DOOR] if given().groups[1] in groups else [],
    )


def placed(groups: set[str]) -> dict[str, Any]:
    """Return the fields of a function that runs in the subnets with some groups; in none without any."""
    if not groups:
        return {}
    return {
        "vpc_id": given().vpc,
        "subnet_ids": sorted(given().subnets),
        "security_group_ids": sorted(groups),
        "subnet_ranges": RANGES,
        "lets_out": [EVERYTHING],
        "without_way_out": [f"{it}: no route leads to 0.0.0.0/0" for it in sorted(given().subnets)],
    }


some_groups = st.deferred(lambda: st.sets(st.sampled_from(given().groups)))
placements = some_groups.map(lambda groups: Placements(name="a-* b-*", security_group_ids=sorted(groups)))


def shown_by_placements(model: Placements) -> list[Kind]:
    """Return a function for each group, and one of another name."""
    own = [_function(f"a-{number}", str(it)) for number, it in enumerate(model.security_group_ids)]
    return [*own, _function("c", given().groups[0])]


def _function(name: str, group: str) -> Function:
    role = f"arn:aws:iam::{ACCOUNT}:role/runs-functions"
    return Function(name=name, role=role, runtime="python3.13", log_group=name, **placed({group}))


IN_A_VPC: dict[type[Kind], st.SearchStrategy[Any]] = {
    CacheCluster: cache_clusters(),
    CacheSubnetGroup: cache_subnet_groups(),
    InternetGateway: internet_gateways(),
    NatGateway: nat_gateways(),
    Placements: placements,
    RouteTable: route_tables(),
    SecurityGroup: security_groups(),
    Subnet: subnets(),
    Vpc: vpcs(),
}
