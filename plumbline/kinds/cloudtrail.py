"""CloudTrail trails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Declaration, blocks, known
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_ARN = "arn:aws:cloudtrail:{region}:{account}:trail/{name}"


class Status(Facet):
    """Whether the trail records at all."""

    call = Call("cloudtrail:GetTrailStatus", {"Name": "{name}"}, of=_ARN)

    in_terraform: ClassVar = {"is_logging": "enable_logging"}
    in_answer: ClassVar = {"is_logging": "IsLogging"}

    is_logging: bool = True

    def requested(self) -> Requests:
        if self.is_logging:
            yield request("cloudtrail:StartLogging", Name=self.name)


class Selectors(Facet):
    """Which events are recorded."""

    call = Call("cloudtrail:GetEventSelectors", {"TrailName": "{name}"}, of=_ARN)
    arguments: ClassVar = {"management_events": "event_selector"}

    management_events: bool = True
    """Whether reading and writing management events are both recorded."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"management_events": _declared_management(declaration.values)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"management_events": _described_management(answer)}

    def requested(self) -> Requests:
        if not self.management_events:
            selector = {"ReadWriteType": "All", "IncludeManagementEvents": False, "DataResources": []}
            yield request("cloudtrail:PutEventSelectors", TrailName=self.name, EventSelectors=[selector])


class TrailLimits(Model):
    """What can be expected of a trail besides its fields."""

    covers: str
    """A region whose calls it must record."""


class Trail(Status, Selectors, Kind):
    """A trail: the record of API calls, which event rules and searches for refusals live on."""

    noun = "trail"
    plural = "trails"
    terraform_type = "aws_cloudtrail"
    listing = Listing(
        Call("cloudtrail:ListTrails", of="trails of {account}"), "Trails[].Name", regional=False
    )
    limits = TrailLimits
    call = Call(
        "cloudtrail:DescribeTrails",
        {"trailNameList": ["{name}"], "includeShadowTrails": True},
        of=_ARN,
        on="*",
        missing=("TrailNotFoundException",),
    )
    own_arn = call, "trailList[].TrailARN"

    candidates = Listing(
        Call("cloudtrail:DescribeTrails", {"includeShadowTrails": True}, of="every trail", on="*"),
        "trailList[].Name",
    )
    selected_by: ClassVar = {"covers": "records"}

    home_region: str = ""
    is_multi_region_trail: bool = False

    def records(self, region: str) -> bool:
        """Return whether the trail records the calls of a region."""
        return self.is_multi_region_trail or bool(self.home_region == region)

    @classmethod
    def is_seen_in(cls, here: str, resource: Resource, configuration: Configuration) -> bool:
        """Return whether a region lists a declared trail: one of all regions is listed in each."""
        everywhere = resource.values.get("is_multi_region_trail")
        perhaps = isinstance(everywhere, Placeholder) or bool(everywhere)
        return perhaps or super().is_seen_in(here, resource, configuration)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "home_region": declaration.region,
            "is_multi_region_trail": declaration.at("is_multi_region_trail", default=False),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = [it for it in answer["trailList"] if asked.name in (it["Name"], it["TrailARN"])]
        if not found:
            raise Missing(f"trail {asked.name}", f"in {asked.region} (cloudtrail:DescribeTrails)")
        [trail] = found
        return {
            "home_region": trail["HomeRegion"],
            "is_multi_region_trail": trail["IsMultiRegionTrail"],
        }

    def requested(self) -> Requests:
        """Return what creates the trail, and a bucket that it writes to.

        No two accounts have a bucket of one name, and two accounts may have trails of one name.
        """
        bucket, place = f"trail-{uuid4().hex}", {"LocationConstraint": self.home_region}
        yield request("s3:CreateBucket", Bucket=bucket, CreateBucketConfiguration=place)
        yield request(
            "cloudtrail:CreateTrail",
            Name=self.name,
            S3BucketName=bucket,
            IsMultiRegionTrail=self.is_multi_region_trail,
            IncludeGlobalServiceEvents=True,
        )

    @property
    def lies_in(self) -> str:
        """The region that the trail was created in."""
        return self.home_region


def _declared_management(values: Mapping[str, Any]) -> bool:
    if blocks(values, "advanced_event_selector"):
        raise Undetermined("advanced event selectors are not evaluated here")
    selectors = blocks(values, "event_selector")
    return not selectors or any(
        known(it.get("include_management_events", True)) and known(it.get("read_write_type", "All")) == "All"
        for it in selectors
    )


def _described_management(selectors: Mapping[str, Any]) -> bool:
    if selectors.get("AdvancedEventSelectors"):
        raise Undetermined("advanced event selectors are not evaluated here")
    found = selectors["EventSelectors"]
    return not found or any(
        it.get("IncludeManagementEvents", True) and it.get("ReadWriteType", "All") == "All" for it in found
    )
