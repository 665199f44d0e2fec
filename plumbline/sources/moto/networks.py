"""What moto lacks of VPCs: NAT gateways by their tags, and what a rule between two groups is described as."""

from typing import Any

from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupRule

_describe_nat_gateways = NatGatewayBackend.describe_nat_gateways


def install() -> None:
    """Replace how moto lists NAT gateways and describes rules."""
    setattr(NatGatewayBackend, "describe_nat_gateways", _by_tags)  # noqa: B010 (mypy refuses it plainly)
    setattr(SecurityGroupRule, "description", property(_description))  # noqa: B010


def _by_tags(self: NatGatewayBackend, filters: Any, *asked: Any) -> list[NatGateway]:
    """List NAT gateways as moto does, and of these alone those with the tags that are asked for."""
    wanted = {name: values for name, values in (filters or {}).items() if name.startswith("tag:")}
    found: list[NatGateway] = _describe_nat_gateways(self, filters, *asked)
    return [it for it in found if all(it.get_filter_value(name) in wanted[name] for name in wanted)]


def _description(self: SecurityGroupRule) -> str | None:
    """Return what a rule is described as, which is said of its peer."""
    return self.ip_range.get("Description") or self.source_group.get("Description")
