"""Partitions and accounts: what ARNs say of where something lies, and whose it is.

Source: IAM User Guide, "Amazon Resource Names"; the partitions are those of botocore's endpoint data.
"""

from __future__ import annotations

import functools
import re

_PARTITIONS = {
    "cn": ("aws-cn", "amazonaws.com.cn"),
    "us-gov": ("aws-us-gov", "amazonaws.com"),
    "eusc": ("aws-eusc", "amazonaws.eu"),
    "us-iso": ("aws-iso", "c2s.ic.gov"),
    "us-isob": ("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe": ("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof": ("aws-iso-f", "csp.hci.ic.gov"),
}
"""By how their regions begin, with how their hosts end; every other region is of AWS's first partition."""
FIRST = "aws"
SUFFIXES = {FIRST: "amazonaws.com", **dict(_PARTITIONS.values())}
"""How the hosts of each partition end."""

_ALIAS, _KEY = ":alias/", ":key/"


@functools.cache
def partition_of(region: str) -> str:
    """Return the partition that a region is of: `aws`, `aws-cn`, `aws-us-gov`, ..."""
    begin = next((it for it in _PARTITIONS if region.startswith(f"{it}-")), "")
    return _PARTITIONS[begin][0] if begin else FIRST


def in_partition(text: str, partition: str) -> str:
    """Return a text whose ARNs are of the first partition with those of another one."""
    return text if partition == FIRST else text.replace(f"arn:{FIRST}:", f"arn:{partition}:")


def account_in(arn: str) -> str:
    """Return the twelve digits of the account that an ARN carries; empty for anything else."""
    account = _parts(arn)[4]
    return account if re.fullmatch(r"\d{12}", account) else ""


def region_in(arn: str) -> str:
    """Return the region that an ARN carries; empty for anything else."""
    return _parts(arn)[3]


def _parts(arn: str) -> list[str]:
    """Return the six parts of an ARN; all are empty of anything else."""
    parts = arn.split(":", 5)
    return parts if len(parts) == 6 and parts[0] == "arn" else [""] * 6


def is_alias_beside_key(one: str, other: str) -> bool:
    """Return whether of two ARNs one is an alias of KMS, and the other a key that it may name."""
    parts = [it.partition(_ALIAS if _ALIAS in it else _KEY) for it in (one, other)]
    at_one_place = parts[0][0] == parts[1][0] and ":kms:" in parts[0][0]
    return at_one_place and {it[1] for it in parts} == {_ALIAS, _KEY}


def is_alias_of_aws(arn: str) -> bool:
    """Return whether an ARN is an alias of a key that AWS keeps in an account.

    Source: KMS API Reference, CreateAlias, AliasName: nobody else can create one that begins so.
    """
    return ":kms:" in arn and ":alias/aws/" in arn
