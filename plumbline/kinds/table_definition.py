"""The definition of a DynamoDB table, its keys, indexes and capacity: as Terraform's arguments say it, as
DynamoDB describes it, and as it is given it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from plumbline.terraform.declared import blocks, given, known
from plumbline.values.model import Model, Text

if TYPE_CHECKING:
    from plumbline.kinds.dynamodb import Table


class Index(Model):
    """A global secondary index."""

    hash_key: str
    range_key: str | None = None
    projection_type: Literal["ALL", "KEYS_ONLY", "INCLUDE"]
    non_key_attributes: list[Text] = []


def defined(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a table's definition gives, as Terraform's arguments say it."""
    global_indexes = functools.partial(blocks, table, "global_secondary_index")
    local_indexes = functools.partial(blocks, table, "local_secondary_index")
    attributes = functools.partial(blocks, table, "attribute")
    same = ("billing_mode", "hash_key", "range_key", "deletion_protection_enabled")
    return {name: table[name] for name in same if given(table.get(name))} | {
        "attributes": lambda: {known(it["name"]): it["type"] for it in attributes()},
        "declared_attributes": lambda: sorted((it["name"] for it in attributes()), key=repr),
        "key_attributes": lambda: _keys([table, *global_indexes(), *local_indexes()]),
        "indexes": lambda: {known(it["name"]): _index(it) for it in global_indexes()},
        "index_keys": lambda: {
            known(it["name"]): _keys([{"hash_key": table.get("hash_key"), **_given(it)}])
            for it in [*global_indexes(), *local_indexes()]
        },
        "index_names": lambda: [it["name"] for it in [*global_indexes(), *local_indexes()]],
        "provisioned_capacity": lambda: _capacity(table, global_indexes()),
    }


def as_arguments(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definition of a table that DynamoDB describes, as Terraform's arguments say it."""
    return {
        **_keys_and_capacity(table),
        "billing_mode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "deletion_protection_enabled": table.get("DeletionProtectionEnabled", False),
        "attribute": [
            {"name": it["AttributeName"], "type": it["AttributeType"]} for it in table["AttributeDefinitions"]
        ],
        "global_secondary_index": [_described(it) for it in table.get("GlobalSecondaryIndexes", [])],
        "local_secondary_index": [_described(it) for it in table.get("LocalSecondaryIndexes", [])],
    }


def _described(index: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_keys_and_capacity(index),
        "name": index["IndexName"],
        "projection_type": index["Projection"]["ProjectionType"],
        "non_key_attributes": index["Projection"].get("NonKeyAttributes", []),
    }


def _keys_and_capacity(owner: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys and the capacity of a described table or index, as Terraform's arguments say them."""
    keys = {key["KeyType"]: key["AttributeName"] for key in owner["KeySchema"]}
    throughput = owner.get("ProvisionedThroughput", {})
    return {
        "hash_key": keys.get("HASH"),
        "range_key": keys.get("RANGE"),
        "read_capacity": throughput.get("ReadCapacityUnits"),
        "write_capacity": throughput.get("WriteCapacityUnits"),
    }


def _keys(owners: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Return the attributes that the keys of a table and its indexes use, each once."""
    keys = (owner.get(key) for owner in owners for key in ("hash_key", "range_key"))
    return list(dict.fromkeys(known(key) for key in keys if given(key)))


def _given(index: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an index says; a local one has the table's hash key."""
    return {name: value for name, value in index.items() if given(value)}


def _index(index: Mapping[str, Any]) -> dict[str, Any]:
    return {field: index[field] for field in Index.model_fields if given(index.get(field))}


def _capacity(table: Mapping[str, Any], indexes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the capacity units of a table and its indexes that are not zero."""
    owners = [("", table), *((f"{known(index['name'])}.", index) for index in indexes)]
    capacity = {
        f"{owner}{units}": item[units]
        for owner, item in owners
        for units in ("read_capacity", "write_capacity")
        if item.get(units) is not None
    }
    return {name: units for name, units in capacity.items() if known(units) != 0}


def key_schema(keyed: Table | Index) -> list[dict[str, str]]:
    """Return the keys of a table or index as DynamoDB is given them."""
    keys = [(keyed.hash_key, "HASH"), (keyed.range_key, "RANGE")]
    return [{"AttributeName": name, "KeyType": key_type} for name, key_type in keys if name is not None]


def created_local_index(name: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return a local index as DynamoDB is given it; no field says what it holds besides its keys."""
    schema = [
        {"AttributeName": key, "KeyType": sort} for key, sort in zip(keys, ("HASH", "RANGE"), strict=False)
    ]
    return {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}


def created_index(name: str, index: Index) -> dict[str, Any]:
    """Return an index as DynamoDB is given it."""
    attributes = {"NonKeyAttributes": index.non_key_attributes} if index.non_key_attributes else {}
    projection = {"ProjectionType": index.projection_type, **attributes}
    return {"IndexName": name, "KeySchema": key_schema(index), "Projection": projection}
