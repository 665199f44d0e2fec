"""Objects that arrived: which count, and where there is no data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends
from pydantic import ValidationError

from plumbline.aws.reads import Aws
from plumbline.kinds.object_arrivals import Arrived, ObjectArrivals
from plumbline.sources.moto.account import account
from plumbline.values.counting import AtLeast
from plumbline.values.unknown import Missing, Undetermined
from selftest.mutations import history

ACCOUNT, REGION = "123456789012", "eu-west-1"
BUCKET, PREFIX, DATED = "the-logs", "raw/", "%Y-%m-%d-%H-%M-%S"
USE: dict[str, Any] = {"namespace": "AWS/S3", "name": "AllRequests", "dimensions": {"BucketName": "raw"}}


@pytest.fixture
def aws() -> Aws:
    """An account with a bucket that nothing has arrived in."""
    BackendDict.reset()
    made, place = account(ACCOUNT, REGION), {"LocationConstraint": REGION}
    made.write("s3:CreateBucket", Bucket=BUCKET, CreateBucketConfiguration=place)
    return made


def arrive(aws: Aws, hours: float, prefix: str = PREFIX) -> None:
    """Let an object have been written so many hours ago, under a key that says when."""
    then = datetime.now(UTC) - timedelta(hours=hours)
    key = f"{prefix}{then.strftime(DATED)}-{hours}"
    aws.write("s3:PutObject", Bucket=BUCKET, Key=key, Body=b"")
    s3_backends[ACCOUNT]["aws"].buckets[BUCKET].keys[key].last_modified = then.replace(tzinfo=None)


def number(aws: Aws, name: str = f"{BUCKET}/{PREFIX}", **asks: Any) -> Any:
    return ObjectArrivals.from_aws(
        account(ACCOUNT, aws.region), name, None, Arrived(**{"looked_back_hours": 24, **asks})
    ).number


@pytest.mark.parametrize("dated", ["", "%Y", "%Y-%m-%d", DATED])
def test_what_is_older_or_lies_elsewhere_does_not_count(aws: Aws, dated: str) -> None:
    for hours, prefix in ((1, PREFIX), (23, PREFIX), (25, PREFIX), (900, PREFIX), (1, "silver/")):
        arrive(aws, hours, prefix)
    assert number(aws, **({"dated": dated} if dated else {})) == 2


def test_of_more_objects_than_are_looked_at_there_are_at_least_those_that_are_new(aws: Aws) -> None:
    for hours in (1, 2, 30, 31):
        arrive(aws, hours)
    assert number(aws, counted_up_to=4) == 2
    found = number(aws, counted_up_to=3)
    assert isinstance(found, AtLeast)
    assert found >= 1
    with pytest.raises(Undetermined):
        assert found >= 2
    assert number(aws, counted_up_to=3, dated=DATED) == 2


@pytest.mark.parametrize(("used", "found"), [(5, 0), (1, None), (30, None), (None, None)])
def test_nothing_is_no_data_unless_something_was_used_that_has_had_its_time(
    aws: Aws, used: int | None, found: int | None
) -> None:
    if used is not None:
        history.metric(aws, "AWS/S3", "AllRequests", 7, minutes=used * 60, BucketName="raw")
    if found is None:
        with pytest.raises(Undetermined, match="nothing was used from"):
            assert number(aws, proves_use=[USE], delivered_within_hours=3) >= 1
    else:
        assert number(aws, proves_use=[USE], delivered_within_hours=3) == found
    assert number(aws) == 0


def test_a_bucket_that_is_not_there_is_missing(aws: Aws) -> None:
    with pytest.raises(Missing):
        assert number(aws, "gone/raw/") >= 1


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ({"dated": "%d.%m.%Y"}, "does not sort by date"),
        ({"dated": "raw"}, "does not sort by date"),
        ({"looked_back_hours": 3, "delivered_within_hours": 3}, "write more `looked_back_hours`"),
        ({"delivered_within_hours": 1}, "write more `looked_back_hours`"),
    ],
)
def test_a_question_without_an_answer_is_refused(asks: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Arrived(**asks)
