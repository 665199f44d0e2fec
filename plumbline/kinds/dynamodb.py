"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from plumbline.kinds.declared_policies import document
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.policy import Policy, decide
from plumbline.terraform.declared import (
    arn,
    block,
    blocks,
    companion,
    given,
    known,
    literal_tags,
    place,
    prevent_destroy,
    tags,
)
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined, Unexamined, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Configuration, Resource, Settings

COUNTED_AFTER = timedelta(hours=6)
_KEY = "Table.KeySchema[?KeyType=='{}'].AttributeName | [0]"
_OTHERWISE_ALLOWED = Policy.read({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "here")


class Index(Model):
    """A global secondary index."""

    hash_key: str
    range_key: str | None = None
    projection_type: Literal["ALL", "KEYS_ONLY", "INCLUDE"]
    non_key_attributes: list[Text] = []


class TableLimits(Model):
    """What can be expected of a table besides its fields."""

    most_indexes: int
    """How many global secondary indexes it may have."""
    shared_tags: list[str]
    """Tags that are the same everywhere, so that no resource writes them out."""
    least_items: int
    most_minutes_since_restorable: int


class Table(Kind):
    """A DynamoDB table with its indexes, recovery and tags."""

    noun = "table"
    plural = "tables"
    terraform_type = "aws_dynamodb_table"
    reads: ClassVar = dict.fromkeys(
        (
            "dynamodb:DescribeTable",
            "dynamodb:DescribeContinuousBackups",
            "dynamodb:ListTagsOfResource",
            "dynamodb:GetResourcePolicy",
        ),
        "arn:aws:dynamodb:{region}:{account}:table/{name}",
    )
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
    index_names: list[Text] = []
    """The index names as declared, doubles included."""
    inactive_indexes: dict[str, Text] = {}
    """The indexes that are not ACTIVE, with their IndexStatus; one being filled reads BACKFILLING."""
    provisioned_capacity: dict[str, int] = {}
    """Capacity units other than zero: `read_capacity`, `email-index.write_capacity`, ..."""
    point_in_time_recovery: bool = False
    minutes_since_restorable: int | None = None
    """How long ago the time lies that it can be restored to at the latest; None where there is none yet."""
    deletion_protection_enabled: bool = False
    prevent_destroy: bool = False
    item_count: int = 0
    """As DynamoDB knows it: some six hours old."""
    tags: dict[str, Text] = {}
    literal_tags: list[Text] = []
    """The tags whose values are written out in the resource itself."""
    resource_policy: Policy | None = None
    """Who may reach the table, and who may not, whatever their own policies say."""

    def denied(self, actions: Iterable[str], role: Role) -> list[str]:
        """Return the actions that the resource policy denies a role on the table or on its indexes.

        Raises `Undetermined` where that hangs on what is not known.
        """
        if self.resource_policy is None:
            return []
        policies = [_OTHERWISE_ALLOWED, self.resource_policy]
        table_arn = known(self.arn)
        places = (table_arn, f"{table_arn}/index/*")
        asker = ("AWS", known(role.arn))
        return [
            action
            for action in actions
            if any(decide(policies, action, place, asker) == "explicitDeny" for place in places)
        ]

    @classmethod
    def from_terraform(cls, resource: Resource, configuration: Configuration) -> Self:
        """Return the table as `aws_dynamodb_table` and what names it declare it."""
        values = resource.values
        policy, located_policy = _declared_policy(resource, configuration)
        same = ("name", "billing_mode", "hash_key", "range_key", "deletion_protection_enabled")
        fields: dict[str, Any] = {name: values[name] for name in same if given(values.get(name))} | {
            "arn": cls.derive("arn", resource, configuration),
            "status": NOT_DEPLOYED,
            "attributes": lambda: {known(it["name"]): it["type"] for it in blocks(values, "attribute")},
            "declared_attributes": lambda: [it["name"] for it in blocks(values, "attribute")],
            "key_attributes": lambda: _declared_key_attributes(values),
            "indexes": lambda: {known(it["name"]): _declared_index(it) for it in _global_indexes(values)},
            "index_names": lambda: [it["name"] for it in [*_global_indexes(values), *_local_indexes(values)]],
            "inactive_indexes": NOT_DEPLOYED,
            "provisioned_capacity": lambda: _declared_capacity(values),
            "point_in_time_recovery": lambda: block(values, "point_in_time_recovery").get("enabled", False),
            "prevent_destroy": prevent_destroy(resource),
            "literal_tags": literal_tags(resource),
            "item_count": NOT_DEPLOYED,
            "minutes_since_restorable": NOT_DEPLOYED,
            "tags": tags(resource),
            "resource_policy": policy,
        }
        arguments = {
            "indexes": "global_secondary_index",
            "prevent_destroy": "lifecycle",
            "literal_tags": "tags",
        }
        located = {field: place(resource, arguments.get(field, field)) for field in fields}
        return cls.of(str(resource.location), fields, located | {"resource_policy": located_policy})

    @classmethod
    def from_aws(cls, aws: Aws, name: str) -> Self:
        """Return the table as DynamoDB describes it."""
        table_arn = aws.arn("dynamodb", f"table/{name}")
        table = aws.read(
            "dynamodb:DescribeTable", {"TableName": name}, of=table_arn, missing=["ResourceNotFoundException"]
        )
        backups = aws.read("dynamodb:DescribeContinuousBackups", {"TableName": name}, of=table_arn)
        tag_list = aws.read("dynamodb:ListTagsOfResource", {"ResourceArn": table_arn}, of=table_arn)
        policy = aws.read(
            "dynamodb:GetResourcePolicy",
            {"ResourceArn": table_arn},
            of=table_arn,
            absent=["PolicyNotFoundException"],
        )
        fields = {
            "name": table.at("Table.TableName"),
            "arn": table.at("Table.TableArn"),
            "status": table.at("Table.TableStatus"),
            "billing_mode": table.at("Table.BillingModeSummary.BillingMode || 'PROVISIONED'"),
            "hash_key": table.at(_KEY.format("HASH")),
            "range_key": table.at(_KEY.format("RANGE")),
            "attributes": table.at("Table.AttributeDefinitions").map(_attributes),
            "declared_attributes": table.at("Table.AttributeDefinitions[].AttributeName"),
            "key_attributes": table.at("Table").map(_described_key_attributes),
            "indexes": table.at("Table").map(_described_indexes),
            "index_names": table.at("Table").map(lambda described: list(_described_indexes(described))),
            "inactive_indexes": table.at("Table").map(_inactive_indexes),
            "provisioned_capacity": table.at("Table").map(_described_capacity),
            "point_in_time_recovery": backups.at("ContinuousBackupsDescription").map(_recovers),
            "minutes_since_restorable": backups.at("ContinuousBackupsDescription").map(
                lambda described: _minutes_since_restorable(described, aws.window.end)
            ),
            "deletion_protection_enabled": table.at("Table.DeletionProtectionEnabled || `false`"),
            "prevent_destroy": NOT_IN_AWS,
            "literal_tags": NOT_IN_AWS,
            "item_count": table.at("Table").map(lambda described: _item_count(described, aws.window.end)),
            "tags": tag_list.at("Tags").map(_tags),
            "resource_policy": policy.at("Policy").map(
                lambda text: None if text is None else Policy.read(text, policy.call)
            ),
        }
        located = {
            **dict.fromkeys(("point_in_time_recovery", "minutes_since_restorable"), backups.call),
            "tags": tag_list.call,
            "resource_policy": policy.call,
        }
        return cls.of(table.call, aws.gather(fields), located)

    def create(self, aws: Aws) -> None:
        """Create the table in moto."""
        indexes = [
            {**_created_index(name, index), **self._throughput(f"{name}.")}
            for name, index in self.indexes.items()
        ]
        aws.write(
            "dynamodb:CreateTable",
            TableName=self.name,
            BillingMode=self.billing_mode,
            KeySchema=_key_schema(self),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": type_} for name, type_ in self.attributes.items()
            ],
            DeletionProtectionEnabled=self.deletion_protection_enabled,
            Tags=[{"Key": key, "Value": value} for key, value in self.tags.items()],
            **self._throughput(),
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        )
        aws.write(
            "dynamodb:UpdateContinuousBackups",
            TableName=self.name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": self.point_in_time_recovery},
        )
        if self.resource_policy is not None:
            text = self.resource_policy.as_json()
            aws.write("dynamodb:PutResourcePolicy", ResourceArn=self.arn, Policy=text)

    def _throughput(self, owner: str = "") -> dict[str, Any]:
        """Return the capacity of the table or of an index; billing on demand takes none."""
        if self.billing_mode != "PROVISIONED":
            return {}
        read, write = (
            self.provisioned_capacity.get(f"{owner}{sort}", 1) for sort in ("read_capacity", "write_capacity")
        )
        return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write}}


