"""Mutations for tests/dynamodb and tests/operations."""

from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Edit, Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss, on_each, unnamed
from selftest.mutations.removals import remove_table

MAIN = "notes/main.tf"
TABLE = "aws_dynamodb_table.notes"
THROTTLED = Happened(
    "a read of notes-dev is throttled",
    lambda aws: history.metric(aws, "AWS/DynamoDB", "ReadThrottleEvents", 1, TableName="notes-dev"),
)
SOURCE = "dynamodb.amazonaws.com"
REFUSED = Happened(
    "an update of notes-dev is refused",
    lambda aws: history.event(
        aws,
        SOURCE,
        "UpdateTable",
        code="AccessDenied",
        Resources=[{"ResourceType": "AWS::DynamoDB::Table", "ResourceName": "notes-dev"}],
    ),
)


def _never_read(aws: Aws) -> None:
    data = cloudwatch_backends[aws.account][aws.region].metric_data
    data[:] = [it for it in data if it.name != "ConsumedReadCapacityUnits"]
    history.metric(aws, "AWS/DynamoDB", "ConsumedWriteCapacityUnits", 5, TableName="notes-dev")


def _not_backed_up(aws: Aws) -> None:
    history.forget_events(aws)
    history.event(aws, SOURCE, "DescribeTable")


SCALED, FOLLOWS = "example-ddb-08", "example-ddb-09"
SCALING = "notes/searching.tf"
READS = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/notes-words-dev",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
TARGET, POLICY = (f'aws_appautoscaling_{it}.words["Read"]' for it in ("target", "policy"))
OF_POLICY = "target_tracking_scaling_policy_configuration.0"
UNSCALED = {FOLLOWS: "what is not scaled follows nothing"}
EACH_POLICY = "for_each = aws_appautoscaling_target.words"
PROVISIONED = """  billing_mode   = "PROVISIONED"
  hash_key       = "word"
  read_capacity  = 5
  write_capacity = 5
"""
ON_DEMAND = """  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "word"
"""


def scaling(operation: str, **parameters: Any) -> Edit:
    """Return that somebody scales the reads of the words otherwise."""
    return call(f"application-autoscaling:{operation}", **READS, **parameters)


def following(**otherwise: Any) -> Edit:
    """Return that the policy for the reads of the words is another."""
    metric = {"PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}}
    return scaling(
        "PutScalingPolicy",
        PolicyName="notes-words-Read",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={**metric, "TargetValue": 70, **otherwise},
    )


_WATCHED = {"example-mon-01": "the alarm watches the table of the other name"}

MUTATIONS = [
    mutation(
        "example-ddb-01",
        Replaced(MAIN, '"notes-${', '"note-${'),
        falls_with={**_WATCHED, **unnamed("example-inv-01")},
    ),
    mutation("example-ddb-01", Set(TABLE, "name", "note-dev"), falls_with=unnamed("example-inv-01")),
    mutation("example-ddb-01", Removed("notes-dev", remove_table)),
    mutation("example-ddb-02", Replaced(MAIN, "enabled = true", "enabled = false")),
    mutation("example-ddb-02", Set(TABLE, "point_in_time_recovery.0.enabled", False)),
    mutation(
        "example-ddb-02",
        call(
            "dynamodb:UpdateContinuousBackups",
            TableName="notes-dev",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False},
        ),
    ),
    mutation("example-ddb-03", Replaced("notes/prod.tfvars", "= true", "= false"), environment="prod"),
    mutation("example-ddb-03", Set(TABLE, "deletion_protection_enabled", False), environment="prod"),
    mutation(
        "example-ddb-03",
        call("dynamodb:UpdateTable", TableName="notes-prod", DeletionProtectionEnabled=False),
        environment="prod",
    ),
    mutation("example-ddb-04", THROTTLED),
    mutation("example-ddb-05", Happened("nobody reads notes-dev", _never_read)),
    mutation("example-ddb-06", REFUSED),
    mutation("example-ddb-07", Happened("nobody backs notes-dev up", _not_backed_up)),
    *on_each(
        SCALED,
        Replaced(SCALING, "Read = 1000, ", ""),
        Without(TARGET),
        scaling("DeregisterScalableTarget"),
        falls_with=UNSCALED,
    ),
    *on_each(
        SCALED,
        Replaced(SCALING, "Read = 1000", "Read = 100"),
        Set(TARGET, "max_capacity", 100),
        scaling("RegisterScalableTarget", MaxCapacity=100),
    ),
    *on_each(
        SCALED,
        Replaced(SCALING, "min_capacity       = 5", "min_capacity       = 1"),
        Set(TARGET, "min_capacity", 1),
        scaling("RegisterScalableTarget", MinCapacity=1),
    ),
    *on_each(
        SCALED,
        Replaced(SCALING, "out_suspended = false", "out_suspended = true"),
        Set(TARGET, "suspended_state.0.dynamic_scaling_out_suspended", True),
        scaling("RegisterScalableTarget", SuspendedState={"DynamicScalingOutSuspended": True}),
        falls_with=UNSCALED,
    ),
    *on_each(
        FOLLOWS,
        Replaced(SCALING, EACH_POLICY, "for_each = {}"),
        Without(POLICY),
        scaling("DeleteScalingPolicy", PolicyName="notes-words-Read"),
    ),
    *on_each(
        FOLLOWS,
        Replaced(SCALING, "target_value = 70", "target_value = 90"),
        Set(POLICY, f"{OF_POLICY}.target_value", 90),
        following(TargetValue=90),
    ),
    *on_each(
        FOLLOWS,
        Replaced(SCALING, "target_value = 70", "target_value = 70\n    disable_scale_in = true"),
        Set(POLICY, f"{OF_POLICY}.disable_scale_in", True),
        following(DisableScaleIn=True),
    ),
    mutation(FOLLOWS, Replaced(SCALING, '  policy_type        = "TargetTrackingScaling"\n', "")),
]

NEAR_MISSES = [
    near_miss(
        FOLLOWS,
        Replaced(SCALING, "target_value = 70", "target_value = 70\n    scale_in_cooldown = 60"),
        why="how long it waits is not said",
    ),
    near_miss(
        SCALED,
        Replaced(
            SCALING, "out_suspended = false", "out_suspended = false\n    scheduled_scaling_suspended = true"
        ),
        why="nothing is scaled by the clock",
    ),
    near_miss(
        SCALED,
        Replaced(SCALING, PROVISIONED, ON_DEMAND),
        why="a table that bills on demand needs no scaling",
    ),
]
