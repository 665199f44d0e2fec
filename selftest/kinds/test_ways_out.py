"""Whether what runs in a subnet reaches the internet, by where routes lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.elasticache import CacheCluster
from plumbline.kinds.functions import Function
from plumbline.kinds.network_acls import is_open
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.routes import INTERNET, NAT, PEER, Route
from plumbline.kinds.ways_out import Nat, Ways
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Undetermined


def route(leads_to: str = NAT, destination: str = "0.0.0.0/0", *, gone: bool = False) -> Route:
    return Route(destination=destination, leads_to=leads_to, target="it", gone=gone)


def why_not(
    own: list[Route] | SomeOf,
    of_nat: list[Route] | None = None,
    nat: Nat | None = None,
    attached: bool = True,
) -> str:
    """Return why a subnet with some routes does not reach the internet."""
    public = [route(INTERNET)] if of_nat is None else of_nat
    tables = {"private": own, "public": public}
    found = Nat(["public"]) if nat is None else nat
    return Ways(tables.__getitem__, lambda _: found, lambda _: attached).why_not("private")


GATEWAY = [route(INTERNET)]
BY_NAT = [
    [route()],
    [route(destination="0.0.0.0/1"), route(destination="128.0.0.0/1")],
    [route(), route(PEER, "10.0.0.0/8"), route(PEER, "192.168.0.0/16"), route("VPC endpoint", "pl-1")],
    [route(), route("transit gateway", "52.0.0.0/8")],  # which may be somebody's own
    [route(INTERNET, gone=True), route(destination="0.0.0.0/1"), route(destination="128.0.0.0/1")],
    [route(), route("egress-only internet gateway", "::/0")],
]


@pytest.mark.parametrize("routes", BY_NAT)
def test_a_nat_gateway_in_a_public_subnet_leads_out(routes: list[Route]) -> None:
    assert why_not(routes) == ""


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        ([], "no route leads to 0.0.0.0/0"),
        ([route("egress-only internet gateway", "::/0")], "no route leads to 0.0.0.0/0"),
        ([route(destination="10.0.0.0/8")], "no route leads to 0.0.0.0/0"),
        ([route(destination="128.0.0.0/1")], "only to 128.0.0.0/1"),
        ([route(gone=True)], "which is gone"),
        (GATEWAY, "takes nothing from what has no public address"),
        ([route(PEER)], "leads to no internet"),
        (
            [route(), route(destination="0.0.0.0/1", gone=True)],
            "0.0.0.0/1 leads to the NAT gateway it, which",
        ),
        ([route(), route(PEER, "64.0.0.0/2")], "64.0.0.0/2"),
    ],
)
def test_what_leads_nowhere_is_told(routes: list[Route], told: str) -> None:
    assert told in why_not(routes)


@pytest.mark.parametrize(
    "sort", ["transit gateway", "network interface", "virtual private gateway", "VPC endpoint"]
)
def test_what_may_lead_anywhere_leaves_it_open(sort: str) -> None:
    for routes in ([route(sort)], [route(), route(sort, "0.0.0.0/1")]):
        with pytest.raises(Undetermined, match="nobody knows where"):
            why_not(routes)
    with pytest.raises(Undetermined, match="nobody knows where"):
        why_not([route()], [route(sort)])


def test_a_route_that_is_known_to_lead_nowhere_counts_beside_one_that_may() -> None:
    assert why_not([route("transit gateway"), route(destination="0.0.0.0/1", gone=True)])


def test_routes_that_may_be_more_leave_it_open() -> None:
    with pytest.raises(Undetermined, match="module x"):
        why_not(SomeOf([route()], "module x is not read"))


@pytest.mark.parametrize(
    ("of_nat", "nat", "told"),
    [
        ([], Nat(["public"]), "from where no route leads to 0.0.0.0/0"),
        ([route()], Nat(["public"]), "and not to an internet gateway"),
        (GATEWAY, Nat(["public"], state="failed"), "which is failed"),
        (GATEWAY, Nat(["public"], is_public=False), "which is private"),
    ],
)
def test_a_nat_gateway_must_reach_an_internet_gateway(of_nat: list[Route], nat: Nat, told: str) -> None:
    assert told in why_not([route()], of_nat, nat)


def test_an_internet_gateway_must_be_attached() -> None:
    assert "attached to no VPC" in why_not([route()], attached=False)


def test_a_private_nat_gateway_may_lead_to_another_that_is_public() -> None:
    tables = {
        "a": [route()],
        "b": [Route(destination="0.0.0.0/0", leads_to=NAT, target="second")],
        "c": GATEWAY,
    }
    nats = {"it": Nat(["b"], is_public=False), "second": Nat(["c"])}
    assert Ways(tables.__getitem__, nats.__getitem__).why_not("a") == ""


def test_of_several_places_where_it_may_lie_each_must_do() -> None:
    tables = {"a": [route()], "b": GATEWAY, "c": []}
    for it in (Nat(["b", "b"], doubt="which"), Nat(["b"])):
        assert not Ways(tables.__getitem__, {"it": it}.__getitem__).why_not("a")
    with pytest.raises(Undetermined, match="which"):
        Ways(tables.__getitem__, lambda _: Nat(["b", "c"], doubt="which")).why_not("a")


DENIED_FIRST = ((100, "allow", "-1", "0.0.0.0/0"), (99, "deny", "6", "0.0.0.0/0"))


@pytest.mark.parametrize(
    ("entries", "all_pass"),
    [
        ([(False, 100, "allow", "-1", "0.0.0.0/0"), (True, 100, "allow", "-1", "0.0.0.0/0")], True),
        ([(False, 100, "allow", "-1", "0.0.0.0/0")], False),
        ([], False),
        ([(it, 100, "allow", "6", "0.0.0.0/0") for it in (False, True)], False),
        ([(it, 100, "allow", "-1", "10.0.0.0/8") for it in (False, True)], False),
        (
            [
                (it, *rule)
                for it in (False, True)
                for rule in ((100, "allow", "-1", "0.0.0.0/0"), (99, "deny", "6", "0.0.0.0/0"))
            ],
            False,
        ),
    ],
)
def test_an_acl_is_open_where_its_first_entries_let_everything_through(
    entries: list[tuple[bool, int, str, str, str]], all_pass: bool
) -> None:
    assert is_open(entries) is all_pass


def evaluated(folder: Path, *texts: str) -> Configuration:
    (folder / "main.tf").write_text("\n".join(texts))
    settings = Settings(account="123456789012", region="eu-west-1")
    return evaluate(folder, settings=settings, computed=computed_attribute)


def cut_off(folder: Path, *texts: str) -> list[str]:
    found: list[str] = Function.find(evaluated(folder, NETWORK, *texts), "orders", "here").cut_off
    return list(found)


NETWORK = """
resource "aws_vpc" "it" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.it.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.it.id
  cidr_block = "10.0.2.0/24"
}
resource "aws_nat_gateway" "it" {
  subnet_id     = aws_subnet.public.id
  allocation_id = "eipalloc-1"
}
resource "aws_lambda_function" "it" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/r"
  vpc_config {
    subnet_ids         = [aws_subnet.private.id]
    security_group_ids = ["sg-1"]
  }
}
"""
ATTACHED = """
resource "aws_internet_gateway" "it" {
  vpc_id = aws_vpc.it.id
}
"""
ATTACHED_BESIDE = """
resource "aws_internet_gateway" "it" {}
resource "aws_internet_gateway_attachment" "it" {
  internet_gateway_id = aws_internet_gateway.it.id
  vpc_id              = aws_vpc.it.id
}
"""
TABLES = """
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.it.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.it.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.it.id
  }
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
"""
OF_PRIVATE = """
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
"""
OF_PUBLIC = OF_PRIVATE.replace("table.private", "table.public")
OF_ALL = """
resource "aws_main_route_table_association" "it" {
  vpc_id         = aws_vpc.it.id
  route_table_id = aws_route_table.private.id
}
"""
BY_ITS_NAT = """
resource "aws_route" "out" {
  route_table_id         = %s
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.it.id
}
"""
OF_TABLE = BY_ITS_NAT % "aws_route_table.private.id"
ADOPTED = """
resource "aws_default_route_table" "it" {
  default_route_table_id = aws_vpc.it.default_route_table_id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.it.id
  }
}
"""


@pytest.mark.parametrize(
    "texts",
    [
        (ATTACHED, TABLES, OF_PRIVATE, OF_TABLE),
        (ATTACHED_BESIDE, TABLES, OF_PRIVATE, OF_TABLE),
        (ATTACHED, TABLES, OF_ALL, OF_TABLE),
        (ATTACHED, TABLES, BY_ITS_NAT % "aws_vpc.it.main_route_table_id"),
        (ATTACHED, TABLES, ADOPTED),
    ],
)
def test_terraform_gives_a_subnet_its_routes(tmp_path: Path, texts: tuple[str, ...]) -> None:
    assert cut_off(tmp_path, *texts) == []


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ((ATTACHED, TABLES, OF_PRIVATE), "no route leads"),
        ((ATTACHED, TABLES), "no route leads"),
        ((ATTACHED, TABLES, OF_PRIVATE, BY_ITS_NAT % "aws_vpc.it.main_route_table_id"), "no route leads"),
        (
            (ATTACHED, TABLES, OF_PRIVATE.replace(".private.id\n}", ".public.id\n}"), OF_TABLE),
            "no public address",
        ),
        (('resource "aws_internet_gateway" "it" {}', TABLES, OF_PRIVATE, OF_TABLE), "attached to no VPC"),
    ],
)
def test_terraform_that_leads_nowhere_is_told(tmp_path: Path, texts: tuple[str, ...], told: str) -> None:
    [found] = cut_off(tmp_path, *texts)
    assert found.startswith("aws_subnet.private: ")
    assert told in found


TWICE = """
resource "aws_route_table_association" "again" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.public.id
}
"""
INLINE = """
resource "aws_route_table" "other" {
  vpc_id = aws_vpc.it.id
  route {
    cidr_block = "10.9.0.0/16"
    gateway_id = "vgw-1"
  }
}
"""
CLOSED = """
resource "aws_network_acl" "it" {
  vpc_id     = aws_vpc.it.id
  subnet_ids = [aws_subnet.%s.id]
}
"""
OTHER = """
resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.it.id
  cidr_block = "10.0.3.0/24"
}
"""
WHOLE = (ATTACHED, TABLES, OF_PRIVATE, OF_TABLE)


@pytest.mark.parametrize(
    "more",
    [
        TWICE,
        CLOSED % "private",
        CLOSED % "public",  # where the NAT gateway lies
        'resource "aws_vpn_gateway_route_propagation" "it" {\n vpn_gateway_id = "vgw-1"\n'
        " route_table_id = aws_route_table.private.id\n}",
    ],
)
def test_what_may_change_it_leaves_it_open(tmp_path: Path, more: str) -> None:
    with pytest.raises(Undetermined):
        cut_off(tmp_path, *WHOLE, more)


def test_a_table_of_blocks_takes_away_the_routes_beside_it(tmp_path: Path) -> None:
    of_other = (it.replace("table.private", "table.other") for it in (OF_PRIVATE, OF_TABLE))
    with pytest.raises(Undetermined, match="differ from those beside it"):
        cut_off(tmp_path, ATTACHED, TABLES, INLINE, *of_other)


def test_an_acl_of_other_subnets_changes_nothing(tmp_path: Path) -> None:
    assert cut_off(tmp_path, *WHOLE, OTHER, CLOSED % "other") == []


CACHE = """
resource "aws_elasticache_subnet_group" "it" {
  name       = "cache"
  subnet_ids = [aws_subnet.other.id]
}
resource "aws_elasticache_cluster" "it" {
  cluster_id        = "cache"
  subnet_group_name = aws_elasticache_subnet_group.it.name
}
"""


@pytest.mark.parametrize("closed", ["", "public", "private", "other"])
def test_an_acl_of_either_end_may_keep_a_function_from_a_cluster(tmp_path: Path, closed: str) -> None:
    root = evaluated(tmp_path, NETWORK, OTHER, CACHE, CLOSED % closed if closed else "")
    function, cluster = Function.find(root, "orders", "here"), CacheCluster.find(root, "cache", "here")
    if closed in ("private", "other"):
        with pytest.raises(Undetermined, match="does not let everything through"):
            function.is_within_reach(cluster.vpc_id, cluster.narrow_acls)
    else:
        assert function.is_within_reach(cluster.vpc_id, cluster.narrow_acls)


def test_a_function_in_no_vpc_is_cut_off_from_nothing_but_vpcs(tmp_path: Path) -> None:
    text = NETWORK[: NETWORK.index("  vpc_config")] + "}\n"
    function = Function.find(evaluated(tmp_path, text), "orders", "here")
    assert function.cut_off == []
    assert not function.is_within_reach("vpc-1", [])
