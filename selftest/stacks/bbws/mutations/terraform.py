"""Mutations for tests/terraform."""

from plumbline.kinds.dynamodb import Table
from selftest.mutations.documents import Set
from selftest.mutations.edits import Recreated, Replaced, call
from selftest.mutations.mutation import mutation
from selftest.mutations.removals import remove_table
from selftest.stacks.bbws.mutations.dynamodb import status
from selftest.stacks.bbws.mutations.s3 import opened, suspended

STATE = "state/main.tf"
LOCKS = "bbws-terraform-locks"

MUTATIONS = [
    mutation("bbws-ddb-11", Replaced("dynamodb/variables.tf", "<= 20", "<= 21")),
    mutation("bbws-ddb-11", Replaced("dynamodb/variables.tf", "<= 20", "<= 19")),
    mutation(
        "bbws-tf-01 terraform.lock-table",
        Replaced(STATE, 'hash_key                    = "LockID"', 'hash_key = "Lock"'),
        Replaced(STATE, 'name = "LockID"', 'name = "Lock"'),
    ),
    mutation(
        "bbws-tf-01 terraform.lock-table",
        Recreated(LOCKS, Table, remove_table, {"hash_key": "Lock", "attributes": {"Lock": "S"}}),
    ),
    mutation("bbws-tf-01 terraform.lock-table", Set("aws_dynamodb_table.locks", "hash_key", "Lock")),
    mutation("bbws-tf-01 dynamodb.status", status(LOCKS, "ARCHIVING"), only_on="live"),
    mutation(
        "bbws-tf-02 terraform.backend",
        Replaced("dynamodb/backends/dev.s3.tfbackend", "bbws-terraform-locks", "locks"),
    ),
    mutation(
        "bbws-tf-02 terraform.backend", Replaced("s3/versions.tf", 'backend "s3" {}', 'backend "local" {}')
    ),
    mutation(
        "bbws-tf-02 terraform.backend",
        Replaced("monitoring/versions.tf", 'backend "s3" {}', 'backend "local" {}'),
    ),
    mutation("bbws-tf-03", suspended("bbws-terraform-state-dev")),
    mutation("bbws-tf-03", opened("bbws-terraform-state-dev")),
    mutation(
        "bbws-tf-07 dynamodb.billing-mode",
        call(
            "dynamodb:UpdateTable",
            TableName=LOCKS,
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        ),
    ),
    mutation("bbws-tf-10", Replaced("dynamodb/variables.tf", '"prod"]', '"prod", "staging"]')),
    mutation("bbws-tf-10", Replaced("dynamodb/variables.tf", '"prod"]', '"prod", "Prod"]')),
    mutation("bbws-tf-10", Replaced("s3/variables.tf", '"prod"]', '"prod", "blue-17"]')),
    mutation("bbws-tf-10", Replaced("s3/variables.tf", '"sit", ', "")),
    mutation("bbws-tf-11", Replaced("s3/versions.tf", '">= 1.6.0"', '">= 1.7.0"')),
    mutation("bbws-tf-11", Replaced("s3/versions.tf", '">= 1.6.0"', '"~> 0.13.0"')),
    mutation("bbws-tf-11", Replaced("dynamodb/versions.tf", 'required_version = ">= 1.6.0"', "")),
]
