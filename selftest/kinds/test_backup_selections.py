"""What a backup plan covers and when it starts, against what AWS documents and refuses."""

from datetime import date
from typing import Any

import pytest

from plumbline.aws.schedules import starts_after
from plumbline.kinds.backup import BackupPlan, Condition, Selection
from plumbline.values.unknown import Undetermined, Unknown

TABLE = "arn:aws:dynamodb:af-south-1:123456789012:table/orders"
OTHER = "arn:aws:dynamodb:af-south-1:123456789012:table/returns"
EU = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
TAGS = {"Component": "dynamodb", "Environment": "sit"}
TODAY = date(2026, 3, 1)


def tag(value: str, operator: str = "StringEquals", key: str = "Component") -> Condition:
    return Condition(operator=operator, key=key, value=value)


def condition(value: str, operator: str = "StringEquals") -> Condition:
    return tag(value, operator, "aws:ResourceTag/Component")


def selection(**what: Any) -> Selection:
    return Selection(name="some", iam_role_arn="arn:aws:iam::123456789012:role/backup", **what)


SELECTED = {
    "its ARN": {"resources": [OTHER, TABLE]},
    "every table": {"resources": ["arn:aws:dynamodb:*:*:table/*"]},
    "everything": {"resources": ["*"]},
    "its tag": {"selection_tags": [tag("s3"), tag("dynamodb")]},
    "everything, or a tag that it lacks": {"resources": ["*"], "selection_tags": [tag("s3")]},
    "another ARN, or its tag": {"resources": [OTHER], "selection_tags": [tag("dynamodb")]},
    "all conditions": {
        "resources": ["*"],
        "conditions": [condition("dynamo*", "StringLike"), condition("s3", "StringNotEquals")],
    },
    "another one left out": {"resources": ["*"], "not_resources": [OTHER]},
    "beside an ARN that is not known": {"resources": [Unknown("aws_x.y.arn"), TABLE]},
}
NOT_SELECTED = {
    "another ARN": {"resources": [OTHER]},
    "the namesake in another region": {"resources": [EU]},
    "a question mark, which is no wildcard": {"resources": [TABLE.replace("orders", "order?")]},
    "a pattern of another kind": {"resources": ["arn:aws:dynamodb:*:*:table/[a-z]*"]},
    "another tag": {"selection_tags": [tag("s3")]},
    "one of two conditions": {
        "resources": ["*"],
        "conditions": [condition("dynamodb"), condition("dyn*", "StringNotLike")],
    },
    "left out": {"resources": ["*"], "not_resources": ["arn:aws:dynamodb:*:*:table/or*"]},
    "left out though its tag is named": {"selection_tags": [tag("dynamodb")], "not_resources": [TABLE]},
}
REFUSED = {
    "conditions alone": {"conditions": [condition("dynamodb")]},
    "nothing": {},
    "exceptions alone": {"not_resources": [OTHER]},
}


@pytest.mark.parametrize("what", SELECTED.values(), ids=SELECTED)
def test_what_a_selection_names_is_covered(what: dict[str, Any]) -> None:
    assert selection(**what).covers(TABLE, TAGS)


@pytest.mark.parametrize("what", NOT_SELECTED.values(), ids=NOT_SELECTED)
def test_what_it_does_not_name_is_not(what: dict[str, Any]) -> None:
    assert not selection(**what).covers(TABLE, TAGS)


@pytest.mark.parametrize("pattern", ["arn:aws:dynamodb:*:*:table/*ders", "arn:aws:dynamodb:*:*:*/orders"])
def test_a_wildcard_within_a_name_selects_nothing_for_certain(pattern: str) -> None:
    with pytest.raises(Undetermined, match="at the end of a name alone"):
        selection(resources=[pattern]).covers(TABLE, TAGS)
    with pytest.raises(Undetermined, match="at the end of a name alone"):
        selection(resources=["*"], not_resources=[pattern]).covers(TABLE, TAGS)
    assert selection(resources=[pattern, TABLE]).covers(TABLE, TAGS)
    assert not selection(resources=[pattern]).covers(OTHER.replace("returns", "return"), TAGS)


def test_a_condition_on_a_bare_tag_selects_nothing_for_certain() -> None:
    bare = selection(resources=["*"], conditions=[tag("dynamodb")])
    with pytest.raises(Undetermined, match="wants aws:ResourceTag/Component"):
        bare.covers(TABLE, TAGS)
    assert not selection(resources=["*"], conditions=[tag("dynamodb"), condition("s3")]).covers(TABLE, TAGS)


@pytest.mark.parametrize("what", REFUSED.values(), ids=REFUSED)
def test_what_aws_refuses_covers_nothing_for_certain(what: dict[str, Any]) -> None:
    plan = BackupPlan(name="plan", selections=[selection(**what)])
    with pytest.raises(Undetermined, match="refuses to create it"):
        plan.covers(TABLE, TAGS)
    beside = BackupPlan(name="plan", selections=[selection(**what), selection(resources=[TABLE])])
    assert beside.covers(TABLE, TAGS)


COMES = (
    *("cron(0 3 * * ? *)", "cron(0 5 ? * * *)", "cron(15 * ? * * *)", "cron(0 12 * * ? *)"),
    *("cron(0/15 * * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0 22 ? * 7 *)", "cron(0 0 L * ? *)"),
    *("cron(0 8 1 * ? *)", "cron(0 9 ? * 2#1 *)", "cron(15 10 ? * 6L 2026-2030)", "cron(0 9 3W * ? *)"),
    *("cron(0 3 29 2 ? *)", "cron(0 3 1 3 ? 2026)", "cron(0 3 ? jan,jul sun *)", "cron(0 3 LW * ? *)"),
    *("cron(0 2 ? * MON-SUN *)", "cron(0/30 20-2 ? NOV-FEB FRI-MON *)", "cron(50-10/5 3 28-2 * ? *)"),
)
COMES_NO_MORE = (
    "cron(0 3 30 2 ? *)",
    "cron(0 3 31 4,6 ? *)",
    "cron(0 3 * * ? 2025)",
    "cron(0 3 29 2 ? 2027)",
)
NO_SCHEDULE = (
    *("", "rate(1 day)", "0 3 * * ? *", "cron(0 3 * * *)", "cron(0 3 * * * *)", "cron(0 3 ? * ? *)"),
    *("cron(60 3 * * ? *)", "cron(0 24 * * ? *)", "cron(0 3 0 * ? *)", "cron(0 3 ? * 8 *)"),
    *("cron(0 3 * 13 ? *)", "cron(0/0 3 * * ? *)", "cron(a 3 * * ? *)", "cron(0 3 ? * 2#6 *)"),
    *("cron(0 22-24 * * ? *)", "cron(0 3 1-32 * ? *)", "cron(0 3 * * ? 2030-2026)"),
)


def test_a_schedule_comes_or_does_not() -> None:
    """Source: EventBridge User Guide, "Cron expressions reference", and AWS Backup's API_BackupRule."""
    assert [it for it in COMES if not starts_after(it, TODAY)] == []
    assert [it for it in COMES_NO_MORE if starts_after(it, TODAY)] == []


@pytest.mark.parametrize("written", NO_SCHEDULE)
def test_what_is_no_schedule_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"schedule|cron|field"):
        starts_after(written, TODAY)
