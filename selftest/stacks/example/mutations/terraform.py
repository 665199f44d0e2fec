"""Mutations for tests/terraform and tests/tools."""

from selftest.mutations import history
from selftest.mutations.edits import Committed, Deleted, Edited, Happened, Replaced, Untracked, Written
from selftest.mutations.mutation import mutation, near_miss

MAIN = "base/main.tf"
NAMES = "modules/names/main.tf"
VERSIONS = "base/versions.tf"
BACKEND = "terraform/example/base/backends/dev.s3.tfbackend"
LOCK = "terraform/example/base/.terraform.lock.hcl"
CODE = "terraform/example/base/main.tf"
STATE, LOCKS = "notes-terraform-state-dev/base/terraform.tfstate", "notes-locks-dev"
CALL = 'module "names" {\n  source = "../modules/names"\n'
ELSEWHERE = 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  count  = 0\n}\n\n'
OF_FOUR = """terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = { version = ">= 4.0" }
  }
}
"""
NAMED = "bucket = module.names.state_bucket\n"
BUCKET = 'resource "aws_s3_bucket" "old" {\n  bucket = "notes-old"\n}\n'


MUTATIONS = [
    mutation(
        "example-tf-01 terraform.outputs", Replaced(MAIN, 'output "state_bucket_name"', 'output "bucket"')
    ),
    mutation("example-tf-01 terraform.output-keys", Replaced(MAIN, "    table  =", "    locks  =")),
    mutation("example-tf-02", Replaced(MAIN, CALL, ELSEWHERE + CALL), unlisted=True),
    mutation(
        "example-tf-03",
        Replaced(NAMES, "  type = string\n", '  type    = string\n  default = "dev"\n'),
        Replaced(MAIN, "  environment = var.environment\n", ""),
    ),
    mutation("example-tf-04", Replaced(VERSIONS, 'required_version = ">= 1.6.0"', "")),
    mutation("example-tf-04", Replaced(NAMES, '  required_version = ">= 1.6.0"\n', "")),
    mutation("example-tf-04", Written("modules/unused/main.tf", "locals {}\n"), unlisted=True),
    mutation("example-tf-05", Written("modules/unused/main.tf", OF_FOUR), unlisted=True),
    mutation(
        "example-tf-05",
        Written("modules/unused/main.tf", BUCKET),
        falls_with={"example-tf-04": "it states nothing at all"},
    ),
    mutation("example-tf-05", Replaced(VERSIONS, '"~> 5.100"', '">= 4.0"')),
    mutation(
        "example-tf-06",
        Replaced(
            NAMES,
            'required_version = ">= 1.6.0"',
            'required_version = ">= 1.6.0"\n  required_providers {\n    aws = { version = "~> 5.99.0" }\n  }',
        ),
    ),
    mutation("example-tf-07", Untracked(LOCK)),
    mutation("example-tf-07", Edited(LOCK, '"5.100.0"', '"5.99.1"')),
    mutation("example-tf-07", Deleted(LOCK)),
    mutation("example-tf-08 repository.settings", Edited(BACKEND, "notes-locks-dev", "notes-locks-prod")),
    mutation("example-tf-08 repository.setting-names", Edited(BACKEND, "encrypt        = true", "")),
    mutation("example-tf-09", Committed("terraform/example/base/tfplan", "a plan"), unlisted=True),
    mutation("example-tf-09", Committed("terraform.tfstate", "{}"), unlisted=True),
    mutation(
        "example-tf-10",
        Committed("terraform/example/notes/backends/test.s3.tfbackend", 'bucket = "x-YOUR_ACCOUNT_ID"\n'),
        unlisted=True,
    ),
    mutation("example-tf-11", Edited(".tflint.hcl", "{", "{ {")),
    mutation("example-tf-11", Edited(".pre-commit-config.yaml", "repos:", "repos: [")),
    mutation("example-tf-12", Edited(CODE, "prevent_destroy = true\n", "prevent_destroy = true  \n")),
    mutation(
        "example-tf-13", Committed("terraform/example/base/acl.tf", 'locals {\n  acl = "public-read"\n}\n')
    ),
    mutation("example-tf-13", Edited(CODE, "hash_key ", "no_such_argument = 1\n  hash_key ")),
    mutation("example-tf-13", Committed("left.txt", "<<<<<<< here\n")),
    mutation(
        "example-tf-14",
        Happened("the state of the base has one version", lambda aws: history.first_state(aws, STATE)),
        only_on="live",
    ),
    mutation(
        "example-tf-15",
        Happened(
            "an older state of the base is copied back", lambda aws: history.copied_back(aws, LOCKS, STATE)
        ),
    ),
    mutation(
        "example-tf-16",
        Happened("a lock is held for 96 minutes", lambda aws: history.lock(aws, LOCKS, STATE, minutes=96)),
    ),
    mutation(
        "example-tf-17 dynamodb.prevent-destroy",
        Replaced(MAIN, "  lifecycle {\n    prevent_destroy = true\n  }\n}\n\noutput", "}\n\noutput"),
    ),
    mutation(
        "example-tf-17 s3.no-accidental-deletion",
        Replaced(
            MAIN,
            "bucket = module.names.state_bucket\n",
            "bucket = module.names.state_bucket\n  force_destroy = true\n",
        ),
    ),
]

NEAR_MISSES = [
    near_miss(
        "example-tf-05",
        Written("modules/unused/main.tf", 'terraform {\n  required_version = ">= 1.6"\n}\n\nlocals {}\n'),
        why="what uses no provider asks for none",
    ),
    near_miss(
        "example-tf-06",
        Replaced(VERSIONS, '"~> 5.100"', '">= 5.70, != 5.99.0"'),
        why="5.70.0 is a version that it takes, and so do the others",
    ),
    near_miss(
        "example-tf-10",
        Committed("terraform/example/notes/backends/test.s3.tfbackend", "# YOUR_ACCOUNT_ID stood here\n"),
        why="a comment is no setting",
    ),
    near_miss(
        "example-tf-09",
        Committed("terraform/example/base/terraform.tfvars.example", 'environment = "dev"\n'),
        why="an example is there to be copied",
    ),
]
