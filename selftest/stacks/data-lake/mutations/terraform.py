"""Mutations for tests/terraform, and for what tests/dynamodb asks of the lock table."""

from plumbline.aws.reads import Aws
from plumbline.kinds.dynamodb import Table
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Happened, Recreated, Removed, Replaced
from selftest.mutations.mutation import mutation, unnamed
from selftest.stacks.bbws.mutations.dynamodb import status

STATE, BACKEND = "global/remote-state/main.tf", "envs/dev/backend.hcl"
LOCKS, DECLARED = "tf-locks", "aws_dynamodb_table.locks"
LOCKED = "tf-state-100000000001-eu-west-3/envs/dev/terraform.tfstate"
OTHER_KEY = {"hash_key": "Lock", "attributes": {"Lock": "S"}}
LOCK = "  lifecycle {\n    prevent_destroy = true\n  }\n}\n"


def remove_locks(aws: Aws, name: str) -> None:
    """Delete the lock table, for which its protection must go first."""
    aws.write("dynamodb:UpdateTable", TableName=name, DeletionProtectionEnabled=False)
    aws.write("dynamodb:DeleteTable", TableName=name)


MUTATIONS = [
    mutation("data-lake-state-10", Replaced(BACKEND, "100000000001", "100000000002")),
    mutation("data-lake-state-10", Replaced(BACKEND, "envs/dev", "envs/stage")),
    mutation("data-lake-state-10", Replaced(BACKEND, '"eu-west-3"', '"eu-west-1"')),
    mutation("data-lake-state-10", Replaced(BACKEND, '"tf-locks"', '"locks"')),
    mutation("data-lake-state-10", Replaced("envs/dev/versions.tf", '"s3"', '"local"')),
    mutation("data-lake-state-06 dynamodb.prevent-destroy", Replaced(STATE, f"  }}\n\n{LOCK}", "  }\n}\n")),
    mutation(
        "data-lake-state-07 dynamodb.exists",
        Replaced(STATE, '"tf-locks"', '"tf-lock"'),
        falls_with=unnamed("data-lake-inv-02"),
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
        Happened("a lock of two hours", lambda aws: history.lock(aws, LOCKS, LOCKED, minutes=120)),
    ),
]
