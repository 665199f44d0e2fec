"""Where else all is kept that a bucket holds: in a replica, or in backups."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from plumbline.kinds.backup import BackupPlan
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Requests
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.companions import everywhere, lies_beside
from plumbline.terraform.declared import Declaration, known, tags
from plumbline.values.arns import partition_of
from plumbline.values.model import Text
from plumbline.values.some_of import SomeOf, doubted, members
from plumbline.values.unknown import Missing, Undetermined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plumbline.aws.reads import Answer
    from plumbline.kinds.s3_replication import ReplicationRule

_PLANS = Call("backup:ListBackupPlans", of="backup plans in {region}")
_TAGS = of_bucket("s3:GetBucketTagging", "NoSuchTagSet")


class Backups(Facet):
    """The backup plans that cover the bucket."""

    further_calls: ClassVar[tuple[Call, ...]] = (_TAGS, *BackupPlan.calls_for())
    further_types = ("aws_backup_plan", "aws_backup_selection")

    if TYPE_CHECKING:
        versioning: Literal["Enabled", "Suspended"] | None
        sse_algorithm: str
        replication_rules: dict[str, ReplicationRule]

    backup_plans: list[Text] = []
    """The names of those of its region that take it, by a rule that ever starts."""

    @property
    def second_copies(self) -> list[str] | SomeOf:
        """The replicas that take every object, and the backup plans, which take versioned buckets alone.

        What a key of KMS encrypts by default a rule takes only where it says so. Where a replica or a plan is
        not known there may be more. Source: AWS Backup Developer Guide, "Amazon S3 backups"; Amazon S3 User
        Guide, "Replicating encrypted objects".
        """
        found: list[str] = []
        doubts: list[str] = []
        for copies in (self._whole_replicas, self._backups):
            try:
                told = copies()
            except Undetermined as doubt:
                doubts.append(doubt.reason)
                continue
            found += members(told)
            doubts += [told.reason] if isinstance(told, SomeOf) else []
        return doubted(found, doubts)

    def _whole_replicas(self) -> list[str]:
        whole = [it for it in self.replication_rules.values() if it.status == "Enabled" and it.only == []]
        taken = (it for it in whole if it.sse_kms_encrypted_objects or not self._is_encrypted_by_kms())
        return list(dict.fromkeys(known(it.destination) for it in taken))

    def _is_encrypted_by_kms(self) -> bool:
        return bool(known(self.sse_algorithm).startswith("aws:kms"))

    def _backups(self) -> list[Text] | SomeOf:
        return self.backup_plans if self.versioning == "Enabled" else []

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        bucket = declaration.resource
        arn = f"arn:{declaration.configuration.settings.partition}:s3:::{known(bucket.values.get('bucket'))}"
        carried = known(tags(bucket))
        plans = everywhere(declaration.configuration, BackupPlan.terraform_type)
        found: list[str] = []
        doubts = [*plans.doubts]
        for it, root in plans.found:
            if not lies_beside(bucket, declaration.configuration, it, root):
                continue  # AWS Backup takes what lies in its region alone
            plan = BackupPlan.from_terraform(it, root)
            try:
                found += [known(plan.name)] if _covers(plan, arn, carried) else []
            except Undetermined as doubt:
                doubts.append(f"whether {it.address} takes it: {doubt.reason}")
        return {"backup_plans": doubted(sorted(found), doubts)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list the plans; each is then read by its name."""
        listed, tagged = asked.ask(_PLANS), asked.ask(_TAGS)

        def described(answer: Answer) -> Fields:
            carried = {tag["Key"]: tag["Value"] for tag in tagged.answer.get("TagSet", [])}
            arn = f"arn:{partition_of(asked.region)}:s3:::{asked.name}"
            names = [it["BackupPlanName"] for it in answer["BackupPlansList"]]
            return {"backup_plans": sorted(it for it in names if _takes(it, asked, arn, carried))}

        return Found(listed.at("@").map(described), listed.call)

    def requested(self) -> Requests:
        """Yield nothing: moto is given the plans by themselves, and whatever is not known of these counts."""
        yield from ()


def _takes(name: str, asked: Asked, arn: str, carried: Mapping[str, str]) -> bool:
    try:
        return _covers(BackupPlan.from_aws(asked.aws, name), arn, carried)
    except Missing:
        return False  # deleted since it was listed


def _covers(plan: BackupPlan, arn: str, carried: Mapping[str, str]) -> bool:
    """Return whether a plan takes a resource, and something starts it."""
    return plan.covers(arn, carried) and len(plan.never_started) < len(plan.schedules) and not plan.refused