def _declared_policy(table: Resource, configuration: Configuration) -> tuple[Any, str]:
    """Return the resource policy of a table, and where it stands."""
    table_arn = Table.derive("arn", table, configuration)
    try:
        part = companion(table, configuration, "aws_dynamodb_resource_policy", "resource_arn", table_arn)
    except Undetermined as undetermined:
        return Unexamined(str(undetermined)), str(table.location)
    if part is None:
        return None, str(table.location)
    return document(part.values.get("policy"), place(part, "policy")), place(part, "policy")


def _arn(table: Mapping[str, Any], settings: Settings) -> str | None:
    return arn(settings, "dynamodb", "table/", table.get("name"))


def _distinct(names: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(known(name) for name in names if given(name)))


def _declared_index(index: Mapping[str, Any]) -> dict[str, Any]:
    return {field: index[field] for field in Index.model_fields if given(index.get(field))}


def _declared_key_attributes(values: Mapping[str, Any]) -> list[Any]:
    keyed = [values, *_global_indexes(values), *_local_indexes(values)]
    return _distinct(item.get(key) for item in keyed for key in ("hash_key", "range_key"))


def _declared_capacity(values: Mapping[str, Any]) -> dict[str, Any]:
    owners = [("", values), *((f"{known(index['name'])}.", index) for index in _global_indexes(values))]
    capacity = {
        f"{owner}{units}": item[units]
        for owner, item in owners
        for units in ("read_capacity", "write_capacity")
        if item.get(units) is not None
    }
    return {name: units for name, units in capacity.items() if known(units) != 0}


