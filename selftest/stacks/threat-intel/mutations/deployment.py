"""Mutations for tests/terraform and tests/s3, and for what files and tools say of the Terraform code."""

from typing import Any

from selftest.front_door import REPOSITORY
from selftest.mutations.documents import Drifted, Set
from selftest.mutations.edits import Committed, Deleted, Edited, Gone, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each

HERE = "terraform/threat-intel"
MODULES, ROOTS = "infrastructure/terraform/modules", "infrastructure/terraform/environments"
TF, S3 = "threat-intel-tf", "threat-intel-s3"
VERSIONS, NETWORKING = f"{MODULES}/security/versions.tf", f"{MODULES}/networking"
BUCKETS, RULES, TABLES = (f"{MODULES}/storage/{it}.tf" for it in ("buckets", "lifecycle", "tables"))
AWS, RANDOM = 'version = "~> 5.0"', 'version = "~> 3.1"'
UNUSED, OTHER = f"{MODULES}/unused/main.tf", f"{MODULES}/unused/versions.tf"
REQUIRED = """terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      AWS
    }
    random = {
      source  = "hashicorp/random"
      RANDOM
    }
  }
}
"""
UNKNOWN = '\nresource "aws_api_gateway_method_request" "collect" {}\n'
URL = "https://${aws_api_gateway_rest_api.threat_intel.id}.execute-api.${var.region}.amazonaws.com"
VALUE = f'value       = "{URL}/${{aws_api_gateway_stage.this.stage_name}}"'
CALLED = 'module "monitoring" {'
NAME = '"threat-intel-${each.key}-${var.environment}-${random_id.bucket_suffix.hex}"'
KEPT = "  force_destroy = false\n\n  lifecycle {\n    prevent_destroy = true\n  }\n"
SUFFIX = "87d4ccc0"
"""What the suffix is where moto is given one."""
RAW, PROCESSED = f"threat-intel-raw-dev-{SUFFIX}", f"threat-intel-processed-dev-{SUFFIX}"
FILTER = '    filter {\n      prefix = ""\n    }\n\n'
RULE: dict[str, Any] = {"ID": "age", "Status": "Enabled", "Expiration": {"Days": 180}}
IN_FILES = 'module.storage.aws_s3_bucket_lifecycle_configuration.this["raw"]'
FUNCTION = 'module.compute.aws_lambda_function.this["collector"]'
PROTECTED = "deletion_protection_enabled = true"
COPIED = [
    Written(f"{MODULES}/network/{it.name}", it.read_text())
    for it in sorted((REPOSITORY / HERE / NETWORKING).glob("*.tf"))
]
"""The module, in a folder of another name."""
_NO_ROOT = {f"{TF}-07": "there is nothing to validate"}
MAIN, DEDUP = "threat-intel-prod", "threat-intel-dedup-prod"


def required(aws: str = AWS, random: str = RANDOM) -> str:
    """Return what a module says of both providers."""
    return REQUIRED.replace("AWS", aws).replace("RANDOM", random)


def unprotected(name: str) -> Any:
    """Return that somebody takes the protection of a table away."""
    return call("dynamodb:UpdateTable", TableName=name, DeletionProtectionEnabled=False)


def ruled(bucket: str, *rules: dict[str, Any]) -> Any:
    """Return that somebody gives a bucket these rules instead."""
    return call(
        "s3:PutBucketLifecycleConfiguration", Bucket=bucket, LifecycleConfiguration={"Rules": [*rules]}
    )


