"""Data sources whose answer follows from their arguments and the environment's settings alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plumbline.terraform.model import Settings
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.arns import SUFFIXES, partition_of


def read(type: str, values: Mapping[str, Value], settings: Settings, address: str) -> dict[str, Value] | None:
    """The attributes that the data source gives, or None where only the provider knows.

    Raises `InvalidValue` for arguments that the provider refuses.
    """
    if type == "aws_iam_policy_document":
        from plumbline.terraform.policy_document import document

        return document(values, address)
    reader = _READERS.get(type)
    if reader is None:
        return None
    given = reader(settings, values)
    return {name: value for name, value in given.items() if value is not None}


def _caller_identity(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    return {"account_id": settings.account, "id": settings.account}


def _region(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    """The region of the provider, unless another is asked for; `region` is new in its version 6."""
    asked = [_hosted(name, value) for name, value in values.items() if name in ("endpoint", "name", "region")]
    regions = set(asked) or {settings.region}
    if None in regions:
        return {}
    if len(regions) > 1:
        raise InvalidValue(f"no region is {' and '.join(map(str, sorted(map(str, regions))))} at once")
    region = str(regions.pop())
    return {"name": region, "region": region, "id": region, "endpoint": _endpoint(region)}


def _hosted(name: str, value: Value) -> str | None:
    """The region that an argument asks for; None where it cannot be told."""
    if not isinstance(value, str) or not value:
        return None
    region = value.split(".")[1] if name == "endpoint" and value.count(".") > 1 else value
    return region if name != "endpoint" or value == _endpoint(region) else None


def _endpoint(region: str) -> str | None:
    """Where EC2 answers in a region; in one of the European Sovereign Cloud providers differ about it."""
    partition = partition_of(region)
    return None if partition == "aws-eusc" else f"ec2.{region}.{SUFFIXES[partition]}"


def _bucket(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    """A bucket's id is its name, and its ARN has it; all else only AWS knows."""
    name = values.get("bucket")
    if not isinstance(name, str):
        return {}
    return {"id": name, "arn": f"arn:{settings.partition}:s3:::{name}"}


def _partition(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    suffix = SUFFIXES[settings.partition]
    return {
        "partition": settings.partition,
        "id": settings.partition,
        "dns_suffix": suffix,
        "reverse_dns_prefix": ".".join(reversed(suffix.split("."))),
    }


_READERS: dict[str, Callable[[Settings, Mapping[str, Value]], dict[str, Value]]] = {
    "aws_caller_identity": _caller_identity,
    "aws_region": _region,
    "aws_partition": _partition,
    "aws_s3_bucket": _bucket,
}
