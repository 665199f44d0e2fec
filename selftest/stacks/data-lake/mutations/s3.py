"""Mutations for tests/s3."""

from plumbline.kinds.s3 import Bucket
from selftest.mutations.documents import Set
from selftest.mutations.edits import Recreated, Removed, Replaced, call
from selftest.mutations.mutation import mutation, unnamed
from selftest.mutations.removals import remove_bucket

ACCOUNT = "100000000001"
ZONES, LOGS, STATE = (
    "modules/data_lake/main.tf",
    "modules/observability/main.tf",
    "global/remote-state/main.tf",
)
RAW, LOG_BUCKET, STATES = f"dp-dev-raw-{ACCOUNT}", f"dp-dev-logs-{ACCOUNT}", f"tf-state-{ACCOUNT}-eu-west-3"
OF_RAW, OF_LOGS, OF_STATE = 'module.data_lake.{}.dl["raw"]', "module.observability.{}.logs", "{}.state"
BLOCK = "aws_s3_bucket_public_access_block"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
DEFAULT = "rule.0.apply_server_side_encryption_by_default.0.sse_algorithm"
SUSPENDED = {"Status": "Suspended"}
ENABLED = {"Status": "Enabled"}
KEPT = "force_destroy = false\n\n  lifecycle {\n    prevent_destroy = true\n  }"
GONE = "force_destroy = false"
AWS_KMS = 'sse_algorithm     = "aws:kms"\n      kms_master_key_id = '
_CALLED_OTHERWISE = unnamed("data-lake-inv-01")


def encrypted(bucket: str, algorithm: str) -> dict[str, object]:
    """Return the request that encrypts new objects of a bucket so."""
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    return {"Bucket": bucket, "ServerSideEncryptionConfiguration": {"Rules": [rule]}}


MUTATIONS = [
    mutation(
        "data-lake-s3-01 s3.exists",
        Replaced(ZONES, "-${zone}-", "-zone-${zone}-"),
        falls_with=_CALLED_OTHERWISE
        | {
            "data-lake-mon-01": "the alarm is on a bucket that the stack does not name",
        },
    ),
    mutation(
        "data-lake-s3-01 s3.exists",
        Set(OF_RAW.format("aws_s3_bucket"), "bucket", "dp-dev-bronze"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-s3-01 s3.exists", Removed(RAW, remove_bucket)),
    mutation("data-lake-s3-01 s3.location", Recreated(RAW, Bucket, remove_bucket, {"region": "eu-west-1"})),
    mutation("data-lake-s3-02", Replaced(LOGS, "-logs-${", "-access-${"), falls_with=_CALLED_OTHERWISE),
    mutation(
        "data-lake-s3-02",
        Set(OF_LOGS.format("aws_s3_bucket"), "bucket", "dp-dev-access"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-s3-02", Removed(LOG_BUCKET, remove_bucket)),
    mutation("data-lake-s3-03", Replaced(ZONES, AWS_KMS + "var.kms_key_arn", 'sse_algorithm = "AES256"')),
    mutation("data-lake-s3-03", Set(OF_RAW.format(ENCRYPTION), DEFAULT, "AES256")),
    mutation("data-lake-s3-03", call("s3:DeleteBucketEncryption", Bucket=RAW)),
    mutation("data-lake-s3-04", Replaced(ZONES, 'status = "Enabled"', 'status = "Suspended"')),
    mutation(
        "data-lake-s3-04",
        Set(OF_RAW.format("aws_s3_bucket_versioning"), "versioning_configuration.0.status", "Suspended"),
    ),
    mutation(
        "data-lake-s3-04", call("s3:PutBucketVersioning", Bucket=RAW, VersioningConfiguration=SUSPENDED)
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
    mutation("data-lake-s3-09", Replaced(LOGS, '"AES256"', '"aws:kms"')),
    mutation("data-lake-s3-09", Set(OF_LOGS.format(ENCRYPTION), DEFAULT, "aws:kms")),
    mutation("data-lake-s3-09", call("s3:PutBucketEncryption", **encrypted(LOG_BUCKET, "aws:kms"))),
    mutation("data-lake-s3-12", Replaced(ZONES, KEPT, GONE), environment="prod"),
    mutation("data-lake-s3-12", Replaced(ZONES, "= false", "= true"), environment="prod"),
    mutation(
        "data-lake-state-01 s3.exists",
        Replaced(STATE, '"tf-state-${', '"tf-states-${'),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation(
        "data-lake-state-01 s3.exists",
        Set(OF_STATE.format("aws_s3_bucket"), "bucket", "tf-states"),
        falls_with=_CALLED_OTHERWISE,
    ),
    mutation("data-lake-state-01 s3.exists", Removed(STATES, remove_bucket)),
    mutation(
        "data-lake-state-01 s3.location", Recreated(STATES, Bucket, remove_bucket, {"region": "eu-west-1"})
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
    mutation(
        "data-lake-state-04", Replaced(STATE, AWS_KMS + "module.kms.key_arn", 'sse_algorithm = "AES256"')
    ),
    mutation("data-lake-state-04", Set(OF_STATE.format(ENCRYPTION), DEFAULT, "AES256")),
    mutation("data-lake-state-04", call("s3:DeleteBucketEncryption", Bucket=STATES)),
    mutation(
        "data-lake-state-05", Replaced(STATE, "block_public_acls       = true", "block_public_acls = false")
    ),
    mutation("data-lake-state-05", Set(OF_STATE.format(BLOCK), "block_public_policy", False)),
    mutation("data-lake-state-05", call("s3:DeletePublicAccessBlock", Bucket=STATES)),
    mutation("data-lake-state-06 s3.no-accidental-deletion", Replaced(STATE, KEPT, GONE)),
]
