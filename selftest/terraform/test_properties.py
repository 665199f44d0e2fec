"""On anything that is thrown at it, the evaluator answers or refuses; it does not crash, hang or guess."""

from __future__ import annotations

import string
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.functions import NAMES
from plumbline.terraform.model import Configuration, TerraformError
from plumbline.terraform.values import Value
from plumbline.values.unknown import Unknown
from selftest.terraform import configurations

WORDS = st.sampled_from(
    [
        "1",
        "0",
        "-1.5",
        '"a"',
        '"${1}"',
        "true",
        "null",
        "[]",
        "{}",
        "[1, 2]",
        "{a = 1}",
        "local.known",
        "var.text",
    ]
)
FUNCTIONS = st.sampled_from(
    sorted(set(NAMES) - {"abspath", "pathexpand", "timestamp", "uuid", "plantimestamp"})
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"])
PRELUDE = """
variable "text" {
  default = "text"
}
locals {
  known   = { a = [1, "b", null], c = { d = true } }
  unknown = %s
}
"""
SOURCES = sorted(
    path.read_text("utf-8")
    for name in configurations.names()
    for path in (configurations.CASES / name).glob("*.tf")
)


def expressions(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of every form over these leaves."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, OPERATORS, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
            st.tuples(FUNCTIONS, st.lists(inner, max_size=3)).map(lambda p: f"{p[0]}({', '.join(p[1])})"),
            st.lists(inner, max_size=3).map(lambda p: f"[{', '.join(p)}]"),
            st.tuples(inner, inner).map(lambda p: f'{{a = {p[0]}, (upper("b")) = {p[1]}}}'),
            inner.map(lambda e: f'"x${{{e}}}y"'),
            inner.map(lambda e: f"[for k, v in {e} : v if k != 0]"),
            inner.map(lambda e: f"{{for k, v in {e} : k => v...}}"),
            inner.map(lambda e: f"({e})[*].a"),
            st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
            inner.map(lambda e: f"({e}).a"),
            st.tuples(inner, inner).map(lambda p: f"try({p[0]}, {p[1]})"),
            inner.map(lambda e: f"can({e})"),
            inner.map(lambda e: f"!({e})"),
        ),
        max_leaves=6,
    )


def output(expression: str, unknown: str = "timestamp()") -> Configuration | TerraformError:
    """What becomes of a configuration with this expression as an output."""
    return outcome(f'{PRELUDE % unknown}output "o" {{\n  value = {expression}\n}}\n')


def outcome(text: str) -> Configuration | TerraformError:
    """What becomes of a file with this text."""
    with TemporaryDirectory() as place:
        (Path(place) / "main.tf").write_text(text, "utf-8", newline="")
        try:
            return evaluate(Path(place))
        except TerraformError as error:
            return error


def is_known(value: Value) -> bool:
    """Whether no part of a value is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return not isinstance(value, Unknown)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=400)
@given(expressions(WORDS | st.just("local.unknown")))
def test_an_expression_has_a_value_or_is_refused(expression: str) -> None:
    assert isinstance(output(expression), (Configuration, TerraformError))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(expressions(WORDS | st.just("local.unknown")), st.sampled_from(['"a"', '"2"', '"true"', '"{}"', '""']))
def test_a_known_value_does_not_depend_on_an_unknown_one(expression: str, actual: str) -> None:
    """If a value is known before apply, it is the same whatever the unknown turns out to be."""
    before, after = output(expression), output(expression, actual)
    if (
        isinstance(before, Configuration)
        and isinstance(after, Configuration)
        and is_known(before.outputs["o"])
    ):
        assert before.outputs["o"] == after.outputs["o"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=200)
@given(st.sampled_from(SOURCES), st.data())
def test_a_damaged_file_is_evaluated_or_refused(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    inserted = data.draw(
        st.text(st.sampled_from('{}[]()"\n$%.,=<>-?:#/*~\\ ') | st.characters(codec="utf-8"), max_size=4)
    )
    assert isinstance(
        outcome(text[:start] + inserted + text[start + length :]), (Configuration, TerraformError)
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(st.text(st.sampled_from(string.printable), max_size=80))
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    assert isinstance(outcome(text), (Configuration, TerraformError))


@pytest.mark.parametrize(
    ("opening", "middle", "closing"),
    [
        ("[", "1", "]"),
        ("(", "1", ")"),
        ("{a = ", "1", "}"),
        ("!", "true", ""),
        ("", "1", " + 1"),
        ('"${', "1", '}"'),
        ("f(", "1", ")"),
        ("", "local.known", ".a"),
        ("", "local.known", "[0]"),
        ("true ? 1 : ", "1", ""),
    ],
)
@pytest.mark.parametrize("depth", [100, 1000, 20_000])
def test_deep_nesting_is_no_crash(opening: str, middle: str, closing: str, depth: int) -> None:
    assert isinstance(output(opening * depth + middle + closing * depth), (Configuration, TerraformError))


def test_long_chains_of_references_are_followed() -> None:
    lines = [f"  a{i} = local.a{i + 1}" for i in range(1000)]
    found = outcome(
        "\n".join(["locals {", *lines, "  a1000 = 1", "}", 'output "o" {', "  value = local.a0", "}", ""])
    )
    assert isinstance(found, Configuration)
    assert found.outputs == {"o": 1}
