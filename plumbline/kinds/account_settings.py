"""Settings of a whole account or region: AWS Backup's services, the support plan, the tables there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from plumbline.kinds.kind import Kind
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws

SUPPORT_REGION = "us-east-1"
"""Where AWS Support answers. Source: AWS Support API reference, "Endpoint"."""


class BackupSettings(Kind):
    """What AWS Backup may back up in a region. Its name is the region's.

    Source: AWS Backup Developer Guide, "Service opt-in": selections skip resources of a service that is out.
    """

    noun = "backup_settings"
    plural = "backup_settings_of_regions"
    reads: ClassVar = {"backup:DescribeRegionSettings": "*"}

    opted_in: dict[str, bool] = {}
    """Whether each service is opted in: `DynamoDB`, `S3`, ..."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the settings as AWS Backup describes them."""
        settings = aws.read("backup:DescribeRegionSettings", of=f"AWS Backup in {name}")
        fields = {"name": name, "opted_in": settings.at("ResourceTypeOptInPreference || `{}`")}
        return cls.of(settings.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Opt the services in or out, in moto."""
        aws.write("backup:UpdateRegionSettings", ResourceTypeOptInPreference=self.opted_in)


class SupportPlan(Kind):
    """The support plan of an account, by what it lets AWS be asked. Its name is the account's."""

    noun = "support_plan"
    plural = "support_plans"
    reads: ClassVar = {"support:DescribeSeverityLevels": "*"}

    severity_levels: list[Text] = []
    """low, normal, high, urgent, critical; none in an account without a plan that opens technical cases."""

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the plan as AWS Support describes it."""
        levels = aws.within(SUPPORT_REGION).read(
            "support:DescribeSeverityLevels",
            of=f"the support plan of account {name}",
            absent=["SubscriptionRequiredException"],
        )
        fields = {"name": name, "severity_levels": levels.at("severityLevels[].code || `[]`")}
        return cls.of(levels.call, aws.gather(fields))

    def create(self, aws: Aws) -> None:
        """Do nothing: moto's account has every level."""


class TableListLimits(Model):
    """What can be expected of the tables of a region."""

    none_of: list[str]
    """The names of tables that belong elsewhere."""


class TableList(Kind):
    """The tables that a region of an account holds. Its name says which region."""

    noun = "table_list"
    plural = "table_lists"
    reads: ClassVar = {"dynamodb:ListTables": "*"}
    limits = TableListLimits

    table_names: list[Text] = []

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the tables as DynamoDB lists them."""
        listed = aws.read("dynamodb:ListTables", of=f"tables in {aws.region}")
        return cls.of(listed.call, aws.gather({"name": name, "table_names": listed.at("TableNames")}))

    def create(self, aws: Aws) -> None:
        """Do nothing: the tables are resources of their own."""
