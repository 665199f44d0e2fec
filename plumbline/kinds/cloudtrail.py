"""CloudTrail trails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.event_selectors import Selector, advanced, basic, management_events
from plumbline.kinds.facet import Facet, Fields, Found, Requests, request
from plumbline.kinds.key_access import is_told_later
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.kinds.trail_delivery import kept_out_of_logs, refusal
from plumbline.terraform.declared import Declaration, arn, blocks, given, known
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Missing, Placeholder
from plumbline.values.window import begun

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource

_TRAILS = Call("cloudtrail:DescribeTrails", {"includeShadowTrails": True}, of="every trail", on="*")
"""All that record here: by its name, CloudTrail finds no trail of another region or of an organisation."""
_ANY = "arn:aws:cloudtrail:*:*:trail/*"


def _trail(answer: Answer, asked: Asked) -> dict[str, Any]:
    """Return the trail in a list of all; of two of one name that of the region which is asked."""
    found = [it for it in answer["trailList"] if asked.name in (it["Name"], it["TrailARN"])]
    if not found:
        raise Missing(f"trail {asked.name}", f"in {asked.region} ({_TRAILS.operation})")
    return dict(max(found, key=lambda it: it["HomeRegion"] == asked.region))


class OfTrail(Facet):
    """What CloudTrail tells by the ARN of a trail, in its home region."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        trail = _trail(asked.ask(_TRAILS).answer, asked)
        [call] = cls.calls()
        reply = asked.ask(call, region=trail["HomeRegion"], arn=trail["TrailARN"])
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)


class Status(OfTrail):
    """Whether the trail records at all, and whether that arrives."""

    call = Call("cloudtrail:GetTrailStatus", {"Name": "{arn}"}, of="{arn}", on=_ANY)

    in_terraform: ClassVar = {"is_logging": "enable_logging"}
    arguments: ClassVar = {
        "delivery_error": "s3_bucket_name",
        "log_delivery_error": "cloud_watch_logs_group_arn",
        "minutes_since_log_delivery": "cloud_watch_logs_group_arn",
    }

    is_logging: bool = True
    delivery_error: str = ""
    """What S3 said when it refused the last delivery to the bucket; empty where it took it.

    In Terraform what the bucket, or the key, will refuse. Source: CloudTrail API reference, GetTrailStatus,
    "LatestDeliveryError".
    """

    log_delivery_error: str = ""
    """What CloudWatch Logs said when it refused the last delivery to it; empty where it took it."""
    minutes_since_log_delivery: int | None = None
    """How long ago something was last delivered there; None where nothing ever was."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            **super().declared(declaration),
            "delivery_error": lambda: refusal(declaration),
            "log_delivery_error": NOT_DEPLOYED,
            "minutes_since_log_delivery": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        delivered = answer.get("LatestCloudWatchLogsDeliveryTime")
        return {
            "is_logging": answer["IsLogging"],
            "delivery_error": answer.get("LatestDeliveryError", ""),
            "log_delivery_error": answer.get("LatestCloudWatchLogsDeliveryError", ""),
            "minutes_since_log_delivery": _minutes_since(delivered, asked.window.end),
        }

    def requested(self) -> Requests:
        if self.is_logging:
            yield request("cloudtrail:StartLogging", Name=self.name)


def _minutes_since(at: datetime | None, now: datetime) -> int | None:
    return None if at is None else max(begun(at, now, timedelta(minutes=1)), 0)


class Selectors(OfTrail):
    """Which events are recorded."""

    call = Call("cloudtrail:GetEventSelectors", {"TrailName": "{arn}"}, of="{arn}", on=_ANY)
    arguments: ClassVar = {"management_events": "event_selector"}

    management_events: bool = True
    """Whether reading and writing management events are both recorded; those of KMS and of RDS may be not."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"management_events": lambda: management_events(_declared(declaration))}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"management_events": lambda: management_events(_described(answer))}

    def requested(self) -> Requests:
        if not self.management_events:
            selector = {"ReadWriteType": "All", "IncludeManagementEvents": False, "DataResources": []}
            yield request("cloudtrail:PutEventSelectors", TrailName=self.name, EventSelectors=[selector])


class TrailLimits(Model):
    """What can be expected of a trail besides its fields."""

    covers: str
    """A region whose calls it must record."""
    not_buckets: list[str]
    """Buckets that it must not write to."""
    most_minutes_since_log_delivery: Annotated[int, Field(gt=0)]
    """How long ago something must have been delivered to its log group at the latest."""


