"""Mutations for tests/s3."""

from collections.abc import Mapping
from typing import Any

from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Happened, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each
from selftest.mutations.policies import policy

BUCKETS, RULES = "infra/terraform/s3.tf", "infra/terraform/lifecycle.tf"
DATA, AUDIT = "elite-adventures-leads-prod-data", "elite-adventures-leads-prod-audit"
DECLARED = "aws_s3_bucket_lifecycle_configuration.data"
BLOCK = 'aws_s3_bucket_public_access_block.this["data"]'
MOVED: Mapping[str, Any] = {
    "ID": "raw",
    "Status": "Enabled",
    "Filter": {"Prefix": "raw/"},
    "Transitions": [{"Days": 90, "StorageClass": "GLACIER_IR"}],
}
EXPIRED: Mapping[str, Any] = {
    "ID": "exports",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"Days": 365},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
}
KEPT = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 1}
MARKERS: Mapping[str, Any] = {
    "ID": "markers",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"ExpiredObjectDeleteMarker": True},
}
FOREVER: Mapping[str, Any] = {
    "ID": "more",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 3650},
}
RAW_PREFIX, LEADING_SLASH = 'prefix = "raw/"', 'prefix = "/raw/"'
EXPIRY = "    expiration {\n      days = 365\n    }\n"
COOLER = '    transition {\n      days = 30\n      storage_class = "STANDARD_IA"\n    }\n'
OLD = "    noncurrent_version_expiration {\n      noncurrent_days = 30\n    }\n"
TOUCHED = """  rule {
    id     = "uploads"
    status = "Enabled"

    filter {
      prefix = "q"
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

"""
ALL_OBJECTS = """  rule {
    id     = "all"
    status = "Enabled"

    filter {}

    expiration {
      days = 3650
    }
  }

"""
GRANTED = "bucket_policies = {"
PUBLIC = policy(
    {
        "Sid": "Everybody",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{DATA}/*",
    }
)
EVERYBODY = PUBLIC.replace(": ", " = ").replace("arn = ", "arn:")
"""The same in HCL."""
MARKING = '"exports-delete-markers"\n    status = "'
FIRST = "  # Raw leads stay for ever."
_STAGES, _COURSE = "s3.lifecycle", "s3.lifecycle-days"
_TOLD = "one sentence speaks of what becomes of all"
DAYS = {f"elite-adventures-{name} {_COURSE}": _TOLD for name in ("s3-02", "s3-03")}
EVERYTHING = DAYS | {f"elite-adventures-{name} {_STAGES}": _TOLD for name in ("s3-02", "s3-03")}
ALL = {**EVERYTHING, "elite-adventures-s3-04": "every rule for all objects touches these, too"}


def rules(*rules: Mapping[str, Any]) -> Edit:
    """Return that the data bucket has these lifecycle rules."""
    configuration = {"Rules": [dict(it) for it in rules]}
    return call("s3:PutBucketLifecycleConfiguration", Bucket=DATA, LifecycleConfiguration=configuration)


MUTATIONS = [
    *on_each(
        "elite-adventures-s3-01",
        Replaced(BUCKETS, 'status = "Enabled"', 'status = "Suspended"'),
        Set('aws_s3_bucket_versioning.this["frontend"]', "versioning_configuration.0.status", "Suspended"),
        call("s3:PutBucketVersioning", Bucket=AUDIT, VersioningConfiguration={"Status": "Suspended"}),
    ),
    *on_each(
        f"elite-adventures-s3-02 {_STAGES}",
        Replaced(RULES, RAW_PREFIX, LEADING_SLASH),
        Set(DECLARED, "rule.0.transition.0.storage_class", "DEEP_ARCHIVE"),
        rules(EXPIRED, MARKERS),
        falls_with=EVERYTHING,
    ),
    *on_each(
        f"elite-adventures-s3-02 {_COURSE}",
        Replaced(RULES, "days          = 90", "days = 91"),
        Set(DECLARED, "rule.0.transition.0.days", 60),
        rules({**MOVED, "Transitions": [{"Days": 120, "StorageClass": "GLACIER_IR"}]}, EXPIRED, MARKERS),
        falls_with=DAYS,
    ),
    mutation(
        f"elite-adventures-s3-03 {_STAGES}",
        Replaced(
            RULES,
            EXPIRY,
            COOLER + EXPIRY,
        ),
        falls_with=EVERYTHING,
    ),
    mutation(
        f"elite-adventures-s3-03 {_STAGES}", Set(DECLARED, "rule.1.expiration", []), falls_with=EVERYTHING
    ),
    mutation(
        f"elite-adventures-s3-03 {_STAGES}",
        rules(MOVED, {**EXPIRED, "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}]}, MARKERS),
        falls_with=EVERYTHING,
    ),
    *on_each(
        f"elite-adventures-s3-03 {_COURSE}",
        Replaced(RULES, "days = 365", "days = 3650"),
        Set(DECLARED, "rule.1.expiration.0.days", 364),
        rules(MOVED, {**EXPIRED, "Expiration": {"Days": 366}}, MARKERS),
        falls_with=DAYS,
    ),
    mutation("elite-adventures-s3-04", Replaced(RULES, FIRST, TOUCHED + FIRST), unlisted=True),
    mutation("elite-adventures-s3-04", Set(DECLARED, "rule.2.filter.0.prefix", "qr/")),
    mutation(
        "elite-adventures-s3-04",
        rules(
            MOVED, EXPIRED, MARKERS, {**FOREVER, "Filter": {"Prefix": "qr/2024/"}, "Expiration": {"Days": 9}}
        ),
        falls_with={"elite-adventures-s3-05": "it expires there"},
        unlisted=True,
    ),
    mutation(
        "elite-adventures-s3-05",
        Replaced(RULES, FIRST, ALL_OBJECTS + FIRST),
        falls_with=ALL,
        unlisted=True,
    ),
    mutation(
        "elite-adventures-s3-05",
        Set(DECLARED, "rule.1.filter.0.prefix", ""),
        falls_with=ALL,
    ),
    mutation(
        "elite-adventures-s3-05",
        rules(MOVED, EXPIRED, MARKERS, FOREVER),
        falls_with=ALL,
        unlisted=True,
    ),
    mutation(
        "elite-adventures-s3-05",
        rules(MOVED, EXPIRED, MARKERS, {**FOREVER, "Filter": {"Prefix": "backups/"}}),
        unlisted=True,
    ),
    *on_each(
        "elite-adventures-s3-06 s3.every-old-version",
        Replaced(RULES, OLD, ""),
        Set(DECLARED, "rule.1.noncurrent_version_expiration", []),
        rules(MOVED, {key: value for key, value in EXPIRED.items() if key[0] != "N"}, MARKERS),
    ),
    *on_each(
        "elite-adventures-s3-06 s3.every-old-version",
        Replaced(
            RULES,
            "noncurrent_days = 30",
            "noncurrent_days = 30\n newer_noncurrent_versions = 1",
        ),
        Set(DECLARED, "rule.1.noncurrent_version_expiration.0.newer_noncurrent_versions", 1),
        rules(MOVED, {**EXPIRED, "NoncurrentVersionExpiration": KEPT}, MARKERS),
    ),
    mutation(
        "elite-adventures-s3-06 s3.delete-markers",
        Replaced(RULES, EXPIRY, ""),
        Replaced(RULES, "expired_object_delete_marker = true", "days = 400"),
        Replaced(
            RULES, '"exports-delete-markers"\n    status = "Enabled"', '"later"\n    status = "Disabled"'
        ),
        falls_with=EVERYTHING,
    ),
    mutation(
        "elite-adventures-s3-06 s3.delete-markers",
        Set(DECLARED, "rule.1.expiration", []),
        Set(DECLARED, "rule.2.status", "Disabled"),
        falls_with=EVERYTHING,
    ),
    mutation(
        "elite-adventures-s3-06 s3.delete-markers",
        rules(MOVED, {key: value for key, value in EXPIRED.items() if key != "Expiration"}),
        falls_with=EVERYTHING,
    ),
    mutation(
        "elite-adventures-s3-09 s3.not-public",
        Replaced(
            BUCKETS, "bucket_policies = {", f"bucket_policies = {{\n    data = [jsonencode({EVERYBODY})]"
        ),
    ),
    mutation(
        "elite-adventures-s3-09 s3.not-public", Set('aws_s3_bucket_policy.this["data"]', "policy", PUBLIC)
    ),
    mutation(
        "elite-adventures-s3-09 s3.not-public",
        call("s3:PutBucketPolicy", Bucket=DATA, Policy=PUBLIC),
        only_on="live",
    ),
    mutation(
        "elite-adventures-s3-07",
        Happened(
            "an export is a year and three days old",
            lambda aws: history.old_object(aws, DATA, "exports/2024/leads.json", days=368),
        ),
    ),
    mutation(
        "elite-adventures-s3-08",
        Happened(
            "a big lead is 93 days old and where it was",
            lambda aws: history.old_object(aws, DATA, "raw/2024/01/15/c/l.json", days=93, size=131072),
        ),
    ),
    *on_each(
        "elite-adventures-s3-09 s3.public-access-block",
        Replaced(BUCKETS, "block_public_policy     = true", "block_public_policy = false"),
        Set(BLOCK, "restrict_public_buckets", False),
        call("s3:DeletePublicAccessBlock", Bucket=DATA),
    ),
]

NEAR_MISSES = [
    near_miss(
        "elite-adventures-s3-04",
        rules(MOVED, EXPIRED, MARKERS, {**FOREVER, "Filter": {"Prefix": "qr/"}, "Status": "Disabled"}),
        why="S3 does not apply a rule that is disabled",
    ),
    near_miss(
        "elite-adventures-s3-08",
        Happened(
            "a small lead is a year old, and a big one moved",
            lambda aws: [
                history.old_object(aws, DATA, "raw/small.json", days=365, size=131071),
                history.old_object(
                    aws, DATA, "raw/big.json", days=365, size=131072, storage_class="GLACIER_IR"
                ),
            ],
        ),
        why="S3 moves none that is below 128 KB",
    ),
    near_miss(
        "elite-adventures-s3-05",
        rules(MOVED, EXPIRED, MARKERS, {**MARKERS, "ID": "more", "Filter": {"Prefix": "backups/"}}),
        why="a delete marker behind which there is nothing is no object",
    ),
]
