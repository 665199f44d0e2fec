"""On what terms a bucket is used: whether what is put is locked for a time, and who pays for requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.declared import Beside, first_block, given

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_RETENTION = "ObjectLockConfiguration?.Rule?.DefaultRetention?"


class ObjectLock(Facet):
    """What Object Lock does to what is put, unless the request says otherwise."""

    call = of_bucket(
        "s3:GetObjectLockConfiguration",
        "ObjectLockConfigurationNotFoundError",
        action="s3:GetBucketObjectLockConfiguration",
    )
    beside = Beside("aws_s3_bucket_object_lock_configuration", "bucket")

    in_terraform: ClassVar = {
        "locks": "rule.default_retention.mode",
        "locked_days": "rule.default_retention.days",
        "locked_years": "rule.default_retention.years",
    }
    in_answer: ClassVar = {
        "locks": f"{_RETENTION}.Mode?",
        "locked_days": f"{_RETENTION}.Days?",
        "locked_years": f"{_RETENTION}.Years?",
    }

    locks: str | None = None
    """GOVERNANCE or COMPLIANCE; None where nothing is locked by default."""
    locked_days: int | None = None
    locked_years: int | None = None

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `object_lock_configuration` says."""
        return first_block(values, "object_lock_configuration")

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        found = super().described(answer, asked).items()
        return {name: it for name, it in found if it != 0}  # moto's unit that was not put, S3 answers none

    def requested(self) -> Requests:
        if self.locks is not None:
            time = {"Days": self.locked_days, "Years": self.locked_years}
            retention = {"Mode": self.locks, **{unit: it for unit, it in time.items() if it is not None}}
            lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
            yield request("s3:PutObjectLockConfiguration", Bucket=self.name, ObjectLockConfiguration=lock)


class RequestPayment(Facet):
    """Who pays for requests."""

    call = of_bucket("s3:GetBucketRequestPayment")
    beside = Beside("aws_s3_bucket_request_payment_configuration", "bucket")

    in_terraform: ClassVar = {"payer": "payer"}
    in_answer: ClassVar = {"payer": "Payer"}

    payer: str = "BucketOwner"
    """BucketOwner, or Requester: whoever asks."""

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what `request_payer` says."""
        return {"payer": values["request_payer"]} if given(values.get("request_payer")) else None

    def requested(self) -> Requests:
        if self.payer != "BucketOwner":
            paid = {"Payer": self.payer}
            yield request("s3:PutBucketRequestPayment", Bucket=self.name, RequestPaymentConfiguration=paid)
