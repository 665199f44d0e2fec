"""The records are what Terraform says today; runs where Terraform and its provider are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from selftest.sample import SEED, seed
from selftest.stacks.proven import Proven, of_each
from selftest.terraform import configurations, oracle
from selftest.terraform.asked import DIGESTS, Asked, again
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


def references(proven: Proven) -> list[tuple[str, str]]:
    """The environments and roots of a stack that Terraform is asked for."""
    every = {configurations.asked_of(proven, *it): it for it in configurations.places(proven)}
    return [every[asked] for asked in again(every)]


def kept(asked: Asked) -> Any:
    """A record; its seed is printed, which draws the same sample again."""
    print(f"{SEED}={seed()}")
    return json.loads(asked.record.read_text("utf-8"))


def as_recorded(answer: Any) -> Any:
    """An answer as it would be read from a record."""
    return json.loads(json.dumps(answer))


@pytest.mark.parametrize("name", LISTS)
def test_the_values_of_expressions_are_recorded(name: str) -> None:
    assert as_recorded(oracle.values(expressions(name), EXPRESSIONS / "files")) == recorded(name)


@pytest.mark.parametrize("asked", again(configurations.asked(CASES)), ids=str)
def test_the_plans_of_configurations_are_recorded(asked: Asked) -> None:
    assert as_recorded(configurations.record(asked.source)) == kept(asked)


@of_each("environment, root", references)
def test_the_plans_of_every_reference_are_recorded(proven: Proven, environment: str, root: str) -> None:
    asked = configurations.asked_of(proven, environment, root)
    assert as_recorded(configurations.record_stack(proven, environment, root)) == kept(asked)


@pytest.mark.parametrize("asked", again(configurations.asked(INVALID)), ids=str)
def test_the_errors_of_invalid_configurations_are_recorded(asked: Asked) -> None:
    assert places(as_recorded(configurations.record(asked.source))) == places(kept(asked))


def places(answer: Any) -> set[tuple[str, int, int]]:
    """Where the errors are; Terraform words some of them differently from run to run."""
    return {(error["file"], error["line"], error["column"]) for error in answer["errors"]}


def test_the_records_are_of_what_is_here() -> None:
    here = {
        path.stem
        for folder in ("cases", "invalid")
        for path in (TRUTH / folder).iterdir()
        if path.name != DIGESTS
    }
    assert here == {*configurations.names(CASES), *configurations.names(INVALID)}
    assert Path(EXPRESSIONS, "files").is_dir()
