"""A second copy of a bucket is a replica of every object, or a backup plan that takes it and ever starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.backup import BackupPlan, BackupVault
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.s3_replication import ReplicationRule
from plumbline.sources.moto.account import account
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Undetermined, Unknown
from selftest.kinds.test_buckets import ON, VERSIONING, beside, bucket, declared

VERSIONED = beside(VERSIONING, ON)
SCHEDULE = "cron(0 3 * * ? *)"
COPIES = "arn:aws:s3:::copies"


def plan(selected: str, schedule: str = SCHEDULE, name: str = "daily") -> str:
    """A backup plan of this name, and what it selects."""
    return f"""resource "aws_backup_plan" "{name}" {{
  name = "{name}"
  rule {{
    rule_name         = "all"
    target_vault_name = "vault"
    schedule          = "{schedule}"
  }}
}}
resource "aws_backup_selection" "{name}" {{
  name         = "some"
  plan_id      = aws_backup_plan.{name}.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  {selected}
}}
"""


def replicated(scope: str = "", status: str = "Enabled", chosen: str = "") -> str:
    """The bucket's replication."""
    rule = f'rule {{\n id = "r"\n status = "{status}"\n filter {{\n{scope}\n}}\n{chosen}'
    return beside(
        "aws_s3_bucket_replication_configuration",
        f'role = "r"\n{rule} destination {{\n bucket = "{COPIES}"\n }}\n}}',
    )


def of_kms(status: str) -> str:
    """Whether a replication takes what a key of KMS encrypts."""
    return f'source_selection_criteria {{\n sse_kms_encrypted_objects {{\n status = "{status}"\n}}\n}}\n'


BY_KMS = beside(
    "aws_s3_bucket_server_side_encryption_configuration",
    'rule {\n apply_server_side_encryption_by_default {\n sse_algorithm = "aws:kms"\n}\n}',
)
BY_ARN = "resources = [aws_s3_bucket.b.arn]"
BY_TAG = 'selection_tag {\n type = "STRINGEQUALS"\n key = "keep"\n value = "yes"\n}'
TAGGED = 'tags = { keep = "yes" }'
FOUND: dict[str, tuple[str, list[str], list[str]]] = {
    "nothing": ("", [VERSIONED], []),
    "a replica": ("", [VERSIONED, replicated()], [COPIES]),
    "a replica of some objects": ("", [VERSIONED, replicated('prefix = "raw/"')], []),
    "a rule that is disabled": ("", [VERSIONED, replicated(status="Disabled")], []),
    "a replica of nothing that KMS encrypts": ("", [VERSIONED, BY_KMS, replicated()], []),
    "one that leaves it out": ("", [VERSIONED, BY_KMS, replicated(chosen=of_kms("Disabled"))], []),
    "a replica of what KMS encrypts": (
        "",
        [VERSIONED, BY_KMS, replicated(chosen=of_kms("Enabled"))],
        [COPIES],
    ),
    "a plan that names it": ("", [VERSIONED, plan(BY_ARN)], ["daily"]),
    "a plan for what is tagged so": (TAGGED, [VERSIONED, plan(BY_TAG)], ["daily"]),
    "a plan for what is tagged otherwise": ("", [VERSIONED, plan(BY_TAG)], []),
    "a plan for another bucket": ("", [VERSIONED, plan('resources = ["arn:aws:s3:::other"]')], []),
    "a plan that never starts": ("", [VERSIONED, plan(BY_ARN, "cron(0 3 31 2 ? *)")], []),
    "a plan, and no versions": ("", [plan(BY_ARN)], []),
    "both": ("", [VERSIONED, replicated(), plan(BY_ARN)], [COPIES, "daily"]),
}


@pytest.mark.parametrize("case", FOUND)
def test_a_second_copy_is_found_wherever_it_is(tmp_path: Path, case: str) -> None:
    within, others, copies = FOUND[case]
    assert bucket(declared(tmp_path / "root", within, *others)).second_copies == copies


DOUBTED = {
    "a plan that takes nobody knows what": plan("resources = [var.unknown]"),
    "a stack of CloudFormation": 'resource "aws_cloudformation_stack" "x" {\n name = "x"\n}\n',
}
VARIABLE = 'data "aws_ssm_parameter" "x" {\n name = "x"\n}\n'


@pytest.mark.parametrize("case", DOUBTED)
def test_where_there_may_be_one_nobody_knows_and_one_that_is_found_decides(tmp_path: Path, case: str) -> None:
    doubted = DOUBTED[case].replace("var.unknown", "data.aws_ssm_parameter.x.value")
    found = bucket(declared(tmp_path / "root", "", VERSIONED, VARIABLE, doubted))
    with pytest.raises(Undetermined):
        assert found.second_copies
    beside_another = declared(tmp_path / "other", "", VERSIONED, VARIABLE, doubted, replicated())
    assert bucket(beside_another).second_copies


def test_a_plan_is_found_in_an_account() -> None:
    from moto.core.base_backend import BackendDict

    BackendDict.reset()
    aws = account("123456789012", "eu-west-1")
    lake = Bucket(name="lake", region="eu-west-1", account="123456789012", versioning="Enabled")
    lake.create(aws)
    assert Bucket.from_aws(aws, "lake").second_copies == []
    BackupVault(name="vault").create(aws)
    selected: dict[str, Any] = {"name": "some", "iam_role_arn": "arn:aws:iam::123456789012:role/backup"}
    for name, arn in (("daily", "arn:aws:s3:::lake"), ("other", "arn:aws:s3:::other")):
        BackupPlan(
            name=name,
            schedules=[SCHEDULE],
            target_vaults=["vault"],
            selections=[{**selected, "resources": [arn]}],
        ).create(aws)
    later = account("123456789012", "eu-west-1")
    assert Bucket.from_aws(later, "lake").second_copies == ["daily"]


def test_what_is_not_known_of_one_copy_leaves_the_other() -> None:
    lake = Bucket(
        name="lake",
        versioning=Unknown("var.versioning"),
        replication_rules={"all": ReplicationRule(status="Enabled", destination=COPIES)},
    )
    assert isinstance(lake.second_copies, SomeOf)
    assert lake.second_copies
