"""The records are what Terraform says today; runs where Terraform and its provider are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selftest.stacks.proven import Proven, of_each
from selftest.terraform import configurations, oracle
from selftest.terraform.configurations import CASES, INVALID
from selftest.terraform.record import EXPRESSIONS, TRUTH, expressions

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        not oracle.is_available(), reason="needs terraform, and TF_PLUGIN_DIR for its provider"
    ),
]

LISTS = sorted(path.stem for path in EXPRESSIONS.glob("*.txt"))


def recorded(*path: str) -> Any:
    """A record."""
    return json.loads(TRUTH.joinpath(*path).with_suffix(".json").read_text("utf-8"))


def as_recorded(answer: Any) -> Any:
    """An answer as it would be read from a record."""
    return json.loads(json.dumps(answer))


@pytest.mark.parametrize("name", LISTS)
def test_the_values_of_expressions_are_recorded(name: str) -> None:
    assert as_recorded(oracle.values(expressions(name), EXPRESSIONS / "files")) == recorded(name)


@pytest.mark.parametrize("name", configurations.names(CASES))
def test_the_plans_of_configurations_are_recorded(name: str) -> None:
    assert as_recorded(configurations.record(CASES / name)) == recorded("cases", name)


@of_each("environment, root", configurations.places)
def test_the_plans_of_every_reference_are_recorded(proven: Proven, environment: str, root: str) -> None:
    kept = json.loads(configurations.truth(proven, environment, root).read_text("utf-8"))
    assert as_recorded(configurations.record_stack(proven, environment, root)) == kept


@pytest.mark.parametrize("name", configurations.names(INVALID))
def test_the_errors_of_invalid_configurations_are_recorded(name: str) -> None:
    answer = as_recorded(configurations.record(INVALID / name))
    assert places(answer) == places(recorded("invalid", name))


def places(answer: Any) -> set[tuple[str, int, int]]:
    """Where the errors are; Terraform words some of them differently from run to run."""
    return {(error["file"], error["line"], error["column"]) for error in answer["errors"]}


def test_the_records_are_of_what_is_here() -> None:
    kept = {path.stem for path in (TRUTH / "cases").iterdir()} | {
        path.stem for path in (TRUTH / "invalid").iterdir()
    }
    assert kept == {*configurations.names(CASES), *configurations.names(INVALID)}
    assert Path(EXPRESSIONS, "files").is_dir()
