"""Settings of a whole account or region: AWS Backup's services and the support plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields, Found, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.values.model import Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

SUPPORT_REGION = "us-east-1"
"""Where AWS Support answers. Source: AWS Support API reference, "Endpoint"."""


class BackupSettings(Kind):
    """What AWS Backup may back up in a region. Its name is the region's.

    Source: AWS Backup Developer Guide, "Service opt-in": selections skip resources of a service that is out.
    """

    noun = "backup_settings"
    plural = "backup_settings_of_regions"
    expects_some = ("opted_in",)
    in_every_account = True
    call = Call("backup:DescribeRegionSettings", of="AWS Backup in {name}")

    opted_in: dict[str, bool] = {}
    """Whether each service is opted in: `DynamoDB`, `S3`, ..."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"opted_in": answer.get("ResourceTypeOptInPreference", {})}

    def requested(self) -> Requests:
        """Return what opts the services in or out."""
        yield request("backup:UpdateRegionSettings", ResourceTypeOptInPreference=self.opted_in)


class SupportPlan(Kind):
    """The support plan of an account, by what it lets AWS be asked. Its name is the account's."""

    noun = "support_plan"
    plural = "support_plans"
    expects_some = ("severity_levels",)
    in_every_account = True
    call = Call(
        "support:DescribeSeverityLevels",
        of="the support plan of account {name}",
        absent=("SubscriptionRequiredException",),
    )

    severity_levels: list[Text] = []
    """low, normal, high, urgent, critical; none in an account without a plan that opens technical cases."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to ask in the region where AWS Support answers."""
        levels = asked.ask(cls.call, region=SUPPORT_REGION)
        return Found(levels.at("@").map(lambda answer: cls.described(answer, asked)), levels.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"severity_levels": [level["code"] for level in answer.get("severityLevels", [])]}
