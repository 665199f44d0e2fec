"""Who reaches what has a security group: what rules let through, and what Terraform makes of a group."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.elasticache import CacheCluster
from plumbline.kinds.functions import Function
from plumbline.kinds.placements import Placements
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.security_groups import SecurityGroup
from plumbline.kinds.security_rules import GROUP, PREFIX_LIST, RANGE, SecurityRule
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Location, Resource, Settings, unread
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Undetermined, Unknown

PORT = 6379


def rule(sort: str, peer: Any, protocol: str = "tcp", first: Any = PORT, last: Any = PORT) -> SecurityRule:
    return SecurityRule(protocol=protocol, from_port=first, to_port=last, sort=sort, peer=peer)


OWN = rule(GROUP, "sg-functions")
LET_IN = [
    OWN,
    rule(GROUP, "sg-functions", "-1", None, None),
    rule(GROUP, "sg-functions", "tcp", 0, 65535),
    rule(RANGE, "10.0.0.0/16"),
    rule(RANGE, "0.0.0.0/0", "-1", None, None),
]
KEPT_OUT = [
    rule(GROUP, "sg-others"),
    rule(GROUP, "sg-functions", "udp"),
    rule(GROUP, "sg-functions", "tcp", 443, 443),
    rule(GROUP, "sg-functions", "icmp", -1, -1),
    rule(RANGE, "10.1.0.0/16"),
    rule(RANGE, "::/0"),
]


def strangers_by(rules: Any, groups: Any) -> list[str]:
    return CacheCluster(name="c", lets_in=rules).strangers(PORT, groups)


def let_in(rules: list[SecurityRule] | SomeOf, ranges: list[str]) -> bool:
    return CacheCluster(name="c", lets_in=rules).lets_in_from(PORT, ["sg-functions"], ranges)


@pytest.mark.parametrize("it", LET_IN, ids=lambda it: it.told)
def test_a_rule_lets_in_by_a_group_or_by_a_range_that_holds_all(it: SecurityRule) -> None:
    assert let_in([it], ["10.0.1.0/24", "10.0.2.0/24"])


@pytest.mark.parametrize("it", KEPT_OUT, ids=lambda it: it.told)
def test_a_rule_for_others_lets_nobody_in(it: SecurityRule) -> None:
    assert not let_in([it], ["10.0.1.0/24", "10.0.2.0/24"])
    assert let_in([it, OWN], [])


def test_two_halves_hold_the_whole() -> None:
    halves = [rule(RANGE, "10.0.0.0/17"), rule(RANGE, "10.0.128.0/17")]
    assert let_in(halves, ["10.0.0.0/16"])
    function = Function(name="f", lets_out=[rule(RANGE, "0.0.0.0/1"), rule(RANGE, "128.0.0.0/1")])
    assert function.lets_out_everywhere(PORT)


@pytest.mark.parametrize(
    "rules",
    [
        [rule(RANGE, "10.0.1.0/24")],
        [rule(PREFIX_LIST, "pl-1")],
        [rule(GROUP, Unknown("data.aws_security_group.x.id"))],
        [rule(GROUP, "sg-functions", "tcp", Unknown("var.port"), 7000)],
        SomeOf([], "module.x is not read"),
    ],
)
def test_what_decides_and_is_not_known_leaves_it_open(rules: Any) -> None:
    with pytest.raises(Undetermined):
        let_in(rules, ["10.0.1.0/24", "10.0.2.0/24"])


def test_a_part_of_the_internet_is_not_the_internet() -> None:
    with pytest.raises(Undetermined, match="hold a part"):
        Function(name="f", lets_out=[rule(RANGE, "52.0.0.0/8")]).lets_out_everywhere(PORT)
    assert not Function(name="f", lets_out=[OWN]).lets_out_everywhere(PORT)


@pytest.mark.parametrize(
    ("rules", "strangers"),
    [
        ([OWN], []),
        ([OWN, rule(RANGE, "10.0.0.0/8")], ["tcp 6379 10.0.0.0/8"]),
        (
            [rule(RANGE, "0.0.0.0/1"), rule(RANGE, "128.0.0.0/1")],
            ["tcp 6379 0.0.0.0/1", "tcp 6379 128.0.0.0/1"],
        ),
        ([rule(RANGE, "::/0", "-1", None, None)], ["-1 ::/0"]),
        ([rule(PREFIX_LIST, "pl-1", "tcp", 1, 7000)], ["tcp 1-7000 pl-1"]),
        ([rule(GROUP, "sg-others")], ["tcp 6379 sg-others"]),
        ([rule(RANGE, "0.0.0.0/0", "tcp", 443, 443)], []),
        ([], []),
    ],
)
def test_strangers_are_all_but_the_groups(rules: list[SecurityRule], strangers: list[str]) -> None:
    assert strangers_by(rules, ["sg-functions"]) == strangers


def test_a_stranger_is_one_whatever_else_is_not_known() -> None:
    unknown = rule(GROUP, Unknown("aws_security_group.x.id"))
    assert strangers_by([unknown, rule(RANGE, "::/0")], [])
    for rules in ([unknown], SomeOf([OWN], "module.x is not read")):
        with pytest.raises(Undetermined):
            strangers_by(rules, ["sg-functions"])
    with pytest.raises(Undetermined):  # one that may be of a function which nobody has read
        strangers_by([OWN], SomeOf([], "module.x is not read"))


def evaluated(folder: Path, text: str) -> Configuration:
    (folder / "main.tf").write_text(text)
    settings = Settings(account="123456789012", region="eu-west-1")
    return evaluate(folder, settings=settings, computed=computed_attribute)


GROUPS = """
resource "aws_security_group" "cache" {
  name   = "cache"
  vpc_id = "vpc-1"
  %s
}
resource "aws_security_group" "functions" {
  name   = "functions"
  vpc_id = "vpc-1"
}
"""
OF_ITS_OWN = """
resource "aws_vpc_security_group_ingress_rule" "it" {
  security_group_id            = aws_security_group.cache.id
  referenced_security_group_id = aws_security_group.functions.id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}
