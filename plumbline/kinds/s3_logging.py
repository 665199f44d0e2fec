"""Where S3 writes down who asked a bucket for what: server access logging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from plumbline.kinds.call import Call
from plumbline.kinds.facet import Facet, Requests, request
from plumbline.terraform.declared import Beside, blocks


class AccessLogging(Facet):
    """The bucket that access logs go to, and how their keys begin there."""

    call = Call("s3:GetBucketLogging", {"Bucket": "{name}"}, of="arn:aws:s3:::{name}")
    beside = Beside("aws_s3_bucket_logging", "bucket")

    in_terraform: ClassVar = {"logs_to": "target_bucket", "log_prefix": "target_prefix"}
    in_answer: ClassVar = {
        "logs_to": "LoggingEnabled?.TargetBucket?",
        "log_prefix": "LoggingEnabled?.TargetPrefix?",
    }

    logs_to: str | None = None
    """The name of the bucket; None where access is not logged."""
    log_prefix: str = ""

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `logging` says."""
        found = blocks(values, "logging")
        return found[0] if found else None

    def requested(self) -> Requests:
        if self.logs_to is not None:
            target = {"TargetBucket": self.logs_to, "TargetPrefix": self.log_prefix}
            yield request(
                "s3:PutBucketLogging", Bucket=self.name, BucketLoggingStatus={"LoggingEnabled": target}
            )
