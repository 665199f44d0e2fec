"""Data sources whose answer follows from their arguments and the environment's settings alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from plumbline.terraform import regional
from plumbline.terraform.conversion import convert
from plumbline.terraform.model import Settings
from plumbline.terraform.types import STRING
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.arns import FIRST, SUFFIXES, partition_of
from plumbline.values.unknown import Unknown

_GOVERNMENT = "aws-us-gov"
_REVERSED = "com.amazonaws"


def read(
    type: str,
    values: Mapping[str, Value],
    settings: Settings,
    address: str,
    provider: Mapping[str, Value],
) -> dict[str, Value] | None:
    """The attributes that the data source gives, or None where only the provider knows.

    `provider` is what is configured of the provider that it is of. Raises `InvalidValue` for arguments that
    the provider refuses.
    """
    if type == "aws_iam_policy_document":
        from plumbline.terraform.policy_document import document

        return document(values, address)
    if type == "aws_default_tags":
        return {"id": settings.partition, "tags": default_tags(provider)}
    reader = _READERS.get(type)
    if reader is None:
        return None
    given = reader(settings, values)
    return {name: value for name, value in given.items() if value is not None}


def default_tags(provider: Mapping[str, Value]) -> Value:
    """The tags that the provider gives whatever it makes; unknown where nobody knows them."""
    told = provider.get("default_tags")
    block = told[0] if isinstance(told, list) and told else told
    tags = block.get("tags") if isinstance(block, dict) else block
    if not isinstance(tags, dict):
        return {} if tags is None else tags
    return {name: convert(value, STRING) for name, value in tags.items()}


def _arn(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    arn = values.get("arn")
    if not isinstance(arn, str):
        return {}
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise InvalidValue(f"{arn!r} is no ARN")
    _, partition, service, region, account, resource = parts
    told = {"partition": partition, "service": service, "region": region}
    return {"id": arn, **told, "account": account, "resource": resource}


def _service(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    """What a service is called in a region of the first partition, by whichever name it is asked for."""
    service, region = values.get("service_id"), values.get("region") or settings.region
    for name, order in (("dns_name", 1), ("reverse_dns_name", -1)):
        if isinstance(told := values.get(name), str):
            steps = told.split(".")[::order]
            service, region = steps[0], steps[1] if len(steps) > 1 else None
    if not isinstance(service, str) or not isinstance(region, str):
        return {}
    if partition_of(region) != FIRST or settings.partition != FIRST:
        return {}
    name, suffix = f"{_REVERSED}.{region}.{service}", SUFFIXES[FIRST]
    told_of = {"service_id": service, "region": region, "partition": FIRST, "reverse_dns_prefix": _REVERSED}
    return {**told_of, "id": name, "reverse_dns_name": name, "dns_name": f"{service}.{region}.{suffix}"}


def _service_principal(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    """By what name policies know a service; in other partitions some have names of their own."""
    service, region = values.get("service_name"), values.get("region") or settings.region
    if not isinstance(service, str) or not isinstance(region, str):
        return {}
    if {partition_of(region), settings.partition} - {FIRST, _GOVERNMENT}:
        return {}
    suffix = SUFFIXES[FIRST]
    told = {"service_name": service, "region": region, "suffix": suffix}
    return {**told, "id": f"{service}.{region}.{suffix}", "name": f"{service}.{suffix}"}


def _regional(type: str, settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    """What the provider holds of the region in a table."""
    region = values.get("region") or settings.region
    if isinstance(region, Unknown):
        return {}
    return regional.answer(type, values, str(region), settings.partition) or {}


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
    "aws_arn": _arn,
    "aws_service": _service,
    "aws_service_principal": _service_principal,
    **{it: partial(_regional, it) for it in regional.TYPES},
}