"""
OLDER = """
resource "aws_security_group_rule" "it" {
  type                     = "ingress"
  security_group_id        = aws_security_group.cache.id
  source_security_group_id = aws_security_group.functions.id
  protocol                 = "6"
  from_port                = 6379
  to_port                  = 6379
}
"""
BLOCK = """ingress {
    protocol        = "TCP"
    from_port       = 6379
    to_port         = 6379
    security_groups = [aws_security_group.functions.id]
  }
"""


@pytest.mark.parametrize("text", [GROUPS % "" + OF_ITS_OWN, GROUPS % "" + OLDER, GROUPS % BLOCK])
def test_a_rule_is_the_same_wherever_it_is_written(tmp_path: Path, text: str) -> None:
    root = evaluated(tmp_path, text)
    [found] = SecurityGroup.find(root, "cache", "here").ingress
    assert found.peer == SecurityGroup.find(root, "functions", "here").id
    assert (found.protocol, found.from_port, found.to_port, found.sort) == ("tcp", PORT, PORT, GROUP)


def test_blocks_take_away_what_stands_beside_them(tmp_path: Path) -> None:
    opened = OF_ITS_OWN.replace(
        "referenced_security_group_id = aws_security_group.functions.id", 'cidr_ipv4 = "0.0.0.0/0"'
    )
    for inside in (BLOCK, "ingress = []"):
        group = SecurityGroup.find(evaluated(tmp_path, GROUPS % inside + opened), "cache", "here")
        assert isinstance(group.ingress, SomeOf)
        with pytest.raises(Undetermined, match="differ from those beside it"):
            strangers_by(group.ingress, [it.peer for it in group.ingress.members])
    same = SecurityGroup.find(evaluated(tmp_path, GROUPS % BLOCK + OF_ITS_OWN), "cache", "here")
    assert len(same.ingress) == 1


def test_each_peer_of_a_block_is_a_rule_and_so_is_the_group_itself(tmp_path: Path) -> None:
    inside = """ingress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    self             = true
    cidr_blocks      = ["10.1.2.3/8"]
    ipv6_cidr_blocks = ["::/0"]
    prefix_list_ids  = ["pl-1"]
  }"""
    group = SecurityGroup.find(evaluated(tmp_path, GROUPS % inside), "cache", "here")
    ranges = [it.peer for it in group.ingress if it.sort == RANGE]
    assert ranges == ["10.0.0.0/8", "::/0"]
    [own] = [it for it in group.ingress if it.sort == GROUP]
    assert own.peer == group.id
    assert {(it.from_port, it.to_port) for it in group.ingress} == {(None, None)}


def test_terraform_takes_away_what_lets_everything_out(tmp_path: Path) -> None:
    assert SecurityGroup.find(evaluated(tmp_path, GROUPS % ""), "cache", "here").egress == []


ARN = "aws_security_group.functions.arn"


@pytest.mark.parametrize("more", [f"count = length({ARN})", f"for_each = toset([{ARN}])"])
def test_rules_of_unknown_number_leave_it_open(tmp_path: Path, more: str) -> None:
    text = GROUPS % "" + OF_ITS_OWN.replace('"it" {', '"it" {\n' + more)
    group = SecurityGroup.find(evaluated(tmp_path, text), "cache", "here")
    with pytest.raises(Undetermined):
        assert group.admits(PORT) is None


def test_a_module_that_is_not_read_may_open_the_group(tmp_path: Path) -> None:
    root = replace(evaluated(tmp_path, GROUPS % "" + OF_ITS_OWN), others=lambda: (unread("root network,"),))
    group = SecurityGroup.find(root, "cache", "here")
    assert group.admits(PORT)
    with pytest.raises(Undetermined, match="root network"):
        strangers_by(group.ingress, [group.ingress.members[0].peer])


def kept(source: Any, *resources: tuple[str, dict[str, Any], tuple[str, ...] | None]) -> Configuration:
    """Return a plan or a state of some resources, each with what is written of it."""
    return Configuration(
        root=Path("p.json"),
        source=source,
        settings=Settings(account="123456789012", region="eu-west-1"),
        resources=tuple(
            Resource(
                address=f"{type_}.it{at}",
                type=type_,
                name=f"it{at}",
                module="",
                values=values,
                location=Location("p.json", 1),
                root="p.json",
                written=written,
            )
            for at, (type_, values, written) in enumerate(resources)
        ),
    )


ANSWERED = [
    {"protocol": "tcp", "from_port": PORT, "to_port": PORT, "cidr_blocks": ["0.0.0.0/0"], "self": False}
]
RULE = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": PORT, "to_port": PORT}


def group_in(source: str, written: tuple[str, ...] | None, *rules: dict[str, Any]) -> SecurityGroup:
    own = {"id": "sg-1", "name": "cache", "vpc_id": "vpc-1", "ingress": ANSWERED}
    beside = [("aws_vpc_security_group_ingress_rule", it, None) for it in rules]
    return SecurityGroup.find(kept(source, ("aws_security_group", own, written), *beside), "cache", "here")


def test_a_plan_does_not_take_for_declared_what_aws_answered_last() -> None:
    closed = {**RULE, "referenced_security_group_id": "sg-2"}
    for rules in ([], [closed]):
        with pytest.raises(Undetermined, match="differ from those beside it"):
            strangers_by(group_in("plan", ("name",), *rules).ingress, ["sg-2"])
    assert strangers_by(group_in("plan", ("name", "ingress")).ingress, []) == ["tcp 6379 0.0.0.0/0"]


def test_a_state_has_rules_of_blocks_and_of_resources_in_one_place() -> None:
    assert strangers_by(group_in("state", None).ingress, []) == ["tcp 6379 0.0.0.0/0"]
    same = group_in("state", None, {**RULE, "cidr_ipv4": "0.0.0.0/0"})
    assert strangers_by(same.ingress, []) == ["tcp 6379 0.0.0.0/0"]


FUNCTIONS = """
resource "aws_lambda_function" "it" {
  function_name = "orders"
  role          = "arn:aws:iam::123456789012:role/r"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [%s]
  }
}
"""


def test_placements_are_those_of_the_names(tmp_path: Path) -> None:
    root = evaluated(tmp_path, GROUPS % "" + FUNCTIONS % "aws_security_group.functions.id")
    own = SecurityGroup.find(root, "functions", "here").id
    assert Placements.find(root, "ord* x", "here").security_group_ids == [own]
    assert Placements.find(root, "x", "here").security_group_ids == []
    looked_up = 'data "aws_security_group" "x" {}'
    unknown = evaluated(tmp_path, FUNCTIONS % "data.aws_security_group.x.id" + looked_up)
    of_functions = Placements.find(unknown, "orders", "here").security_group_ids
    with pytest.raises(Undetermined):
        strangers_by([OWN], of_functions)


def test_a_function_reaches_a_cluster_through_both_of_their_groups(tmp_path: Path) -> None:
    out = (
        OF_ITS_OWN.replace("ingress", "egress")
        .replace(".cache.", ".x.")
        .replace(".functions.", ".cache.")
        .replace(".x.", ".functions.")
    )
    text = GROUPS % "" + OF_ITS_OWN + out + FUNCTIONS % "aws_security_group.functions.id"
    text += """
