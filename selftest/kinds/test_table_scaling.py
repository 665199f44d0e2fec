"""How the capacity of a table is scaled, as Terraform declares it and as AWS describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Aws
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.table_scaling import Bounds, Following, ScalableTarget, ScalingPolicy
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import ReadError, Undetermined, Unknown, Unreadable

ACCOUNT, REGION = "123456789012", "us-east-1"
TABLE = """
resource "aws_dynamodb_table" "orders" {
  name           = "orders"
  hash_key       = "id"
  %s
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_kms_key" "made" {}
resource "aws_instance" "made" {}
"""
PROVISIONED = 'billing_mode = "PROVISIONED"\n read_capacity = 5\n write_capacity = 5'
ON_DEMAND = 'billing_mode = "PAY_PER_REQUEST"'
OWN = '"table/${aws_dynamodb_table.orders.name}"'
READS = '"dynamodb:table:ReadCapacityUnits"'
TARGET = """
resource "aws_appautoscaling_target" "reads" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.orders.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 5
  max_capacity       = 1000
}
"""
POLICY = """
resource "aws_appautoscaling_policy" "reads" {
  name               = "reads"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.reads.service_namespace
  resource_id        = aws_appautoscaling_target.reads.resource_id
  scalable_dimension = aws_appautoscaling_target.reads.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}