class Trail(Status, Selectors, Kind):
    """A trail: the record of API calls, which event rules and searches for refusals live on."""

    noun = "trail"
    plural = "trails"
    expects_some = ("not_buckets",)
    terraform_type = "aws_cloudtrail"
    listing = Listing(
        Call("cloudtrail:ListTrails", of="trails of {account}"), "Trails[].Name", regional=False
    )
    limits = TrailLimits
    call = _TRAILS
    own_arn = (
        call,
        "trailList[?(Name=='{name}' || TrailARN=='{name}') && !IsOrganizationTrail].TrailARN",
    )
    """An organisation's trail is of its management account, and records the calls of this one."""

    computed: ClassVar = {
        "aws_cloudtrail.arn": lambda trail, settings: arn(settings, "cloudtrail", "trail/", trail.get("name"))
    }
    arguments: ClassVar = {
        **dict.fromkeys(("log_group_arn", "kept_out"), "cloud_watch_logs_group_arn"),
        "log_role": "cloud_watch_logs_role_arn",
    }
    candidates = Listing(call, "trailList[].Name")
    selected_by: ClassVar = {"covers": "records"}

    arn: str = ""
    home_region: str = ""
    is_multi_region_trail: bool = False
    s3_bucket_name: Text = ""
    """The bucket that it writes to."""
    log_group_arn: Text = ""
    """The log group that it writes to, too, without `:*`; empty where it writes to none."""
    log_role: Text = ""
    """The ARN of the role as which it writes there."""

    def records(self, region: str) -> bool:
        """Return whether the trail records the calls of a region."""
        return self.is_multi_region_trail or bool(self.home_region == region)

    def kept_out(self, role: Role, authorization: Authorization) -> list[str]:
        """Return what keeps it from writing to its log group as a role; `authorization` holds its policies.

        Raises `Undetermined` where nothing does for certain, and something may.
        """
        group = known(self.log_group_arn)
        return kept_out_of_logs(known(self.arn), group, role, authorization) if group else ["no log group"]

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
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "s3_bucket_name": declaration.at("s3_bucket_name"),
            "log_group_arn": lambda: _bare(_configured(declaration, "cloud_watch_logs_group_arn")),
            "log_role": lambda: _configured(declaration, "cloud_watch_logs_role_arn"),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        trail = _trail(answer, asked)
        return {
            "home_region": trail["HomeRegion"],
            "is_multi_region_trail": trail["IsMultiRegionTrail"],
            "arn": trail["TrailARN"],
            "s3_bucket_name": trail["S3BucketName"],
            "log_group_arn": _bare(trail.get("CloudWatchLogsLogGroupArn") or ""),
            "log_role": trail.get("CloudWatchLogsRoleArn") or "",
        }

    def requested(self) -> Requests:
        """Return what creates the trail; moto takes one that writes to a bucket which is not there yet."""
        bucket = self.s3_bucket_name
        logs = {"CloudWatchLogsLogGroupArn": self.log_group_arn, "CloudWatchLogsRoleArn": self.log_role}
        yield request(
            "cloudtrail:CreateTrail",
            Name=self.name,
            S3BucketName=bucket if bucket and isinstance(bucket, str) else "logs-of-trails",
            IsMultiRegionTrail=self.is_multi_region_trail,
            IncludeGlobalServiceEvents=True,
            **{name: it for name, it in logs.items() if isinstance(it, str) and it},
        )

    @property
    def lies_in(self) -> str:
        """The region that the trail was created in."""
        return self.home_region


def _configured(declaration: Declaration, argument: str) -> Any:
    """Return an argument; empty where it is not given, also where a plan calls that unknown."""
    told = declaration.at(argument)
    unset = is_told_later(declaration.resource, argument, declaration.configuration)
    return told if given(told) and not unset else ""


def _bare(group: Any) -> Any:
    """Return the ARN of a log group without what a policy adds to it for its streams."""
    return group.removesuffix(":*") if isinstance(group, str) else group


_OPERATORS = {
    "equals": "Equals",
    "not_equals": "NotEquals",
    "starts_with": "StartsWith",
    "not_starts_with": "NotStartsWith",
    "ends_with": "EndsWith",
    "not_ends_with": "NotEndsWith",
}
"""The operators of a field selector, as Terraform and as the API call them."""


def _declared(declaration: Declaration) -> list[Selector]:
    """Return the selectors of a trail in Terraform."""
    selectors = [
        basic(
            known(it.get("read_write_type")) or "All",
            known(it.get("include_management_events")) is not False,
            known(it.get("exclude_management_event_sources")) or [],
        )
        for it in declaration.blocks("event_selector")
    ]
    fields = [blocks(it, "field_selector") for it in declaration.blocks("advanced_event_selector")]
    return [
        *selectors,
        *(advanced(_by_field(it, "field", {name: name for name in _OPERATORS})) for it in fields),
    ]


def _described(answer: Answer) -> list[Selector]:
    """Return the selectors of a trail in an account."""
    selectors = [
        basic(
            it.get("ReadWriteType", "All"),
            it.get("IncludeManagementEvents", True),
            it.get("ExcludeManagementEventSources", []),
        )
        for it in answer.get("EventSelectors", [])
    ]
    fields = [it["FieldSelectors"] for it in answer.get("AdvancedEventSelectors", [])]
    return [*selectors, *(advanced(_by_field(it, "Field", _OPERATORS)) for it in fields)]


def _by_field(
    selectors: Iterable[Mapping[str, Any]], field: str, operators: Mapping[str, str]
) -> dict[str, dict[str, list[str]]]:
    """Return the operators of each field that says something, by their names in Terraform."""
    return {
        known(it[field]): {name: said for name, key in operators.items() if (said := known(it.get(key)))}
        for it in selectors
    }