resource "aws_elasticache_cluster" "it" {
  cluster_id         = "cache"
  security_group_ids = [aws_security_group.cache.id]
}
"""
    root = evaluated(tmp_path, text)
    function, cluster = Function.find(root, "orders", "here"), CacheCluster.find(root, "cache", "here")
    assert cluster.lets_in_from(cluster.port, function.security_group_ids, [])
    assert function.lets_out_to(cluster.port, cluster.security_group_ids, [])
    assert not function.lets_out_to(7000, cluster.security_group_ids, [])
    with pytest.raises(Undetermined, match="names no subnet group"):
        cluster.vpc_id.refuse()  # type: ignore[attr-defined]


NODES = """
resource "aws_elasticache_replication_group" "it" {
  replication_group_id = "cache"
  description          = "x"
  engine               = "valkey"
  security_group_ids   = ["sg-1"]
  %s
}
"""


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("", ["cache-001"]),
        ("num_cache_clusters = 2", ["cache-001", "cache-002"]),
        ("num_node_groups = 1\n  replicas_per_node_group = 1", ["cache-001", "cache-002"]),
        ("num_node_groups = 2\n  replicas_per_node_group = 0", ["cache-0001-001", "cache-0002-001"]),
    ],
)
def test_the_nodes_of_a_replication_group_are_clusters(tmp_path: Path, more: str, names: list[str]) -> None:
    root = evaluated(tmp_path, NODES % more)
    assert [CacheCluster.named(it, root) for it in CacheCluster.declared_in(root)] == names
    cluster = CacheCluster.find(root, names[-1], "here")
    assert (cluster.engine, cluster.port) == ("valkey", PORT)
    assert cluster.is_in("sg-1")
