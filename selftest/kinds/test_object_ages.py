"""Objects that are too old for where they are: which count, and what is said of more than were looked at."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from pydantic import ValidationError

from plumbline.aws.reads import Aws
from plumbline.kinds.object_ages import Aged, ObjectAges
from plumbline.sources.moto.account import account
from plumbline.values.counting import AtLeast
from plumbline.values.unknown import Missing, Undetermined
from selftest.mutations import history

ACCOUNT, REGION, BUCKET = "123456789012", "us-east-1", "the-data"
BIG = 131072


@pytest.fixture
def aws() -> Aws:
    """An account with a bucket that holds nothing."""
    BackendDict.reset()
    made = account(ACCOUNT, REGION)
    made.write("s3:CreateBucket", Bucket=BUCKET)
    return made


def number(name: str = f"{BUCKET}/raw/", **asks: Any) -> Any:
    return ObjectAges.from_aws(
        account(ACCOUNT, REGION), name, None, Aged(**{"older_than_days": 92, **asks})
    ).number


def test_what_is_younger_smaller_in_a_class_or_elsewhere_does_not_count(aws: Aws) -> None:
    for days in (1, 91, 93, 400):
        history.old_object(aws, BUCKET, f"raw/{days}", days=days)
        history.old_object(aws, BUCKET, f"raw/moved-{days}", days=days, storage_class="GLACIER_IR")
        history.old_object(aws, BUCKET, f"exports/{days}", days=days)
    history.old_object(aws, BUCKET, "raw/big", days=93, size=BIG)
    assert number() == 5
    assert number(not_in=["GLACIER_IR"]) == 3
    assert number(not_in=["STANDARD"]) == 2
    assert number(not_in=["GLACIER_IR"], least_bytes=BIG) == 1
    assert number(older_than_days=401) == 0


def test_a_version_that_a_newer_one_replaced_does_not_count(aws: Aws) -> None:
    aws.write("s3:PutBucketVersioning", Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    history.old_object(aws, BUCKET, "raw/lead", days=400)
    assert number() == 1
    aws.write("s3:PutObject", Bucket=BUCKET, Key="raw/lead", Body=b"")
    assert number() == 0
    history.old_object(aws, BUCKET, "raw/other", days=400)
    aws.write("s3:DeleteObject", Bucket=BUCKET, Key="raw/other")
    assert number() == 0


def test_of_more_objects_than_are_looked_at_there_are_at_least_those_that_are_old(aws: Aws) -> None:
    for days in (1, 2, 3, 4):
        history.old_object(aws, BUCKET, f"raw/{days:03}", days=days)
    assert number(looked_at_up_to=4) == 0
    found = number(looked_at_up_to=3)
    assert isinstance(found, AtLeast)
    with pytest.raises(Undetermined):
        assert found <= 1


def test_a_bucket_that_is_not_there_is_missing(aws: Aws) -> None:
    with pytest.raises(Missing, match="bucket gone"):
        assert number("gone/raw/") == 0


@pytest.mark.parametrize("asks", [{"older_than_days": 0}, {"not_in": [""]}, {"least_bytes": -1}])
def test_a_question_without_an_answer_is_refused(asks: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Aged(**{"older_than_days": 92, **asks})
