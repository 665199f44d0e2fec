"""Mutations for tests/s3."""

import json
from typing import Any

from plumbline.kinds.s3 import Bucket
from selftest.front_door import REPOSITORY
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Called, Recreated, Removed, Replaced, call
from selftest.mutations.mutation import mutation, on_each, unnamed
from selftest.mutations.removals import remove_bucket

MAIN = "s3/main.tf"
OBJECTS = "s3/templates.tf"
DECLARED = "aws_s3_bucket.templates"
VERSIONING = "aws_s3_bucket_versioning.templates"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.templates"
ACCESS = "aws_s3_bucket_public_access_block.templates"
ACCOUNT = "536580886816"
OF_THE_ACCOUNT = "aws_s3_account_public_access_block.account"
ACCOUNT_ID = "account_id = var.accounts[var.environment]"
OF_ALL_BUCKETS = "# For every bucket of the account"
TAGGED = "  tags   = local.tags\n"
OBJECT = 'aws_s3_object.templates["notifications/welcome.html"]'
RENAMED = Set(DECLARED, "bucket", "bbws-mail-prod")
_OBJECTS = "the objects are declared in the bucket of the other name"
BUCKET = "bbws-templates-dev"
WELCOME = "notifications/welcome.html"
WELCOME_FILE = (REPOSITORY / "terraform" / "bbws" / "templates" / WELCOME).read_text()
FOR_EVERYBODY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/*",
        }
    ],
}
OPENED_BY_POLICY = """
resource "aws_s3_bucket_policy" "open" {
  bucket = aws_s3_bucket.templates.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.templates.arn}/*"
      Condition = { StringLike = { "aws:SourceVpce" = "vpce-*" } }
    }]
  })
}
"""
OPENED_BY_ACL = """
resource "aws_s3_bucket_acl" "open" {
  bucket = aws_s3_bucket.templates.id
  acl    = "authenticated-read"
}
"""
ALL_CLOSED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def opened(bucket: str, region: str | None = None) -> Called:
    """Return the edit that switches one of the four settings off."""
    access = {**ALL_CLOSED, "RestrictPublicBuckets": False}
    return call("s3:PutPublicAccessBlock", region, Bucket=bucket, PublicAccessBlockConfiguration=access)


def suspended(bucket: str, region: str | None = None) -> Called:
    """Return the edit that suspends versioning."""
    suspension = {"Status": "Suspended"}
    return call("s3:PutBucketVersioning", region, Bucket=bucket, VersioningConfiguration=suspension)


def encrypted(algorithm: str, bucket_key: bool) -> Called:
    """Return the edit that sets the default encryption."""
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    rules: dict[str, Any] = {"Rules": [{**default, "BucketKeyEnabled": bucket_key}]}
    return call("s3:PutBucketEncryption", Bucket=BUCKET, ServerSideEncryptionConfiguration=rules)


MUTATIONS = [
    mutation(
        "bbws-s3-01",
        Replaced(MAIN, '"bbws-templates-${', '"bbws-mail-${'),
        falls_with={"bbws-s3-14": _OBJECTS, **unnamed("bbws-inv-02")},
    ),
    mutation("bbws-s3-01", Removed(BUCKET, remove_bucket)),
    mutation(
        "bbws-s3-01",
        RENAMED,
        environment="prod",
        falls_with={"bbws-s3-13": _OBJECTS, **unnamed("bbws-inv-02")},
        only_on="plan",
    ),
    mutation("bbws-s3-01", RENAMED, environment="prod", falls_with=unnamed("bbws-inv-02"), only_on="state"),
    mutation(
        "bbws-s3-02",
        Recreated(BUCKET, Bucket, remove_bucket, {"region": "eu-west-1"}),
        falls_with={"bbws-s3-12": "the objects went with the first bucket"},
    ),
    mutation(
        "bbws-s3-04", Replaced(MAIN, "prevent_destroy = true", "prevent_destroy = false"), environment="prod"
    ),
    mutation(
        "bbws-s3-04",
        Replaced(MAIN, "  tags   = local.tags", "  tags   = local.tags\n  force_destroy = true"),
        environment="prod",
    ),
    mutation("bbws-s3-05", Replaced(MAIN, "block_public_acls       = true", "block_public_acls = false")),
    mutation("bbws-s3-05", opened(BUCKET)),
    mutation("bbws-s3-05", Set(ACCESS, "restrict_public_buckets", False)),
    mutation("bbws-s3-05", call("s3:DeletePublicAccessBlock", Bucket=BUCKET)),
    mutation(
        "bbws-s3-06",
        Replaced(MAIN, f"  {ACCOUNT_ID}\n\n  block_public_acls       = true", f"  {ACCOUNT_ID}"),
    ),
    mutation("bbws-s3-06", Replaced(MAIN, ACCOUNT_ID, 'account_id = "123456789012"')),
    mutation("bbws-s3-06", Set(OF_THE_ACCOUNT, "restrict_public_buckets", False)),
    mutation("bbws-s3-06", Without(OF_THE_ACCOUNT)),
    mutation("bbws-s3-06", call("s3control:DeletePublicAccessBlock", AccountId=ACCOUNT)),
    mutation(
        "bbws-s3-06",
        call(
            "s3control:PutPublicAccessBlock",
            AccountId=ACCOUNT,
            PublicAccessBlockConfiguration={**ALL_CLOSED, "IgnorePublicAcls": False},
        ),
    ),
    mutation("bbws-s3-07", Replaced(MAIN, OF_ALL_BUCKETS, OPENED_BY_POLICY + OF_ALL_BUCKETS)),
    mutation("bbws-s3-07", Replaced(MAIN, OF_ALL_BUCKETS, OPENED_BY_ACL + OF_ALL_BUCKETS)),
    mutation("bbws-s3-07", Replaced(MAIN, TAGGED, f'{TAGGED}  acl    = "public-read"\n')),
    mutation("bbws-s3-07", Set(DECLARED, "policy", json.dumps(FOR_EVERYBODY))),
    mutation("bbws-s3-07", call("s3:PutBucketPolicy", Bucket=BUCKET, Policy=json.dumps(FOR_EVERYBODY))),
    mutation("bbws-s3-07", call("s3:PutBucketAcl", Bucket=BUCKET, ACL="public-read")),
    mutation("bbws-s3-08", Replaced(MAIN, '"Enabled"', '"Suspended"')),
    mutation(
        "bbws-s3-08",
        suspended(BUCKET),
        falls_with={"bbws-s3-20": "what is overwritten is gone"},
        only_on="live",
    ),
    mutation("bbws-s3-08", suspended(BUCKET), only_on="moto"),
    mutation(
        "bbws-s3-20",
        suspended("bbws-templates-sit"),
        environment="sit",
        falls_with={"bbws-s3-08": "versioning is not Enabled"},
        only_on="live",
    ),
    mutation("bbws-s3-08", Set(VERSIONING, "versioning_configuration.0.status", "Suspended")),
    mutation("bbws-s3-09", Replaced(MAIN, '"AES256"', '"aws:kms"')),
    mutation("bbws-s3-09", encrypted("aws:kms", bucket_key=True)),
    mutation(
        "bbws-s3-09",
        Set(ENCRYPTION, "rule.0.apply_server_side_encryption_by_default.0.sse_algorithm", "aws:kms"),
    ),
    mutation("bbws-s3-10", Replaced(MAIN, "bucket_key_enabled = true", "bucket_key_enabled = false")),
    mutation("bbws-s3-10", encrypted("AES256", bucket_key=False)),
    mutation("bbws-s3-10", Set(ENCRYPTION, "rule.0.bucket_key_enabled", False)),
    mutation("bbws-s3-11", Replaced(MAIN, "= local.tags", "= var.tags")),
    mutation("bbws-s3-11", call("s3:DeleteBucketTagging", Bucket=BUCKET)),
    mutation("bbws-s3-11", Set(DECLARED, "tags.Environment", "prod")),
    *on_each(
        "bbws-s3-11",
        Replaced("monitoring/audit.tf", "  tags   = local.tags\n", ""),
        Set("aws_s3_bucket.audit", "tags.Owner", "nobody"),
        call("s3:DeleteBucketTagging", Bucket="bbws-terraform-state-dev"),
    ),
    mutation("bbws-s3-12", call("s3:DeleteObject", Bucket=BUCKET, Key=WELCOME)),
    mutation("bbws-s3-13", Replaced(OBJECTS, 'content_type = "text/html"', 'content_type = "text/plain"')),
    mutation("bbws-s3-13", Set(OBJECT, "content_type", "text/plain")),
    mutation(
        "bbws-s3-13",
        call("s3:PutObject", Bucket=BUCKET, Key=WELCOME, Body=WELCOME_FILE, ContentType="text/plain"),
    ),
    mutation(
        "bbws-s3-13",
        call("s3:PutObject", Bucket=BUCKET, Key=WELCOME, Body="", ContentType="text/html"),
        falls_with={"bbws-s3-16": "the repository's file is not empty"},
    ),
    mutation(
        "bbws-s3-14",
        Replaced(OBJECTS, '  etag         = filemd5("${path.module}/../templates/${each.value}")\n', ""),
    ),
    mutation(
        "bbws-s3-14",
        Replaced(
            OBJECTS, '"text/html"\n', '"text/html"\n  lifecycle {\n    ignore_changes = [etag, source]\n  }\n'
        ),
    ),
    mutation(
        "bbws-s3-14",
        Replaced(OBJECTS, '"text/html"\n', '"text/html"\n  lifecycle {\n    ignore_changes = all\n  }\n'),
    ),
    mutation("bbws-s3-14", Replaced(OBJECTS, f'    "{WELCOME}",\n', "")),
]
