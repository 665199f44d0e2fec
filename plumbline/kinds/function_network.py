"""Where in a VPC a function runs, whom it reaches from there, and whether the internet is among that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds import declared_ways, network_acls
from plumbline.kinds.address_ranges import EVERYWHERE
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.described_ways import NAT_GATEWAYS, described_ways
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_calls import CONFIGURATION, configuration_of
from plumbline.kinds.networks import TABLES
from plumbline.kinds.security_groups import BY_ID, TYPE, asked_for, described_of_all, rules_of
from plumbline.kinds.security_rules import OF_EITHER, OF_ONE, SecurityRule, Several, between
from plumbline.terraform.declared import Declaration, block, given, known
from plumbline.terraform.named_by_id import Named, Placed, named
from plumbline.values.model import Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.ways_out import Ways

SUBNETS = Call("ec2:DescribeSubnets", of="subnets in {region}", on="*")
"""Those of some ids."""
ACLS = Call(
    "ec2:DescribeNetworkAcls",
    {"Filters": [{"Name": "vpc-id", "Values": ["{vpc}"]}]},
    of="network ACLs of {vpc}",
    on="*",
)


def _placed(asked: Asked) -> dict[str, Any]:
    """Wait for where a function runs: nothing in it says anything where that is in no VPC."""
    answer = configuration_of(asked).answer
    placed = answer.get("VpcConfig") or {}
    return placed if placed.get("SubnetIds") else {}


def _config(declaration: Declaration) -> Mapping[str, Any]:
    """Return where a declared function runs. Raises `Undetermined` where nobody knows whether in a VPC."""
    told = block(declaration.values, "vpc_config")
    return told if given(told.get("subnet_ids")) or given(told.get("security_group_ids")) else {}


def subnets_of(declaration: Declaration) -> tuple[Placed, ...]:
    """Return the subnets of a declared function. Raises `Undetermined` where they are not all declared."""
    return _named(declaration, "subnet_ids", "aws_subnet").all("subnet")


def _named(declaration: Declaration, argument: str, type_: str) -> Named:
    """Return what a declared function names of the VPC that it runs in."""
    return named(_config(declaration).get(argument, []), type_, declaration.configuration)


def vpc_of(subnets: Iterable[Placed]) -> Any:
    """Return the id of the VPC of some subnets; empty where there are none.

    Raises `Undetermined` where they are of several, or nobody knows of which.
    """
    vpcs = [it.values.get("vpc_id") for it, _ in subnets]
    if any(it != vpcs[0] for it in vpcs[1:]):
        raise Undetermined("the subnets are of several VPCs, which AWS refuses")
    return vpcs[0] if vpcs else ""


def ranges_of(subnets: Iterable[Placed]) -> list[Any]:
    """Return the ranges of some subnets."""
    ranges = {repr(it.values.get("cidr_block")): it.values.get("cidr_block") for it, _ in subnets}
    return [ranges[it] for it in sorted(ranges)]


class Placement(Facet):
    """The VPC, the subnets and the security groups of a function."""

    call = CONFIGURATION
    further_types: ClassVar[tuple[str, ...]] = ("aws_subnet",)
    arguments: ClassVar = dict.fromkeys(("vpc_id", "subnet_ids", "security_group_ids"), "vpc_config")

    vpc_id: Text = ""
    """Empty where it runs in none, and so reaches nothing in one."""
    subnet_ids: list[Text] = []
    security_group_ids: list[Text] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "vpc_id": lambda: vpc_of(subnets_of(declaration)),
            "subnet_ids": lambda: _named(declaration, "subnet_ids", "aws_subnet").ids,
            "security_group_ids": lambda: _named(declaration, "security_group_ids", TYPE).ids,
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = configuration_of(asked)
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        placed = answer.get("VpcConfig") or {}
        return {
            "vpc_id": placed.get("VpcId") or "",
            "subnet_ids": sorted(placed.get("SubnetIds") or []),
            "security_group_ids": sorted(placed.get("SecurityGroupIds") or []),
        }

    def requested(self) -> Requests:
        if self.subnet_ids:
            placed = {
                "SubnetIds": [known(it) for it in self.subnet_ids],
                "SecurityGroupIds": [known(it) for it in self.security_group_ids],
            }
            yield request("lambda:UpdateFunctionConfiguration", FunctionName=self.name, VpcConfig=placed)


class Addresses(Facet):
    """The addresses that a function may have in its VPC."""

    call = SUBNETS
    further_calls: ClassVar[tuple[Call, ...]] = (CONFIGURATION,)
    further_types: ClassVar[tuple[str, ...]] = ("aws_subnet",)
    follows = ("subnet_ids",)
    seen_through: ClassVar[tuple[str, ...]] = ("subnet",)
    arguments: ClassVar = {"subnet_ranges": "vpc_config"}

    subnet_ranges: list[Text] = []
    """The ranges of its subnets; those of IPv6 are not read."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"subnet_ranges": lambda: ranges_of(subnets_of(declaration))}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        if not (placed := _placed(asked)):
            return Found({"subnet_ranges": []}, CONFIGURATION.operation)
        reply = asked.ask(SUBNETS, parameters={"SubnetIds": placed["SubnetIds"]})
        return Found({"subnet_ranges": reply.at("Subnets[].CidrBlock").map(sorted)}, reply.call)


