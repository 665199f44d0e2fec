"""Where two values differ, and what of them is not compared."""

from typing import Any

import pytest

from plumbline.values.counting import AtLeast, Between
from plumbline.values.put_back import putting_back
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, ReadError, Unexamined, Unknown, Unreadable
from plumbline.values.unlike import Open, Unlike, unlike

UNKNOWN, WHY = Unknown("a.b"), Unexamined("why")
DENIED = Unreadable(ReadError("denied", cause="denied"))
ONE, OTHER = Identity("r", "a", "id"), Identity("r", "b", "id")
KMS = "arn:aws:kms:eu-west-1:210987654321"
ALIKE: list[tuple[Any, Any]] = [
    (1, 1.0),
    (None, None),
    ([1, 2], [2, 1]),
    ({"a": 1}, {"a": 1, "b": None}),
    ([{"n": 1, "m": [1, 2]}], [{"m": [2, 1], "n": 1}]),
    (ONE, Identity("r", "a", "arn")),
    ([*range(5000)], [*reversed(range(5000))]),
]
DIFFERENT: list[tuple[Any, Any, str]] = [
    (1, True, ""),
    (0, False, ""),
    (None, False, ""),
    ([], None, ""),
    ([1, 1], [1], ""),
    ([1], [UNKNOWN, 2], ""),
    ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b"),
    ({"a": 1}, {}, "a"),
    ([{"n": 1, "m": 2}], [{"n": 1, "m": 3}], "[].m"),
    ({"Key": "password", "Value": "a"}, {"Key": "password", "Value": "b"}, ""),
    (ONE, OTHER, ""),
    ([*range(5000)], [*range(1, 5001)], ""),
    (SomeOf([1], "more"), [2], ""),
    (f"{KMS}:alias/a", f"{KMS}:alias/b", ""),
    (f"{KMS}:alias/a", "arn:aws:kms:us-east-1:210987654321:key/1", ""),
    (f"{KMS}:alias/a", None, ""),
    (ONE, None, ""),
    (AtLeast(9), 8, ""),
    (AtLeast(9), None, ""),
    ({"a": Between(9, 20, "why")}, {"a": 21}, "a"),
    (Between(9, 20, "why"), AtLeast(21), ""),
    (f"{KMS}:alias/aws/s3", ONE, ""),
    ([ONE], [], ""),
]
NOT_KNOWN: list[tuple[Any, Any]] = [
    (UNKNOWN, 1),
    (UNKNOWN, UNKNOWN),
    (1, WHY),
    (WHY, WHY),
    (ONE, "name"),
    (ONE, f"{KMS}:alias/a"),
    (ONE, Identity("other", "a", "id")),
    ([UNKNOWN], [1]),
    ([UNKNOWN], []),
    ([UNKNOWN, 1], [1, 2, 3]),
    ({"a": UNKNOWN}, {"a": UNKNOWN}),
    (SomeOf([1], "more"), [1, 2]),
    (SomeOf([], "more"), None),
    (SomeOf([1], "more"), SomeOf([2], "more")),
    (DENIED, 1),
    (AtLeast(9), 9),
    (AtLeast(9), 10.5),
    (AtLeast(9), AtLeast(9)),
    (AtLeast(9), AtLeast(7)),
    ({"a": Between(9, 20, "why")}, {"a": 20}),
    (Between(9, 20, "why"), Between(20, 30, "why")),
    ([AtLeast(9)], [AtLeast(9)]),
    (f"{KMS}:alias/aws/dynamodb", f"{KMS}:key/1"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=range(len(ALIKE)))
def test_what_is_alike_does_not_differ(one: Any, other: Any) -> None:
    assert [*unlike(one, other)] == []
    assert [*unlike(other, one)] == []


@pytest.mark.parametrize(("one", "other", "where"), DIFFERENT, ids=range(len(DIFFERENT)))
def test_what_differs_is_told_where_it_does(one: Any, other: Any, where: str) -> None:
    for pair in ((one, other), (other, one)):
        found = [it for it in unlike(*pair) if isinstance(it, Unlike)]
        assert [".".join(it.steps) for it in found] == [where]


@pytest.mark.parametrize(("one", "other"), NOT_KNOWN, ids=range(len(NOT_KNOWN)))
def test_what_is_not_known_neither_differs_nor_is_alike(one: Any, other: Any) -> None:
    for pair in ((one, other), (other, one)):
        found = [*unlike(*pair)]
        assert found
        assert all(isinstance(it, Open) and it.reason for it in found)
        assert all(it.unread is (one is DENIED) for it in found if isinstance(it, Open))


SIT = {
    "env": "sit",
    "account": "111111111111",
    "region": "af-south-1",
    "tier": "sit",
    "days": "7",
    "same": "x",
}
PROD = {
    "env": "prod",
    "account": "222222222222",
    "region": "eu-west-1",
    "tier": "prod",
    "days": "30",
    "same": "x",
}


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("orders-sit", "orders-{env|tier}"),
        ("website-situation", "website-situation"),
        ("sit_of:sit/sit", "{env|tier}_of:{env|tier}/{env|tier}"),
        ("arn:aws:sns:af-south-1:111111111111:x", "arn:aws:sns:{region}:{account}:x"),
        ("1111111111112", "1111111111112"),
        ("kept 7 days", "kept 7 days"),
        ("prod", "prod"),
    ],
)
def test_placeholders_are_put_back_as_whole_words(text: str, back: str) -> None:
    putting = putting_back(SIT, PROD)
    assert putting(text) == back
    assert putting({text: [text, 7, None, SomeOf([text], "more").members]}) == {back: [back, 7, None, [back]]}


def test_the_longest_is_put_back_first() -> None:
    putting = putting_back({"env": "dev", "name": "dev-blue"}, {"env": "prod", "name": "prod-green"})
    assert putting("x-dev-blue-dev") == "x-{name}-{env}"


def test_a_letter_by_itself_is_no_placeholder() -> None:
    putting = putting_back({"env": "nonprod", "short": "N"}, {"env": "stage", "short": "S"})
    assert putting({"id": "N", "name": "acme-N-a"}) == {"id": "N", "name": "acme-{short}-a"}


def test_what_is_called_so_is_put_back_before_any_word_in_it() -> None:
    dev, prod = {"env": "dev", "n": "1"}, {"env": "prod", "n": "2"}
    one = putting_back(dev, prod, {"orders-dev": "O", "acmedevdata": "A", "plan-1": "P"})
    assert one(["orders-dev", "x/orders-dev/y", "acmedevdata", "plan-1"]) == ["O", "x/O/y", "A", "P"]
    assert one(["orders-dev-dlq", "my-orders-dev"]) == ["orders-{env}-dlq", "my-orders-{env}"]


def test_a_name_that_is_a_word_is_no_word_of_a_sentence() -> None:
    word = putting_back({"env": "dev"}, {"env": "prod"}, {"orders": "O"})
    assert word(["orders", "a:table/orders/x", '{"of": "orders"}']) == ["O", "a:table/O/x", '{"of": "O"}']
    assert word(["lost orders", "orders-x"]) == ["lost orders", "orders-x"]


def test_a_placeholder_that_one_environment_alone_has_stays() -> None:
    assert putting_back({"env": "prod", "dr": "eu-west-1"}, {"env": "sit"})("eu-west-1") == "eu-west-1"
