"""Event selectors of a trail are taken together, in Terraform and as the API gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.kinds.cloudtrail import Trail
from plumbline.sources.moto.account import account
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Settings
from plumbline.values.unknown import ReadError, Undetermined
from selftest.kinds.models import ACCOUNT, REGION
from selftest.kinds.test_incomplete_answers import account as answering

KMS = "kms.amazonaws.com"


def basic(sort: str, management: bool = True, excluded: tuple[str, ...] = ()) -> dict[str, Any]:
    """A basic selector as the API has it."""
    return {
        "ReadWriteType": sort,
        "IncludeManagementEvents": management,
        "ExcludeManagementEventSources": list(excluded),
        "DataResources": [],
    }


def field(name: str, **operators: list[str]) -> dict[str, Any]:
    """A field of an advanced selector as the API has it."""
    return {"Field": name, **operators}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    """An advanced selector as the API has it."""
    return {"Name": "s", "FieldSelectors": list(fields)}


MANAGEMENT, DATA = field("eventCategory", Equals=["Management"]), field("eventCategory", Equals=["Data"])
OBJECTS = field("resources.type", Equals=["AWS::S3::Object"])
READS, WRITES = field("readOnly", Equals=["true"]), field("readOnly", Equals=["false"])
BASIC: list[tuple[list[dict[str, Any]], bool]] = [
    ([basic("All")], True),
    ([basic("ReadOnly"), basic("WriteOnly")], True),
    ([basic("WriteOnly")], False),
    ([basic("ReadOnly")], False),
    ([basic("All", management=False)], False),
    ([basic("All", management=False), basic("All")], True),
    ([basic("ReadOnly"), basic("WriteOnly", management=False)], False),
    ([basic("All", excluded=(KMS, "rdsdata.amazonaws.com"))], True),
    ([basic("All", excluded=("dynamodb.amazonaws.com",))], False),
    ([basic("All", excluded=("dynamodb.amazonaws.com",)), basic("All", excluded=(KMS,))], True),
]
ADVANCED: list[tuple[list[dict[str, Any]], bool | None]] = [
    ([advanced(MANAGEMENT)], True),
    ([advanced(DATA, OBJECTS)], False),
    ([advanced(DATA, OBJECTS), advanced(MANAGEMENT)], True),
    ([advanced(MANAGEMENT, WRITES)], False),
    ([advanced(MANAGEMENT, READS), advanced(MANAGEMENT, WRITES)], True),
    ([advanced(MANAGEMENT, field("eventSource", NotEquals=[KMS]))], True),
    ([advanced(MANAGEMENT, field("eventSource", NotEquals=["sts.amazonaws.com"]))], False),
    ([advanced(MANAGEMENT, field("eventName", NotEquals=["Decrypt"]))], None),
    ([advanced(MANAGEMENT, field("eventName", NotEquals=["Decrypt"])), advanced(MANAGEMENT)], True),
    (
        [advanced(MANAGEMENT, WRITES, field("eventName", StartsWith=["Delete"])), advanced(DATA, OBJECTS)],
        False,
    ),
]
CASES = [("EventSelectors", it, expected) for it, expected in BASIC]
CASES += [("AdvancedEventSelectors", it, expected) for it, expected in ADVANCED]
WORDS = {
    "ReadWriteType": "read_write_type",
    "IncludeManagementEvents": "include_management_events",
    "ExcludeManagementEventSources": "exclude_management_event_sources",
    "Field": "field",
    "Equals": "equals",
    "NotEquals": "not_equals",
    "StartsWith": "starts_with",
    "Name": "name",
}


def block(kind: str, said: dict[str, Any]) -> str:
    """A selector as Terraform has it."""
    text = f"{kind} {{\n"
    for name, value in said.items():
        if name == "FieldSelectors":
            text += "".join(block("field_selector", it) for it in value)
        elif name != "DataResources":
            quoted = str(value).lower() if isinstance(value, bool) else str(value).replace("'", '"')
            text += f"{WORDS[name]} = {quoted if not isinstance(value, str) else repr(value)}\n".replace(
                "'", '"'
            )
    return text + "}\n"


def answer_of(read: Any) -> bool | None:
    """Whether all management events are recorded; None where that is not known."""
    try:
        return bool(read.management_events)
    except Undetermined:
        return None


@pytest.mark.parametrize(("sort", "selectors", "expected"), CASES, ids=str)
def test_management_events_are_recorded_by_all_selectors_together(
    sort: str, selectors: list[dict[str, Any]], expected: bool | None, tmp_path: Path
) -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    Trail(name="trail", home_region=REGION).create(aws)
    aws.write("cloudtrail:PutEventSelectors", TrailName="trail", **{sort: selectors})
    assert answer_of(Trail.from_aws(aws, "trail")) is expected
    kind = "event_selector" if sort == "EventSelectors" else "advanced_event_selector"
    blocks = "".join(block(kind, it) for it in selectors)
    text = f'resource "aws_cloudtrail" "t" {{\nname = "trail"\ns3_bucket_name = "b"\n{blocks}}}\n'
    (tmp_path / "main.tf").write_text(text, "utf-8")
    here = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION))
    assert answer_of(Trail.find(here, "trail", "here")) is expected


@pytest.mark.parametrize("elsewhere", ["eu-west-1", "us-east-1"])
def test_a_trail_of_another_region_is_asked_there_by_its_arn(elsewhere: str) -> None:
    BackendDict.reset()
    aws = account(ACCOUNT, REGION)
    Trail(name="trail", home_region=elsewhere, is_multi_region_trail=True, management_events=False).create(
        aws
    )
    read = Trail.from_aws(aws, "trail")
    assert (read.home_region, read.is_logging, read.management_events) == (elsewhere, True, False)
    assert read.records(REGION)


@pytest.mark.parametrize("of_organization", [True, False])
def test_a_trail_of_another_account_is_meant_where_it_is_the_organizations(of_organization: bool) -> None:
    arn = "arn:aws:cloudtrail:us-east-1:210987654321:trail/all"
    listed = {"Name": "all", "TrailARN": arn, "HomeRegion": "us-east-1", "IsMultiRegionTrail": True}
    listed["S3BucketName"] = "of-all"
    aws = answering(
        DescribeTrails=json.dumps({"trailList": [listed | {"IsOrganizationTrail": of_organization}]}),
        GetTrailStatus='{"IsLogging": true}',
        GetEventSelectors=json.dumps({"TrailARN": arn, "EventSelectors": [basic("All")]}),
    )
    if of_organization:
        read = Trail.from_aws(aws, "all")
        assert (read.is_logging, read.management_events, read.records(REGION)) == (True, True, True)
    else:
        with pytest.raises(ReadError, match="trail all is of account 210987654321"):
            Trail.from_aws(aws, "all")
