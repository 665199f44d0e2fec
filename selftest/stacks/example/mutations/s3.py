"""Mutations for tests/s3."""

from collections.abc import Mapping
from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.mutations.policies import denying, letting_in
from selftest.mutations.removals import remove_bucket

MAIN, KEEPING = "notes/main.tf", "notes/keeping.tf"
BUCKET, LOGS = "notes-attachments-dev", "notes-logs-dev"
SUSPENDED = {"Status": "Suspended"}

RULES = "aws_s3_bucket_lifecycle_configuration.attachments"
RULE: Mapping[str, Any] = {
    "ID": "all",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Transitions": [
        {"Days": 30, "StorageClass": "STANDARD_IA"},
        {"Days": 90, "StorageClass": "GLACIER"},
    ],
    "Expiration": {"Days": 365},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 60},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
}
LATER = {"example-s3-07": "the days are others then"}
BY_A_RULE = {"example-s3-06": "what becomes of it at last does not then", **LATER}


def rules(*rules: Mapping[str, Any]) -> Edit:
    """Return the edit of an account in which the bucket has these lifecycle rules."""
    return call(
        "s3:PutBucketLifecycleConfiguration",
        Bucket=BUCKET,
        LifecycleConfiguration={"Rules": [dict(it) for it in rules]},
    )


def without(name: str, **more: Any) -> dict[str, Any]:
    """Return the rule without one of its parts, and with others."""
    return {key: value for key, value in RULE.items() if key != name} | more


def policy(bucket: str, label: str, text: str) -> tuple[Edit, Edit]:
    """Return the edits of a plan or a state, and of an account, in which a bucket has a policy."""
    return (
        Set(f"aws_s3_bucket_policy.{label}", "policy", text),
        call("s3:PutBucketPolicy", Bucket=bucket, Policy=text),
    )


OBJECTS_ALONE = denying(BUCKET, Resource=f"arn:aws:s3:::{BUCKET}/*")
ON_THE_BUCKET = '"arn:aws:s3:::${aws_s3_bucket.attachments.bucket}", '
DEFAULT = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
ENCRYPTION = "rule.0.apply_server_side_encryption_by_default.0"
BY_KMS = {
    "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": "arn:aws:kms:eu-central-1:111122223333:alias/aws/s3",
    }
}


def remove_selection(aws: Aws, _: str) -> None:
    """Delete what the backup plan selects."""
    client = aws.client("backup")
    [plan] = client.list_backup_plans()["BackupPlansList"]
    for it in client.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]:
        client.delete_backup_selection(BackupPlanId=plan["BackupPlanId"], SelectionId=it["SelectionId"])


