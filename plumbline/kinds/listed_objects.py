"""Listing what a bucket holds below a prefix, for kinds that are named `bucket/prefix`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plumbline.kinds.call import Call
from plumbline.values.unknown import Missing

LISTED = Call(
    "s3:ListObjectsV2",
    {"Bucket": "{bucket}", "Prefix": "{key}"},
    of="arn:aws:s3:::{name}",
    on="arn:aws:s3:::{bucket}",
    action="s3:ListBucket",
    missing=("NoSuchBucket",),
)


@contextmanager
def told_of_the_bucket(name: str) -> Iterator[None]:
    """Let what is missing be the bucket of a name, and not what lies in it."""
    try:
        yield
    except Missing as missing:
        bucket = name.partition("/")[0]
        raise Missing(f"bucket {bucket}", missing.where, holder=bucket) from None
