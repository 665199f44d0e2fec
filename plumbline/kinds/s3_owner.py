"""A bucket that refuses its first call: the caller may not see it, or its name is another account's."""

from __future__ import annotations

from typing import TypeVar

from plumbline.kinds.kind import Kind
from plumbline.values.commands import command
from plumbline.values.unknown import ReadError, Unreadable

K = TypeVar("K", bound=Kind)


def told_once(model: K, bucket: str) -> K:
    """Return what was read of a bucket, or in it, so that one error tells of all that the bucket refused.

    Source: Amazon S3 API reference, HeadBucket: 403 says that a bucket exists, and not whose it is; names of
    buckets are unique across all accounts.
    """
    held = f"arn:aws:s3:::{bucket}"
    error = ReadError(
        f"denied: s3:ListBucket on {held}: the bucket may belong to another account",
        cause=f"denied s3:ListBucket {held}",
        denied="s3:ListBucket",
        advice=f"If the account's own list has {bucket}, allow s3:ListBucket on {held} to the caller. If it "
        "has not, another account holds the name, and nobody else can have it: choose another one",
        command=command("aws s3api list-buckets --query 'Buckets[?Name==`{bucket}`]'", {"bucket": bucket}),
    )
    refused = [name for name in type(model).model_fields if is_denied(getattr(model, name))]
    return model.model_copy(update=dict.fromkeys(refused, Unreadable(error)))


def is_denied(value: object) -> bool:
    """Return whether a value could not be read because the call was denied."""
    return isinstance(value, Unreadable) and bool(value.error.denied)