"""
UNKNOWN = "length(aws_kms_key.made.key_id) > 3"
BETWEEN = {"read_capacity": Bounds(min_capacity=5, max_capacity=1000)}
AT_70 = {"read_capacity": Following(target_value=70)}
SUSPENDED = "max_capacity = 1000\n suspended_state {\n %s = true\n }"


def declared(folder: Path, beside: str = TARGET + POLICY, inner: str = PROVISIONED) -> Table:
    (folder / "main.tf").write_text(TABLE % inner + beside)
    return Table.find(evaluate(folder), "orders", "main.tf")


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def told(table: Table) -> tuple[list[str], list[str]]:
    """What is wrong with the capacity for reads, and with how it follows its use."""
    return table.scaled_otherwise(BETWEEN), table.follows_otherwise(AT_70)


def test_source_says_between_how_many_units_and_by_what(tmp_path: Path) -> None:
    table = declared(tmp_path)
    assert table.scalable_targets == {"read_capacity": ScalableTarget(min_capacity=5, max_capacity=1000)}
    assert table.scaling_policies == {"read_capacity": ScalingPolicy(policy="reads", target_value=70)}
    assert told(table) == ([], [])


def test_targets_of_a_loop_are_those_of_the_table(tmp_path: Path) -> None:
    each = 'for_each = { Read = 5, Write = 6 }\n service_namespace  = "dynamodb"'
    target = changed(TARGET, 'service_namespace  = "dynamodb"', each)
    target = changed(target, "table:Read", "table:${each.key}").replace("= 5\n", "= each.value\n")
    found = declared(tmp_path, target).scalable_targets
    assert {name: it.min_capacity for name, it in found.items()} == {"read_capacity": 5, "write_capacity": 6}


LACKING = "read_capacity is not scaled"
UNFOLLOWED = "no policy lets read_capacity follow its use"


@pytest.mark.parametrize(
    ("old", "new", "bounds", "following"),
    [
        (TARGET, "", LACKING, LACKING),
        (POLICY, "", "", UNFOLLOWED),
        ("min_capacity       = 5\n", "min_capacity = 1\n", "read_capacity: min_capacity is 1", ""),
        ("= 1000", "= 999", "read_capacity: max_capacity is 999", ""),
        ("target_value = 70", "target_value = 71", "", "read_capacity: target_value is 71.0"),
        (
            "target_value = 70",
            "target_value = 70\n disable_scale_in = true",
            "",
            "read_capacity: disable_scale_in is True",
        ),
        ("table:Read", "table:Write", LACKING, LACKING),
        ('namespace  = "dynamodb"', 'namespace  = "cassandra"', LACKING, LACKING),
        ('"table/${', '"${', LACKING, LACKING),
        ('.name}"', '.name}/index/by-day"', LACKING, LACKING),
        ('.name}"', '.name}-old"', LACKING, LACKING),
        ('"DynamoDBRead', '"DynamoDBWrite', "", UNFOLLOWED),
        ('  policy_type        = "TargetTrackingScaling"\n', "", "", UNFOLLOWED),
        ('"TargetTrackingScaling"', '"StepScaling"', "", UNFOLLOWED),
        *(
            ("max_capacity       = 1000", SUSPENDED % it, *[f"{LACKING}: that is suspended"] * 2)
            for it in ("dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended")
        ),
        ("max_capacity       = 1000", SUSPENDED % "scheduled_scaling_suspended", "", ""),
        ("max_capacity       = 1000", "max_capacity = 1000\n count = 1", "", ""),
    ],
)
def test_what_is_otherwise_is_told(tmp_path: Path, old: str, new: str, bounds: str, following: str) -> None:
    text = changed(TARGET + POLICY, old, new)
    if old == TARGET:
        text = text.replace("aws_appautoscaling_target.reads.resource_id", OWN)
        text = text.replace("aws_appautoscaling_target.reads.scalable_dimension", READS)
        text = text.replace("aws_appautoscaling_target.reads.service_namespace", '"dynamodb"')
    if "count" in new:
        text = text.replace("target.reads.", "target.reads[0].")
    assert told(declared(tmp_path, text)) == ([bounds] * bool(bounds), [following] * bool(following))


def test_a_table_that_bills_on_demand_needs_no_scaling(tmp_path: Path) -> None:
    assert told(declared(tmp_path, "", ON_DEMAND)) == ([], [])


def test_a_table_without_a_billing_mode_is_provisioned(tmp_path: Path) -> None:
    table = declared(tmp_path, "", "read_capacity = 5\n write_capacity = 5")
    assert told(table) == ([LACKING], [LACKING])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= 1000", "= length(aws_kms_key.made.key_id)"),
        ('"table/${aws_dynamodb_table.orders.name}"', "aws_instance.made.public_ip"),
        ('"dynamodb:table:ReadCapacityUnits"', "aws_kms_key.made.key_id"),
        ("max_capacity       = 1000", f"max_capacity = 1000\n count = {UNKNOWN} ? 1 : 0"),
        ("max_capacity       = 1000", SUSPENDED.replace("true", UNKNOWN) % "dynamic_scaling_in_suspended"),
    ],
)
def test_what_only_apply_tells_of_a_target_is_not_decided(tmp_path: Path, old: str, new: str) -> None:
    table = declared(tmp_path, changed(TARGET, old, new))
    with pytest.raises(Undetermined):
        table.scaled_otherwise(BETWEEN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("= 70", "= length(aws_kms_key.made.key_id)"),
        ('"DynamoDBReadCapacityUtilization"', "aws_kms_key.made.key_id"),
        ('"TargetTrackingScaling"', "aws_kms_key.made.key_id"),
        ("aws_appautoscaling_target.reads.resource_id", "aws_instance.made.public_ip"),
    ],
)
def test_what_only_apply_tells_of_a_policy_is_not_decided(tmp_path: Path, old: str, new: str) -> None:
    table = declared(tmp_path, TARGET + changed(POLICY, old, new))
    assert table.scaled_otherwise(BETWEEN) == []
    with pytest.raises(Undetermined):
        table.follows_otherwise(AT_70)


@pytest.mark.parametrize("which", ["dynamic_scaling_in_suspended", "dynamic_scaling_out_suspended"])
def test_what_nobody_knows_to_be_suspended_is_not_decided(which: str) -> None:
    """As in a plan of a target whose code says nothing of it."""
    target = ScalableTarget(min_capacity=5, max_capacity=9, **{which: Unknown("it")})
    table = made(scalable_targets={"read_capacity": target})
    assert table.scaled_otherwise(BETWEEN) == ["read_capacity: max_capacity is 9"]
    with pytest.raises(Undetermined):
        table.scaled_otherwise({"read_capacity": Bounds(max_capacity=9)})
    with pytest.raises(Undetermined):
        table.follows_otherwise(AT_70)


def test_what_is_wrong_for_certain_is_told_whatever_is_not_known(tmp_path: Path) -> None:
    unknown = changed(TARGET, "= 1000", "= length(aws_kms_key.made.key_id)")
    both = {**BETWEEN, "write_capacity": Bounds()}
    assert declared(tmp_path, unknown).scaled_otherwise(both) == ["write_capacity is not scaled"]


@pytest.mark.parametrize(
    ("what", "old", "new", "field"),
    [
        (TARGET, "= 1000", "= 999", "scalable_targets"),
        (POLICY, "= 70", "= 71", "scaling_policies"),
        (POLICY, 'name               = "reads"', 'name = "more"', "scaling_policies"),
    ],
)
def test_what_is_said_twice_and_differs_is_not_decided(
    tmp_path: Path, what: str, old: str, new: str, field: str
) -> None:
    more = changed(changed(what, '" "reads" {', '" "more" {'), old, new)
    table = declared(tmp_path, TARGET + POLICY + more)
    with pytest.raises(Undetermined, match="how read_capacity of aws_dynamodb_table"):
        assert getattr(table, field)


def made(name: str = "orders", **more: Any) -> Table:
    return Table(
        name=name,
        billing_mode="PROVISIONED",
        hash_key="id",
        attributes={"id": "S"},
        scalable_targets={"read_capacity": ScalableTarget(min_capacity=5, max_capacity=1000)},
        scaling_policies={"read_capacity": ScalingPolicy(policy="reads", target_value=70)},
    ).model_copy(update=more)


def within(*tables: Table) -> Aws:
    """An account that holds some tables, and nothing else."""
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    for it in tables:
        it.create(aws)
    return aws


PLACE = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/orders",
    "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
}
REGISTER = "application-autoscaling:RegisterScalableTarget"
PUT = "application-autoscaling:PutScalingPolicy"


def tracking(metric: str = "DynamoDBReadCapacityUtilization", **more: Any) -> dict[str, Any]:
    followed = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
        "TargetValue": 70.0,
        **more,
    }
    return {
        "PolicyName": "reads",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": followed,
    }


def test_an_account_says_the_same() -> None:
    assert told(Table.from_aws(within(made()), "orders")) == ([], [])


@pytest.mark.parametrize(
    ("operation", "parameters", "bounds", "following"),
    [
        ("application-autoscaling:DeregisterScalableTarget", {}, LACKING, LACKING),
        ("application-autoscaling:DeleteScalingPolicy", {"PolicyName": "reads"}, "", UNFOLLOWED),
        (REGISTER, {"MinCapacity": 1}, "read_capacity: min_capacity is 1", ""),
        (
            REGISTER,
            {"SuspendedState": {"DynamicScalingOutSuspended": True}},
            *[f"{LACKING}: that is suspended"] * 2,
        ),
        (REGISTER, {"SuspendedState": {"ScheduledScalingSuspended": True}}, "", ""),
        (PUT, tracking(DisableScaleIn=True), "", "read_capacity: disable_scale_in is True"),
        (PUT, tracking(TargetValue=50.0), "", "read_capacity: target_value is 50.0"),
        (PUT, tracking("DynamoDBWriteCapacityUtilization"), "", UNFOLLOWED),
        (PUT, tracking(), "", ""),
    ],
)
def test_an_account_tells_what_is_otherwise(
    operation: str, parameters: dict[str, Any], bounds: str, following: str
) -> None:
    aws = within(made())
    aws.write(operation, **PLACE, **parameters)
    found = told(Table.from_aws(aws, "orders"))
    assert found == ([bounds] * bool(bounds), [following] * bool(following))


ACTION = """
resource "aws_appautoscaling_scheduled_action" "night" {
  name               = "night"
  service_namespace  = aws_appautoscaling_target.reads.service_namespace
  resource_id        = aws_appautoscaling_target.reads.resource_id
  scalable_dimension = aws_appautoscaling_target.reads.scalable_dimension
  schedule           = "cron(0 20 * * ? *)"

  scalable_target_action {
    %s
  }
}
"""
BY_NIGHT = " by the scheduled action night"


# Source: Application Auto Scaling user guide, "Scheduled scaling": it sets a new minimum, maximum or both.
@pytest.mark.parametrize(
    ("sets", "wrong"),
    [
        ("min_capacity = 1\n max_capacity = 10", ["min_capacity is 1", "max_capacity is 10"]),
        ('min_capacity = 5\n max_capacity = "10"', ["max_capacity is 10"]),
        ("min_capacity = 6", ["min_capacity is 6"]),
        ("min_capacity = 5\n max_capacity = 1000", []),
    ],
)
def test_a_scheduled_action_sets_the_same_units(tmp_path: Path, sets: str, wrong: list[str]) -> None:
    expected = [f"read_capacity: {it}{BY_NIGHT}" for it in wrong]
    table = declared(tmp_path, TARGET + ACTION % sets)
    assert table.scaled_otherwise(BETWEEN) == expected
    assert table.scaled_otherwise({"read_capacity": Bounds()}) == []
    found = Table.from_aws(within(table), "orders")
    assert found.scheduled_actions == table.scheduled_actions
    assert found.scaled_otherwise(BETWEEN) == expected


def test_a_scheduled_action_of_what_is_unknown_or_suspended(tmp_path: Path) -> None:
    unknown = ACTION % "max_capacity = length(aws_kms_key.made.key_id)"
    with pytest.raises(Undetermined):
        declared(tmp_path, TARGET + unknown).scaled_otherwise(BETWEEN)
    suspended = changed(TARGET, "max_capacity       = 1000", SUSPENDED % "scheduled_scaling_suspended")
    assert declared(tmp_path, suspended + ACTION % "max_capacity = 10").scaled_otherwise(BETWEEN) == []


def test_the_scaling_of_another_table_is_none_of_it() -> None:
    bare = made("orders-old", scalable_targets={}, scaling_policies={})
    aws = within(made(), bare)
    assert told(Table.from_aws(aws, "orders-old")) == ([LACKING], [LACKING])


def test_two_policies_for_one_metric_are_not_decided() -> None:
    aws = within(made())
    aws.write(PUT, **PLACE, **tracking(TargetValue=50.0) | {"PolicyName": "more"})
    table = Table.from_aws(aws, "orders")
    assert table.scaled_otherwise(BETWEEN) == []
    with pytest.raises(Undetermined, match="how read_capacity of orders is scaled is said twice"):
        table.follows_otherwise(AT_70)


@pytest.mark.parametrize("field", ["scalable_targets", "scaling_policies"])
def test_what_could_not_be_read_is_an_error(field: str) -> None:
    denied = Unreadable(ReadError("denied", cause="denied"))
    with pytest.raises(ReadError, match="denied"):
        made(**{field: denied}).follows_otherwise(AT_70)


@pytest.mark.parametrize(
    ("asked", "following"),
    [
        (Following(), ""),
        (Following(policy="reads", scale_in_cooldown=0, scale_out_cooldown=0), ""),
        (Following(policy="other"), "read_capacity: policy is reads"),
        (Following(scale_in_cooldown=60), "read_capacity: scale_in_cooldown is 0"),
        (Following(scale_out_cooldown=60), "read_capacity: scale_out_cooldown is 0"),
        (Following(disable_scale_in=True), "read_capacity: disable_scale_in is False"),
    ],
)
def test_what_is_not_said_is_not_asked(asked: Following, following: str) -> None:
    assert made().follows_otherwise({"read_capacity": asked}) == [following] * bool(following)


ENOUGH: dict[str, int] = {"read_capacity": 5, "write_capacity": 5}
TOO_FEW = "read_capacity is not scaled, and has too few units"


@pytest.mark.parametrize(
    ("beside", "inner", "least", "told_of"),
    [
        ("", PROVISIONED, ENOUGH, []),
        ("", PROVISIONED, {"read_capacity": 6, "write_capacity": 5}, [TOO_FEW]),
        ("", ON_DEMAND, {"read_capacity": 6}, []),
        ("", 'billing_mode = "PROVISIONED"', {"read_capacity": 1}, [TOO_FEW]),
        (TARGET + POLICY, PROVISIONED, {"read_capacity": 100}, []),
        (TARGET, PROVISIONED, {"read_capacity": 100}, [TOO_FEW]),
        (
            changed(TARGET, "max_capacity       = 1000", SUSPENDED % "dynamic_scaling_out_suspended")
            + POLICY,
            PROVISIONED,
            {"read_capacity": 100},
            [TOO_FEW],
        ),
        (TARGET + POLICY, PROVISIONED, {"write_capacity": 100}, [TOO_FEW.replace("read", "write")]),
    ],
)
def test_what_nobody_scales_must_be_large_enough(
    tmp_path: Path, beside: str, inner: str, least: dict[str, int], told_of: list[str]
) -> None:
    assert declared(tmp_path, beside, inner).provisioned_below(least) == told_of


def test_whether_there_is_enough_hangs_on_nothing_else(tmp_path: Path) -> None:
    """Of a capacity that is large enough, or scaled, nothing else need be known."""
    doubtful = changed(
        TARGET, "max_capacity       = 1000", f"max_capacity = 1000\n count = {UNKNOWN} ? 1 : 0"
    )
    assert declared(tmp_path, doubtful).provisioned_below(ENOUGH) == []
    with pytest.raises(Undetermined):
        declared(tmp_path, doubtful).provisioned_below({"read_capacity": 6})
    unknown = changed(PROVISIONED, "read_capacity = 5", "read_capacity = length(aws_kms_key.made.key_id)")
    assert declared(tmp_path, TARGET + POLICY, unknown).provisioned_below({"read_capacity": 6}) == []
    with pytest.raises(Undetermined):
        declared(tmp_path, "", unknown).provisioned_below({"read_capacity": 6})


def test_an_account_tells_what_has_too_few_units() -> None:
    aws = within(made(provisioned_capacity={"read_capacity": 5, "write_capacity": 5}))
    asked = {"read_capacity": 100, "write_capacity": 50}
    assert Table.from_aws(aws, "orders").provisioned_below(asked) == [TOO_FEW.replace("read", "write")]
