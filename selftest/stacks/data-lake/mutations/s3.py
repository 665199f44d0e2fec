"""Mutations for tests/s3."""

from collections.abc import Mapping
from typing import Any

from plumbline.kinds.s3 import Bucket
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Happened, Recreated, Removed, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.mutations.policies import denying, letting_in
from selftest.mutations.removals import remove_bucket

ACCOUNT = "100000000001"
ZONES, RULES_OF_ZONES, LOGS, STATE = (
    "modules/data_lake/main.tf",
    "modules/data_lake/lifecycle.tf",
    "modules/observability/main.tf",
    "global/remote-state/main.tf",
)
RAW, LOG_BUCKET, STATES = f"dp-dev-raw-{ACCOUNT}", f"dp-dev-logs-{ACCOUNT}", f"tf-state-{ACCOUNT}-eu-west-3"
OF_RAW, OF_LOGS, OF_STATE = 'module.data_lake.{}.dl["raw"]', "module.observability.{}.logs", "{}.state"
BLOCK = "aws_s3_bucket_public_access_block"
SILVER = f"dp-dev-silver-{ACCOUNT}"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
DEFAULT = "rule.0.apply_server_side_encryption_by_default.0"
ELSEWHERE = {"region": "eu-west-1"}
SUSPENDED = {"Status": "Suspended"}
ENABLED = {"Status": "Enabled"}
KEPT = "force_destroy = false\n\n  lifecycle {\n    prevent_destroy = true\n  }"
GONE = "force_destroy = false"
AWS_KMS = 'sse_algorithm     = "aws:kms"\n      kms_master_key_id = '
ON_ANOTHER = "the alarm is on a bucket that the stack does not name"
_CALLED_OTHERWISE = unnamed("data-lake-inv-01")
NOT_TOLD = {"data-lake-repo-05 terraform.output-texts": "the output tells the other name"}
NOT_TOLD_OF_STATE = {"data-lake-state-12 terraform.output-texts": "the output tells the other name"}


RULE: Mapping[str, Any] = {
    "ID": "tiers",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
    "Expiration": {"Days": 365},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
}
"""The rule of a zone, but for uploads that nobody completes."""


def encrypted(bucket: str, algorithm: str) -> Edit:
    """Return that new objects of a bucket are encrypted so."""
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    rules = {"Rules": [rule]}
    return call("s3:PutBucketEncryption", Bucket=bucket, ServerSideEncryptionConfiguration=rules)


def rules(*rules: Mapping[str, Any]) -> Edit:
    """Return that the raw zone has these lifecycle rules."""
    configuration = {"Rules": [dict(it) for it in rules]}
    return call("s3:PutBucketLifecycleConfiguration", Bucket=RAW, LifecycleConfiguration=configuration)


def logging(status: Mapping[str, Any]) -> Edit:
    """Return that access to the raw zone is logged so."""
    return call("s3:PutBucketLogging", Bucket=RAW, BucketLoggingStatus=dict(status))


def has_policy(bucket: str, text: str) -> Edit:
    """Return that a bucket has another policy."""
    return call("s3:PutBucketPolicy", Bucket=bucket, Policy=text)


PAID_FOR = """resource "aws_s3_bucket_request_payment_configuration" "logs" {
  bucket = aws_s3_bucket.logs.bucket
  payer  = "Requester"
}
"""
RULES = OF_RAW.format("aws_s3_bucket_lifecycle_configuration")
OBJECTS_ALONE = denying(RAW, Resource=f"arn:aws:s3:::{RAW}/*")
NO_KEY = "what KMS does not encrypt none of its keys does"
OWN_KEY_OF_S3 = "arn:aws:kms:eu-west-3:100000000001:alias/aws/s3"
LATER = {"data-lake-s3-10 s3.lifecycle-days": "the days are others then"}

