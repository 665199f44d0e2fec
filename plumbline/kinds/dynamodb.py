"""DynamoDB tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.kind import NOT_DEPLOYED, NOT_IN_AWS, Kind
from plumbline.policy import Policy, decide
from plumbline.terraform.declared import (
    Beside,
    Declaration,
    arn,
    blocks,
    given,
    known,
    literal_tags,
    prevent_destroy,
    tags,
)
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Unexamined, Unmeasured

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.kinds.iam import Role
    from plumbline.terraform.model import Settings

COUNTED_AFTER = timedelta(hours=6)
_ARN = "arn:aws:dynamodb:{region}:{account}:table/{name}"
_OTHERWISE_ALLOWED = Policy.read({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, "here")


class Index(Model):
    """A global secondary index."""

    hash_key: str
    range_key: str | None = None
    projection_type: Literal["ALL", "KEYS_ONLY", "INCLUDE"]
    non_key_attributes: list[Text] = []


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
        return {"tags": tags(declaration.resource), "literal_tags": literal_tags(declaration.resource)}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"tags": {tag["Key"]: tag["Value"] for tag in answer["Tags"]}, "literal_tags": NOT_IN_AWS}

    def requested(self) -> Requests:
        if self.tags:
            listed = [{"Key": key, "Value": value} for key, value in self.tags.items()]
            yield request("dynamodb:TagResource", ResourceArn=self.arn, Tags=listed)


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
    def declared(cls, declaration: Declaration) -> Fields:
        text = declaration.at("policy")
        return {"resource_policy": document(text, declaration.place("policy")) if text is not None else None}

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        text = answer.get("Policy")
        return {"resource_policy": None if text is None else Policy.read(text, f"the policy of {asked.name}")}

    def requested(self) -> Requests:
        if self.resource_policy is not None:
            text = self.resource_policy.as_json()
            yield request("dynamodb:PutResourcePolicy", ResourceArn=self.arn, Policy=text)


class TableLimits(Model):
    """What can be expected of a table besides its fields."""

    most_indexes: int
    """How many global secondary indexes it may have."""
    shared_tags: list[str]
    """Tags that are the same everywhere, so that no resource writes them out."""
    least_items: int
    used_actions: list[str]
    """The IAM actions that nothing may keep its users from."""
    most_minutes_since_restorable: int


class Table(Recovery, Tagging, ResourcePolicy, Kind):
    """A DynamoDB table with its indexes, recovery and tags."""

    noun = "table"
    plural = "tables"
    terraform_type = "aws_dynamodb_table"
    call = Call(
        "dynamodb:DescribeTable", {"TableName": "{name}"}, of=_ARN, missing=("ResourceNotFoundException",)
    )
    arguments: ClassVar = {"indexes": "global_secondary_index", "prevent_destroy": "lifecycle"}
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
    """Capacity units other than zero: `read_capacity`, `by-owner.write_capacity`, ..."""
    deletion_protection_enabled: bool = False
    prevent_destroy: bool = False
    item_count: int = 0
    """As DynamoDB knows it: some six hours old."""

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        values = declaration.values
        same = ("billing_mode", "hash_key", "range_key", "deletion_protection_enabled")
        return {name: values[name] for name in same if given(values.get(name))} | {
            "arn": cls.derive("arn", declaration.resource, declaration.configuration),
            "status": NOT_DEPLOYED,
            "attributes": lambda: {known(it["name"]): it["type"] for it in blocks(values, "attribute")},
            "declared_attributes": lambda: [it["name"] for it in blocks(values, "attribute")],
            "key_attributes": lambda: _declared_key_attributes(values),
            "indexes": lambda: {known(it["name"]): _declared_index(it) for it in _global_indexes(values)},
            "index_names": lambda: [it["name"] for it in [*_global_indexes(values), *_local_indexes(values)]],
            "inactive_indexes": NOT_DEPLOYED,
            "provisioned_capacity": lambda: _declared_capacity(values),
            "prevent_destroy": prevent_destroy(declaration.resource),
            "item_count": NOT_DEPLOYED,
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        table = answer["Table"]
        attributes = {it["AttributeName"]: it["AttributeType"] for it in table["AttributeDefinitions"]}
        return {
            "arn": table["TableArn"],
            "status": table["TableStatus"],
            "billing_mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "hash_key": _key(table["KeySchema"], "HASH"),
            "range_key": _key(table["KeySchema"], "RANGE"),
            "attributes": attributes,
            "declared_attributes": list(attributes),
            "key_attributes": _described_key_attributes(table),
            "indexes": (indexes := _described_indexes(table)),
            "index_names": list(indexes),
            "inactive_indexes": _inactive_indexes(table),
            "provisioned_capacity": _described_capacity(table),
            "deletion_protection_enabled": table.get("DeletionProtectionEnabled", False),
            "prevent_destroy": NOT_IN_AWS,
            "item_count": _item_count(table, asked.window.end),
        }

    def requested(self) -> Requests:
        indexes = [
            {**_created_index(name, index), **self._throughput(f"{name}.")}
            for name, index in self.indexes.items()
        ]
        yield request(
            "dynamodb:CreateTable",
            TableName=self.name,
            BillingMode=self.billing_mode,
            KeySchema=_key_schema(self),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": type_} for name, type_ in self.attributes.items()
            ],
            DeletionProtectionEnabled=self.deletion_protection_enabled,
            **self._throughput(),
            **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
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


def _key_schema(keyed: Table | Index) -> list[dict[str, str]]:
    keys = [(keyed.hash_key, "HASH"), (keyed.range_key, "RANGE")]
    return [{"AttributeName": name, "KeyType": key_type} for name, key_type in keys if name is not None]


def _created_index(name: str, index: Index) -> dict[str, Any]:
    attributes = {"NonKeyAttributes": index.non_key_attributes} if index.non_key_attributes else {}
    projection = {"ProjectionType": index.projection_type, **attributes}
    return {"IndexName": name, "KeySchema": _key_schema(index), "Projection": projection}


def _minutes_since_restorable(recovery: dict[str, Any], now: datetime) -> int | Unexamined | None:
    """Return how old the end of the restore window is.

    Source: DynamoDB API reference, PointInTimeRecoveryDescription.
    """
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        return Unexamined("point-in-time recovery is not enabled, so there is no restore window")
    if "EarliestRestorableDateTime" not in recovery or "LatestRestorableDateTime" not in recovery:
        return None
    return int((now - recovery["LatestRestorableDateTime"]) / timedelta(minutes=1))
