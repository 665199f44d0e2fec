"""Security groups, and what their rules let through."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Request, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.networks import alone, only, or_unknown
from plumbline.kinds.security_rules import (
    OF_EITHER,
    OF_ONE,
    Direction,
    SecurityRule,
    Several,
    declared_rules,
    described_rules,
    of_all,
    requested_rule,
)
from plumbline.terraform.declared import Beside, Declaration, as_chosen
from plumbline.terraform.named_by_id import named
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer, Reply
    from plumbline.terraform.model import Configuration

TYPE = "aws_security_group"
_GROUPS = Call(
    "ec2:DescribeSecurityGroups",
    {"Filters": [{"Name": "group-name", "Values": ["{name}"]}]},
    of="security groups called {name} in {region}",
    on="*",
)
BY_ID = Call("ec2:DescribeSecurityGroups", of="security groups in {region}", on="*")
"""Those of some ids."""
_MEMBERS: dict[Direction, str] = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}


def _group(answer: Answer, asked: Asked) -> Mapping[str, Any]:
    return only(answer["SecurityGroups"], asked, "security group", _GROUPS)


class Ingress(Facet):
    """What a group lets in."""

    call = _GROUPS
    beside = Beside(OF_ONE["ingress"], "security_group_id", many=True, also=(OF_EITHER,))
    arguments: ClassVar = {"ingress": "from_port", "admits": "from_port"}

    ingress: list[SecurityRule] = []

    if TYPE_CHECKING:
        vpc_id: Text

    def admits(self, port: int) -> bool:
        """Return whether TCP comes in at a port from anybody at all. Raises `Undetermined`."""
        open_ = Several(self.ingress, port)
        return bool(open_.rules) or open_.none()

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        own = declaration.resource, declaration.configuration
        return {"ingress": lambda: declared_rules(*own, "ingress")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"ingress": described_rules(_group(answer, asked)[_MEMBERS["ingress"]])}

    def requested(self) -> Requests:
        if self.ingress:
            own = yield from _own_id(self.name, self.vpc_id)
            rules = [requested_rule(it) for it in self.ingress]
            yield request("ec2:AuthorizeSecurityGroupIngress", GroupId=own, IpPermissions=rules)


class Egress(Facet):
    """What a group lets out."""

    call = _GROUPS
    beside = Beside(OF_ONE["egress"], "security_group_id", many=True, also=(OF_EITHER,))
    arguments: ClassVar = {"egress": "from_port"}

    egress: list[SecurityRule] = []

    if TYPE_CHECKING:
        vpc_id: Text

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        own = declaration.resource, declaration.configuration
        return {"egress": lambda: declared_rules(*own, "egress")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"egress": described_rules(_group(answer, asked)[_MEMBERS["egress"]])}

    def requested(self) -> Requests:
        """Yield what makes the rules, once those are gone that a group has from its start."""
        own = yield from _own_id(self.name, self.vpc_id)
        found = yield request("ec2:DescribeSecurityGroups", GroupIds=[own])
        if at_first := found["SecurityGroups"][0][_MEMBERS["egress"]]:
            yield request("ec2:RevokeSecurityGroupEgress", GroupId=own, IpPermissions=at_first)
        if self.egress:
            rules = [requested_rule(it) for it in self.egress]
            yield request("ec2:AuthorizeSecurityGroupEgress", GroupId=own, IpPermissions=rules)


class SecurityGroupLimits(Model):
    """What can be expected of a group besides its fields."""

    port: int
    """The port of TCP that is asked about."""


class SecurityGroup(Ingress, Egress, Kind):
    """What says who reaches that which has it, and whom that reaches."""

    noun = "security_group"
    plural = "security_groups"
    terraform_type = TYPE
    limits = SecurityGroupLimits
    listing = Listing(
        Call("ec2:DescribeSecurityGroups", of="security groups in {region}", on="*"),
        "SecurityGroups[?GroupName!='default'].GroupName",
    )
    remedy_names = ("group_id",)
    call = _GROUPS
    chosen: ClassVar = {"id": "GroupId"}

    id: Text = ""
    vpc_id: Text = ""

    def named_in_remedies(self) -> dict[str, str]:
        return known_texts(group_id=self.id)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id"), "vpc_id": or_unknown(declaration, "vpc_id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        group = _group(answer, asked)
        return {"id": group["GroupId"], "vpc_id": group.get("VpcId", "")}

    def requested(self) -> Requests:
        yield request(
            "ec2:CreateSecurityGroup", GroupName=self.name, Description=self.name, VpcId=self.vpc_id
        )


def _own_id(name: str, vpc: Any) -> Generator[Request, dict[str, Any], str]:
    """Return the id of a group in moto: a name is one of a VPC."""
    of_name = [{"Name": "group-name", "Values": [name]}]
    found = yield request("ec2:DescribeSecurityGroups", Filters=of_name)
    in_vpc = [it for it in found["SecurityGroups"] if not isinstance(vpc, str) or it["VpcId"] == vpc]
    return str(alone(in_vpc, name)["GroupId"])


def rules_of(value: Any, configuration: Configuration, direction: Direction) -> list[SecurityRule] | SomeOf:
    """Return the rules of all groups that an argument names. Raises `Undetermined` for one not declared."""
    several = named(value, TYPE, configuration)
    found = [declared_rules(*it, direction) for it in several.all("security group")]
    if several.among and len({*map(repr, found)}) > 1:
        named(value, TYPE, configuration).one("security group")
    return of_all(found[:1] if several.among else found)


def asked_for(ids: list[str], asked: Asked) -> Reply:
    """Start to ask for the groups of some ids."""
    return asked.ask(BY_ID, parameters={"GroupIds": ids})


def described_of_all(answer: Answer, direction: Direction) -> list[SecurityRule]:
    """Return the rules of all groups in an answer."""
    return described_rules(it for group in answer["SecurityGroups"] for it in group[_MEMBERS[direction]])
