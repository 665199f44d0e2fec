"""In which form items say when they expire: each form by its name, and nothing of an item besides."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from pydantic import ValidationError

from plumbline.aws.reads import Aws
from plumbline.kinds.call import names_of
from plumbline.kinds.item_sample import ItemSample, Sampled
from plumbline.kinds.permitted import OfResource, Permitted
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Missing, NoData, Undetermined

ACCOUNT, REGION, TABLE = "123456789012", "us-east-1", "seen"
CANARY = "planted-canary"
NOW = datetime.now(UTC)


def at(**ahead: float) -> dict[str, str]:
    """A time so far ahead, in seconds."""
    return {"N": str(int((NOW + timedelta(**ahead)).timestamp()))}


@pytest.fixture
def aws() -> Aws:
    """An account with a table that holds nothing."""
    BackendDict.reset()
    made = account(ACCOUNT, REGION)
    made.write(
        "dynamodb:CreateTable",
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "fingerprint", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "fingerprint", "AttributeType": "S"}],
    )
    return made


def put(aws: Aws, *expiries: dict[str, Any] | None) -> None:
    for number, expiry in enumerate(expiries):
        item = {"fingerprint": {"S": f"{CANARY}-{number}"}, "note": {"S": CANARY}}
        aws.write("dynamodb:PutItem", TableName=TABLE, Item=item | ({"until": expiry} if expiry else {}))


def sample(aws: Aws, **asks: Any) -> ItemSample:
    question = Sampled(**{"attribute": "until", "most_days_ahead": 30, **asks})
    return ItemSample.from_aws(account(ACCOUNT, REGION), TABLE, None, question)


@pytest.mark.parametrize(
    ("expiry", "wrong", "overdue"),
    [
        (at(days=30), {}, 0),
        (at(days=30, minutes=30), {}, 0),  # written half an hour after the run began
        (at(days=30, hours=2), {"more than 30 days ahead": 1}, 0),
        (at(hours=-47), {}, 0),
        (at(hours=-49), {}, 1),
        (at(days=-3650), {}, 1),
        ({"N": str(int(NOW.timestamp() * 1000))}, {"finer than seconds": 1}, None),
        ({"N": "1E+300"[:5]}, {"finer than seconds": 1}, None),
        ({"N": "2592000"}, {"no time in seconds": 1}, None),
        ({"N": "-1"}, {"no time in seconds": 1}, None),
        ({"S": str(int(NOW.timestamp()))}, {"a text": 1}, None),
        ({"S": CANARY}, {"a text": 1}, None),
        ({"M": {CANARY: {"S": CANARY}}}, {"a map": 1}, None),
        ({"SS": [CANARY]}, {"of type SS": 1}, None),
        (None, {"not there": 1}, None),
    ],
)
def test_each_form_has_its_name(
    aws: Aws, expiry: dict[str, Any] | None, wrong: dict[str, int], overdue: int | None
) -> None:
    put(aws, expiry)
    found = sample(aws)
    assert found.wrong_expiries == wrong
    if overdue is None:
        with pytest.raises(NoData, match="no item of seen that was looked at says in seconds"):
            assert found.overdue == 0
    else:
        assert found.overdue == overdue


def test_items_are_counted(aws: Aws) -> None:
    put(aws, at(days=1), at(days=-9), at(days=-9), {"S": "x"}, {"S": "y"}, None)
    found = sample(aws)
    assert found.wrong_expiries == {"a text": 2, "not there": 1}
    assert found.overdue == 2


def test_no_more_items_are_looked_at_than_is_said(aws: Aws) -> None:
    put(aws, *[{"S": "x"}] * 7)
    assert sample(aws, looked_at_up_to=3).wrong_expiries == {"a text": 3}
    assert sample(aws, looked_at_up_to=1000).wrong_expiries == {"a text": 7}


def test_a_table_without_items_is_no_data(aws: Aws) -> None:
    found = sample(aws)
    for field in ("wrong_expiries", "overdue"):
        with pytest.raises(NoData, match="seen holds no item"):
            assert getattr(found, field) == 0


def test_a_table_that_is_not_there_is_missing(aws: Aws) -> None:
    aws.write("dynamodb:DeleteTable", TableName=TABLE)
    with pytest.raises(Missing):
        sample(aws)


def test_nothing_of_an_item_is_kept(aws: Aws) -> None:
    put(aws, {"S": CANARY}, {"M": {CANARY: {"S": CANARY}}}, at(days=1), None)
    place = account(ACCOUNT, REGION)
    question = Sampled(attribute="until", most_days_ahead=30, looked_at_up_to=3)
    found = ItemSample.from_aws(place, TABLE, None, question)
    kept = pickle.dumps(place._answers.settle())
    assert b"judged_by" in kept
    for word in (CANARY, at(days=1)["N"]):
        assert word.encode() not in kept
        assert word not in repr(found)


def test_who_asks_by_other_bounds_is_told_nothing_of_the_first(aws: Aws) -> None:
    put(aws, at(days=5))
    place = account(ACCOUNT, REGION)
    questions = [Sampled(attribute="until", most_days_ahead=it) for it in (30, 1)]
    one, other = (ItemSample.from_aws(place, TABLE, None, it) for it in questions)
    assert one.wrong_expiries == {}
    with pytest.raises(Undetermined, match="other bounds"):
        assert other.wrong_expiries == {}


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, False),
        ({"TableName": "another"}, True),
        ({"ProjectionExpression": "note"}, True),
        ({"ExpressionAttributeNames": {"#expiry": "note"}}, True),
        ({"ExpressionAttributeNames": {}}, True),
    ],
)
def test_a_live_run_scans_the_table_for_the_expiry_alone(changed: dict[str, Any], refused: bool) -> None:
    question = Sampled(attribute="until", most_days_ahead=30)
    names = {**names_of(TABLE, question=question), "account": ACCOUNT, "region": REGION}
    permitted = Permitted(OfResource(it, names) for it in ItemSample.calls_for())
    asked = {
        "TableName": TABLE,
        "ProjectionExpression": "#expiry",
        "ExpressionAttributeNames": {"#expiry": "until"},
    }
    assert bool(permitted.refuses("dynamodb:Scan", asked | changed)) == refused


@pytest.mark.parametrize(
    "asks", [{"attribute": ""}, {"most_days_ahead": 0}, {"looked_at_up_to": 0}, {"looked_at_up_to": 1001}]
)
def test_a_question_without_an_answer_is_refused(asks: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Sampled(**{"attribute": "until", "most_days_ahead": 30, **asks})
