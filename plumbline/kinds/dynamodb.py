"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from plumbline.kinds.bounds import AtMost, Some
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.kinds.kms import declared_key, described_key
from plumbline.kinds.listing import Existing, Listing
from plumbline.kinds.table_definition import (
    Index,
    as_arguments,
    created_index,
    created_local_index,
    defined,
    key_schema,
)
from plumbline.kinds.table_replicas import replicas
from plumbline.kinds.table_scaling import (
    Bounds,
    Capacity,
    Following,
    ScalableTargets,
    ScalingPolicies,
    ScheduledActions,
)
from plumbline.kinds.table_settings import ARN_OF_TABLE, ContributorInsights, TimeToLive
from plumbline.policy import OVER_TLS, Policy, dynamodb_denied, is_for_machines, of_role
from plumbline.terraform.companions import belonging
from plumbline.terraform.declared import (
    Beside,
    Declaration,
    arn,
    given,
    known,
    literal_tags,
    prevent_destroy,
    refuse_difference,
    tags,
)
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam_authorization import Authorization
    from plumbline.terraform.model import Configuration, Resource, Settings

_TAG = "aws_dynamodb_tag"
COUNTED_AFTER = timedelta(hours=6)
_ARN = ARN_OF_TABLE
_DESCRIBE = Call(
    "dynamodb:DescribeTable", {"TableName": "{name}"}, of=_ARN, missing=("ResourceNotFoundException",)
)
_KEY_OF_AWS = "alias/aws/dynamodb"
"""What encrypts where KMS is wanted and no key is named. Source: DynamoDB API reference, SSESpecification."""


