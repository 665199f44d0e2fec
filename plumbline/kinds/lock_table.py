"""The locks that Terraform holds on its states."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from pydantic import model_validator

from plumbline.kinds.bounds import Minutes
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields
from plumbline.kinds.kind import Kind
from plumbline.values.json_source import data_of
from plumbline.values.model import Model, Text
from plumbline.values.unknown import NoData, Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer


_DIGEST = "-md5"
"""How the LockID ends of the digest of a state."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Terraform makes a UUID: whoever may write to the table may write anything there."""


class Lock(Model):
    """A lock on a state."""

    id: str
    """What `terraform force-unlock` takes."""
    who: str
    """User and machine of the run that took it."""
    operation: str
    """OperationTypePlan, OperationTypeApply, ..."""
    minutes: int
    """Its age."""


class Patience(Model):
    """How long a lock may be held, in minutes."""

    stale_after_minutes: Minutes
    """From when on a lock is doubtful."""
    job_minutes: Minutes
    """How long a job may run, and hold its lock: from then on a lock is stale."""
    running_jobs: str = ""
    """The command that lists the jobs that run, where there is one."""

    @model_validator(mode="after")
    def _is_doubtful_before_stale(self) -> Self:
        if self.stale_after_minutes > self.job_minutes:
            doubtful, stale = self.stale_after_minutes, self.job_minutes
            raise ValueError(
                f"a lock is doubtful from `stale_after_minutes: {doubtful}` on, and stale only from "
                f"`job_minutes: {stale}` on: write a first number that is not above the second"
            )
        return self

    @property
    def told(self) -> str:
        """How long a job may run, and how it is seen whether one does."""
        how = f": {self.running_jobs}" if self.running_jobs else ""
        return f"a job may run {self.job_minutes} minutes; look whether one does{how}"


class LockTable(Kind):
    """The locks in a lock table of Terraform's S3 backend. Its name is the table's.

    An item whose LockID ends in `-md5` is the digest of a state and no lock. Source:
    Terraform's documentation of the backend "s3", "DynamoDB State Locking".
    """

    noun = "lock_table"
    plural = "lock_tables"
    call = Call(
        "dynamodb:Scan",
        {"TableName": "{name}", "ConsistentRead": True},
        of="arn:aws:dynamodb:{region}:{account}:table/{name}",
        missing=("ResourceNotFoundException",),
    )
    holder_call = call
    remedy_names = ("lock_id",)
    question = Patience

    locks: dict[str, Lock] = {}
    """By what they lock: `bucket/key` of the state."""
    stale: dict[str, Lock] = {}
    """The locks that no job can hold any more; unknown where there is none of these and one is doubtful."""
    digests: dict[str, Text] = {}
    """The MD5 of each state as the run that wrote it left it, in hexadecimal; by `bucket/key`."""

    def named_in_remedies(self) -> dict[str, str]:
        """Return the id of the oldest lock, if one is known and can be one."""
        if isinstance(self.locks, Placeholder):
            return {}
        oldest = max(self.locks.values(), key=lambda lock: lock.minutes, default=None)
        return {"lock_id": oldest.id} if oldest and _ID.fullmatch(oldest.id) else {}

    @classmethod
    def holder(cls, name: str) -> str:
        """Return the name of the table."""
        return name

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        locks = _locks(answer["Items"], asked.window.end)
        return {
            "locks": locks,
            "stale": lambda: _stale(locks, asked.question),
            "digests": _digests(answer["Items"]),
        }

    def has_digest(self, of: str, md5: str) -> bool:
        """Return whether the digest that is kept of a state is its MD5.

        Raises `NoData` where none is kept, which Terraform takes for right, and `Undetermined` where it is
        another one while somebody holds the lock: the state is written before its digest. Source: Terraform's
        backend "s3", `RemoteClient.Get` and `RemoteClient.Put`.
        """
        if of not in self.digests:
            raise NoData(f"{self.name} keeps no digest of {of}")
        if self.digests[of] == md5:
            return True
        if of in self.locks:
            lock = self.locks[of]
            raise Undetermined(f"{lock.who} holds the lock on {of}, and may be writing it ({lock.operation})")
        return False


def _locks(items: list[dict[str, Any]], now: datetime) -> dict[str, Lock]:
    return {
        item["LockID"]["S"]: _lock(data_of(item["Info"]["S"]), now)
        for item in items
        if not item["LockID"]["S"].endswith(_DIGEST)
    }


def _digests(items: list[dict[str, Any]]) -> dict[str, str]:
    return {
        item["LockID"]["S"].removesuffix(_DIGEST): item["Digest"]["S"]
        for item in items
        if item["LockID"]["S"].endswith(_DIGEST)
    }


def _stale(locks: dict[str, Lock], patience: Patience) -> dict[str, Lock]:
    """Return the stale locks. Raises `Undetermined` where one may be stale or belong to a job that runs."""
    stale = {path: lock for path, lock in locks.items() if lock.minutes >= patience.job_minutes}
    doubtful = (it for it in locks.items() if it[1].minutes >= patience.stale_after_minutes)
    if not stale and (first := next(doubtful, None)):
        path, lock = first
        raise Undetermined(
            f"{lock.who} has held the lock on {path} for {lock.minutes} minutes ({lock.operation}): "
            f"{patience.told}"
        )
    return stale


def _lock(info: dict[str, str], now: datetime) -> Lock:
    age = now - datetime.fromisoformat(info["Created"])
    return Lock(
        id=info["ID"],
        who=info["Who"],
        operation=info["Operation"],
        minutes=int(age / timedelta(minutes=1)),
    )
