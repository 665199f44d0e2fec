"""Data sources whose answer follows from their arguments and the environment's settings alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plumbline.terraform.model import Settings
from plumbline.terraform.values import Value

_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


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
    given = reader(settings)
    return {name: value for name, value in given.items() if value is not None}


def _caller_identity(settings: Settings) -> dict[str, Value]:
    return {"account_id": settings.account, "id": settings.account}


def _region(settings: Settings) -> dict[str, Value]:
    region = settings.region
    endpoint = (
        None if region is None else f"ec2.{region}.{_SUFFIXES.get(settings.partition, 'amazonaws.com')}"
    )
    return {"name": region, "id": region, "endpoint": endpoint}


def _partition(settings: Settings) -> dict[str, Value]:
    suffix = _SUFFIXES.get(settings.partition)
    reverse = None if suffix is None else ".".join(reversed(suffix.split(".")))
    return {
        "partition": settings.partition,
        "id": settings.partition,
        "dns_suffix": suffix,
        "reverse_dns_prefix": reverse,
    }


_READERS: dict[str, Callable[[Settings], dict[str, Value]]] = {
    "aws_caller_identity": _caller_identity,
    "aws_region": _region,
    "aws_partition": _partition,
}
