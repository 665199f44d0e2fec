"""VPCs, and what lies in them: subnets, internet gateways, NAT gateways. Each goes by its tag `Name`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.routes import Route, declared_routes, described_routes, requested_routes
from plumbline.terraform.declared import Beside, Declaration, as_chosen, given, identity, known, tags
from plumbline.values.model import Text
from plumbline.values.unknown import Identity, Missing, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

NAMED = [{"Name": "tag:Name", "Values": ["{name}"]}]
"""How EC2 is asked for what goes by this name."""


class Tagged(Kind):
    """What has a name in its tag `Name` alone; one without goes by the id that AWS chooses."""

    name_argument = "tags"

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        together = tags(resource)
        name = together if isinstance(together, Placeholder) else together.get("Name")
        if isinstance(name, Placeholder):
            return name if isinstance(name, Unknown) else Unknown(f"{resource.address}.tags")
        return str(name) if given(name) else identity(resource, "id")


def only(found: Iterable[Mapping[str, Any]], asked: Asked, what: str, call: Call) -> Mapping[str, Any]:
    """Return the one of several that are called so. Raises `Missing`, and `Undetermined` where two are."""
    several = [*found]
    if not several:
        raise Missing(f"{what} {asked.name}", f"in {asked.region} ({call.operation})")
    if len(several) > 1:
        raise Undetermined(f"{len(several)} {what}s in {asked.region} are called {asked.name}")
    return several[0]


def tagged(name: Any, sort: str) -> dict[str, Any]:
    """Return how a request says what is made goes by."""
    return {"TagSpecifications": [{"ResourceType": sort, "Tags": [{"Key": "Name", "Value": _called(name)}]}]}


def called(name: Any) -> list[dict[str, Any]]:
    """Return how moto is asked for what goes by a name."""
    return [{"Name": "tag:Name", "Values": [_called(name)]}]


def alone(found: Sequence[Mapping[str, Any]], name: Any) -> Mapping[str, Any]:
    """Return the one that moto found. Raises `Undetermined` for several: nobody says which is meant."""
    if len(found) != 1:
        raise Undetermined(f"moto holds {len(found)} that are called {_called(name)}")
    return found[0]


def _called(name: Any) -> str:
    """Return what something goes by; in moto that is its address, where it has no name."""
    return f"{name.root} {name.address}" if isinstance(name, Identity) else str(known(name))


_VPCS = Call("ec2:DescribeVpcs", {"Filters": NAMED}, of="VPCs called {name} in {region}", on="*")
TABLES = Call(
    "ec2:DescribeRouteTables",
    {"Filters": [{"Name": "vpc-id", "Values": ["{vpc}"]}]},
    of="route tables of {vpc}",
    on="*",
)


def main_table(tables: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the route table of the subnets of a VPC that none is associated with."""
    return next(it for it in tables if any(association.get("Main") for association in it["Associations"]))