MUTATIONS = [
    mutation(
        "data-lake-s3-08",
        Happened("no log of access arrives", lambda aws: history.deliver_nothing(aws, RAW, LOG_BUCKET)),
        falls_with={
            "data-lake-s3-07": "moto delivers what it is told to",
            "data-lake-s3-09 s3.log-delivery": "nothing says what has to be delivered",
        },
    ),
    mutation(
        "data-lake-probe-01",
        call("s3:PutBucketVersioning", Bucket=RAW, VersioningConfiguration=SUSPENDED),
        falls_with={"data-lake-s3-04": "versioning is not Enabled"},
        only_on="live",
    ),
    mutation(
        "data-lake-probe-02",
        call("s3:DeleteBucketPolicy", Bucket=RAW),
        falls_with={"data-lake-s3-06": "the policy is what denies plain HTTP"},
        only_on="live",
    ),
    mutation(
        "data-lake-s3-01 s3.exists",
        Replaced(ZONES, "-${zone}-", "-zone-${zone}-"),
        falls_with=_CALLED_OTHERWISE
        | {
            "data-lake-mon-01": ON_ANOTHER,
            "data-lake-mon-02 alarms.dimensions": ON_ANOTHER,
        }
        | NOT_TOLD,
    ),
    mutation(
        "data-lake-s3-01 s3.exists",
        Set(OF_RAW.format("aws_s3_bucket"), "bucket", "dp-dev-bronze"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-s3-01 s3.exists", Removed(RAW, remove_bucket)),
    mutation(
        "data-lake-s3-01 s3.location",
        Recreated(RAW, Bucket, remove_bucket, ELSEWHERE | {"logs_to": None, "log_prefix": None}),
        falls_with={
            "data-lake-s3-07": "S3 logs nothing into a bucket of another region",
            "data-lake-s3-09 s3.log-delivery": "S3 logs nothing into a bucket of another region",
        },
    ),
    mutation(
        "data-lake-s3-02",
        Replaced(LOGS, "-logs-${", "-access-${"),
        falls_with=_CALLED_OTHERWISE | NOT_TOLD,
    ),
    mutation(
        "data-lake-s3-02",
        Set(OF_LOGS.format("aws_s3_bucket"), "bucket", "dp-dev-access"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-s3-02", Removed(LOG_BUCKET, remove_bucket)),
    *on_each(
        "data-lake-s3-03 s3.encryption",
        Replaced(ZONES, AWS_KMS + "var.kms_key_arn", 'sse_algorithm = "AES256"'),
        Set(OF_RAW.format(ENCRYPTION), f"{DEFAULT}.sse_algorithm", "AES256"),
        call("s3:DeleteBucketEncryption", Bucket=RAW),
        falls_with={"data-lake-s3-03 s3.encryption-key": NO_KEY},
    ),
    *on_each(
        "data-lake-s3-03 s3.encryption-key",
        Replaced(ZONES, "      kms_master_key_id = var.kms_key_arn\n", ""),
        Set(OF_RAW.format(ENCRYPTION), f"{DEFAULT}.kms_master_key_id", OWN_KEY_OF_S3),
        encrypted(RAW, "aws:kms"),
    ),
    mutation("data-lake-s3-04", Replaced(ZONES, 'status = "Enabled"', 'status = "Suspended"')),
    mutation(
        "data-lake-s3-04",
        Set(OF_RAW.format("aws_s3_bucket_versioning"), "versioning_configuration.0.status", "Suspended"),
    ),
    mutation(
        "data-lake-s3-04",
        call("s3:PutBucketVersioning", Bucket=SILVER, VersioningConfiguration=SUSPENDED),
    ),
    mutation(
        "data-lake-s3-05", Replaced(ZONES, "block_public_policy     = true", "block_public_policy = false")
    ),
    mutation(
        "data-lake-s3-05", Replaced(LOGS, "ignore_public_acls      = true", "ignore_public_acls = false")
    ),
    mutation("data-lake-s3-05", Set(OF_RAW.format(BLOCK), "restrict_public_buckets", False)),
    mutation("data-lake-s3-05", Set(OF_LOGS.format(BLOCK), "block_public_acls", False)),
    mutation("data-lake-s3-05", call("s3:DeletePublicAccessBlock", Bucket=RAW)),
    mutation("data-lake-s3-05", call("s3:DeletePublicAccessBlock", Bucket=LOG_BUCKET)),
    *on_each(
        "data-lake-s3-06",
        Replaced(ZONES, '"arn:aws:s3:::${local.names[each.key]}",\n', ""),
        Set(OF_RAW.format("aws_s3_bucket_policy"), "policy", OBJECTS_ALONE),
        has_policy(RAW, OBJECTS_ALONE),
    ),
    mutation("data-lake-s3-06", Replaced(ZONES, 'values   = ["false"]', 'values   = ["true"]')),
    mutation("data-lake-s3-06", call("s3:DeleteBucketPolicy", Bucket=SILVER)),
    *on_each(
        "data-lake-s3-07",
        Replaced(ZONES, '"${each.key}/"', '"${each.key}/access/"'),
        Set(OF_RAW.format("aws_s3_bucket_logging"), "target_prefix", "raw/access/"),
        logging({"LoggingEnabled": {"TargetBucket": LOG_BUCKET, "TargetPrefix": "raw/access/"}}),
    ),
    mutation(
        "data-lake-s3-07",
        logging({}),
        falls_with={"data-lake-s3-09 s3.log-delivery": "under no prefix S3 may deliver none"},
    ),
    *on_each(
        "data-lake-s3-09 s3.encryption",
        Replaced(LOGS, '"AES256"', '"aws:kms"'),
        Set(OF_LOGS.format(ENCRYPTION), f"{DEFAULT}.sse_algorithm", "aws:kms"),
        encrypted(LOG_BUCKET, "aws:kms"),
        falls_with={"data-lake-s3-09 s3.log-delivery": "S3 delivers no logs into such a bucket"},
    ),
    *on_each(
        "data-lake-s3-09 s3.log-delivery",
        Replaced(LOGS, "logging.s3.amazonaws.com", "s3.amazonaws.com"),
        Set(OF_LOGS.format("aws_s3_bucket_policy"), "policy", letting_in(LOG_BUCKET, "another-bucket")),
        has_policy(LOG_BUCKET, letting_in(LOG_BUCKET, "another-bucket")),
    ),
    mutation("data-lake-s3-09 s3.log-delivery", Written("modules/observability/payer.tf", PAID_FOR)),
    mutation(
        "data-lake-s3-09 s3.log-delivery",
        call(
            "s3:PutBucketRequestPayment",
            Bucket=LOG_BUCKET,
            RequestPaymentConfiguration={"Payer": "Requester"},
        ),
    ),
    *on_each(
        "data-lake-s3-10 s3.lifecycle",
        Replaced(RULES_OF_ZONES, '= "GLACIER"', '= "GLACIER_IR"'),
        Set(RULES, "rule.0.transition.1.storage_class", "GLACIER_IR"),
        rules({**RULE, "Transitions": RULE["Transitions"][:1]}),
        falls_with=LATER,
    ),
    mutation(
        "data-lake-s3-10 s3.lifecycle",
        Replaced(RULES_OF_ZONES, 'status = "Enabled"', 'status = "Disabled"'),
        falls_with={**LATER, "data-lake-s3-11": "the same rule removes old versions"},
    ),
    mutation(
        "data-lake-s3-10 s3.lifecycle",
        rules(
            RULE,
            {"ID": "more", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 10}},
        ),
        falls_with=LATER,
        unlisted=True,
    ),
    *on_each(
        "data-lake-s3-10 s3.lifecycle-days",
        Replaced("envs/dev/main.tf", "expiration_days   = 365", "expiration_days   = 366"),
        Set(RULES, "rule.0.expiration.0.days", 300),
        rules({**RULE, "Expiration": {"Days": 400}}),
    ),
    *on_each(
        "data-lake-s3-11",
        Replaced(
            RULES_OF_ZONES,
            "noncurrent_version_expiration {\n      noncurrent_days = var.noncurrent_days\n    }",
            "",
        ),
        Set(RULES, "rule.0.noncurrent_version_expiration", []),
        rules({key: value for key, value in RULE.items() if key != "NoncurrentVersionExpiration"}),
    ),
    mutation("data-lake-s3-12", Replaced(ZONES, KEPT, GONE), environment="prod"),
    mutation("data-lake-s3-12", Replaced(ZONES, "= false", "= true"), environment="prod"),
    mutation(
        "data-lake-state-01 s3.exists",
        Replaced(STATE, '"tf-state-${', '"tf-states-${'),
        falls_with=_CALLED_OTHERWISE | NOT_TOLD_OF_STATE,
    ),
    mutation(
        "data-lake-state-01 s3.exists",
        Set(OF_STATE.format("aws_s3_bucket"), "bucket", "tf-states"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-state-01 s3.exists", Removed(STATES, remove_bucket)),
    mutation(
        "data-lake-state-01 s3.location",
        Recreated(STATES, Bucket, remove_bucket, ELSEWHERE),
        only_on="moto",
    ),
    mutation(
        "data-lake-state-01 s3.location",
        Recreated(STATES, Bucket, remove_bucket, ELSEWHERE),
        only_on="live",
        falls_with={"data-lake-state-03": "the states went with the bucket"},
    ),
    mutation("data-lake-state-02", Replaced(STATE, '"Enabled"', '"Suspended"')),
    mutation(
        "data-lake-state-02",
        Set(OF_STATE.format("aws_s3_bucket_versioning"), "versioning_configuration.0.status", "Suspended"),
    ),
    mutation(
        "data-lake-state-02",
        call("s3:PutBucketVersioning", Bucket=STATES, VersioningConfiguration=SUSPENDED),
    ),
    *on_each(
        "data-lake-state-04 s3.encryption",
        Replaced(STATE, AWS_KMS + "module.kms.key_arn", 'sse_algorithm = "AES256"'),
        Set(OF_STATE.format(ENCRYPTION), f"{DEFAULT}.sse_algorithm", "AES256"),
        call("s3:DeleteBucketEncryption", Bucket=STATES),
        falls_with={"data-lake-state-04 s3.encryption-key": NO_KEY},
    ),
    *on_each(
        "data-lake-state-04 s3.encryption-key",
        Replaced(STATE, "      kms_master_key_id = module.kms.key_arn\n", ""),
        Set(OF_STATE.format(ENCRYPTION), f"{DEFAULT}.kms_master_key_id", OWN_KEY_OF_S3),
        encrypted(STATES, "aws:kms"),
    ),
    mutation(
        "data-lake-state-05", Replaced(STATE, "block_public_acls       = true", "block_public_acls = false")
    ),
    mutation("data-lake-state-05", Set(OF_STATE.format(BLOCK), "block_public_policy", False)),
    mutation("data-lake-state-05", call("s3:DeletePublicAccessBlock", Bucket=STATES)),
    mutation("data-lake-state-06 s3.no-accidental-deletion", Replaced(STATE, KEPT, GONE)),
]

NEAR_MISSES = [
    near_miss(
        "data-lake-s3-06",
        Replaced(ZONES, 'test     = "Bool"', 'test     = "BoolIfExists"'),
        why="what says nothing of TLS is denied, too",
    ),
    near_miss(
        "data-lake-s3-06",
        has_policy(RAW, denying(RAW, Action="*", Resource="*", Condition={})),
        why="whoever is denied everything is denied plain HTTP",
    ),
    near_miss(
        "data-lake-s3-10 s3.lifecycle-days",
        rules(
            RULE,
            {"ID": "later", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 500}},
        ),
        why="S3 takes the earlier of two expirations",
    ),
    near_miss(
        "data-lake-s3-11",
        rules({**RULE, "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3}}),
        why="old versions are removed but for the newest",
    ),
    near_miss(
        "data-lake-s3-09 s3.log-delivery",
        has_policy(LOG_BUCKET, letting_in(LOG_BUCKET, "dp-dev-*")),
        why="the pattern covers the zones",
    ),
]
