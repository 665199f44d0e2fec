"""Mutations for tests/s3."""

from selftest.mutations.documents import Set
from selftest.mutations.edits import Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_bucket

MAIN = "notes/main.tf"
BUCKET = "notes-attachments-dev"
SUSPENDED = {"Status": "Suspended"}

MUTATIONS = [
    mutation(
        "example-s3-01",
        Replaced(MAIN, '"notes-attachments-${', '"notes-files-${'),
        falls_with=unnamed("example-inv-01"),
    ),
    mutation(
        "example-s3-01",
        Set("aws_s3_bucket.attachments", "bucket", "notes-files-dev"),
        falls_with=unnamed("example-inv-01"),
    ),
    mutation("example-s3-01", Removed(BUCKET, remove_bucket)),
    mutation("example-s3-02", Replaced(MAIN, '"Enabled"', '"Suspended"')),
    mutation(
        "example-s3-02",
        Set("aws_s3_bucket_versioning.attachments", "versioning_configuration.0.status", "Suspended"),
    ),
    mutation(
        "example-s3-02", call("s3:PutBucketVersioning", Bucket=BUCKET, VersioningConfiguration=SUSPENDED)
    ),
    mutation("example-s3-03", Replaced(MAIN, "block_public_acls       = true", "block_public_acls = false")),
    mutation(
        "example-s3-03", Set("aws_s3_bucket_public_access_block.attachments", "block_public_policy", False)
    ),
    mutation("example-s3-03", call("s3:DeletePublicAccessBlock", Bucket=BUCKET)),
]
