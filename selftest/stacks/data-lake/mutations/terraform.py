"""Mutations for tests/terraform, and for what tests/dynamodb asks of the lock table."""

from plumbline.aws.reads import Aws
from plumbline.kinds.dynamodb import Table
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Recreated, Removed, Replaced, Written
from selftest.mutations.mutation import mutation, near_miss, unnamed
from selftest.stacks.bbws.mutations.dynamodb import status

STATE, BACKEND = "global/remote-state/main.tf", "envs/dev/backend.hcl"
MAIN, OUTPUTS = "envs/dev/main.tf", "envs/dev/outputs.tf"
LOCKS, DECLARED = "tf-locks", "aws_dynamodb_table.locks"
STATE_OF_DEV = "tf-state-100000000001-eu-west-3/envs/dev/terraform.tfstate"
OTHER_KEY = {"hash_key": "Lock", "attributes": {"Lock": "S"}}
LOCK = "  lifecycle {\n    prevent_destroy = true\n  }\n}\n"
CALL = 'module "kms" {'
NOT_TOLD = {"data-lake-repo-05 terraform.output-texts": "what is not there has no value"}
ELSEWHERE = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  count  = 0\n}\n\n'
WANTED = 'version = ">= 5.0, < 6.0"'
UNUSED = "modules/unused/main.tf"
OF_FOUR = """terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = { version = ">= 4.0" }
  }
}
"""


def remove_locks(aws: Aws, name: str) -> None:
    """Delete the lock table, for which its protection must go first."""
    aws.write("dynamodb:UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    aws.write("dynamodb:DeleteTable", TableName=name)


MUTATIONS = [
    *(
        mutation("data-lake-state-10 terraform.backend", Replaced(BACKEND, old, new))
        for old, new in (
            ("100000000001", "100000000002"),
            ("envs/dev", "envs/stage"),
            ('"eu-west-3"', '"eu-west-1"'),
            ('"tf-locks"', '"locks"'),
        )
    ),
    mutation("data-lake-state-10 terraform.backend", Replaced("envs/dev/versions.tf", '"s3"', '"local"')),
    mutation(
        "data-lake-state-12 terraform.outputs",
        Replaced("global/remote-state/outputs.tf", '"kms_key_id"', '"key_id"'),
    ),
    mutation(
        "data-lake-state-12 terraform.output-texts",
        Replaced(
            "global/remote-state/outputs.tf", "aws_s3_bucket.state.bucket", "aws_dynamodb_table.locks.name"
        ),
    ),
    mutation(
        "data-lake-state-03",
        Happened("the state of dev has one version", lambda aws: history.first_state(aws, STATE_OF_DEV)),
        only_on="live",
    ),
    mutation(
        "data-lake-state-09",
        Happened(
            "an older state of dev is copied back",
            lambda aws: history.copied_back(aws, LOCKS, STATE_OF_DEV),
        ),
    ),
    mutation("data-lake-state-06 dynamodb.prevent-destroy", Replaced(STATE, f"  }}\n\n{LOCK}", "  }\n}\n")),
    mutation(
        "data-lake-state-07 dynamodb.exists",
        Replaced(STATE, '"tf-locks"', '"tf-lock"'),
        falls_with=unnamed("data-lake-inv-02")
        | {"data-lake-state-12 terraform.output-texts": "the output tells the other name"},
    ),
    mutation(
        "data-lake-state-07 dynamodb.exists",
        Set(DECLARED, "name", "tf-lock"),
        falls_with=unnamed("data-lake-inv-02"),
    ),
    mutation("data-lake-state-07 dynamodb.exists", Removed(LOCKS, remove_locks)),
    mutation("data-lake-state-07 dynamodb.status", status(LOCKS, "ARCHIVING"), only_on="live"),
    mutation(
        "data-lake-state-07 terraform.lock-table",
        Replaced(STATE, 'hash_key                    = "LockID"', 'hash_key = "Lock"'),
        Replaced(STATE, 'name = "LockID"', 'name = "Lock"'),
    ),
    mutation("data-lake-state-07 terraform.lock-table", Set(DECLARED, "attribute.0.type", "B")),
    mutation("data-lake-state-07 terraform.lock-table", Recreated(LOCKS, Table, remove_locks, OTHER_KEY)),
    mutation(
        "data-lake-state-08",
        Happened("a lock of two hours", lambda aws: history.lock(aws, LOCKS, STATE_OF_DEV, minutes=120)),
    ),
    mutation("data-lake-repo-03", Replaced(MAIN, CALL, ELSEWHERE + CALL), unlisted=True),
    mutation(
        "data-lake-repo-04",
        Replaced(
            "modules/observability/variables.tf",
            'keeps."\n  type        = string\n',
            'keeps."\n  type        = string\n  default     = null\n',
        ),
        Replaced(MAIN, "  kms_key_id      = module.kms.key_id\n", ""),
    ),
    mutation("data-lake-repo-05 terraform.outputs", Replaced(OUTPUTS, '"kms_key_arn"', '"key_arn"')),
    mutation(
        "data-lake-repo-05 terraform.outputs",
        Replaced(OUTPUTS, '"log_bucket_name"', '"log_bucket"'),
        falls_with=NOT_TOLD,
    ),
    mutation(
        "data-lake-repo-05 terraform.output-texts",
        Replaced(
            OUTPUTS,
            "= module.data_lake.buckets",
            '= merge(module.data_lake.buckets, { raw = module.data_lake.buckets["silver"] })',
        ),
    ),
    mutation(
        "data-lake-repo-05 terraform.output-texts",
        Replaced(OUTPUTS, "= module.observability.log_bucket_name", '= module.data_lake.buckets["raw"]'),
    ),
    mutation(
        "data-lake-repo-05 terraform.output-keys",
        Replaced(
            OUTPUTS,
            "= module.data_lake.buckets",
            '= { for zone, bucket in module.data_lake.buckets : zone => bucket if zone != "gold" }',
        ),
        falls_with=NOT_TOLD,
    ),
    mutation(
        "data-lake-repo-10", Replaced("modules/backup/versions.tf", 'required_version = ">= 1.6.0"', "")
    ),
    mutation("data-lake-repo-10", Replaced("envs/dev/versions.tf", 'required_version = ">= 1.6.0"', "")),
    mutation("data-lake-repo-10", Written(UNUSED, "locals {}\n"), unlisted=True),
    mutation("data-lake-repo-11 terraform.least-provider-versions", Written(UNUSED, OF_FOUR), unlisted=True),
    mutation(
        "data-lake-repo-11 terraform.least-provider-versions",
        Replaced("modules/backup/versions.tf", WANTED, 'version = ">= 4.0, < 6.0"'),
    ),
    mutation(
        "data-lake-repo-11 terraform.provider-constraints",
        Replaced("modules/kms/versions.tf", WANTED, 'version = "~> 5.99.0"'),
        Replaced("modules/observability/versions.tf", WANTED, 'version = "~> 5.98.0"'),
    ),
]

NEAR_MISSES = [
    near_miss(
        "data-lake-repo-11 terraform.provider-constraints",
        Replaced("modules/kms/versions.tf", WANTED, 'version = ">= 5.70, != 5.99.0"'),
        why="5.70.0 is a version that it takes, and so do the others",
    ),
    near_miss(
        "data-lake-repo-11 terraform.least-provider-versions",
        Written(UNUSED, 'terraform {\n  required_version = ">= 1.6"\n}\n\nlocals {}\n'),
        why="what uses no provider asks for none",
    ),
]
