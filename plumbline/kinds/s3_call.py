"""The calls of S3 that read one setting of a bucket."""

from __future__ import annotations

from plumbline.kinds.call import Call


def of_bucket(operation: str, *absent: str, action: str = "") -> Call:
    """Return the call that reads a setting; `absent` are the codes by which S3 says that it is not set."""
    return Call(operation, {"Bucket": "{name}"}, of="arn:aws:s3:::{name}", absent=absent, action=action)
