"""Mutations for tests/operations, and for what else happens in an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plumbline.aws.reads import Aws
from plumbline.sources.moto.extensions import AGE_IN_HOURS, STATE
from selftest.mutations import history
from selftest.mutations.edits import Called, Described, Happened, call
from selftest.mutations.mutation import Mutation, mutation

TABLE = "bbws-tenants-dev"
LOCKS = "bbws-terraform-locks"
VAULT = "bbws-backup-vault-dev"
LOG = "/aws/lambda/bbws-order-lambda-dev"
SOURCE, REPLICA = "bbws-templates-prod", "bbws-templates-prod-dr-eu-west-1"
PROBE = "test-replication.txt"
_BUCKETS = {"SourceBucket": SOURCE, "DestinationBucket": REPLICA, "RuleId": "templates-to-eu-west-1"}
_STATE = "bbws-terraform-state-dev/dynamodb/terraform.tfstate"
_ALSO_AN_ERROR = {"bbws-log-02": "the line is an ERROR line, too"}


def measured(name: str, value: float, **dimensions: str) -> Happened:
    """Return that CloudWatch has a value of a metric of DynamoDB."""
    of = dimensions.get("TableName", "the account")
    what = f"{name} {value} of {' '.join([of, *dimensions.values()][:2])}"
    return Happened(what, lambda aws: history.metric(aws, "AWS/DynamoDB", name, value, **dimensions))


def of_replication(name: str, value: float, region: str) -> Happened:
    """Return that CloudWatch has a value of a metric of replication."""

    def happen(aws: Aws) -> None:
        history.metric(aws.within(region), "AWS/S3", name, value, **_BUCKETS)

    return Happened(f"{name} {value} in {region}", happen)


def logged(message: str) -> Happened:
    """Return that the function logs a line."""
    return Happened(f"{LOG}: `{message}`", lambda aws: history.line(aws, LOG, message))


def locked(minutes: int) -> Happened:
    """Return that a lock is held so long."""
    return Happened(
        f"a lock of {minutes} minutes", lambda aws: history.lock(aws, LOCKS, _STATE, minutes=minutes)
    )


def _backup_failed(aws: Aws) -> None:
    history.backup(aws, TABLE, VAULT, **{STATE: "FAILED"})


def _backed_up_long_ago(aws: Aws) -> None:
    _forget_backups(aws)
    history.backup(aws, TABLE, VAULT, **{AGE_IN_HOURS: "48"})


def _forget_backups(aws: Aws) -> None:
    table = aws.arn("dynamodb", f"table/{TABLE}")
    for job in aws.write("backup:ListBackupJobs", ByResourceArn=table)["BackupJobs"]:
        vault, point = job["BackupVaultName"], job["RecoveryPointArn"]
        aws.write("backup:DeleteRecoveryPoint", BackupVaultName=vault, RecoveryPointArn=point)


def _never_restored(aws: Aws) -> None:
    from moto.backup.models import backup_backends

    vars(backup_backends[aws.account][aws.region])["additions"].restores.clear()


def _emptied(dynamodb: Any) -> None:
    table = dynamodb.tables["bbws-products-prod"]
    table.items.clear()
    table.created_at -= timedelta(days=30)


def _uploaded_before_the_rule(aws: Aws) -> None:
    """Put an object while there is no rule; S3 never replicates it by itself."""
    kept = aws.write("s3:GetBucketReplication", Bucket=SOURCE)["ReplicationConfiguration"]
    aws.write("s3:DeleteBucketReplication", Bucket=SOURCE)
    aws.write("s3:PutObject", Bucket=SOURCE, Key="receipts/payment_received.html", Body="<html>")
    aws.write("s3:PutBucketReplication", Bucket=SOURCE, ReplicationConfiguration=kept)


def _backups_fail(aws: Aws) -> None:
    from moto.backup.models import backup_backends

    vars(backup_backends[aws.account][aws.region])["additions"].jobs_end = "FAILED"


def _stop_replicating(aws: Aws) -> None:
    kept = aws.write("s3:GetBucketReplication", Bucket=SOURCE)["ReplicationConfiguration"]
    rules = [{**rule, "Status": "Disabled"} for rule in kept["Rules"]]
    configuration = {"Role": kept["Role"], "Rules": rules}
    aws.write("s3:PutBucketReplication", Bucket=SOURCE, ReplicationConfiguration=configuration)


def _lose_the_index(dynamodb: Any) -> None:
    """Let DynamoDB know no index when it is asked through it, whatever it describes."""
    table = dynamodb.tables[TABLE]
    described = table.describe()
    table.global_indexes = []
    table.describe = lambda *_, **__: described


def _forget_a_table(aws: Aws) -> None:
    known = [f"aws_dynamodb_table bbws-{name}-dev" for name in ("tenants", "products")]
    history.keep_state(aws, _STATE, known)


_STATE_OBJECT = {"Bucket": "bbws-terraform-state-dev", "Key": "dynamodb/terraform.tfstate"}


def deleted_there(key: str) -> Called:
    """Return the edit that deletes an object from the replica."""
    return call("s3:DeleteObject", region="eu-west-1", Bucket=REPLICA, Key=key)


_KEY = "billing/invoice.html"
_CHANGED = call("s3:PutObject", region="eu-west-1", Bucket=REPLICA, Key=_KEY, Body="<p>")
_LEFT = call("s3:PutObject", Bucket=SOURCE, Key=PROBE, Body="probe")
_LEFT_THERE = call("s3:PutObject", region="eu-west-1", Bucket=REPLICA, Key=PROBE, Body="probe")

MUTATIONS: list[Mutation] = [
    mutation(
        "bbws-ddb-22",
        Described("bbws-products-prod: no item, a month after it was created", _emptied),
        environment="prod",
        only_on="live",
    ),
    mutation("bbws-ddb-23", measured("ReadThrottleEvents", 7, TableName=TABLE)),
    mutation("bbws-ddb-23", measured("WriteThrottleEvents", 1, TableName=TABLE)),
    mutation(
        "bbws-ddb-23",
        measured("WriteThrottleEvents", 3, TableName=TABLE, GlobalSecondaryIndexName="email-index"),
    ),
    mutation(
        "bbws-ddb-24",
        measured("SystemErrors", 2, TableName="bbws-tenants-prod", Operation="Query"),
        environment="prod",
    ),
    mutation("bbws-ddb-25", measured("UserErrors", 4)),
    mutation("bbws-ddb-26", logged("DynamoDB Query took 1200 ms")),
    mutation("bbws-ddb-26", logged('{"message": "DynamoDB Query", "duration": 1000.5}')),
    mutation(
        "bbws-bkp-07 operations.recovery-points",
        Happened(f"the last backup of {TABLE} is 48 hours old", _backed_up_long_ago),
    ),
    mutation(
        "bbws-bkp-08",
        Happened(f"a backup job of {TABLE} failed", _backup_failed),
    ),
    mutation("bbws-bkp-09", Happened("no restore was ever made", _never_restored)),
    mutation("bbws-rep-10", deleted_there(_KEY), environment="prod", only_on="live"),
    mutation("bbws-rep-10", _CHANGED, environment="prod", only_on="live"),
    mutation(
        "bbws-rep-10",
        call("s3:DeleteObject", Bucket=SOURCE, Key=_KEY),
        environment="prod",
        falls_with={"bbws-s3-12": "the object is gone"},
        only_on="live",
    ),
    mutation(
        "bbws-rep-10",
        Happened("an object is older than the rule", _uploaded_before_the_rule),
        environment="prod",
        falls_with={
            "bbws-s3-13": "the object was put without its content type",
            "bbws-s3-16": "the object has another content",
        },
    ),
    mutation(
        "bbws-rep-11 operations.metric",
        of_replication("OperationsFailedReplication", 3, "af-south-1"),
        environment="prod",
    ),
    mutation(
        "bbws-rep-12 probes.replication",
        Happened("nothing is replicated any more", _stop_replicating),
        environment="prod",
        falls_with={
            "bbws-rep-01": "no rule is enabled",
            "bbws-rep-13": "of no rule there is a failure that an alarm could count",
        },
    ),
    mutation("bbws-bkp-07 probes.backup", Happened("every backup job fails", _backups_fail)),
    mutation(
        "bbws-ddb-14",
        Described("email-index is described and cannot be queried", _lose_the_index),
        only_on="live",
    ),
    mutation(
        "bbws-rep-12 operations.metric",
        of_replication("ReplicationLatency", 301, "eu-west-1"),
        environment="prod",
    ),
    mutation(
        "bbws-rep-14",
        _LEFT,
        environment="prod",
        falls_with={"bbws-rep-12 probes.replication": "no probe starts where another one's object lies"},
        only_on="live",
    ),
    mutation("bbws-rep-14", _LEFT_THERE, environment="prod", only_on="live"),
    mutation("bbws-tf-04", Happened("the state knows two of three tables", _forget_a_table)),
    mutation("bbws-tf-04", call("s3:DeleteObject", **_STATE_OBJECT), only_on="live"),
    mutation("bbws-tf-05", locked(30)),
    mutation("bbws-tf-05", locked(600)),
    mutation("bbws-tf-07 operations.metric", measured("ReadThrottleEvents", 1, TableName=LOCKS)),
    mutation("bbws-log-02", logged("[ERROR] the order was not stored")),
    mutation("bbws-log-03", logged("AccessDeniedException when calling PutItem")),
    mutation("bbws-log-03", logged("AccessDenied when calling GetObject")),
    mutation("bbws-log-04", logged("NoSuchKey: receipts/payment_received.html")),
    mutation("bbws-log-04", logged("NoSuchBucket: bbws-templates")),
    mutation("bbws-log-05", logged("[ERROR] ResourceNotFoundException"), falls_with=_ALSO_AN_ERROR),
]