def _global_indexes(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return blocks(values, "global_secondary_index")


def _local_indexes(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return blocks(values, "local_secondary_index")


def _attributes(definitions: list[dict[str, str]]) -> dict[str, str]:
    return {definition["AttributeName"]: definition["AttributeType"] for definition in definitions}


def _tags(listed: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in listed}


def _key(schema: list[dict[str, str]], key_type: str) -> str | None:
    return next((key["AttributeName"] for key in schema if key["KeyType"] == key_type), None)


def _described_indexes(table: dict[str, Any]) -> dict[str, Index]:
    return {
        index["IndexName"]: Index(
            hash_key=_key(index["KeySchema"], "HASH") or "",
            range_key=_key(index["KeySchema"], "RANGE"),
            projection_type=index["Projection"]["ProjectionType"],
            non_key_attributes=index["Projection"].get("NonKeyAttributes", []),
        )
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def _described_key_attributes(table: dict[str, Any]) -> list[str]:
    keyed = [table, *table.get("GlobalSecondaryIndexes", []), *table.get("LocalSecondaryIndexes", [])]
    return _distinct(key["AttributeName"] for item in keyed for key in item["KeySchema"])


def _inactive_indexes(table: dict[str, Any]) -> dict[str, str]:
    status = {
        index["IndexName"]: "BACKFILLING" if index.get("Backfilling") else index["IndexStatus"]
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    return {name: value for name, value in status.items() if value != "ACTIVE"}


def _described_capacity(table: dict[str, Any]) -> dict[str, int]:
    owners = [("", table), *((f"{i['IndexName']}.", i) for i in table.get("GlobalSecondaryIndexes", []))]
    capacity = {
        f"{owner}{field}": item.get("ProvisionedThroughput", {}).get(key, 0)
        for owner, item in owners
        for field, key in (("read_capacity", "ReadCapacityUnits"), ("write_capacity", "WriteCapacityUnits"))
    }
    return {name: units for name, units in capacity.items() if units}


def _item_count(table: dict[str, Any], now: datetime) -> int | Unmeasured:
    """Return how many items a table holds; a new one's are not counted yet.

    Source: DynamoDB API reference, TableDescription.ItemCount: it is updated every six hours or so.
    """
    items: int = table["ItemCount"]
    if items == 0 and now - table["CreationDateTime"] < COUNTED_AFTER:
        return Unmeasured(f"the items of {table['TableName']}, created a short time ago, are not counted yet")
    return items


def _recovers(backups: dict[str, Any]) -> bool:
    return bool(backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED")


def _minutes_since_restorable(backups: dict[str, Any], now: datetime) -> int | Unexamined | None:
    """Return how old the end of the restore window is.

    Source: DynamoDB API reference, PointInTimeRecoveryDescription.
    """
    recovery = backups["PointInTimeRecoveryDescription"]
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        return Unexamined("point-in-time recovery is not enabled, so there is no restore window")
    if "EarliestRestorableDateTime" not in recovery or "LatestRestorableDateTime" not in recovery:
        return None
    return int((now - recovery["LatestRestorableDateTime"]) / timedelta(minutes=1))


def _key_schema(keyed: Table | Index) -> list[dict[str, str]]:
    keys = [(keyed.hash_key, "HASH"), (keyed.range_key, "RANGE")]
    return [{"AttributeName": name, "KeyType": key_type} for name, key_type in keys if name is not None]


def _created_index(name: str, index: Index) -> dict[str, Any]:
    attributes = {"NonKeyAttributes": index.non_key_attributes} if index.non_key_attributes else {}
    projection = {"ProjectionType": index.projection_type, **attributes}
    return {"IndexName": name, "KeySchema": _key_schema(index), "Projection": projection}