MUTATIONS = [
    mutation(
        "example-s3-15",
        Happened("plain HTTP is let in", lambda aws: aws.client("s3").delete_bucket_policy(Bucket=BUCKET)),
        falls_with={"example-s3-05": "the policy is what denies plain HTTP"},
    ),
    mutation(
        "example-s3-14",
        Happened("no log of access arrives", lambda aws: history.deliver_nothing(aws, BUCKET, LOGS)),
        falls_with={
            "example-s3-11": "moto delivers what it is told to",
        },
    ),
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
    *on_each(
        "example-s3-02",
        Replaced(MAIN, '"Enabled"', '"Suspended"'),
        Set("aws_s3_bucket_versioning.attachments", "versioning_configuration.0.status", "Suspended"),
        call("s3:PutBucketVersioning", Bucket=BUCKET, VersioningConfiguration=SUSPENDED),
        falls_with={"example-s3-13": "AWS Backup takes versioned buckets alone"},
    ),
    mutation("example-s3-03", Replaced(MAIN, "block_public_acls       = true", "block_public_acls = false")),
    mutation(
        "example-s3-03", Set("aws_s3_bucket_public_access_block.attachments", "block_public_policy", False)
    ),
    mutation("example-s3-03", call("s3:DeletePublicAccessBlock", Bucket=BUCKET)),
    *on_each(
        "example-s3-04",
        Replaced(KEEPING, "      kms_master_key_id = aws_kms_key.attachments.arn\n", ""),
        Set(
            "aws_s3_bucket_server_side_encryption_configuration.attachments",
            f"{ENCRYPTION}.kms_master_key_id",
            "arn:aws:kms:eu-central-1:111122223333:alias/aws/s3",
        ),
        call(
            "s3:PutBucketEncryption",
            Bucket=BUCKET,
            ServerSideEncryptionConfiguration={"Rules": [DEFAULT]},
        ),
    ),
    *on_each(
        "example-s3-05", Replaced(KEEPING, ON_THE_BUCKET, ""), *policy(BUCKET, "attachments", OBJECTS_ALONE)
    ),
    mutation(
        "example-s3-05",
        Replaced(KEEPING, '"aws:SecureTransport" = "false"', '"aws:SecureTransport" = "true"'),
    ),
    mutation(
        "example-s3-05",
        Replaced(
            KEEPING,
            "Condition = { Bool",
            'Condition = { StringNotEquals = { "aws:PrincipalTag/old" = "yes" }, Bool',
        ),
    ),
    *on_each(
        "example-s3-06",
        Replaced(KEEPING, '= "GLACIER"', '= "GLACIER_IR"'),
        Set(RULES, "rule.0.transition.1.storage_class", "GLACIER_IR"),
        rules(
            without(
                "Transitions",
                Transitions=[RULE["Transitions"][0], {"Days": 90, "StorageClass": "GLACIER_IR"}],
            )
        ),
        falls_with=LATER,
    ),
    *on_each(
        "example-s3-07",
        Replaced(KEEPING, "days          = 90", "days          = 91"),
        Set(RULES, "rule.0.expiration.0.days", 300),
        rules(without("Expiration", Expiration={"Days": 400})),
    ),
    *on_each(
        "example-s3-08",
        Replaced(KEEPING, "noncurrent_version_expiration {\n      noncurrent_days = 60\n    }", ""),
        Set(RULES, "rule.0.noncurrent_version_expiration", []),
        rules(without("NoncurrentVersionExpiration")),
    ),
    *on_each(
        "example-s3-09",
        Replaced(KEEPING, "expiration {\n      days = 365\n    }", ""),
        Set(RULES, "rule.0.expiration", []),
        rules(without("Expiration")),
        falls_with=BY_A_RULE,
    ),
    *on_each(
        "example-s3-10",
        Replaced(KEEPING, "abort_incomplete_multipart_upload {\n      days_after_initiation = 7\n    }", ""),
        Set(RULES, "rule.0.abort_incomplete_multipart_upload", []),
        rules(without("AbortIncompleteMultipartUpload")),
    ),
    *on_each(
        "example-s3-11",
        Replaced(KEEPING, '"attachments/"', '"logs/"'),
        Set("aws_s3_bucket_logging.attachments", "target_prefix", "logs/"),
        call("s3:PutBucketLogging", Bucket=BUCKET, BucketLoggingStatus={}),
    ),
    *on_each(
        "example-s3-12",
        Replaced(KEEPING, "logging.s3.amazonaws.com", "s3.amazonaws.com"),
        *policy(LOGS, "logs", letting_in(LOGS, "another-bucket")),
    ),
    mutation(
        "example-s3-12",
        call("s3:PutBucketEncryption", Bucket=LOGS, ServerSideEncryptionConfiguration={"Rules": [BY_KMS]}),
    ),
    *on_each(
        "example-s3-13",
        Replaced(KEEPING, "= [aws_s3_bucket.attachments.arn]", '= ["arn:aws:s3:::notes-logs-*"]'),
        Set("aws_backup_selection.attachments", "resources", ["arn:aws:s3:::notes-logs-dev"]),
        Removed("the selection of attachments", remove_selection),
    ),
]

NEAR_MISSES = [
    near_miss(
        "example-s3-05",
        Replaced(KEEPING, "Bool = {", "BoolIfExists = {"),
        why="what says nothing of TLS is denied, too",
    ),
    near_miss(
        "example-s3-05",
        call(
            "s3:PutBucketPolicy",
            Bucket=BUCKET,
            Policy=denying(BUCKET, Action="*", Resource="*", Condition={}),
        ),
        why="whoever is denied everything is denied plain HTTP",
    ),
    near_miss(
        "example-s3-06",
        rules(
            RULE,
            {"ID": "later", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 500}},
        ),
        why="S3 takes the earlier of two expirations",
    ),
    near_miss(
        "example-s3-07",
        Replaced(KEEPING, "filter {}", 'filter {\n      prefix = ""\n    }'),
        why="the empty prefix is every object's",
    ),
    near_miss(
        "example-s3-08",
        rules(
            without(
                "NoncurrentVersionExpiration",
                NoncurrentVersionExpiration={"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
            )
        ),
        why="old versions are removed but for the newest",
    ),
    near_miss(
        "example-s3-12",
        call("s3:PutBucketPolicy", Bucket=LOGS, Policy=letting_in(LOGS, "notes-attachments-*")),
        why="the pattern covers the bucket",
    ),
]
