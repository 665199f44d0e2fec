"""Mutations for tests/s3 and tests/repository."""

from selftest.mutations.documents import Set
from selftest.mutations.edits import Deleted, Edited, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each

BUCKETS, DOCS = "infrastructure/s3.tf", "terraform/propie/docs"
POLICY, DNS, DRILLS = (
    f"{DOCS}/runbooks/{it}" for it in ("read-policy.json", "dns-changes.json", "recovery-drills.md")
)
VERSIONED, DOCUMENT, TOLD = "propie-dr-01", "propie-repo-02", "propie-repo-03"
PARSES, SETTINGS, NAMES = (
    f"propie-repo-01 repository.{it}" for it in ("parses", "settings", "setting-names")
)
NOTHING_SET = {NAMES: "what does not parse sets nothing"}

MUTATIONS = [
    *on_each(
        VERSIONED,
        Replaced(
            BUCKETS, 'configuration {\n    status = "Enabled"', 'configuration {\n    status = "Suspended"'
        ),
        Set('aws_s3_bucket_versioning.this["logs"]', "versioning_configuration.0.status", "Suspended"),
        call(
            "s3:PutBucketVersioning",
            Bucket="prop-ie-dev-documents",
            VersioningConfiguration={"Status": "Suspended"},
        ),
    ),
    mutation(PARSES, Edited(DNS, '"Changes": [', '"Changes": [,'), falls_with=NOTHING_SET),
    mutation(SETTINGS, Edited(POLICY, "DynamoDBReadCapacityUtilization", "DynamoDBWriteCapacityUtilization")),
    mutation(NAMES, Edited(POLICY, '"TargetValue"', '"Target"')),
    mutation(NAMES, Edited(DNS, '"Changes"', '"Change"')),
    mutation(DOCUMENT, Deleted(f"{DOCS}/SECURITY-INCIDENT-RESPONSE.md")),
    mutation(TOLD, Edited(DRILLS, "Results:", "What came of it:")),
    mutation(TOLD, Deleted(DRILLS)),
]

NEAR_MISSES = [
    near_miss(SETTINGS, Edited(POLICY, "70.0", "60.0"), why="that there is a target is asked, not which"),
]
