"""Clusters of ElastiCache: what they run, where they lie, and who reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds import network_acls
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.function_network import ACLS, SUBNETS, ranges_of, vpc_of
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Existing, Listing
from plumbline.kinds.security_groups import BY_ID, asked_for, described_of_all, rules_of
from plumbline.kinds.security_rules import OF_EITHER, OF_ONE, SecurityRule, Several, between
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import Declaration, arn, given, known, place, region
from plumbline.terraform.named_by_id import Placed, named
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, one_is
from plumbline.values.unknown import Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_CLUSTER, _GROUP = "aws_elasticache_cluster", "aws_elasticache_subnet_group"
_OF_SEVERAL = "aws_elasticache_replication_group"
_PORTS = {"memcached": 11211}
_ARN_OF_ANY = "arn:aws:elasticache:{region}:{account}:cluster:*"
_USUAL_PORT = 6379
"""Source: provider, aws_elasticache_cluster, "port"; ElastiCache User Guide, "Accessing your cluster"."""
_CLUSTERS = Call(
    "elasticache:DescribeCacheClusters",
    {"CacheClusterId": "{name}", "ShowCacheNodeInfo": True},
    of="arn:aws:elasticache:{region}:{account}:cluster:{name}",
    missing=("CacheClusterNotFound",),
)


class CacheSubnetGroup(Kind):
    """The subnets that clusters may lie in."""

    noun = "cache_subnet_group"
    plural = "cache_subnet_groups"
    terraform_type = _GROUP
    call = Call(
        "elasticache:DescribeCacheSubnetGroups",
        {"CacheSubnetGroupName": "{name}"},
        of="arn:aws:elasticache:{region}:{account}:subnetgroup:{name}",
        missing=("CacheSubnetGroupNotFoundFault",),
    )
    computed: ClassVar = {
        f"{_GROUP}.id": lambda it, settings: it.get("name"),
        f"{_GROUP}.arn": lambda it, settings: arn(settings, "elasticache", "subnetgroup:", it.get("name")),
    }

    arn: Text = ""
    subnet_ids: list[Text] = []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "subnet_ids": lambda: (
                named(declaration.at("subnet_ids"), "aws_subnet", declaration.configuration).ids
            ),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        [group] = answer["CacheSubnetGroups"]
        return {"arn": group["ARN"], "subnet_ids": sorted(it["SubnetIdentifier"] for it in group["Subnets"])}

    def requested(self) -> Requests:
        yield request(
            "elasticache:CreateCacheSubnetGroup",
            CacheSubnetGroupName=self.name,
            CacheSubnetGroupDescription=self.name,
            SubnetIds=[known(it) for it in self.subnet_ids],
        )


def _cluster(answer: Answer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = answer["CacheClusters"][0]
    return found


def _subnets_of(declaration: Declaration) -> tuple[Placed, ...]:
    """Return the subnets that a declared cluster may lie in. Raises `Undetermined`."""
    told, here = declaration.at("subnet_group_name"), declaration.configuration
    if not given(told):
        raise Undetermined(f"{declaration.resource.address} names no subnet group: AWS chooses where it lies")
    for root in (here, *here.others()):
        for it in root.of_type(_GROUP):
            name = it.values.get("name")
            same = isinstance(told, str) and isinstance(name, str) and told == name.lower()
            if same or (root is here and refers_to(told, it)):
                return named(it.values.get("subnet_ids"), "aws_subnet", root).all("subnet")
    raise Undetermined(f"Terraform here declares no subnet group {known(told)}")


class Home(Facet):
    """The VPC of a cluster, and the addresses that its nodes may have there."""

    call = Call(
        "elasticache:DescribeCacheSubnetGroups",
        {"CacheSubnetGroupName": "{group}"},
        of="arn:aws:elasticache:{region}:{account}:subnetgroup:{group}",
        on="arn:aws:elasticache:{region}:{account}:subnetgroup:*",
    )
    further_calls: ClassVar[tuple[Call, ...]] = (_CLUSTERS, SUBNETS, ACLS)
    further_types: ClassVar[tuple[str, ...]] = ("aws_subnet", _GROUP)
    seen_through: ClassVar[tuple[str, ...]] = ("cache_subnet_group", "subnet")
    seen_besides: ClassVar[tuple[str, ...]] = network_acls.TYPES
    arguments: ClassVar = dict.fromkeys(("vpc_id", "subnet_ranges", "narrow_acls"), "subnet_group_name")

    vpc_id: Text = ""
    subnet_ranges: list[Text] = []
    """The ranges of its subnets; those of IPv6 are not read."""
    narrow_acls: list[Text] = []
    """The network ACLs of its subnets that do not let everything through."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "vpc_id": lambda: vpc_of(_subnets_of(declaration)),
            "subnet_ranges": lambda: ranges_of(_subnets_of(declaration)),
            "narrow_acls": lambda: network_acls.declared_narrow(
                _subnets_of(declaration), declaration.configuration
            ),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Wait for the cluster and its subnet group, and start to ask for the subnets."""
        group = _cluster(asked.ask(_CLUSTERS).answer).get("CacheSubnetGroupName")
        if not group:
            raise Undetermined(f"{asked.name} says of no subnet group that it lies in it")
        reply = asked.ask(cls.call, group=group)
        [found] = reply.answer["CacheSubnetGroups"]
        ids = sorted(it["SubnetIdentifier"] for it in found["Subnets"])
        ranges = asked.ask(SUBNETS, parameters={"SubnetIds": ids}).at("Subnets[].CidrBlock").map(sorted)
        acls = asked.ask(ACLS, vpc=found["VpcId"])
        narrow = acls.at("NetworkAcls").map(lambda it: network_acls.described_narrow(it, ids))
        fields: Fields = {"vpc_id": found["VpcId"], "subnet_ranges": ranges, "narrow_acls": narrow}
        return Found(fields, reply.call, {"narrow_acls": acls.call})


class Doors(Facet):
    """What the security groups of a cluster let in."""

    call = BY_ID
    further_calls: ClassVar[tuple[Call, ...]] = (_CLUSTERS,)
    further_types: ClassVar[tuple[str, ...]] = ("aws_security_group", OF_ONE["ingress"], OF_EITHER)
    seen_through: ClassVar[tuple[str, ...]] = ("security_group",)
    arguments: ClassVar = dict.fromkeys(("lets_in", "lets_in_from", "strangers"), "security_group_ids")

    lets_in: list[SecurityRule] = []

    def lets_in_from(self, port: int, groups: Iterable[Any], ranges: Iterable[Any]) -> bool:
        """Return whether TCP comes in at a port from what has one of some groups and lies in some ranges.

        Raises `Undetermined` where that hangs on what is not known.
        """
        return between(self.lets_in, port, groups, ranges)

    def strangers(self, port: int, groups: Iterable[Any]) -> list[str]:
        """Return who is let in at a port besides what has one of some groups: `tcp 6379 10.0.0.0/8`.

        A range is always a stranger, and so is a prefix list. Raises `Undetermined`.
        """
        return Several(self.lets_in, port).beyond(groups)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        def rules() -> list[SecurityRule] | SomeOf:
            return rules_of(_groups(declaration), declaration.configuration, "ingress")

        return {"lets_in": rules}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        groups = [it["SecurityGroupId"] for it in _cluster(asked.ask(_CLUSTERS).answer)["SecurityGroups"]]
        reply = asked_for(groups, asked)
        return Found({"lets_in": reply.at("@").map(lambda it: described_of_all(it, "ingress"))}, reply.call)


def _groups(declaration: Declaration) -> Any:
    """Return the security groups of a declared cluster. Raises `Undetermined` where it is left to AWS."""
    told = declaration.at("security_group_ids")
    if not given(told):
        raise Undetermined(f"{declaration.resource.address} names no security group: it has the VPC's own")
    return told


class CacheClusterLimits(Model):
    """What can be expected of a cluster besides its fields."""

    engines: list[str]
    """What it may run: redis, valkey, memcached."""


class CacheCluster(Home, Doors, Kind):
    """A cluster of ElastiCache; the nodes of a replication group are one each."""

    noun = "cache_cluster"
    plural = "cache_clusters"
    terraform_type = _CLUSTER
    further_types: ClassVar[tuple[str, ...]] = (_OF_SEVERAL,)
    shows_besides = (_OF_SEVERAL,)
    name_argument = "cluster_id"
    expects_some = ("engines",)
    limits = CacheClusterLimits
    listing = Listing(
        Call("elasticache:DescribeCacheClusters", of="cache clusters in {region}", on=_ARN_OF_ANY),
        "CacheClusters[].CacheClusterId",
    )
    remedy_names = ("group_id",)
    call = _CLUSTERS
    arguments: ClassVar = {"is_in": "security_group_ids"}
    computed: ClassVar = {
        f"{_CLUSTER}.id": lambda it, settings: it.get("cluster_id"),
        f"{_CLUSTER}.arn": lambda it, settings: arn(
            settings, "elasticache", "cluster:", it.get("cluster_id")
        ),
    }

    arn: Text = ""
    status: str = "available"
    engine: str = "redis"
    port: int = _USUAL_PORT
    subnet_group: Text = ""
    security_group_ids: list[Text] = []

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of a security group that it has: commands take that."""
        groups = self.security_group_ids
        return known_texts(group_id=next(iter(groups), None)) if isinstance(groups, list) else {}

    def is_in(self, group: Any) -> bool:
        """Return whether it has a security group of an id."""
        return one_is(self.security_group_ids, lambda it: bool(it == group))

    @classmethod
    def declared_in(cls, configuration: Configuration) -> list[Resource]:
        """Return what declares one: a cluster, or a replication group for each of its nodes."""
        groups = configuration.of_type(_OF_SEVERAL)
        alone = (_completed(it, groups) for it in configuration.of_type(_CLUSTER))
        return [*alone, *(node for it in groups for node in _nodes(it))]

    @classmethod
    def copies(cls, resource: Resource, configuration: Configuration) -> Iterator[Existing]:
        """Yield the nodes of a replication group: ElastiCache lists each with the clusters."""
        if resource.type == _OF_SEVERAL:
            lies_in, where = known(region(resource, configuration)), place(resource, "replication_group_id")
            for node in _nodes(resource):
                name = str(known(node.values["cluster_id"]))
                yield Existing(name=name, region=lies_in or "", where=where)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        engine = declaration.at("engine", default="redis")
        told = declaration.at("port")
        usual: Any = engine if isinstance(engine, Placeholder) else _PORTS.get(engine, _USUAL_PORT)
        return {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "status": NOT_DEPLOYED,
            "engine": engine,
            "port": told if given(told) else usual,
            "subnet_group": declaration.at("subnet_group_name", default=""),
            "security_group_ids": lambda: (
                named(_groups(declaration), "aws_security_group", declaration.configuration).ids
            ),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        cluster = _cluster(answer)
        ends = [it["Endpoint"] for it in cluster["CacheNodes"] if it.get("Endpoint")]
        return {
            "arn": cluster["ARN"],
            "status": cluster["CacheClusterStatus"],
            "engine": cluster["Engine"],
            "port": ends[0]["Port"] if ends else Unknown(f"the endpoint of {asked.name}"),
            "subnet_group": cluster.get("CacheSubnetGroupName", ""),
            "security_group_ids": sorted(it["SecurityGroupId"] for it in cluster["SecurityGroups"]),
        }

    def requested(self) -> Requests:
        yield request(
            "elasticache:CreateCacheCluster",
            CacheClusterId=self.name,
            CacheNodeType="cache.t4g.micro",
            NumCacheNodes=1,
            Engine=self.engine,
            Port=self.port,
            SecurityGroupIds=[known(it) for it in self.security_group_ids],
            **({"CacheSubnetGroupName": self.subnet_group} if self.subnet_group else {}),
        )


_OF_EVERY_NODE = ("engine", "port", "subnet_group_name", "security_group_ids")


def _completed(cluster: Resource, groups: Iterable[Resource]) -> Resource:
    """Return a cluster with what it takes over from the replication group that it is put into."""
    of = cluster.values.get("replication_group_id")
    for it in groups if given(of) else ():
        same = isinstance(of, str) and of == it.values.get("replication_group_id")
        if same or refers_to(of, it):
            taken = {name: it.values[name] for name in _OF_EVERY_NODE if given(it.values.get(name))}
            return replace(cluster, values={**cluster.values, **taken})
    return cluster


def _nodes(group: Resource) -> Iterator[Resource]:
    """Yield the clusters of a replication group, by the names that AWS gives them.

    Source: ElastiCache API reference, CreateReplicationGroup; NodeGroupMember, CacheClusterId.
    """
    base = group.values.get("replication_group_id")
    shards, nodes = group.values.get("num_node_groups"), group.values.get("num_cache_clusters")
    replicas = group.values.get("replicas_per_node_group")
    unknown = next((it for it in (base, shards, nodes, replicas) if isinstance(it, Unknown)), None)
    names: list[Any] = [Unknown(unknown.origin)] if unknown is not None else []
    if not names and _number(shards, 1) > 1:
        several = range(1, 2 + _number(replicas, 0))
        each = range(1, 1 + _number(shards, 1))
        names = [f"{base}-{shard:04}-{node:03}" for shard in each for node in several]
    elif not names:
        count = _number(nodes, 1 + _number(replicas, 0))
        names = [f"{base}-{node:03}" for node in range(1, 1 + count)]
    for it in names:
        own = {**group.values, "cluster_id": it, "arn": None, "id": None}
        yield replace(group, type=_CLUSTER, values=own)


def _number(value: Any, usual: int) -> int:
    return int(value) if given(value) else usual
