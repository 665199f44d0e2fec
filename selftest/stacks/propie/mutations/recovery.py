"""Mutations for tests/s3 and tests/repository."""

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Deleted, Edited, Happened, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each

BUCKETS, DOCS = "infrastructure/s3.tf", "terraform/propie/docs"
POLICY, DNS, DRILLS = (
    f"{DOCS}/runbooks/{it}" for it in ("read-policy.json", "dns-changes.json", "recovery-drills.md")
)
REHEARSED, DYNAMODB = "propie-dr-02", "dynamodb.amazonaws.com"
VERSIONED, DOCUMENT, TOLD = "propie-dr-01", "propie-repo-02", "propie-repo-03"
PARSES, SETTINGS, NAMES = (
    f"propie-repo-01 repository.{it}" for it in ("parses", "settings", "setting-names")
)
NOTHING_SET = {NAMES: "what does not parse sets nothing"}


def nothing_restored(aws: Aws) -> None:
    """Let the history hold nothing but another call of the service."""
    history.forget_events(aws)
    history.event(aws, DYNAMODB, "DescribeTable")


def another_restored(aws: Aws) -> None:
    """Let a table have been restored that is none of ours."""
    nothing_restored(aws)
    history.event(aws, DYNAMODB, "RestoreTableToPointInTime", parameters={"sourceTableName": "orders"})


def refused(aws: Aws) -> None:
    """Let somebody have been refused to restore a table."""
    nothing_restored(aws)
    of = {"sourceTableName": "prop-ie-dev-properties"}
    history.event(aws, DYNAMODB, "RestoreTableToPointInTime", parameters=of, code="AccessDenied")


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
    mutation(REHEARSED, Happened("CloudTrail recorded nothing but another call", nothing_restored)),
    mutation(REHEARSED, Happened("only a table of another system was restored", another_restored)),
    mutation(REHEARSED, Happened("the restore was refused", refused)),
    mutation(PARSES, Edited(DNS, '"Changes": [', '"Changes": [,'), falls_with=NOTHING_SET),
    mutation(SETTINGS, Edited(POLICY, "DynamoDBReadCapacityUtilization", "DynamoDBWriteCapacityUtilization")),
    mutation(NAMES, Edited(POLICY, '"TargetValue"', '"Target"')),
    mutation(NAMES, Edited(DNS, '"Changes"', '"Change"')),
    mutation(NAMES, Edited(DNS, '"Changes": [', '"Changes": [], "Later": [')),
    mutation(NAMES, Edited(POLICY, '"TargetValue": 70.0', '"TargetValue": null')),
    mutation(DOCUMENT, Deleted(f"{DOCS}/SECURITY-INCIDENT-RESPONSE.md")),
    mutation(TOLD, Edited(DRILLS, "Results:", "What came of it:")),
    mutation(TOLD, Deleted(DRILLS)),
]

NEAR_MISSES = [
    near_miss(SETTINGS, Edited(POLICY, "70.0", "60.0"), why="that there is a target is asked, not which"),
]
