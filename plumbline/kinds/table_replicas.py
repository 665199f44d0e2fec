"""The replicas of DynamoDB tables: tables of the same name in other regions, which another resource makes.

Source: the AWS provider's documentation of `aws_dynamodb_table` (its block `replica`), of
`aws_dynamodb_table_replica` and of `aws_dynamodb_global_table`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plumbline.kinds.listing import Existing
from plumbline.terraform.companions import refers_to
from plumbline.terraform.declared import blocks, known, place, region

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource

_TABLE = "aws_dynamodb_table"
_WITH_BLOCKS = (_TABLE, "aws_dynamodb_global_table")
_REPLICA = "aws_dynamodb_table_replica"


def replicas(resource: Resource, configuration: Configuration) -> Iterator[Existing]:
    """Yield the replicas that a resource makes. Raises `Undetermined` for what is not known of one."""
    if resource.type in _WITH_BLOCKS:
        for replica in blocks(resource.values, "replica"):
            name, lies_in = known(resource.values.get("name")), known(replica.get("region_name"))
            yield Existing(name=name, region=lies_in, where=place(resource, "replica"))
    elif resource.type == _REPLICA:
        name, lies_in = _replicated(resource, configuration), known(region(resource, configuration))
        yield Existing(name=name, region=lies_in or "", where=place(resource, "global_table_arn"))


def _replicated(replica: Resource, configuration: Configuration) -> str:
    """Return the name of the table that a replica is of. Raises `Undetermined` where it is not known."""
    arn = replica.values.get("global_table_arn")
    tables = (it for it in configuration.of_type(_TABLE) if refers_to(arn, it))
    named = next((it.values.get("name") for it in tables), None)
    return str(known(arn)).rpartition("/")[2] if named is None else str(known(named))
