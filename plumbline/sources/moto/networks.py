"""What moto lacks of VPCs: NAT gateways are listed whatever tag is asked for."""

from typing import Any

from moto.ec2.models.nat_gateways import NatGateway, NatGatewayBackend

_describe_nat_gateways = NatGatewayBackend.describe_nat_gateways


def install() -> None:
    """Replace how moto lists NAT gateways."""
    setattr(NatGatewayBackend, "describe_nat_gateways", _by_tags)  # noqa: B010 (mypy refuses it plainly)


def _by_tags(self: NatGatewayBackend, filters: Any, *asked: Any) -> list[NatGateway]:
    """List NAT gateways as moto does, and of these alone those with the tags that are asked for."""
    wanted = {name: values for name, values in (filters or {}).items() if name.startswith("tag:")}
    found: list[NatGateway] = _describe_nat_gateways(self, filters, *asked)
    return [it for it in found if all(it.get_filter_value(name) in wanted[name] for name in wanted)]
