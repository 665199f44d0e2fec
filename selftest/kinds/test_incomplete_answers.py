"""An answer that lacks what AWS always sends is an error of its call: never an account with nothing in it."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.aws.reads import Aws
from plumbline.kinds.call import Asked
from plumbline.kinds.facet import own_fields
from plumbline.kinds.registry import kinds
from plumbline.kinds.settling import alone, settled
from plumbline.values.unknown import ReadError
from selftest.kinds import stub

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
DETAILS = (
    "<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>%s"
    "</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>"
)
SUBSCRIPTIONS = (
    "<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult/></ListSubscriptionsByTopicResponse>"
)
TRAIL = (
    '{"trailList": [{"Name": "x", "TrailARN": "arn:aws:cloudtrail:eu-west-1:1:trail/x",'
    ' "HomeRegion": "eu-west-1"}]}'
)


def account(**answers: str) -> Aws:
    """An account that answers these operations with these texts."""
    return stub.account({operation: stub.text(text) for operation, text in answers.items()})


@pytest.mark.parametrize("absent", LISTS)
def test_a_list_of_an_accounts_policies_that_did_not_come_is_named(absent: str) -> None:
    text = DETAILS % "".join(f"<{name}/>" for name in LISTS if name != absent)
    found = kinds()["authorization"].from_aws(account(GetAccountAuthorizationDetails=text), "*")
    told = f"AWS's answer to iam:GetAccountAuthorizationDetails has no {absent}"
    with pytest.raises(ReadError, match=told):
        found.dynamodb_wildcards.refuse()


def test_lists_that_came_empty_are_empty() -> None:
    text = DETAILS % "".join(f"<{name}/>" for name in LISTS)
    found = kinds()["authorization"].from_aws(account(GetAccountAuthorizationDetails=text), "*")
    assert found.roles_and_policies == found.dynamodb_wildcards == []


@pytest.mark.parametrize(
    ("noun", "field", "operation", "text", "member"),
    [
        ("event_rule", "targets", "ListTargetsByRule", "{}", "Targets"),
        ("topic", "subscriptions", "ListSubscriptionsByTopic", SUBSCRIPTIONS, "Subscriptions"),
        ("backup_plan", "schedules", "ListBackupPlans", "{}", "BackupPlansList"),
        ("trail", "management_events", "GetEventSelectors", "{}", "EventSelectors or AdvancedEventSelectors"),
        ("table", "resource_policy", "GetResourcePolicy", "{}", "Policy"),
        ("bucket", "tags", "GetBucketTagging", "<Tagging/>", "TagSet"),
    ],
)
def test_what_did_not_come_is_no_empty_answer(
    noun: str, field: str, operation: str, text: str, member: str
) -> None:
    kind = kinds()[noun]
    facet = next(it for it in kind.facets() if field in own_fields(it))
    with pytest.raises(ReadError, match=rf"AWS's answer to \w+:{operation} has no {member}"):
        read(facet, account(**{"DescribeTrails": TRAIL, operation: text}))[field].refuse()


def test_a_bucket_that_was_never_versioned_answers_nothing() -> None:
    kind = kinds()["bucket"]
    facet = next(it for it in kind.facets() if "versioning" in own_fields(it))
    assert read(facet, account(GetBucketVersioning="<VersioningConfiguration/>")).get("versioning") is None


def read(facet: Any, aws: Aws) -> dict[str, Any]:
    """What the facet of a resource gives, as its kind settles it."""
    return settled(own_fields(facet), alone(facet, lambda: facet.read(Asked(aws, "x", "holder"))))
