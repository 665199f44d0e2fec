"""What stands for a value that nobody knows refuses whatever a test, or a reader, may do with a value."""

import operator
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from plumbline.values.counting import AtLeast, InPart
from plumbline.values.unknown import (
    NoData,
    NotRead,
    Placeholder,
    ReadError,
    Undetermined,
    Unexamined,
    Unknown,
    Unmeasured,
    Unread,
    Unreadable,
    hearing,
)

REFUSALS: dict[type[Exception], Placeholder] = {
    Undetermined: Unknown("aws_kms_key.main.arn"),
    NoData: Unmeasured("nobody measured it"),
    ReadError: Unreadable(ReadError("denied", cause="denied")),
    NotRead: Unread("bucket", "tags"),
}
USES: dict[str, Callable[[Any], object]] = {
    "equal": lambda value: value == "x",
    "on the right": lambda value: operator.eq("x", value),
    "less": lambda value: value < 1,
    "true": bool,
    "length": len,
    "in a set": lambda value: {value},
    "in it": lambda value: "x" in value,
    "each": list,
    "an entry": operator.itemgetter("x"),
    "an attribute": operator.attrgetter("x"),
    "a number": int,
    "a fraction": float,
    "a position": lambda value: ["x"][value],
    "a text": str,
    "in a text": "arn:aws:s3:::{}".format,
    "in an f-string": lambda value: f"arn:aws:s3:::{value}",
    "aligned": lambda value: f"{value:>10}",
    "added": lambda value: value + 1,
    "taken away": lambda value: {"x"} - value,
    "times": lambda value: 24 * value,
    "in parts": lambda value: 1 / value,
    "what is left of it": lambda value: value // 60 + value % 60,
    "with more": lambda value: value | {"x": 1},
    "to more": lambda value: {"x": 1} | value,
    "the other way": operator.neg,
    "in order": lambda value: sorted([value, value]),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("refusal", REFUSALS)
def test_no_use_gives_a_value(refusal: type[Exception], use: str) -> None:
    with pytest.raises(refusal):
        USES[use](REFUSALS[refusal])


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_text_of_what_holds_it_and_a_refusal_that_is_caught_are_heard(refusal: type[Exception]) -> None:
    heard: list[Exception] = []
    with hearing(heard.append):
        assert str([REFUSALS[refusal]])
        with suppress(refusal):
            assert REFUSALS[refusal] == "x"
    assert [type(it) for it in heard] == [refusal, refusal]


@pytest.mark.parametrize(
    "made",
    [
        lambda number: number + 1,
        lambda number: sum([number, number]),
        lambda number: 10 - number,
        lambda number: number * 2,
        lambda number: number / 60,
        lambda number: 1 / number,
        lambda number: number // 60,
        lambda number: number % 2,
        operator.neg,
        abs,
        round,
    ],
)
def test_nothing_is_made_of_a_number_that_was_not_counted_to_its_end(made: Callable[[Any], object]) -> None:
    with pytest.raises(Undetermined, match="there are more than were looked at: at least 3"):
        made(AtLeast(3))
    with pytest.raises(NoData, match="nobody measured the rest"):
        made(InPart(3, "nobody measured the rest", greater=True))


def test_no_data_is_told_apart_from_what_a_source_does_not_carry() -> None:
    with pytest.raises(Undetermined) as told:
        bool(Unexamined("source has no table status"))
    assert type(told.value) is Undetermined