class Reach(Facet):
    """What the security groups of a function let out."""

    call = BY_ID
    further_calls: ClassVar[tuple[Call, ...]] = (CONFIGURATION,)
    further_types: ClassVar[tuple[str, ...]] = ("aws_security_group", OF_ONE["egress"], OF_EITHER)
    follows = ("security_group_ids",)
    seen_through: ClassVar[tuple[str, ...]] = ("security_group",)
    arguments: ClassVar = dict.fromkeys(("lets_out", "lets_out_to", "lets_out_everywhere"), "vpc_config")

    lets_out: list[SecurityRule] = []

    def lets_out_to(self, port: int, groups: Iterable[Any], ranges: Iterable[Any]) -> bool:
        """Return whether TCP leaves to a port of what has one of some groups and lies in some ranges.

        Raises `Undetermined` where that hangs on what is not known.
        """
        return between(self.lets_out, port, groups, ranges)

    def lets_out_everywhere(self, port: int) -> bool:
        """Return whether TCP leaves to a port of every address. Raises `Undetermined`, also for some."""
        return Several(self.lets_out, port).hold([str(EVERYWHERE)])

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        def rules() -> list[SecurityRule] | SomeOf:
            groups = _config(declaration).get("security_group_ids", [])
            return rules_of(groups, declaration.configuration, "egress")

        return {"lets_out": rules}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        if not (placed := _placed(asked)):
            return Found({"lets_out": []}, CONFIGURATION.operation)
        reply = asked_for(placed["SecurityGroupIds"], asked)
        return Found({"lets_out": reply.at("@").map(lambda it: described_of_all(it, "egress"))}, reply.call)


