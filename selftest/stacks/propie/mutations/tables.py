"""Mutations for tests/dynamodb, and for what became of the tables."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Happened, Replaced, Written, call
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE = "infrastructure/dynamodb.tf"
PROPERTIES, ENQUIRIES = "prop-ie-dev-properties", "prop-ie-dev-enquiries"
THROTTLED, IN_A_WEEK, SCANS, LATENCY, RECOVERY = (f"propie-ddb-{it}" for it in ("01", "02", "08", "09", "10"))
SCALED, FOLLOWS, ENOUGH = (f"propie-ddb-{it}" for it in ("03", "04", "05"))
USED, GROWN, BACKUPS = (f"propie-ddb-{it}" for it in ("06", "07", "11"))
READS, WRITES = (f"aws_appautoscaling_target.properties_{it}" for it in ("read", "write"))
POLICY, OF_WRITES = (f"aws_appautoscaling_policy.properties_{it}" for it in ("read", "write"))
ON_DEMAND = ('"PAY_PER_REQUEST"', '"PROVISIONED"\n  read_capacity = 100\n  write_capacity = 49')
PLACE = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": f"table/{PROPERTIES}",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
NOT_SCALED = {
    FOLLOWS: "what is not scaled follows nothing",
    ENOUGH: "five units are too few where nobody scales them",
}
FEW = {ENOUGH: "five units are too few where nothing lets them follow their use"}
HAND_MADE = {
    SCALED: "nobody scales it",
    FOLLOWS: "nobody scales it",
}
NIGHT = """resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.properties_read.service_namespace
  resource_id        = aws_appautoscaling_target.properties_read.resource_id
  scalable_dimension = aws_appautoscaling_target.properties_read.scalable_dimension
  schedule           = "cron(0 20 * * ? *)"

  scalable_target_action {
    min_capacity = 5
    max_capacity = 10
  }
}
"""
UNDONE = {"DynamicScalingOutSuspended": True}
AN_HOUR, DAYS = 60, 5 * 24 * 60
ALSO_IN_A_WEEK = {IN_A_WEEK: "half an hour is part of a week"}


def counted(name: str, value: float, minutes: float = 6, table: str = PROPERTIES, **more: str) -> Happened:
    """Return that DynamoDB counts so much of a table."""
    return Happened(
        f"{value:g} {name} of {table} {' '.join(more.values())}, {minutes:g} minutes ago",
        lambda aws: history.metric(aws, "AWS/DynamoDB", name, value, minutes, TableName=table, **more),
    )


def provisioned(sort: str, minutes: float) -> Happened:
    """Return that five units of a capacity were provisioned."""
    return counted(f"Provisioned{sort}CapacityUnits", 5, minutes)


def _named_otherwise(backend: Any) -> None:
    policy = next(it for it in backend.policies.values() if it.policy_name == "ReadAutoScalingPolicy")
    policy.policy_name = "reads"


def backed_up_no_more(aws: Aws, table: str) -> None:
    """Delete the backups of a table."""
    for it in aws.write("dynamodb:ListBackups", TableName=table)["BackupSummaries"]:
        aws.write("dynamodb:DeleteBackup", BackupArn=it["BackupArn"])


def called_otherwise(aws: Aws, table: str) -> None:
    """Let somebody have called the backup of a table after what it was made for."""
    backed_up_no_more(aws, table)
    aws.write("dynamodb:CreateBackup", TableName=table, BackupName=f"{table}-before-the-release")


MUTATIONS = [
    mutation(THROTTLED, counted("ThrottledRequests", 1, Operation="Query"), falls_with=ALSO_IN_A_WEEK),
    mutation(
        THROTTLED,
        counted("ThrottledRequests", 1, table=ENQUIRIES, Operation="BatchWriteItem"),
        falls_with=ALSO_IN_A_WEEK,
    ),
    mutation(IN_A_WEEK, counted("ThrottledRequests", 1, DAYS, Operation="GetItem")),
    mutation(SCANS, counted("SuccessfulRequestLatency", 12, 20 * AN_HOUR, table=ENQUIRIES, Operation="Scan")),
    mutation(LATENCY, counted("SuccessfulRequestLatency", 51, 50, Operation="Query")),
    *on_each(
        RECOVERY,
        Replaced(FILE, "recovery {\n    enabled = true", "recovery {\n    enabled = false"),
        Set("aws_dynamodb_table.enquiries", "point_in_time_recovery.0.enabled", False),
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName=ENQUIRIES,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    mutation(RECOVERY, Replaced(FILE, "  point_in_time_recovery {\n    enabled = true\n  }\n", "")),
    *on_each(
        SCALED,
        Replaced(FILE, "max_capacity       = 1000", "max_capacity       = 500"),
        Set(READS, "min_capacity", 1),
        call("application-autoscaling:RegisterScalableTarget", **PLACE, MinCapacity=5, MaxCapacity=40),
    ),
    *on_each(
        SCALED,
        Replaced(FILE, "out_suspended = false", "out_suspended = true"),
        Set(WRITES, "suspended_state.0.dynamic_scaling_in_suspended", True),
        call("application-autoscaling:RegisterScalableTarget", **PLACE, SuspendedState=UNDONE),
        falls_with=NOT_SCALED,
    ),
    mutation(SCALED, Written("infrastructure/night.tf", NIGHT)),
    mutation(
        SCALED,
        call(
            "application-autoscaling:PutScheduledAction",
            **PLACE,
            ScheduledActionName="night",
            Schedule="cron(0 20 * * ? *)",
            ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 10},
        ),
    ),
    mutation(SCALED, Without(READS), Without(POLICY), falls_with=NOT_SCALED),
    mutation(
        SCALED, call("application-autoscaling:DeregisterScalableTarget", **PLACE), falls_with=NOT_SCALED
    ),
    *on_each(
        FOLLOWS,
        Replaced(FILE, '"ReadAutoScalingPolicy"', '"reads"'),
        Set(POLICY, "name", "reads"),
        Described("the policy has another name", _named_otherwise, "application-autoscaling"),
    ),
    *on_each(
        FOLLOWS,
        Replaced(FILE, '"DynamoDBWriteCapacityUtilization"', '"DynamoDBReadCapacityUtilization"'),
        Set(OF_WRITES, "policy_type", "StepScaling"),
        call("application-autoscaling:DeleteScalingPolicy", **PLACE, PolicyName="ReadAutoScalingPolicy"),
        falls_with=FEW,
    ),
    *on_each(
        ENOUGH,
        Replaced(FILE, *ON_DEMAND),
        Set("aws_dynamodb_table.enquiries", "billing_mode", "PROVISIONED"),
        call(
            "dynamodb:UpdateTable",
            TableName=ENQUIRIES,
            BillingMode="PROVISIONED",
            ProvisionedThroughput={"ReadCapacityUnits": 100, "WriteCapacityUnits": 49},
        ),
        falls_with=HAND_MADE,
    ),
    mutation(
        USED,
        counted("ConsumedReadCapacityUnits", 5 * 3600, 3 * 24 * AN_HOUR),
        provisioned("Read", 3 * 24 * AN_HOUR),
    ),
    mutation(
        USED,
        counted("ConsumedWriteCapacityUnits", 5 * 2880, 20 * AN_HOUR),
        provisioned("Write", 20 * AN_HOUR),
    ),
    mutation(GROWN, counted("ConsumedReadCapacityUnits", 10_000, 20 * AN_HOUR, table=ENQUIRIES)),
    mutation(GROWN, counted("ConsumedWriteCapacityUnits", 10_000, table=ENQUIRIES)),
    mutation(
        BACKUPS, Happened("the backup of a table is deleted", lambda aws: backed_up_no_more(aws, ENQUIRIES))
    ),
    mutation(
        BACKUPS, Happened("a backup is called otherwise", lambda aws: called_otherwise(aws, PROPERTIES))
    ),
]

NEAR_MISSES = [
    near_miss(
        SCANS,
        counted("SuccessfulRequestLatency", 12, Operation="GetItem"),
        why="one item was asked for, and not everything",
    ),
    near_miss(LATENCY, counted("SuccessfulRequestLatency", 50, Operation="Query"), why="it is borne"),
    near_miss(
        USED,
        counted("ConsumedReadCapacityUnits", 5 * 2800, 20 * AN_HOUR),
        provisioned("Read", 20 * AN_HOUR),
        why="it is less than four fifths",
    ),
    near_miss(
        USED,
        counted("ConsumedReadCapacityUnits", 5 * 3600, 8 * 24 * AN_HOUR),
        provisioned("Read", 8 * 24 * AN_HOUR),
        why="it is of the week before",
    ),
    near_miss(
        GROWN,
        counted("ConsumedReadCapacityUnits", 10_000, 20 * AN_HOUR),
        why="that table is provisioned",
    ),
    near_miss(
        ENOUGH,
        call(
            "dynamodb:UpdateTable",
            TableName=PROPERTIES,
            ProvisionedThroughput={"ReadCapacityUnits": 7, "WriteCapacityUnits": 7},
        ),
        why="it is scaled",
    ),
    near_miss(
        SCALED,
        Replaced(FILE, "scheduled_scaling_suspended   = false", "scheduled_scaling_suspended   = true"),
        why="nothing is scaled by a schedule",
    ),
    near_miss(
        THROTTLED,
        counted("ThrottledRequests", 1, table="orders", Operation="Query"),
        why="it is no table of ours",
    ),
]