class Recovery(Facet):
    """Point-in-time recovery."""

    call = Call("dynamodb:DescribeContinuousBackups", {"TableName": "{name}"}, of=_ARN)

    point_in_time_recovery: bool = False
    minutes_since_restorable: int | None = None
    """How long ago the time lies that it can be restored to at the latest; None where there is none yet."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "point_in_time_recovery": declaration.at("point_in_time_recovery", "enabled", default=False),
            "minutes_since_restorable": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        recovery = answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        return {
            "point_in_time_recovery": recovery["PointInTimeRecoveryStatus"] == "ENABLED",
            "minutes_since_restorable": _minutes_since_restorable(recovery, asked.window.end),
        }

    def requested(self) -> Requests:
        recovery = {"PointInTimeRecoveryEnabled": self.point_in_time_recovery}
        yield request(
            "dynamodb:UpdateContinuousBackups",
            TableName=self.name,
            PointInTimeRecoverySpecification=recovery,
        )


class Encryption(Facet):
    """The server-side encryption."""

    call = _DESCRIBE
    arguments: ClassVar = {"kms_key": "server_side_encryption"}

    kms_key: str | None = None
    """The ARN of the key or of an alias of it; None where DynamoDB encrypts with a key of its own."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        if not known(declaration.at("server_side_encryption", "enabled", default=False)):
            return {"kms_key": None}
        named = declaration.at("server_side_encryption", "kms_key_arn")
        return {"kms_key": declared_key(declaration, named if given(named) else _KEY_OF_AWS)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        named = answer["Table"].get("SSEDescription", {}).get("KMSMasterKeyArn")
        return {"kms_key": described_key(asked, named)}

    def requested(self) -> Requests:
        if self.kms_key is not None:
            key = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": self.kms_key}
            yield request("dynamodb:UpdateTable", TableName=self.name, SSESpecification=key)


class Tagging(Facet):
    """The tags, those of the provider's default_tags included."""

    call = Call("dynamodb:ListTagsOfResource", {"ResourceArn": _ARN}, of=_ARN)
    arguments: ClassVar = {"literal_tags": "tags"}

    if TYPE_CHECKING:
        arn: str

    tags: dict[str, Text] = {}
    literal_tags: list[Text] = []
    """The tags whose values are written out in the resource itself."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"tags": lambda: _tags(declaration), "literal_tags": literal_tags(declaration.resource)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"tags": {tag["Key"]: tag["Value"] for tag in answer["Tags"]}, "literal_tags": NOT_IN_AWS}

    def requested(self) -> Requests:
        if self.tags:
            listed = [{"Key": key, "Value": value} for key, value in self.tags.items()]
            yield request("dynamodb:TagResource", ResourceArn=self.arn, Tags=listed)


def _tags(declaration: Declaration) -> Any:
    """Return the tags of a table with those that an `aws_dynamodb_tag` gives it.

    Raises `Undetermined` where one contradicts the table, since each apply undoes what the other says, and
    where it is not known whether one is of this table.
    """
    table, configuration = declaration.resource, declaration.configuration
    given_tags = tags(table)
    if not any(root.of_type(_TAG) for root in (configuration, *configuration.others())):
        return given_tags
    arn = Table.derive("arn", table, configuration)
    found = belonging(table, configuration, _TAG, "resource_arn", arn)
    if found.doubts:
        raise Undetermined(found.doubts[0])
    together = dict(known(given_tags) or {}) if found.certain else given_tags
    for part in found.certain:
        key, value = known(part.values.get("key")), part.values.get("value")
        if key in together and known(together[key]) != known(value):
            refuse_difference(f"the tag {key} of {table.address}", table, part)
        together[key] = value
    return together


class ResourcePolicy(Facet):
    """Who may reach the table, and who may not, whatever their own policies say."""

    call = Call(
        "dynamodb:GetResourcePolicy", {"ResourceArn": _ARN}, of=_ARN, absent=("PolicyNotFoundException",)
    )
    beside = Beside("aws_dynamodb_resource_policy", "resource_arn", by="arn")
    arguments: ClassVar = {"resource_policy": "policy", "denied": "policy"}

    if TYPE_CHECKING:
        arn: str

    resource_policy: Policy | None = None

    def denied(self, authorization: Authorization) -> list[str]:
        """Return what the resource policy denies the roles that there are, on the table or its indexes.

        Each as `dynamodb:DeleteItem to ARN`. Raises `Undetermined` where that hangs on what is not known.
        """
        policy = known(self.resource_policy)
        if policy is None:
            return []
        table_arn = known(self.arn)
        places = (table_arn, f"{table_arn}/index/*")
        found: list[str] = []
        doubts: list[str] = []
        for role, trust in authorization.trusts.items():
            try:
                told = _denied(policy, role, trust, places)
            except Undetermined as doubt:
                doubts.append(doubt.reason)
            else:
                found += [f"{actions} to {role}" for actions in told]
        if doubts and not found:
            raise Undetermined(doubts[0])
        return found

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        return {
            "resource_policy": None
            if text is None
            else document(text, declaration.place("policy"), "resource")
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        text = answer.get("Policy")
        return {"resource_policy": None if text is None else Policy.read(text, f"the policy of {asked.name}")}

    def requested(self) -> Requests:
        if self.resource_policy is not None:
            text = self.resource_policy.as_json()
            yield request("dynamodb:PutResourcePolicy", ResourceArn=self.arn, Policy=text)


def _denied(policy: Policy, role: str, trust: Policy | Placeholder, places: tuple[str, ...]) -> list[str]:
    """Return what a policy denies a role; what is no ARN is why there may be another role."""
    if role.startswith("arn:"):
        people = isinstance(trust, Placeholder) or not is_for_machines(trust)
        asked = of_role(role, places[0], with_mfa=people)
        return dynamodb_denied(policy, ("AWS", role), places, asked)
    if dynamodb_denied(policy, None, places, OVER_TLS):
        known(trust)
    return []


class TableLimits(Model):
    """What can be expected of a table besides its fields."""

    index_attributes: dict[str, Literal["S", "N", "B"]]
    """The type of each attribute that an expected index is keyed by."""
    most_indexes: AtMost
    """How many global secondary indexes it may have."""
    least_indexes: Some
    """How many global secondary indexes it must have, whatever their names."""
    shared_tags: list[str]
    """Tags that are the same everywhere, so that no resource writes them out."""
    least_items: Some
    used_actions: list[str]
    """The IAM actions that nothing may keep its users from."""
    most_minutes_since_restorable: Some
    named_in: str
    """The inline policy of the role that it is related to in which it and its indexes stand."""
    scaled: dict[Capacity, Bounds]
    """What of its provisioned capacity is to be scaled."""
    follows_use: dict[Capacity, Following]
    """What of its provisioned capacity is to follow its use."""
    least_capacity: dict[Capacity, Some]
    """Units that a capacity has at least where it is provisioned and nobody scales it."""


class Table(
    Recovery,
    Encryption,
    Tagging,
    ResourcePolicy,
    TimeToLive,
    ContributorInsights,
    ScalableTargets,
    ScalingPolicies,
    ScheduledActions,
    Kind,
):
    """A DynamoDB table with its indexes, recovery, encryption, tags, expiry and scaling."""

    noun = "table"
    plural = "tables"
    expects_some = (
        *("attributes", "index_attributes", "indexes", "shared_tags", "tags", "used_actions"),
        *("scaled", "follows_use", "least_capacity"),
    )
    terraform_type = "aws_dynamodb_table"
    further_types = ("aws_dynamodb_tag", "aws_dynamodb_table_replica", "aws_dynamodb_global_table")
    listing = Listing(Call("dynamodb:ListTables", of="tables in {region}"), "TableNames")
    call = _DESCRIBE
    arguments: ClassVar = {
        "indexes": "global_secondary_index",
        "index_keys": "global_secondary_index",
        "prevent_destroy": "lifecycle",
    }
    limits = TableLimits
    computed: ClassVar = {
        "aws_dynamodb_table.id": lambda table, settings: table.get("name"),
        "aws_dynamodb_table.arn": lambda table, settings: _arn(table, settings),
    }

    arn: str = ""
    status: str = ""
    """DynamoDB's TableStatus: ACTIVE, CREATING, UPDATING, ..."""
    billing_mode: Literal["PAY_PER_REQUEST", "PROVISIONED"] = "PROVISIONED"
    hash_key: str = ""
    range_key: str | None = None
    attributes: dict[str, Text] = {}
    """The type of each declared attribute: S, N or B."""
    declared_attributes: list[Text] = []
    """The attribute names as declared, doubles included."""
    key_attributes: list[Text] = []
    """The attributes that a key of the table or of one of its indexes uses, each once."""
    indexes: dict[str, Index] = {}
    index_keys: dict[str, list[Text]] = {}
    """What each index is keyed by: first what is asked for, then what is sorted by. Local ones, too."""
    index_names: list[Text] = []
    """The index names as declared, doubles included."""
    inactive_indexes: dict[str, Text] = {}
    """The indexes that are not ACTIVE, with their IndexStatus; one being filled reads BACKFILLING."""
    provisioned_capacity: dict[str, int] = {}
    """Capacity units other than zero: `read_capacity`, `by-owner.write_capacity`, ..."""
    deletion_protection_enabled: bool = False
    prevent_destroy: bool = False
    item_count: int = 0
    """As DynamoDB knows it: some six hours old."""

    @property
    def arns(self) -> list[str]:
        """Its ARN, and that of each of its indexes."""
        own = known(self.arn)
        return [own, *(f"{own}/index/{name}" for name in known(self.index_keys))]

    @classmethod
    def copies(cls, resource: Resource, configuration: Configuration) -> Iterator[Existing]:
        """Yield the replicas of tables that a resource makes."""
        return replicas(resource, configuration)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return defined(declaration.values) | {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "status": NOT_DEPLOYED,
            "inactive_indexes": NOT_DEPLOYED,
            "prevent_destroy": prevent_destroy(declaration.resource),
            "item_count": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = answer["Table"]
        return defined(as_arguments(table)) | {
            "arn": table["TableArn"],
            "status": table["TableStatus"],
            "inactive_indexes": _inactive_indexes(table),
            "prevent_destroy": NOT_IN_AWS,
            "item_count": _item_count(table, asked.window.end),
        }

    def requested(self) -> Requests:
        indexes = [
            {**created_index(name, index), **self._throughput(f"{name}.")}
            for name, index in self.indexes.items()
        ]
        local = [
            created_local_index(name, keys)
            for name, keys in self.index_keys.items()
            if name not in self.indexes
        ]
        yield request(
            "dynamodb:CreateTable",
            TableName=self.name,
            BillingMode=self.billing_mode,
            KeySchema=key_schema(self),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": type_} for name, type_ in self.attributes.items()
            ],
            DeletionProtectionEnabled=self.deletion_protection_enabled,
            **self._throughput(),
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
            **({"LocalSecondaryIndexes": local} if local else {}),
        )

    def _throughput(self, owner: str = "") -> dict[str, Any]:
        """Return the capacity of the table or of an index; billing on demand takes none."""
        if self.billing_mode != "PROVISIONED":
            return {}
        read, write = (
            self.provisioned_capacity.get(f"{owner}{sort}", 1) for sort in ("read_capacity", "write_capacity")
        )
        return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}


