"""A call that AWS refuses is an error of exactly the tests that need its answer: no verdict and no skip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from plumbline.aws.guard import GuardError
from plumbline.kinds.registry import kinds, operations
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import Account, suite
from selftest.outcomes.reads import deciding_fields
from selftest.outcomes.snapshot import Snapshot, conforming, taken

CALLS = {call.operation: call for kind in kinds().values() for call in (*kind.calls_for(), *kind.writes)}
OPERATIONS = sorted(operations())
WHO_AM_I = "sts:GetCallerIdentity"
NEEDED_BY = {
    "backup:GetBackupSelection": {"backup:ListBackupSelections"},
    "s3:GetBucketLocation": {"cloudwatch:GetMetricData", "s3:HeadObject", "s3:ListObjectsV2"},
    "s3:GetBucketReplication": {"cloudwatch:GetMetricData", "s3:HeadObject", "s3:ListObjectsV2"},
    "s3:ListObjectsV2": {"s3:HeadObject"},
    "config:DescribeConfigRules": {"config:DescribeComplianceByConfigRule"},
    "iam:GetRole": {"iam:SimulatePrincipalPolicy"},
    "cloudwatch:ListMetrics": {"cloudwatch:GetMetricData"},
    "dynamodb:DescribeTable": {"cloudwatch:GetMetricData"},
    "backup:ListBackupPlans": {"backup:GetBackupPlan", "backup:ListBackupSelections"},
}
"""The calls that need the answer to another one before them."""
ENVIRONMENTS = ("dev", "prod")
"""To save time; sit is asked what dev is asked."""

pytestmark = [pytest.mark.usefixtures("server"), pytest.mark.heavy]


@contextmanager
def refused(operation: str) -> Iterator[None]:
    """Let AWS refuse one operation to every client of this process."""
    answer = BaseClient._make_api_call

    def refuse(client: Any, name: str, parameters: dict[str, Any]) -> Any:
        if f"{client.meta.service_model.service_name}:{name}" == operation:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "as the proof wants it"}}, name)
        return answer(client, name, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", refuse)
        yield


def needing(tests: Suite, evidence: Snapshot, operation: str) -> set[str]:
    """Return the tests that depend on a field that this call, or one that needs it, answers."""
    return {
        test
        for test, it in tests.examined.items()
        for subject, field in deciding_fields(tests.name(test), it, evidence)
        if operation in {call.operation for call in (*subject.kind.calls_for(), *subject.kind.writes)}
        and evidence.read(subject).where(field).partition(" ")[0]
        in {operation, *NEEDED_BY.get(operation, ())}
    }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("source", ["moto", "live"])
def test_a_refused_call_is_an_error_of_exactly_the_tests_that_need_it(environment: str, source: str) -> None:
    account, evidence = Account(environment), conforming(environment, source)
    tests = suite(environment, source)
    probes = {test for test, it in tests.examined.items() if it.subject.kind.writes}
    never_refused = tests.examined.keys() - probes
    for operation in OPERATIONS:
        if (operation, source) == (WHO_AM_I, "live"):
            continue
        expected = needing(tests, evidence, operation)
        with refused(operation):
            ends = tests.ends(taken(environment, account.read(source)))
        assert {test for test, end in ends.items() if end.outcome != "passed"} == expected, operation
        for test in expected:
            assert ends[test].outcome == "error"
            assert f"denied: {CALLS[operation].permission} on " in ends[test].reason
        never_refused -= expected
    assert {tests.name(test) for test in never_refused} <= {"bbws-acct-01"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_who_does_not_say_who_they_are_reads_nothing(environment: str) -> None:
    account = Account(environment)
    with refused(WHO_AM_I), pytest.raises(GuardError, match="AccessDenied"):
        account.read("live")


@pytest.mark.parametrize(
    ("environment", "operation", "probe"),
    [
        ("dev", "backup:StartBackupJob", "bbws-bkp-07 probes.backup"),
        ("dev", "dynamodb:Query", "bbws-ddb-14"),
        ("dev", "s3:GetObject", "bbws-tf-04"),
        ("prod", "s3:ListObjectVersions", "bbws-rep-12 probes.replication"),
    ],
)
def test_a_refused_call_of_a_probe_is_its_error(environment: str, operation: str, probe: str) -> None:
    account, tests = Account(environment), suite(environment, "live")
    needed = CALLS[operation].permission
    with refused(operation):
        ends = tests.ends(taken(environment, account.read("live")))
    denied = {tests.name(test) for test, end in ends.items() if f"denied: {needed}" in end.reason}
    assert denied == {probe}
    assert {end.outcome for test, end in ends.items() if tests.name(test) == probe} == {"error"}
