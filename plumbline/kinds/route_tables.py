"""Route tables: where subnets send what is not for their VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Request, Requests, request
from plumbline.kinds.networks import NAMED, Tagged, alone, called, main_table, only, tagged
from plumbline.kinds.routes import Route, declared_routes, described_routes, requested_routes
from plumbline.terraform.declared import Beside, Declaration, as_chosen, given, is_written, known
from plumbline.values.model import Text
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Identity, Placeholder

if TYPE_CHECKING:
    from collections.abc import Generator

    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_TABLES = Call(
    "ec2:DescribeRouteTables", {"Filters": NAMED}, of="route tables called {name} in {region}", on="*"
)


def routes_of(
    table: Resource, configuration: Configuration, parts: tuple[Resource, ...], doubts: tuple[str, ...] = ()
) -> list[Route] | SomeOf:
    """Return the routes of a declared table; where there may be more, at least these.

    Blocks of a table take away, each time that it is applied, what they do not say. Source: documentation of
    the AWS provider, `aws_route_table`.
    """
    inside, beside = declared_routes((), table), declared_routes(parts)
    certain, others = inside, beside
    if not is_written(table, "route", configuration) and (beside or configuration.source == "plan"):
        certain, others = beside, inside
    if {*map(repr, others)} - {*map(repr, certain)}:
        doubts = (*doubts, f"{table.address} has routes in itself that differ from those beside it")
    if given(table.values.get("propagating_vgws")):
        doubts = (*doubts, f"{table.address} takes routes from a virtual private gateway")
    return doubted(certain, doubts)


class Routes(Facet):
    """Where what is sent to a range goes."""

    call = _TABLES
    beside = Beside("aws_route", "route_table_id", many=True)
    arguments: ClassVar = {"routes": "destination_cidr_block"}

    routes: list[Route] = []
    """But for those within the VPC."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        own = declaration.resource, declaration.configuration
        return {"routes": lambda: routes_of(*own, declaration.parts)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = only(answer["RouteTables"], asked, "route table", _TABLES)
        return {"routes": described_routes(table["Routes"])}

    def requested(self) -> Requests:
        if self.routes:
            own = yield from _own_id(self.name)
            yield from requested_routes(own, self.routes)


class Associations(Facet):
    """The subnets that a route table is for."""

    call = _TABLES
    beside = Beside("aws_route_table_association", "route_table_id", many=True)
    arguments: ClassVar = {"subnet_ids": "subnet_id"}

    subnet_ids: list[Text] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        named = (it.values.get("subnet_id") for it in declaration.parts)
        return {"subnet_ids": sorted((it for it in named if given(it)), key=repr)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = only(answer["RouteTables"], asked, "route table", _TABLES)
        return {"subnet_ids": sorted(it["SubnetId"] for it in table["Associations"] if it.get("SubnetId"))}

    def requested(self) -> Requests:
        own = yield from _own_id(self.name)
        for it in self.subnet_ids:
            yield request("ec2:AssociateRouteTable", RouteTableId=own, SubnetId=known(it))


class Main(Facet):
    """Whether a route table is for all subnets that none is associated with."""

    call = _TABLES
    beside = Beside("aws_main_route_table_association", "route_table_id", many=True)
    arguments: ClassVar = {"is_main": "vpc_id"}

    is_main: bool = False

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        """Return whether a resource says so, for whichever VPC."""
        of = [it.values.get("vpc_id") for it in declaration.parts]
        doubts = (it for it in of if isinstance(it, Placeholder) and not isinstance(it, Identity))
        return {"is_main": next(doubts, bool(of))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = only(answer["RouteTables"], asked, "route table", _TABLES)
        return {"is_main": any(it.get("Main") for it in table["Associations"])}

    def requested(self) -> Requests:
        if not self.is_main:
            return
        found = yield request("ec2:DescribeRouteTables", Filters=called(self.name))
        own = alone(found["RouteTables"], self.name)
        of_vpc = [{"Name": "vpc-id", "Values": [own["VpcId"]]}]
        tables = yield request("ec2:DescribeRouteTables", Filters=of_vpc)
        [association] = [it for it in main_table(tables["RouteTables"])["Associations"] if it.get("Main")]
        yield request(
            "ec2:ReplaceRouteTableAssociation",
            AssociationId=association["RouteTableAssociationId"],
            RouteTableId=own["RouteTableId"],
        )


class RouteTable(Routes, Associations, Main, Tagged):
    """What says where subnets send what is not for their VPC."""

    noun = "route_table"
    plural = "route_tables"
    terraform_type = "aws_route_table"
    call = _TABLES
    chosen: ClassVar = {"id": "RouteTable.RouteTableId"}

    id: Text = ""
    vpc_id: Text = ""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"id": as_chosen(declaration.resource, "id"), "vpc_id": declaration.at("vpc_id")}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = only(answer["RouteTables"], asked, "route table", _TABLES)
        return {"id": table["RouteTableId"], "vpc_id": table["VpcId"]}

    def requested(self) -> Requests:
        yield request("ec2:CreateRouteTable", VpcId=self.vpc_id, **tagged(self.name, "route-table"))


def _own_id(name: Any) -> Generator[Request, dict[str, Any], str]:
    found = yield request("ec2:DescribeRouteTables", Filters=called(name))
    return str(alone(found["RouteTables"], name)["RouteTableId"])