class MainRoutes(Facet):
    """The routes of the route table that a VPC has from its start."""

    call = TABLES
    further_calls: ClassVar = (_VPCS,)
    beside = Beside("aws_route", "route_table_id", many=True)
    seen_besides = ("aws_default_route_table", "aws_main_route_table_association")
    arguments: ClassVar = {"main_routes": "destination_cidr_block"}

    main_routes: list[Route] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return what resources name the VPC's own table for: `aws_vpc.x.main_route_table_id`."""
        return {"main_routes": lambda: declared_routes(declaration.parts)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        vpc = only(asked.ask(_VPCS).answer["Vpcs"], asked, "VPC", _VPCS)
        reply = asked.ask(TABLES, vpc=vpc["VpcId"])
        routes = reply.at("RouteTables").map(lambda tables: described_routes(main_table(tables)["Routes"]))
        return Found({"main_routes": routes}, reply.call)

    def requested(self) -> Requests:
        if not self.main_routes:
            return
        vpcs = yield request("ec2:DescribeVpcs", Filters=called(self.name))
        own = [{"Name": "vpc-id", "Values": [alone(vpcs["Vpcs"], self.name)["VpcId"]]}]
        tables = yield request("ec2:DescribeRouteTables", Filters=own)
        yield from requested_routes(main_table(tables["RouteTables"])["RouteTableId"], self.main_routes)


class Vpc(MainRoutes, Tagged):
    """A network of its own."""

    noun = "vpc"
    plural = "vpcs"
    terraform_type = "aws_vpc"
    call = _VPCS
    chosen: ClassVar = {"id": "Vpc.VpcId"}

    id: Text = ""
    cidr_block: Text = ""
    """The range of its addresses, the first where it has several."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "id": as_chosen(declaration.resource, "id"),
            "cidr_block": or_unknown(declaration, "cidr_block"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        vpc = only(answer["Vpcs"], asked, "VPC", _VPCS)
        return {"id": vpc["VpcId"], "cidr_block": vpc["CidrBlock"]}

    def requested(self) -> Requests:
        yield request("ec2:CreateVpc", CidrBlock=self.cidr_block, **tagged(self.name, "vpc"))


def or_unknown(declaration: Declaration, argument: str) -> Any:
    """Return an argument; what AWS chooses where it is not given, as out of a pool of addresses."""
    told = declaration.at(argument)
    return told if given(told) else Unknown(f"{declaration.resource.address}.{argument}")


class Subnet(Tagged):
    """A part of a VPC's addresses in one zone."""

    noun = "subnet"
    plural = "subnets"
    terraform_type = "aws_subnet"
    call = Call("ec2:DescribeSubnets", {"Filters": NAMED}, of="subnets called {name} in {region}", on="*")
    chosen: ClassVar = {"id": "Subnet.SubnetId"}

    id: Text = ""
    vpc_id: Text = ""
    cidr_block: Text = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "id": as_chosen(declaration.resource, "id"),
            "vpc_id": declaration.at("vpc_id"),
            "cidr_block": or_unknown(declaration, "cidr_block"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        subnet = only(answer["Subnets"], asked, "subnet", cls.call)
        return {"id": subnet["SubnetId"], "vpc_id": subnet["VpcId"], "cidr_block": subnet["CidrBlock"]}

    def requested(self) -> Requests:
        yield request(
            "ec2:CreateSubnet",
            VpcId=self.vpc_id,
            CidrBlock=self.cidr_block,
            **tagged(self.name, "subnet"),
        )


class Attachment(Facet):
    """The VPC that an internet gateway is attached to."""

    call = Call(
        "ec2:DescribeInternetGateways",
        {"Filters": NAMED},
        of="internet gateways called {name} in {region}",
        on="*",
    )
    beside = Beside("aws_internet_gateway_attachment", "internet_gateway_id")
    in_terraform: ClassVar = {"vpc_id": "vpc_id"}

    vpc_id: Text = ""
    """Empty where it is attached to none."""

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {"vpc_id": values["vpc_id"]} if given(values.get("vpc_id")) else None

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        gateway = only(answer["InternetGateways"], asked, "internet gateway", cls.call)
        return {"vpc_id": next((it["VpcId"] for it in gateway["Attachments"]), "")}

    def requested(self) -> Requests:
        if self.vpc_id:
            found = yield request("ec2:DescribeInternetGateways", Filters=called(self.name))
            own = alone(found["InternetGateways"], self.name)["InternetGatewayId"]
            yield request("ec2:AttachInternetGateway", InternetGatewayId=own, VpcId=self.vpc_id)


class InternetGateway(Attachment, Tagged):
    """What connects a VPC with the internet."""

    noun = "internet_gateway"
    plural = "internet_gateways"
    terraform_type = "aws_internet_gateway"
    call = Attachment.call
    chosen: ClassVar = {"id": "InternetGateway.InternetGatewayId"}

    id: Text = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        gateway = only(answer["InternetGateways"], asked, "internet gateway", cls.call)
        return {"id": gateway["InternetGatewayId"]}

    def requested(self) -> Requests:
        yield request("ec2:CreateInternetGateway", **tagged(self.name, "internet-gateway"))


class NatGateway(Tagged):
    """What lets a subnet reach others without being reached."""

    noun = "nat_gateway"
    plural = "nat_gateways"
    terraform_type = "aws_nat_gateway"
    call = Call(
        "ec2:DescribeNatGateways", {"Filter": NAMED}, of="NAT gateways called {name} in {region}", on="*"
    )
    chosen: ClassVar = {"id": "NatGateway.NatGatewayId"}

    id: Text = ""
    subnet_id: Text = ""
    connectivity_type: str = "public"
    """public or private: one of the latter leads to no internet gateway."""
    state: str = "available"
    """pending, failed, available, deleting or deleted."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "id": as_chosen(declaration.resource, "id"),
            "subnet_id": declaration.at("subnet_id"),
            "connectivity_type": declaration.at("connectivity_type", default="public"),
            "state": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        there = [it for it in answer["NatGateways"] if it["State"] != "deleted"]
        gateway = only(there, asked, "NAT gateway", cls.call)
        return {
            "id": gateway["NatGatewayId"],
            "subnet_id": gateway["SubnetId"],
            "connectivity_type": gateway["ConnectivityType"],
            "state": gateway["State"],
        }

    def requested(self) -> Requests:
        """Yield what makes it, with an address of its own where it is public."""
        more = {}
        if self.connectivity_type == "public":
            made = yield request("ec2:AllocateAddress", Domain="vpc")
            more["AllocationId"] = made["AllocationId"]
        yield request(
            "ec2:CreateNatGateway",
            SubnetId=self.subnet_id,
            ConnectivityType=self.connectivity_type,
            **more,
            **tagged(self.name, "natgateway"),
        )
