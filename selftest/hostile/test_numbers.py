"""What no program reads as a number, or nobody means, ends in a message with the place, and soon."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.github.shell.comparing import decided
from plumbline.github.shell.script import Settings, outcome
from plumbline.sources.recorded import read_file
from plumbline.terraform import functions, numbers
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import TerraformError
from plumbline.terraform.planned import load
from plumbline.terraform.values import InvalidValue
from plumbline.values.mistakes import DataError
from plumbline.values.unknown import Undetermined

NINES = "9" * 5_000
MILLION = 'join("", [for i in range(1000) : join("", [for j in range(100) : "9999999999"])])'
"""A million digits, which stand in no file."""
HOSTILE = [
    "floor(1e5000)",
    "jsonencode(floor(1e4500))",
    'format("%d", 1e4500)',
    f'format("%{NINES}d", 1)',
    f'tostring(yamldecode("{NINES}"))',
    f'yamldecode("0x{NINES}")',
    f'jsondecode("{NINES}")',
    'jsondecode("1e999999999")',
    f"{NINES} + 1",
    f"[1].{NINES}",
    "1e3999 * 1e3999",
    "pow(10, 9000)",
    'uuidv5("dns", "\\ud800")',
    f'parseint("{"z" * 100_000}", 36)',
    f'cidrhost("10.0.0.0/8", {NINES})',
    f'timeadd("2026-01-01T00:00:00Z", "{NINES}h")',
    f'regex("a{{{NINES}}}", "a")',
    f"tonumber({MILLION})",
    f"{MILLION} + 0",
    f'format("%d", {MILLION})',
    f"jsondecode({MILLION})",
    f"yamldecode({MILLION})",
    f'timeadd("2026-01-01T00:00:00Z", {MILLION})',
    f'timeadd("2026-01-01T00:00:00Z", "${{{MILLION}}}h")',
]


@pytest.mark.parametrize("expression", HOSTILE, ids=lambda it: it[:24])
def test_it_is_refused_where_it_stands(tmp_path: Path, expression: str) -> None:
    (tmp_path / "main.tf").write_text(f'output "it" {{\n  value = {expression}\n}}\n')
    with pytest.raises(TerraformError, match=r"main\.tf:2:\d+: "):
        evaluate(tmp_path)


def test_a_sum_is_refused_once_it_is_too_large(tmp_path: Path) -> None:
    doubled = "".join(f"  a{it} = local.a{it - 1} + local.a{it - 1}\n" for it in range(1, 60))
    (tmp_path / "main.tf").write_text(f"locals {{\n  a0 = floor(1e3990)\n{doubled}}}\n")
    with pytest.raises(TerraformError, match=r"main\.tf:\d+:\d+: .*he number is too large"):
        evaluate(tmp_path)


@given(st.integers(-3_900, 3_900), st.integers(1, 10**30))
def test_what_is_no_larger_prints(exponent: int, digits: int) -> None:
    assert numbers.parse(numbers.text(numbers.parse(f"{digits}e{exponent}"))) == numbers.parse(
        f"{digits}e{exponent}"
    )


@pytest.mark.parametrize(
    "text", ["1e999999999", NINES, "-1e-999999999", "[" * 100_000, "NaN", "-Infinity", "\udcff"]
)
def test_a_plan_of_it_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(f'{{"a": {text}}}', encoding="utf-8", errors="surrogateescape")
    with pytest.raises(TerraformError, match=r"plan\.json is not "):
        load(tmp_path / "plan.json")


ANYTHING = st.text(st.sampled_from("\ud800\udcff\0é²%-9{}[]()$\\ a,:/"), max_size=8)
TEXTS = ["base64encode", "jsondecode", "md5", "urlencode", "yamldecode", "csvdecode", "tonumber", "title"]
TEXTS += [
    "textencodebase64",
    "base64decode",
    "base64gzip",
    "sha1",
    "strrev",
    "basename",
    "timecmp",
]


NO_SCOPE: Any = None
"""These functions read no files."""


@given(st.sampled_from([*TEXTS, "uuidv5", "format", "formatdate", "cidrhost", "regex"]), ANYTHING, ANYTHING)
def test_a_function_refuses_what_it_cannot_take(name: str, one: str, other: str) -> None:
    function = functions.find(name)
    given = [one, other][: len(function.parameters) + (function.rest is not None)]
    with contextlib.suppress(InvalidValue):
        function.call(given, NO_SCOPE)


@pytest.mark.parametrize(
    "words",
    [["--5", "-gt", "3"], ["²", "-eq", "2"], ["1" * 5_000, "-gt", "3"], ["a", *["-a", "a"] * 3_000]],
    ids=["two signs", "no digit", "long", "deep"],
)
def test_what_is_no_condition_is_open(words: list[str]) -> None:
    assert decided(words) is None
    with contextlib.suppress(Undetermined):
        assert outcome(f"if [ {' '.join(words)} ]; then exit 1; fi", Settings()).status is None


def test_a_number_of_a_condition_is_compared() -> None:
    assert decided(["-5", "-lt", "3"]) is True
    assert json.dumps(decided(["007", "-eq", "7"])) == "true"


def test_a_state_whose_instance_has_no_key_is_refused(tmp_path: Path) -> None:
    instance = {"index_key": {"a": 1}, "attributes": {}}
    resource = {"mode": "managed", "type": "x", "name": "y", "instances": [instance]}
    (tmp_path / "state.json").write_text(json.dumps({"version": 4, "resources": [resource]}))
    with pytest.raises(DataError, match=r"state\.json is not laid out as Terraform lays out a state"):
        read_file("state", tmp_path / "state.json")
