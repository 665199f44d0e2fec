"""Every operator and pure function gives what Terraform gave: the value and its type, or a refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.terraform.expressions.base import EvaluationError, Scope
from plumbline.terraform.functions import NAMES, SPECIAL, find
from plumbline.terraform.hcl.parser import parse_expression
from plumbline.terraform.source import Source, SyntaxProblem
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.unknown import Unknown
from selftest.terraform import comparison, oracle
from selftest.terraform.record import EXPRESSIONS, TRUTH, expressions

LISTS = sorted(path.stem for path in EXPRESSIONS.glob("*.txt"))
IMPURE = {"timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "base64gzip", "issensitive"}


class _Paths:
    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        if path in (("path", "module"), ("path", "root")):
            return ".", 2
        raise InvalidValue(f"{path[0]} is not declared")


def evaluated(expression: str) -> Value:
    """The value of an expression in the directory of the recorded files."""
    scope = Scope(_Paths(), find, EXPRESSIONS / "files")
    return parse_expression(Source("expression", expression)).evaluate(scope)


def recorded(name: str) -> list[dict[str, Any]]:
    """Terraform's answers for one list."""
    answers: list[dict[str, Any]] = json.loads(
        (TRUTH / f"{name}.json").read_text("utf-8"),
        parse_int=comparison.number,
        parse_float=comparison.number,
    )
    return answers


CASES = [pytest.param(case, id=case["expression"]) for name in LISTS for case in recorded(name)]


@pytest.mark.parametrize("case", CASES)
def test_the_value_is_terraforms(case: dict[str, Any]) -> None:
    if case.get("error"):
        with pytest.raises((EvaluationError, SyntaxProblem)):
            evaluated(case["expression"])
        return
    value = evaluated(case["expression"])
    if case.get("unknown"):
        assert isinstance(value, Unknown)
        return
    assert comparison.plain(value) == case["value"]
    assert comparison.same_type(comparison.json_type(value), case["type"])


@pytest.mark.parametrize("name", LISTS)
def test_the_record_is_of_these_expressions(name: str) -> None:
    assert [case["expression"] for case in recorded(name)] == expressions(name)


def test_every_pure_function_has_cases() -> None:
    text = "".join((EXPRESSIONS / f"{name}.txt").read_text("utf-8") for name in LISTS)
    assert [name for name in sorted({*NAMES, *SPECIAL} - IMPURE) if f"{name}(" not in text] == []


@pytest.mark.skipif(not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider")
def test_the_functions_are_those_of_terraform(tmp_path: Path) -> None:
    listed = json.loads(oracle.run(tmp_path, "metadata", "functions", "-json").stdout)["function_signatures"]
    assert {name for name in listed if "::" not in name} == {*NAMES, *SPECIAL}


@pytest.mark.parametrize(
    "expression",
    [
        "timestamp()",
        "plantimestamp()",
        "uuid()",
        'bcrypt("a")',
        'base64gzip("a")',
        "upper(timestamp())",
        '"at ${timestamp()}"',
        "jsonencode({at = timestamp()})",
        'timestamp() == "x" ? 1 : 2',
        '[for x in [1] : x if timestamp() == ""]',
        "{(timestamp()) = 1}",
        "merge({a = 1}, jsondecode(timestamp()))",
        'false && timestamp() == "x"',
        'coalesce(uuid(), "a")',
        'sort([uuid(), "a"])[0]',
    ],
)
def test_no_known_value_comes_from_an_unknown_one(expression: str) -> None:
    value = evaluated(expression)
    assert isinstance(value, Unknown)
    assert value.origin.endswith("()")


@pytest.mark.parametrize("index", range(-7, 0))
def test_a_negative_index_goes_on_at_the_other_end(index: int) -> None:
    """Terraform 1.11, which was recorded, does so for lists alone; later ones for tuples, too."""
    found = [evaluated(f"element({it}, {index})") for it in ('["a", "b", "c"]', 'tolist(["a", "b", "c"])')]
    assert found == ["abc"[index % 3]] * 2
