"""Where S3 writes down who asked a bucket for what: server access logging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from plumbline.kinds.facet import Facet, Requests, request
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.declared import Beside, first_block


class AccessLogging(Facet):
    """The bucket that access logs go to, and how their keys begin there."""

    call = of_bucket("s3:GetBucketLogging")
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
        return first_block(values, "logging")

    def requested(self) -> Requests:
        if self.logs_to is not None:
            target = {"TargetBucket": self.logs_to, "TargetPrefix": self.log_prefix}
            yield request(
                "s3:PutBucketLogging", Bucket=self.name, BucketLoggingStatus={"LoggingEnabled": target}
            )
