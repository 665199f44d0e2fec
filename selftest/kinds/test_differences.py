"""What two readings differ in, as it may be shown: without secrets, and so that it can be told apart."""

from typing import Any

import pytest

from plumbline.kinds.dynamodb import Table
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.sources.differences import NotCompared, Pair, Reading, compared, of_values
from plumbline.values.redaction import REDACTED
from plumbline.values.sensitive import SENSITIVE, mark
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unexamined, Unknown

LONG = "x" * 600
NOT_THERE = Missing("table orders", "in x")
NOT_KNOWN = Undetermined("a root is not given")
DENIED = ReadError("dynamodb:DescribeTable is denied\nfor role x", cause="denied")


def table(**fields: Any) -> Kind:
    return Table.of("main.tf:1", {"name": "orders", **fields})


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("tags", {"DB_PASSWORD": "first"}, {"DB_PASSWORD": "second"}),
        ("environment", {"ANY": "first"}, {"ANY": "second"}),
        ("environment", {"ANY": {"deep": "first"}}, {"ANY": {"deep": "second"}}),
        ("entries", [{"Key": "token", "Value": "first"}], [{"Key": "token", "Value": "second"}]),
        ("text", "AKIA" + "A" * 16, "AKIA" + "B" * 16),
        ("text", "password=first", "password=second"),
    ],
)
def test_a_secret_that_differs_is_told_and_not_shown(field: str, one: Any, other: Any) -> None:
    [found] = of_values("table orders", field, one, other).differences
    assert all(REDACTED in it for it in found.values)
    assert not any("first" in it or "second" in it or "AAAA" in it or "sha256" in it for it in found.values)


def test_what_terraform_calls_sensitive_is_not_shown_either() -> None:
    mark(["alpha-of-this-proof", "omega-of-this-proof"])
    [found] = of_values("x", "field", "alpha-of-this-proof", "omega-of-this-proof").differences
    assert found.values == (f'"{SENSITIVE}"', f'"{SENSITIVE}"')


def test_long_values_can_be_told_apart() -> None:
    [found] = of_values("x", "text", LONG + "a", LONG + "b").differences
    assert found.values[0] != found.values[1]
    assert all(len(it) < 600 and "sha256:" in it for it in found.values)


def test_what_is_shown_is_one_line_that_does_nothing() -> None:
    [found] = of_values("x", "tags", {"a\nb": "\x1b[31m\u202e"}, {"a\nb": ""}).differences
    assert (found.field, found.values[0]) == ("tags.a\\nb", '"\\x1b[31m\\u202e"')


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (NOT_THERE, NOT_THERE, ("neither", 1)),
        (table(), NOT_THERE, ("alone", 1)),
        (NOT_THERE, table(), ("alone", 1)),
        (NOT_THERE, NOT_KNOWN, ("open", 1)),
        (table(), NOT_KNOWN, ("open", 1)),
        (DENIED, table(), ("open", 1)),
        (NOT_KNOWN, NOT_KNOWN, ("open", 1)),
        (table(hash_key="a"), table(hash_key="b"), ("differences", 1)),
        (table(hash_key="a"), table(hash_key=Unknown("x.y")), ("open", 1)),
        (table(hash_key="a"), table(hash_key="a"), ("differences", 0)),
    ],
)
def test_each_pair_of_readings_is_told_as_what_it_is(
    one: Reading, other: Reading, told: tuple[str, int]
) -> None:
    found = compared([Pair("table orders", one, other)])
    sort, number = told
    for name in ("neither", "alone", "open", "differences"):
        assert len(getattr(found, name)) == (number if name == sort else 0), name


def test_what_could_not_be_read_is_told_apart_in_one_line() -> None:
    found = compared([Pair("table orders", DENIED, table())])
    assert found.open == (
        NotCompared("table orders", "", "dynamodb:DescribeTable is denied for role x", True),
    )


def test_what_a_source_never_gives_is_only_counted() -> None:
    none = Unexamined("there is none")
    found = compared(
        [Pair("x", table(status=NOT_DEPLOYED, kms_key=none), table(status="ACTIVE", kms_key=none))]
    )
    assert (found.never, found.open, found.differences) == (2, (), ())
    assert found.compared == len(Table.model_fields) - 2