class WaysOut(Facet):
    """Whether what a function sends to the internet gets there from its subnets. Of IPv6 nothing is read."""

    call = TABLES
    further_calls: ClassVar[tuple[Call, ...]] = (CONFIGURATION, NAT_GATEWAYS, ACLS)
    further_types: ClassVar[tuple[str, ...]] = declared_ways.TYPES
    follows = ("subnet_ids",)
    seen_through: ClassVar[tuple[str, ...]] = (
        "vpc",
        "subnet",
        "route_table",
        "nat_gateway",
        "internet_gateway",
    )
    seen_besides: ClassVar[tuple[str, ...]] = (
        "aws_default_route_table",
        "aws_vpn_gateway_route_propagation",
        *network_acls.TYPES,
    )
    arguments: ClassVar = dict.fromkeys(
        ("without_way_out", "narrow_acls", "narrow_acls_beyond", "cut_off"), "vpc_config"
    )

    without_way_out: list[Text] = []
    """The subnets from which nothing reaches the internet, each with why; none where it is in no VPC."""
    narrow_acls: list[Text] = []
    """The network ACLs of its subnets that do not let everything through."""
    narrow_acls_beyond: list[Text] = []
    """Those of the subnets of NAT gateways, which what it sends to the internet passes through."""

    if TYPE_CHECKING:
        vpc_id: Text

    @property
    def cut_off(self) -> list[str]:
        """The subnets from which nothing reaches the internet, each with why.

        Raises `Undetermined` where none is known to be one and a network ACL may keep something back.
        """
        if not self.without_way_out:
            refuse_narrow([*self.narrow_acls, *self.narrow_acls_beyond])
        return self.without_way_out

    def is_within_reach(self, vpc: Any, narrow_acls: Iterable[Any]) -> bool:
        """Return whether it runs in a VPC, whose subnets reach each other.

        The ACLs are those of what is to be reached. Raises `Undetermined` where one of them, or of its own
        subnets, may keep something back. Source: Amazon VPC User Guide, "Local route", "Network ACLs".
        """
        if not given(self.vpc_id) or self.vpc_id != vpc:
            return False
        refuse_narrow([*self.narrow_acls, *narrow_acls])
        return True

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        here = declaration.configuration
        ways = declared_ways.declared_ways(here)
        return {
            "without_way_out": lambda: _cut_off(
                ways, [(it[0].address, it) for it in subnets_of(declaration)], _doubt(declaration)
            ),
            "narrow_acls": lambda: network_acls.declared_narrow(subnets_of(declaration), here),
            "narrow_acls_beyond": lambda: network_acls.declared_narrow(
                _beyond(ways, subnets_of(declaration)), here
            ),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        if not (placed := _placed(asked)):
            nothing: Fields = {"without_way_out": [], "narrow_acls": [], "narrow_acls_beyond": []}
            return Found(nothing, CONFIGURATION.operation)
        subnets, vpc = placed["SubnetIds"], placed["VpcId"]
        tables, acls = asked.ask(TABLES, vpc=vpc), asked.ask(ACLS, vpc=vpc)
        gateways = asked.ask(NAT_GATEWAYS, vpc=vpc)
        ways = partial(described_ways, tables, gateways)
        named_ = [(it, it) for it in sorted(subnets)]
        return Found(
            {
                "without_way_out": tables.at("@").map(lambda _: _cut_off(ways(), named_)),
                "narrow_acls": acls.at("NetworkAcls").map(
                    lambda it: network_acls.described_narrow(it, subnets)
                ),
                "narrow_acls_beyond": acls.at("NetworkAcls").map(
                    lambda it: network_acls.described_narrow(it, _beyond(ways(), subnets))
                ),
            },
            tables.call,
            dict.fromkeys(("narrow_acls", "narrow_acls_beyond"), acls.call),
        )


def refuse_narrow(acls: Iterable[Any]) -> None:
    """Raise `Undetermined` for network ACLs that do not let everything through."""
    if told := ", ".join(dict.fromkeys(map(str, acls))):
        raise Undetermined(f"{told} does not let everything through, and what it lets is not judged")


def _doubt(declaration: Declaration) -> str:
    """Return why a function need not be in each of the subnets that were found: a plan does not say which."""
    return _named(declaration, "subnet_ids", "aws_subnet").among


def _beyond(ways: Ways, subnets: Iterable[Any]) -> list[Any]:
    """Return the subnets that what is sent from some to the internet passes through, each once."""
    found: list[Any] = []
    for subnet in subnets:
        found += [it for it in ways.passed(subnet) if it not in found]
    return found


def _cut_off(ways: Ways, subnets: Iterable[tuple[str, Any]], doubt: str = "") -> list[str] | SomeOf:
    """Return the subnets from which nothing reaches the internet, each with why, by what they are called.

    Raises `Undetermined` where it is not known in which of several a function is, and not all are alike.
    """
    found: list[str] = []
    doubts: list[str] = []
    several = [*subnets]
    for name, subnet in several:
        try:
            if why := ways.why_not(subnet):
                found.append(f"{name}: {why}")
        except Undetermined as undetermined:
            doubts.append(undetermined.reason)
    if doubt and found and len(found) < len(several):
        raise Undetermined(doubt)
    return doubted(found, doubts)