def _arn(table: Mapping[str, Any], settings: Settings) -> str | None:
    return arn(settings, "dynamodb", "table/", table.get("name"))


def _inactive_indexes(table: dict[str, Any]) -> dict[str, str]:
    status = {
        index["IndexName"]: "BACKFILLING" if index.get("Backfilling") else index["IndexStatus"]
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    return {name: value for name, value in status.items() if value != "ACTIVE"}


def _item_count(table: dict[str, Any], now: datetime) -> int | Unmeasured:
    """Return how many items a table holds; a new one's are not counted yet.

    Source: DynamoDB API reference, TableDescription.ItemCount: it is updated every six hours or so.
    """
    items: int = table["ItemCount"]
    if items == 0 and now - table["CreationDateTime"] < COUNTED_AFTER:
        return Unmeasured(f"the items of {table['TableName']}, created a short time ago, are not counted yet")
    return items


def _minutes_since_restorable(recovery: dict[str, Any], now: datetime) -> int | Unexamined | None:
    """Return how old the end of the restore window is.

    Source: DynamoDB API reference, PointInTimeRecoveryDescription.
    """
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        return Unexamined("point-in-time recovery is not enabled, so there is no restore window")
    if "EarliestRestorableDateTime" not in recovery or "LatestRestorableDateTime" not in recovery:
        return None
    return int((now - recovery["LatestRestorableDateTime"]) / timedelta(minutes=1))
