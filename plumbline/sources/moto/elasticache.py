"""What moto lacks of ElastiCache: the security groups, the nodes and the port of a cluster, and Valkey."""

from typing import Any

from moto.elasticache.models import CacheCluster

from plumbline.values.arns import region_in

_init = CacheCluster.__init__


def install() -> None:
    """Replace how moto keeps a cluster."""
    setattr(CacheCluster, "__init__", _made_whole)  # noqa: B010 (mypy refuses it plainly)


def _made_whole(self: CacheCluster, *given: Any, **named: Any) -> None:
    """Make a cluster as moto does, and keep what it drops: it answers with the attributes of this object."""
    _init(self, *given, **named)
    own = vars(self)
    own.setdefault("num_cache_nodes", 1)
    for name in ("replication_group_id", "snapshot_name", "snapshot_window"):
        own.setdefault(name, None)
    own.setdefault("snapshot_arns", [])
    own["security_groups"] = [{"SecurityGroupId": it, "Status": "active"} for it in self.security_group_ids]
    region = region_in(self.arn)
    address = f"{self.cache_cluster_id}.0001.{region}.cache.amazonaws.com"
    own["cache_nodes"] = [
        {
            "CacheNodeId": f"{number:04}",
            "CacheNodeStatus": "available",
            "CustomerAvailabilityZone": self.preferred_availability_zone or f"{region}a",
            "Endpoint": {"Address": address, "Port": int(self.port)},
        }
        for number in range(1, 1 + int(self.num_cache_nodes))
    ]