MUTATIONS = [
    mutation(f"{TF}-01", Deleted(f"{HERE}/{VERSIONS}")),
    mutation(f"{TF}-01", Committed(f"{HERE}/{UNUSED}", "locals {}\n"), unlisted=True),
    mutation(f"{TF}-02", Replaced(VERSIONS, AWS, 'version = ">= 5.0"')),
    mutation(f"{TF}-02", Replaced(VERSIONS, 'source  = "hashicorp/aws"', 'source  = "mirror/aws"')),
    mutation(f"{TF}-02", Written(OTHER, required(aws='version = "~> 4.0"')), unlisted=True),
    mutation(f"{TF}-03", Replaced(VERSIONS, RANDOM, 'version = "~> 3.7"')),
    mutation(f"{TF}-03", Written(OTHER, required(random="")), unlisted=True),
    mutation(f"{TF}-04", Written(UNUSED, required() + UNKNOWN), unlisted=True),
    mutation(
        f"{TF}-05 terraform.attributes",
        Written(
            UNUSED,
            required() + '\noutput "url" {\n  value = aws_api_gateway_deployment.x.invoke_url\n}\n',
        ),
        unlisted=True,
    ),
    mutation(
        f"{TF}-05 terraform.output-texts",
        Replaced(f"{NETWORKING}/outputs.tf", VALUE, "value = aws_api_gateway_stage.this.invoke_url"),
    ),
    mutation(
        f"{TF}-05 terraform.output-texts",
        Replaced(
            f"{NETWORKING}/outputs.tf",
            "aws_api_gateway_rest_api.threat_intel.id}.exec",
            "aws_api_gateway_rest_api.threat_intel.name}.exec",
        ),
    ),
    mutation(
        f"{TF}-05 terraform.output-texts",
        Replaced(f"{NETWORKING}/outputs.tf", "${aws_api_gateway_stage.this.stage_name}", "staging"),
    ),
    mutation(f"{TF}-06 repository.folder", Gone(f"{HERE}/{NETWORKING}")),
    mutation(f"{TF}-06 repository.folder", Gone(f"{HERE}/{ROOTS}/dev"), falls_with=_NO_ROOT),
    mutation(
        f"{TF}-06 terraform.module-calls",
        Replaced(f"{ROOTS}/dev/main.tf", '"../../modules/networking"', '"../../modules/network"'),
        *COPIED,
    ),
    mutation(
        f"{TF}-07",
        Edited(
            f"{HERE}/{ROOTS}/dev/main.tf", "  lambda_timeout ", "  no_such_argument = 1\n  lambda_timeout "
        ),
    ),
    mutation(f"{TF}-09", Replaced(BUCKETS, NAME, '"threat-intel-${each.key}-${var.environment}-0a1b2c3d"')),
    mutation(f"{TF}-08", Drifted(FUNCTION, {"timeout": 29}, {"timeout": 60}), only_on="plan"),
    mutation(f"{TF}-08", Drifted(FUNCTION, {"timeout": 29}, None), only_on="plan"),
    mutation(
        f"{TF}-09",
        Replaced(
            BUCKETS, NAME, '"threat-intel-${random_id.bucket_suffix.hex}-${each.key}-${var.environment}"'
        ),
    ),
    mutation(
        f"{TF}-10", Replaced(BUCKETS, "prevent_destroy = true", "prevent_destroy = false"), environment="prod"
    ),
    mutation(f"{TF}-10", Replaced(BUCKETS, KEPT, ""), environment="prod"),
    mutation(
        f"{TF}-10", Replaced(BUCKETS, "force_destroy = false", "force_destroy = true"), environment="prod"
    ),
    *on_each(
        f"{TF}-11",
        Replaced(TABLES, PROTECTED, "deletion_protection_enabled = false"),
        Set("module.storage.aws_dynamodb_table.dedup", "deletion_protection_enabled", False),
        unprotected(MAIN),
        environment="prod",
    ),
    mutation(f"{TF}-11", unprotected(DEDUP), environment="prod"),
    mutation(f"{S3}-01", Replaced(RULES, FILTER, "")),
    mutation(f"{S3}-01", Set(IN_FILES, "rule.0.filter", [])),
    mutation(f"{S3}-01", ruled(RAW, {**RULE, "Prefix": ""})),
    mutation(
        f"{S3}-01", ruled(PROCESSED, {**RULE, "Filter": {"Prefix": ""}}, {**RULE, "ID": "b", "Prefix": "x"})
    ),
    mutation(f"{S3}-02", Replaced(RULES, '"Enabled"', '"Disabled"')),
    mutation(f"{S3}-02", Set(IN_FILES, "rule.0.status", "Disabled")),
    mutation(f"{S3}-02", ruled(RAW, {**RULE, "Status": "Disabled", "Filter": {"Prefix": ""}})),
    mutation(f"{S3}-02", call("s3:DeleteBucketLifecycle", Bucket=PROCESSED)),
]

NEAR_MISSES = [
    near_miss(
        f"{TF}-08",
        Drifted(FUNCTION, {"last_modified": "yesterday"}, {"last_modified": "today"}),
        why="the code does not give what differs",
        only_on="plan",
    ),
    near_miss(
        f"{TF}-02",
        Replaced(VERSIONS, AWS, 'version = ">= 5.0, < 6.0"'),
        why="it admits the same versions",
    ),
    near_miss(
        f"{TF}-01",
        Committed(f"{HERE}/{MODULES}/notes/README.md", "nothing of Terraform\n"),
        why="what holds no Terraform code is no module",
    ),
    near_miss(
        f"{TF}-05 terraform.output-texts",
        Replaced(
            f"{NETWORKING}/outputs.tf",
            VALUE,
            'value = format("https://%s.execute-api.%s.amazonaws.com/%s", '
            "aws_api_gateway_rest_api.threat_intel.id, var.region, var.environment)",
        ),
        why="it is the same URL",
    ),
    near_miss(
        f"{TF}-09",
        Replaced(
            BUCKETS,
            NAME,
            'join("-", ["threat-intel", each.key, var.environment, random_id.bucket_suffix.hex])',
        ),
        why="it is the same name",
    ),
    near_miss(
        f"{S3}-02",
        ruled(
            RAW,
            {**RULE, "Filter": {"Prefix": ""}},
            {**RULE, "ID": "b", "Status": "Disabled", "Filter": {"Prefix": "x"}},
        ),
        why="one of its rules is enabled",
    ),
    near_miss(
        f"{S3}-01",
        ruled(RAW, {**RULE, "Filter": {"Prefix": "otx/"}}),
        why="a filter may name a prefix",
    ),
]
