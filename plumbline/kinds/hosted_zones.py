"""Hosted zones of Route 53: whose names are answered, and to whom.

Route 53 is no region's: one place answers for the whole partition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.by_name import id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_ZONES = Call("route53:ListHostedZones", of="hosted zones of Route 53", on="*")
_END = "."
"""What a name ends in that is written out to the root of the DNS, as Route 53 tells it."""


class HostedZone(Kind):
    """A hosted zone, by its domain without a dot at its end.

    Of a public and a private one for one domain the public one is meant.
    """

    noun = "hosted_zone"
    plural = "hosted_zones"
    terraform_type = "aws_route53_zone"
    regional = False
    call = _ZONES
    listing = Listing(_ZONES, "HostedZones[].Name", before=_END, regional=False)
    listed_with: ClassVar = dict.fromkeys(
        (f"aws_service_discovery_{it}_dns_namespace" for it in ("private", "public")), "name"
    )
    arguments: ClassVar = {"private": "vpc"}

    private: bool = False
    """Whether it is answered within VPCs alone, and the internet is answered by somebody else."""

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        name = super().named(resource, configuration)
        return name if isinstance(name, Unknown) else name.removesuffix(_END).lower()

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"private": lambda: bool(declaration.blocks("vpc"))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        zones = {it["Id"]: it for it in answer["HostedZones"] if _called(it) == asked.name}
        public = {identifier: it for identifier, it in zones.items() if not _is_private(it)}
        pairs = ((_called(it), identifier) for identifier, it in (public or zones).items())
        found = id_among(pairs, asked, _ZONES, "hosted zone")
        return {"private": _is_private(zones[found])}

    def requested(self) -> Requests:
        """Yield what creates it, a private one for a VPC of nobody's."""
        vpc = {"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-0"}} if self.private else {}
        yield request(
            "route53:CreateHostedZone",
            Name=self.name,
            CallerReference=self.name,
            HostedZoneConfig={"PrivateZone": self.private},
            **vpc,
        )


def _called(zone: Mapping[str, Any]) -> str:
    return str(zone["Name"]).removesuffix(_END)


def _is_private(zone: Mapping[str, Any]) -> bool:
    return bool(zone["Config"]["PrivateZone"])
