"""Mutations for tests/network: the cache, who reaches it, and what functions reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elasticache.models import elasticache_backends

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Json, Lacking, Set, Without, lists
from selftest.mutations.edits import Described, Edit, Removed, Replaced, Written
from selftest.mutations.mutation import mutation, near_miss, on_each

CODE = "infrastructure/terraform"
MAIN = f"{CODE}/environments/dev/main.tf"
NETWORK, GROUPS, FURTHER = (
    f"{CODE}/modules/networking/{it}.tf" for it in ("network", "security_groups", "further")
)
CACHE, COMPUTE = f"{CODE}/modules/storage/cache.tf", f"{CODE}/modules/compute/main.tf"
CLUSTER = "module.storage.aws_elasticache_cluster.redis"
IN = "module.networking"
REDIS, LAMBDA = (f"{IN}.aws_security_group.{it}" for it in ("redis", "lambda"))
RULE = "aws_vpc_security_group_{}_rule"
ADMITTING = f"{IN}.{RULE.format('ingress')}.redis_lambda"
TO_REDIS, TO_HTTPS = (f"{IN}.{RULE.format('egress')}.lambda_{it}" for it in ("redis", "https"))
OUT = f"{IN}.aws_route.nat"
ANSWERED_NOTHING = Set(REDIS, "ingress", [])
"""Files hold in a group what AWS answered last, whatever stands beside it: it may be there still."""
ANSWERED_OF_FUNCTIONS_NOTHING = Set(LAMBDA, "egress", [])
NAMES = {it: f"threat-intel-{it}-sg-dev" for it in ("redis", "lambda")}

ENGINE, AVAILABLE = (f"threat-intel-cache-01 cache.{it}" for it in ("engine", "available"))
EXISTS, ADMITS, ADMITTED = (
    f"threat-intel-cache-02 network.{it}" for it in ("group-exists", "admits", "admitted")
)
ATTACHED = "threat-intel-cache-02 cache.security-group"
ALONE, WAY, BESIDE = "threat-intel-cache-03", "threat-intel-cache-04", "threat-intel-lambda-12"
ROUTES, LET_OUT = (
    f"threat-intel-lambda-13 network.{it}" for it in ("way-to-internet", "let-out-to-internet")
)

NOBODY = {ADMITTED: "who lets nobody in lets no function in"}
STRANGERS = {ALONE: "a group is let in that is no function's"}
ELSEWHERE = {
    ADMITTED: "the other group lets nobody in",
    WAY: "the functions are let out to the first group alone",
}
IN_NO_VPC = {
    ADMITTED: "outside of a VPC a function has no group",
    ALONE: "the group that is let in is no function's any more",
    WAY: "outside of a VPC nothing reaches into one",
    LET_OUT: "the group that lets out is no function's any more",
}
OPEN = """resource "aws_vpc_security_group_ingress_rule" "quick_fix" {
  security_group_id = aws_security_group.redis.id
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_ipv4         = "%s"
}
"""
OTHER_VPC = """resource "aws_vpc" "other" {
  cidr_block = "10.50.0.0/16"
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.50.1.0/24"
}
"""
RULE_TO_REDIS = """resource "aws_vpc_security_group_egress_rule" "lambda_redis" {
  security_group_id            = aws_security_group.lambda.id
  description                  = "The cache"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.redis.id
}
"""
RULE_TO_HTTPS = """resource "aws_vpc_security_group_egress_rule" "lambda_https" {
  security_group_id = aws_security_group.lambda.id
  description       = "Sources and AWS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
"""
RULE_OF_REDIS = """resource "aws_vpc_security_group_ingress_rule" "redis_lambda" {
  security_group_id            = aws_security_group.redis.id
  description                  = "The functions"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
  referenced_security_group_id = aws_security_group.lambda.id
}
"""
OLDER_RULE = """resource "aws_security_group_rule" "redis_lambda" {
  type                     = "ingress"
  security_group_id        = aws_security_group.redis.id
  protocol                 = "all"
  from_port                = 0
  to_port                  = 0
  source_security_group_id = aws_security_group.lambda.id
}
"""
BY_NAT = "nat_gateway_id         = aws_nat_gateway.this.id"
TWO_HALVES = """resource "aws_route" "nat" {
  for_each = toset(["0.0.0.0/1", "128.0.0.0/1"])

  route_table_id         = aws_route_table.private.id
  destination_cidr_block = each.key
"""
ONE_ROUTE = """resource "aws_route" "nat" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
"""
IN_VPC = """  vpc_config {
    subnet_ids         = var.private_subnet_ids
    security_group_ids = [var.lambda_security_group_id]
  }

"""
FUNCTIONS = [
    f'module.compute.aws_lambda_function.this["{it}"]'
    for it in ("collector", "enrichment", "processor", "query-optimizer")
]


def of_cluster(told: str, **changed: Any) -> Described:
    """Return that a cluster is otherwise."""

    def change(held: Any) -> None:
        for it in held.cache_clusters.values():
            vars(it).update(changed)

    return Described(told, change, "elasticache")


def of_group(told: str, name: str, change: Callable[[Any], None]) -> Described:
    """Return that somebody changes a security group by hand."""

    def changed(held: Any) -> None:
        for groups in held.groups.values():
            for it in groups.values():
                if it.name == name:
                    change(it)

    return Described(told, changed, "ec2")


def _closed(group: Any) -> None:
    group.ingress_rules.clear()


def _for_itself(group: Any) -> None:
    for it in group.ingress_rules:
        it.source_group = {"GroupId": group.id}


def _opened(group: Any) -> None:
    [rule] = group.ingress_rules
    range_ = {"CidrIp": "0.0.0.0/0"}
    open_ = type(rule)(rule.ec2_backend, "tcp", group.id, "6379", "6379", range_, is_egress=False)
    group.ingress_rules.append(open_)


def _without_port(port: int) -> Callable[[Any], None]:
    def change(group: Any) -> None:
        group.egress_rules[:] = [it for it in group.egress_rules if it.from_port != port]

    return change


def _renamed(group: Any) -> None:
    group.name = group.group_name = "threat-intel-cache-sg-dev"


def remove_cluster(aws: Aws, name: str) -> None:
    """Delete the cluster; moto itself leaves it there, being deleted."""
    elasticache_backends[aws.account][aws.region].cache_clusters.pop(name)


def _with_group_of_functions(held: Any) -> None:
    groups = ec2_backends[held.account_id][held.region_name].groups.values()
    [own] = [it.id for several in groups for it in several.values() if it.name == NAMES["lambda"]]
    for it in held.cache_clusters.values():
        vars(it)["security_groups"] = [{"SecurityGroupId": own, "Status": "active"}]


class WithGroupOfFunctions(Set):
    """A cluster with the group of the functions, by its id."""

    def __str__(self) -> str:
        return f"{self.address}: `{self.path}` = that of the functions"

    def apply(self, document: Json) -> None:
        """Give the cluster the id that the document has of that group."""
        groups = (it for listed in lists(document) for it in listed if it["address"] == LAMBDA)
        told = (it["values"] if "values" in it else it["change"]["after"] for it in groups)
        Set(self.address, self.path, [next(told)["id"]]).apply(document)


def _outside(held: Any) -> None:
    for it in held.list_functions():
        vars(it)["_vpc_config"] = None


def _without_route(held: Any) -> None:
    for table in held.route_tables.values():
        table._routes = {key: it for key, it in table._routes.items() if it.nat_gateway is None}


def _failed(held: Any) -> None:
    for it in held.nat_gateways.values():
        it.state = "failed"


def no_vpc(edit: Callable[[str], Edit]) -> list[Edit]:
    """Return an edit of each function."""
    return [edit(it) for it in FUNCTIONS]


MUTATIONS = [
    *on_each(
        ENGINE,
        Replaced(CACHE, '= "redis"\n', '= "memcached"\n'),
        Set(CLUSTER, "engine", "memcached"),
        of_cluster("the cluster runs memcached", engine="memcached"),
    ),
    mutation(ENGINE, Removed("threat-intel-cache-dev", remove_cluster), only_on="moto"),
    mutation(AVAILABLE, Removed("threat-intel-cache-dev", remove_cluster), only_on="live"),
    mutation(
        AVAILABLE,
        of_cluster("the cluster is rebooting", cache_cluster_status="rebooting cluster nodes"),
        only_on="live",
    ),
    *on_each(
        EXISTS,
        Replaced(GROUPS, '"threat-intel-redis-sg-$', '"threat-intel-cache-sg-$'),
        Set(REDIS, "name", "threat-intel-cache-sg-dev"),
        of_group("the group is called otherwise", NAMES["redis"], _renamed),
    ),
    mutation(ADMITS, Replaced(GROUPS, RULE_OF_REDIS, ""), falls_with=NOBODY),
    mutation(ADMITS, Without(ADMITTING), ANSWERED_NOTHING, falls_with=NOBODY),
    mutation(ADMITS, of_group("the group lets nobody in", NAMES["redis"], _closed), falls_with=NOBODY),
    mutation(
        ADMITS,
        Replaced(GROUPS, RULE_OF_REDIS, RULE_OF_REDIS.replace("6379", "6380")),
        falls_with=NOBODY,
    ),
    mutation(ADMITS, Set(ADMITTING, "ip_protocol", "udp"), ANSWERED_NOTHING, falls_with=NOBODY),
    mutation(
        ADMITTED,
        Replaced(GROUPS, RULE_OF_REDIS, RULE_OF_REDIS.replace("group.lambda.id", "group.redis.id")),
        falls_with=STRANGERS,
    ),
    mutation(
        ADMITTED,
        Lacking(ADMITTING, "referenced_security_group_id"),
        Set(ADMITTING, "cidr_ipv4", "10.99.0.0/16"),
        ANSWERED_NOTHING,
        falls_with=STRANGERS,
    ),
    mutation(
        ADMITTED,
        of_group("the group lets itself in, and no functions", NAMES["redis"], _for_itself),
        falls_with=STRANGERS,
    ),
    mutation(
        ATTACHED,
        Replaced(
            MAIN,
            "redis_security_group_id = module.networking.redis_security_group_id",
            "redis_security_group_id = module.networking.lambda_security_group_id",
        ),
        falls_with=ELSEWHERE,
    ),
    mutation(ATTACHED, WithGroupOfFunctions(CLUSTER, "security_group_ids", []), falls_with=ELSEWHERE),
    mutation(
        ATTACHED,
        Described("the cluster has the group of the functions", _with_group_of_functions, "elasticache"),
        falls_with=ELSEWHERE,
    ),
    *on_each(
        ALONE,
        Written(FURTHER, OPEN % "0.0.0.0/0"),
        Set(ADMITTING, "cidr_ipv4", "0.0.0.0/0"),
        of_group("the group is open to everybody", NAMES["redis"], _opened),
    ),
    mutation(
        ALONE,
        Written(FURTHER, OPEN % "0.0.0.0/1" + (OPEN % "128.0.0.0/1").replace("quick_fix", "other_half")),
        unlisted=True,
    ),
    mutation(ALONE, Written(FURTHER, (OPEN % "::/0").replace("cidr_ipv4        ", "cidr_ipv6        "))),
    mutation(WAY, Replaced(GROUPS, RULE_TO_REDIS, "")),
    mutation(WAY, Without(TO_REDIS), ANSWERED_OF_FUNCTIONS_NOTHING),
    mutation(
        WAY, of_group("the functions are not let out to the cache", NAMES["lambda"], _without_port(6379))
    ),
    mutation(
        BESIDE,
        Written(f"{CODE}/environments/dev/other.tf", OTHER_VPC),
        Replaced(
            MAIN,
            "private_subnet_ids      = module.networking.private_subnet_ids",
            "private_subnet_ids      = [aws_subnet.other.id]",
        ),
    ),
    mutation(BESIDE, Replaced(COMPUTE, IN_VPC, ""), falls_with=IN_NO_VPC),
    mutation(BESIDE, *no_vpc(lambda it: Set(it, "vpc_config", [])), falls_with=IN_NO_VPC),
    mutation(BESIDE, Described("no function runs in a VPC", _outside, "lambda"), falls_with=IN_NO_VPC),
    mutation(ROUTES, Replaced(NETWORK, BY_NAT, "gateway_id             = aws_internet_gateway.this.id")),
    mutation(ROUTES, Without(OUT), Set(f"{IN}.aws_route_table.private", "route", [])),
    mutation(ROUTES, Described("no route leads to the NAT gateway", _without_route, "ec2")),
    mutation(ROUTES, Described("the NAT gateway has failed", _failed, "ec2")),
    mutation(
        ROUTES,
        Replaced(
            NETWORK,
            'destination_cidr_block = "0.0.0.0/0"\n  nat',
            'destination_cidr_block = "52.0.0.0/8"\n  nat',
        ),
    ),
    mutation(
        ROUTES, Replaced(NETWORK, "subnet_id     = aws_subnet.public", "subnet_id     = aws_subnet.private")
    ),
    mutation(LET_OUT, Replaced(GROUPS, RULE_TO_HTTPS, "")),
    mutation(LET_OUT, Without(TO_HTTPS), ANSWERED_OF_FUNCTIONS_NOTHING),
    mutation(
        LET_OUT,
        of_group("the functions are let out to the cache alone", NAMES["lambda"], _without_port(443)),
    ),
]

NEAR_MISSES = [
    near_miss(ENGINE, Replaced(CACHE, '= "redis"\n', '= "valkey"\n'), why="Valkey speaks as Redis does"),
    near_miss(
        ADMITS,
        Replaced(GROUPS, RULE_OF_REDIS, OLDER_RULE),
        why="a rule of the older type that lets everything in from the functions",
    ),
    near_miss(
        WAY,
        Replaced(GROUPS, RULE_TO_REDIS, ""),
        Replaced(
            GROUPS,
            RULE_TO_HTTPS,
            RULE_TO_HTTPS.replace('"tcp"', '"-1"').replace(
                "  from_port         = 443\n  to_port           = 443\n", ""
            ),
        ),
        why="everything is let out, to the cache, too",
    ),
    near_miss(
        ROUTES,
        Replaced(NETWORK, ONE_ROUTE, TWO_HALVES),
        why="two routes that together lead everywhere",
    ),
]
