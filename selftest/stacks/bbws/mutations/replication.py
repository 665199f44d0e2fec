"""Mutations for tests/replication."""

import json
from typing import Any

from plumbline.kinds.s3 import Bucket
from selftest.mutations.documents import Lacking, Set
from selftest.mutations.edits import Called, Recreated, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_bucket
from selftest.stacks.bbws.mutations.backup import trust, trusting
from selftest.stacks.bbws.mutations.s3 import DECLARED, MAIN, TAGGED, opened, suspended

SOURCE = "s3/replication.tf"
RULES = 'aws_s3_bucket_replication_configuration.templates["eu-west-1"]'
RENAMED = Set('aws_s3_bucket.templates_dr["eu-west-1"]', "bucket", "bbws-dr")
_SILENT = {"bbws-rep-13": "the alarm is on a metric that nothing publishes"}
_RULE = "the rule replicates to the bucket of the other name"
BUCKET = "bbws-templates-prod"
REPLICA = "bbws-templates-prod-dr-eu-west-1"
REGION = "eu-west-1"
ROLE = "arn:aws:iam::093646564004:role/S3ReplicationRole"
WITHIN = """
  replication_configuration {
    role = "arn:aws:iam::536580886816:role/S3ReplicationRole"
    rules {
      id     = "within"
      status = "Enabled"
      destination {
        bucket = "arn:aws:s3:::bbws-elsewhere"
      }
    }
  }
"""
REPLICATED = [
    {
        "role": ROLE,
        "rules": [
            {"id": "within", "status": "Enabled", "destination": [{"bucket": "arn:aws:s3:::bbws-elsewhere"}]}
        ],
    }
]


def replicating(bucket: str, status: str = "Enabled", **scope: Any) -> Called:
    """Return the edit that replaces the replication rules by one."""
    rule = {
        "ID": f"templates-to-{REGION}",
        "Priority": 1,
        "Status": status,
        "Filter": scope,
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{REPLICA}", "Metrics": {"Status": "Enabled"}},
    }
    rules = {"Role": ROLE, "Rules": [rule]}
    return call("s3:PutBucketReplication", Bucket=bucket, ReplicationConfiguration=rules)


