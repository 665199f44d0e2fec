"""A call that AWS refuses is an error of exactly the tests that need its answer: no verdict and no skip."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from plumbline.aws.guard import GuardError
from plumbline.kinds.iam import Role
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds, operations
from plumbline.suite.subjects import Examination
from selftest.mutations.mutation import DEPLOYED
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import Account, guarded, suite
from selftest.outcomes.reads import deciding_fields, read_fields
from selftest.outcomes.snapshot import Snapshot, conforming, taken
from selftest.recorded.kept import environments
from selftest.stacks.bbws import BBWS
from selftest.stacks.proven import Proven, of_each

LISTS = [it.call for kind in kinds().values() for it in (kind.listing, kind.candidates) if it]
CALLS = [call for kind in kinds().values() for call in (*kind.calls_for(), *kind.writes)]
DENIED = {
    (operation := it.operation): tuple(
        f"denied: {call.permission} on " for call in (*LISTS, *CALLS) if call.operation == operation
    )
    for it in (*LISTS, *CALLS)
}
"""How it is told that an operation was refused; kinds may need it for the sake of different permissions."""
OPERATIONS = sorted(operations())
WHO_AM_I = "sts:GetCallerIdentity"
NEEDED_BY = {
    "backup:GetBackupPlan": {"backup:ListBackupPlans"},
    "backup:ListBackupSelections": {"backup:ListBackupPlans"},
    "backup:GetBackupSelection": {"backup:ListBackupPlans", "backup:ListBackupSelections"},
    "s3:GetBucketLocation": {
        "cloudwatch:GetMetricData",
        "s3:GetObject",
        "s3:HeadObject",
        "s3:ListObjectsV2",
    },
    "s3:GetBucketReplication": {"cloudwatch:GetMetricData", "s3:HeadObject", "s3:ListObjectsV2"},
    "s3:ListObjectsV2": {"s3:HeadObject"},
    "events:ListEventBuses": {"events:ListRules"},
    "iam:GetRolePolicy": {"iam:ListRolePolicies"},
    "iam:GetRole": {"iam:SimulatePrincipalPolicy"},
    "cloudtrail:DescribeTrails": {"cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"},
    "wafv2:ListWebACLs": {
        "wafv2:GetWebACL",
        "wafv2:GetLoggingConfiguration",
        "wafv2:ListResourcesForWebACL",
    },
    "wafv2:ListIPSets": {"wafv2:GetIPSet"},
    "cognito-idp:ListUserPools": {
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "cognito-idp:DescribeUserPool",
        "cognito-idp:DescribeUserPoolClient",
        "cognito-idp:GetUserPoolMfaConfig",
        "cognito-idp:ListGroups",
        "cognito-idp:ListUserPoolClients",
        "cognito-idp:ListUsers",
        "cognito-idp:ListUsersInGroup",
    },
    "cognito-idp:ListUserPoolClients": {
        "cloudtrail:LookupEvents",
        "cloudwatch:GetMetricData",
        "cognito-idp:DescribeUserPoolClient",
    },
    "cognito-idp:DescribeUserPoolClient": {"cloudtrail:LookupEvents"},
    "cognito-identity:ListIdentityPools": {"cognito-identity:DescribeIdentityPool"},
    "cloudwatch:DescribeAlarms": {"cloudwatch:ListMetrics"},
    "cloudwatch:GetDashboard": {"apigateway:GetRestApis"},
    "dynamodb:ListTables": {"apigateway:GetRestApis"},
    "lambda:ListFunctions": {"apigateway:GetRestApis"},
    "apigateway:GetRestApis": {
        "apigateway:GetGatewayResponses",
        "apigateway:GetRequestValidators",
        "apigateway:GetResources",
        "apigateway:GetStages",
        "logs:DescribeLogGroups",
        "logs:FilterLogEvents",
    },
    "apigateway:GetResources": {"apigateway:GetRequestValidators"},
    "lambda:GetFunctionConfiguration": {
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
    },
    "sns:GetSubscriptionAttributes": {"sns:ListSubscriptionsByTopic"},
    "secretsmanager:DescribeSecret": {"secretsmanager:GetSecretValue"},
    "cloudwatch:ListMetrics": {"cloudwatch:GetMetricData"},
    "dynamodb:DescribeTable": {"cloudwatch:GetMetricData"},
    "kms:DescribeKey": {
        "cloudtrail:LookupEvents",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListAliases",
    },
    "backup:ListBackupPlans": {"backup:GetBackupPlan", "backup:ListBackupSelections"},
    "amplify:ListApps": {"amplify:ListBranches", "amplify:ListJobs"},
    "appsync:ListGraphqlApis": {"cloudwatch:GetMetricData"},
    "cloudfront:GetMonitoringSubscription": {"cloudwatch:GetMetricData"},
    "cloudfront:ListDistributions": {
        "cloudfront:GetMonitoringSubscription",
        "cloudfront:ListInvalidations",
        "cloudwatch:GetMetricData",
    },
}
"""The calls that need the answer to another one before them."""
TOLD_FOR_ALL = ("s3:HeadBucket",)
"""The calls that, where they are refused, one error tells of with all that is refused besides."""

pytestmark = [pytest.mark.usefixtures("in_this_process"), pytest.mark.heavy]


@contextmanager
def refused(*operations: str) -> Iterator[None]:
    """Let AWS refuse some operations to every client of this process."""
    answer = BaseClient._make_api_call

    def refuse(client: Any, name: str, parameters: dict[str, Any]) -> Any:
        if f"{client.meta.service_model.service_name}:{name}" in operations:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "as the proof wants it"}}, name)
        return answer(client, name, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", refuse)
        yield


def needing(tests: Suite, evidence: Snapshot, operation: str) -> set[str]:
    """Return the tests that depend on a field that this call, or one that needs it, answers.

    What is found by what it is, is not found where that cannot be read. A probe makes all of its calls,
    and what is about the alias of a key asks which key that is.
    """
    unfound = {
        test
        for test, it in tests.examined.items()
        for subject in it.arguments.values()
        if subject.found_by and operation in {call.operation for call in subject.found_by.calls()}
    }
    return unfound | {
        test
        for test, it in tests.examined.items()
        for subject, field in (
            *deciding_fields(tests.name(test), it, evidence),
            *((it, "name") for it, fields in read_fields(it, evidence).items() if "name" in fields),
        )
        if operation in {call.operation for call in subject.kind.writes} - _not_asked(evidence.read(subject))
        or (
            operation in {call.operation for call in subject.kind.calls_for(None, subject.question)}
            and not _holds_none(evidence.read(subject), operation)
            and evidence.read(subject).where(field).partition(" ")[0]
            in {operation, *NEEDED_BY.get(operation, ())}
        )
        or (operation == "kms:DescribeKey" and ":alias/" in subject.name)
    }


def _not_asked(model: Kind) -> set[str]:
    """Return what a probe need not ask: whose a refusal is that API Gateway alone gives."""
    return {"apigateway:GetStages"} if getattr(model, "status", None) == 401 else set()


def _holds_none(model: Kind, operation: str) -> bool:
    """Return whether a role has no inline policy, so that none is asked for."""
    return operation == "iam:GetRolePolicy" and isinstance(model, Role) and not model.inline_policies


def asks_aws(examination: Examination) -> bool:
    """Return whether anything that a test looks at is asked of AWS; a checkout or GitHub tells the rest."""
    return any([*it.kind.calls_for(None, it.question)] for it in examination.arguments.values())


def apart(needing: Mapping[str, set[str]]) -> list[dict[str, set[str]]]:
    """Return the operations in groups, so that no test needs two of one: these can be refused at once."""
    groups: list[dict[str, set[str]]] = []
    for operation, tests in needing.items():
        free = (it for it in groups if not any(tests & others for others in it.values()))
        free = (
            iter(()) if operation in TOLD_FOR_ALL else (it for it in free if not it.keys() & {*TOLD_FOR_ALL})
        )
        group = next(free, None)
        if group is None:
            groups.append(group := {})
        group[operation] = tests
    return groups


def told_apart(proven: Proven) -> list[tuple[str]]:
    """The environments whose plans are kept: to save time, the others are asked what these are."""
    return [(name,) for name in environments(proven)]


@pytest.mark.sampled(one_in=8)
@of_each("environment, source", lambda proven: product(environments(proven), DEPLOYED))
def test_a_refused_call_is_an_error_of_exactly_the_tests_that_need_it(
    proven: Proven, environment: str, source: str
) -> None:
    evidence = conforming(proven, environment, source)
    account = Account(proven, environment)  # now: there is one account at a time
    tests = suite(proven, environment, source)
    never_refused = {
        test for test, it in tests.examined.items() if not it.subject.kind.writes and asks_aws(it)
    }
    asked = [it for it in OPERATIONS if (it, source) != (WHO_AM_I, "live")]
    for group in apart({it: needing(tests, evidence, it) for it in asked}):
        with refused(*group):
            ends = tests.ends(taken(proven, environment, account.read(source)))
        expected = {test: operation for operation, needed in group.items() for test in needed}
        assert {test for test, end in ends.items() if end.outcome != "passed"} == expected.keys(), [*group]
        told = [it for operation in group for it in DENIED[operation]]  # either of two may have been enough
        for test in expected:
            assert ends[test].outcome == "error"
            assert any(it in ends[test].reason for it in told), (test, ends[test])
        never_refused -= expected.keys()
    assert {tests.name(test) for test in never_refused} <= guarded(proven)


@of_each("environment", told_apart)
def test_who_does_not_say_who_they_are_reads_nothing(proven: Proven, environment: str) -> None:
    account = Account(proven, environment)
    with refused(WHO_AM_I), pytest.raises(GuardError, match="AccessDenied"):
        account.read("live")


@pytest.mark.parametrize(
    ("environment", "operation", "probes"),
    [
        ("dev", "backup:StartBackupJob", {"bbws-bkp-07 probes.backup"}),
        ("dev", "dynamodb:Query", {"bbws-ddb-14"}),
        ("dev", "s3:GetObject", {"bbws-s3-20", "bbws-tf-04"}),
        ("prod", "s3:ListObjectVersions", {"bbws-rep-12 probes.replication"}),
    ],
)
def test_a_refused_call_of_a_probe_is_its_error(environment: str, operation: str, probes: set[str]) -> None:
    account, tests = Account(BBWS, environment), suite(BBWS, environment, "live")
    with refused(operation):
        ends = tests.ends(taken(BBWS, environment, account.read("live")))
    denied = {
        tests.name(test) for test, end in ends.items() if any(it in end.reason for it in DENIED[operation])
    }
    assert denied == probes
    assert {end.outcome for test, end in ends.items() if tests.name(test) in probes} == {"error"}
