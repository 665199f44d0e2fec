"""CloudTrail trails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.terraform.declared import blocks, known, place, region
from plumbline.values.model import Model
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource


class TrailLimits(Model):
    """What can be expected of a trail besides its fields."""

    covers: str
    """A region whose calls it must record."""


class Trail(Kind):
    """A trail: the record of API calls, which event rules and searches for refusals live on."""

    noun = "trail"
    plural = "trails"
    terraform_type = "aws_cloudtrail"
    limits = TrailLimits
    reads: ClassVar = {
        "cloudtrail:DescribeTrails": "*",
        "cloudtrail:GetTrailStatus": "arn:aws:cloudtrail:{region}:{account}:trail/{name}",
        "cloudtrail:GetEventSelectors": "arn:aws:cloudtrail:{region}:{account}:trail/{name}",
    }

    is_logging: bool = True
    home_region: str = ""
    is_multi_region_trail: bool = False
    management_events: bool = True
    """Whether reading and writing management events are both recorded."""

    def records(self, region: str) -> bool:
        """Return whether the trail records the calls of a region."""
        return self.is_multi_region_trail or bool(self.home_region == region)

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the trail as `aws_cloudtrail` declares it."""
        values = resource.values
        fields = {
            "name": values.get("name"),
            "is_logging": values.get("enable_logging", True),
            "home_region": region(resource, configuration),
            "is_multi_region_trail": values.get("is_multi_region_trail", False),
            "management_events": lambda: _declared_management(values),
        }
        located = {
            "is_logging": place(resource, "enable_logging"),
            "is_multi_region_trail": place(resource, "is_multi_region_trail"),
            "management_events": place(resource, "event_selector"),
        }
        return cls.of(str(resource.location), fields, located)

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the trail as CloudTrail describes it."""
        trail_arn = aws.arn("cloudtrail", f"trail/{name}")
        asked = {"trailNameList": [name], "includeShadowTrails": True}
        listed = aws.read(
            "cloudtrail:DescribeTrails", asked, of=trail_arn, missing=["TrailNotFoundException"]
        )
        if listed.at("trailList[0]").value() is None:
            raise Missing(f"trail {name}", f"in {aws.region} (cloudtrail:DescribeTrails)")
        status = aws.read("cloudtrail:GetTrailStatus", {"Name": name}, of=trail_arn)
        selectors = aws.read("cloudtrail:GetEventSelectors", {"TrailName": name}, of=trail_arn)
        fields = {
            "name": listed.at("trailList[0].Name"),
            "is_logging": status.at("IsLogging"),
            "home_region": listed.at("trailList[0].HomeRegion"),
            "is_multi_region_trail": listed.at("trailList[0].IsMultiRegionTrail"),
            "management_events": selectors.at("@").map(_described_management),
        }
        located = {"is_logging": status.call, "management_events": selectors.call}
        return cls.of(listed.call, aws.gather(fields), located)

    def create(self, aws: Aws) -> None:
        """Create the trail in moto, and the bucket that it writes to."""
        bucket = f"trail-of-{self.name}"
        aws.write(
            "s3:CreateBucket",
            Bucket=bucket,
            CreateBucketConfiguration={"LocationConstraint": aws.region},
        )
        aws.write(
            "cloudtrail:CreateTrail",
            Name=self.name,
            S3BucketName=bucket,
            IsMultiRegionTrail=self.is_multi_region_trail,
            IncludeGlobalServiceEvents=True,
        )
        if not self.management_events:
            selector = {"ReadWriteType": "All", "IncludeManagementEvents": False, "DataResources": []}
            aws.write("cloudtrail:PutEventSelectors", TrailName=self.name, EventSelectors=[selector])
        if self.is_logging:
            aws.write("cloudtrail:StartLogging", Name=self.name)


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
    found = selectors.get("EventSelectors") or []
    return not found or any(
        it.get("IncludeManagementEvents", True) and it.get("ReadWriteType", "All") == "All" for it in found
    )