def denying(bucket: str, action: str, **condition: Any) -> str:
    """Return the policy that denies everybody an action on what lies in a bucket."""
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}/*",
        **({"Condition": condition} if condition else {}),
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def denied_in_source(
    address: str, bucket: str, action: str, provider: str = "", **condition: Any
) -> Replaced:
    """Return the edit of the source that gives a bucket such a policy."""
    text = f"""resource "aws_s3_bucket_policy" "denying" {{
  for_each = local.dr_regions
  {provider}
  bucket = {address}.id
  policy = jsonencode({denying(bucket, action, **condition)})
}}

"""
    return Replaced(SOURCE, TRUST, text + TRUST)


TRUST = 'data "aws_iam_policy_document" "replication_trust"'
DR, OF_DR = "aws_s3_bucket.templates_dr[each.value]", "provider = aws.dr\n"
BUT_AN_ADMINISTRATOR = {"aws:PrincipalArn": "arn:aws:iam::093646564004:role/administrator"}
READS, WRITES = "s3:GetObjectVersion*", "s3:ReplicateObject"
MOVED = Recreated(REPLICA, Bucket, remove_bucket, {"region": "eu-west-2"}, REGION)

MUTATIONS = [
    mutation(
        "bbws-rep-01",
        Replaced(SOURCE, 'status = "Enabled"\n\n    # Empty', 'status = "Disabled"\n\n    # Empty'),
        environment="prod",
        falls_with=_SILENT,
    ),
    mutation(
        "bbws-rep-01",
        replicating(BUCKET, "Disabled"),
        environment="prod",
        falls_with=_SILENT,
        only_on="moto",
    ),
    mutation(
        "bbws-rep-01",
        replicating(BUCKET, "Disabled"),
        environment="prod",
        falls_with=_SILENT | {"bbws-rep-12 probes.replication": "what is not replicated does not arrive"},
        only_on="live",
    ),
    mutation("bbws-rep-01", Set(RULES, "rule.0.status", "Disabled"), environment="prod", falls_with=_SILENT),
    mutation(
        "bbws-rep-02",
        Replaced(SOURCE, "filter {}", 'filter {\n      prefix = "receipts/"\n    }'),
        environment="prod",
    ),
    mutation("bbws-rep-02", replicating(BUCKET, Prefix="receipts/"), environment="prod"),
    mutation("bbws-rep-02", replicating(BUCKET, Tag={"Key": "copy", "Value": "yes"}), environment="prod"),
    mutation("bbws-rep-02", Set(RULES, "rule.0.filter.0.prefix", "receipts/"), environment="prod"),
    mutation(
        "bbws-rep-11 replication.metrics",
        Replaced(SOURCE, 'metrics {\n        status = "Enabled"', 'metrics {\n        status = "Disabled"'),
        environment="prod",
        falls_with=_SILENT,
    ),
    mutation(
        "bbws-rep-11 replication.metrics",
        Lacking(RULES, "rule.0.destination.0.metrics"),
        environment="prod",
        falls_with=_SILENT,
    ),
    mutation(
        "bbws-rep-03",
        Replaced("s3/providers.tf", "= var.dr_region", "= var.region"),
        environment="prod",
    ),
    mutation("bbws-rep-03", MOVED, environment="prod", only_on="moto"),
    mutation(
        "bbws-rep-03",
        MOVED,
        environment="prod",
        falls_with={"bbws-rep-10": "a bucket that is created again is empty"},
        only_on="live",
    ),
    mutation(
        "bbws-rep-03",
        RENAMED,
        environment="prod",
        falls_with={"bbws-rep-01": _RULE, "bbws-rep-02": _RULE, **_SILENT, **unnamed("bbws-inv-02")},
        only_on="plan",
    ),
    mutation("bbws-rep-03", RENAMED, environment="prod", falls_with=unnamed("bbws-inv-02"), only_on="state"),
    mutation("bbws-rep-04", Replaced(SOURCE, '"Enabled"', '"Suspended"'), environment="prod"),
    mutation("bbws-rep-04", suspended(REPLICA, REGION), environment="prod"),
    mutation(
        "bbws-rep-04",
        Set(
            'aws_s3_bucket_versioning.templates_dr["eu-west-1"]',
            "versioning_configuration.0.status",
            "Suspended",
        ),
        environment="prod",
    ),
    mutation(
        "bbws-rep-05", Replaced(SOURCE, '"s3.amazonaws.com"', '"lambda.amazonaws.com"'), environment="prod"
    ),
    mutation("bbws-rep-05", trusting("S3ReplicationRole", "lambda.amazonaws.com"), environment="prod"),
    mutation(
        "bbws-rep-05",
        Set('aws_iam_role.replication["eu-west-1"]', "assume_role_policy", trust("lambda.amazonaws.com")),
        environment="prod",
    ),
    mutation(
        "bbws-rep-06 replication.let-in",
        denied_in_source("aws_s3_bucket.templates", BUCKET, READS, StringNotEquals=BUT_AN_ADMINISTRATOR),
        environment="prod",
    ),
    mutation(
        "bbws-rep-06 replication.let-in",
        Set("aws_s3_bucket.templates", "policy", denying(BUCKET, READS)),
        environment="prod",
    ),
    mutation(
        "bbws-rep-06 replication.let-in",
        call("s3:PutBucketPolicy", Bucket=BUCKET, Policy=denying(BUCKET, READS)),
        environment="prod",
    ),
    mutation(
        "bbws-rep-07 replication.let-in", denied_in_source(DR, REPLICA, WRITES, OF_DR), environment="prod"
    ),
    mutation(
        "bbws-rep-07 replication.let-in",
        Set('aws_s3_bucket.templates_dr["eu-west-1"]', "policy", denying(REPLICA, WRITES)),
        environment="prod",
    ),
    mutation(
        "bbws-rep-07 replication.let-in",
        call("s3:PutBucketPolicy", REGION, Bucket=REPLICA, Policy=denying(REPLICA, WRITES)),
        environment="prod",
    ),
    mutation(
        "bbws-rep-08",
        Replaced(SOURCE, "    aws_s3_bucket_versioning.templates,\n", ""),
        Replaced(SOURCE, "    aws_s3_bucket_versioning.templates_dr,\n", ""),
        environment="prod",
    ),
    mutation(
        "bbws-rep-08",
        Replaced(SOURCE, "    aws_s3_bucket_versioning.templates,\n", ""),
        environment="prod",
    ),
    mutation(
        "bbws-rep-09",
        Replaced(SOURCE, "block_public_acls       = true", "block_public_acls = false"),
        environment="prod",
    ),
    mutation("bbws-rep-09", opened(REPLICA, REGION), environment="prod"),
    mutation(
        "bbws-rep-09",
        Set('aws_s3_bucket_public_access_block.templates_dr["eu-west-1"]', "block_public_acls", False),
        environment="prod",
    ),
    mutation("bbws-rep-15", replicating("bbws-templates-dev")),
    mutation("bbws-rep-15", Replaced(MAIN, TAGGED, TAGGED + WITHIN)),
    mutation("bbws-rep-15", Set(DECLARED, "replication_configuration", REPLICATED)),
]
