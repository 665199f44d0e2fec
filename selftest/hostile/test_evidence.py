"""An evidence file that somebody changed is told, and never passes for a whole one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plumbline.terraform.model import Settings
from plumbline.terraform.plan import read_plan
from plumbline.values.encoding import Garbled, decoded, encoded
from selftest.front_door import SuiteRun, neutral_variables, run_suite
from selftest.input.test_small_stacks import small
from selftest.input.tree import Tree

__all__ = ["small"]


@pytest.fixture
def evidence(small: Tree) -> Path:
    """What a run of the small stack read."""
    path = small.path / "evidence.json"
    run = small.run("--stack=small", "--source=hcl,moto", f"--save-evidence={path}")
    assert run.exit_code == 0, run.output
    return path


def replayed(small: Tree, path: Path, change: Callable[[Any], object]) -> SuiteRun:
    """Run on a file with a change in it."""
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    run = small.run("--stack=small", f"--evidence={path}")
    assert "Traceback" not in run.output
    return run


def test_one_that_is_whole_is_replayed(small: Tree, evidence: Path) -> None:
    run = replayed(small, evidence, lambda document: None)
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) == 2


def test_what_it_was_taken_of_is_told_and_does_nothing(small: Tree, evidence: Path) -> None:
    """So is an account that a moto server stood for; a file of an older version says nothing of it."""
    run = replayed(small, evidence, lambda document: None)
    told = r"evidence \S+, taken [-\d]+ [:\d]+ UTC: Terraform in terraform/small"
    assert re.search(rf"^examined: {told}", run.printed, re.MULTILINE), run.printed
    assert re.search(rf"^Examined: {told}", run.printed, re.MULTILINE)
    line = "Examined: \x1b[2J\n::error::x" * 999
    hostile = replayed(small, evidence, lambda it: it.update(examined=[line]))
    assert "\x1b[2J" not in hostile.printed
    assert "UTC: \\x1b[2J\\n::error::x" in hostile.printed
    assert len(max(hostile.printed.splitlines(), key=len)) < 9999
    assert replayed(small, evidence, lambda it: it.pop("examined")).exit_code == 0


def without_hcl(document: Any) -> None:
    document["readings"] = [it for it in document["readings"] if it["source"] != "hcl"]


def without_any(document: Any) -> None:
    document["readings"] = []


@pytest.mark.parametrize("change", [without_hcl, without_any])
def test_readings_that_were_taken_out_are_an_error(
    small: Tree, evidence: Path, change: Callable[[Any], object]
) -> None:
    run = replayed(small, evidence, change)
    assert run.exit_code == 1, run.output
    assert "hcl" in {it.source for it in run.those("error")}
    assert re.search("the evidence file holds nothing of .*orders", run.output)


def test_what_was_taken_out_with_all_that_is_said_of_it_is_named(tmp_path: Path) -> None:
    """So is what the run that wrote the file left out; of a file that is whole nothing is said."""
    path, gone = tmp_path / "evidence.json", "bbws/dev/tenants"
    run_suite("--env=bbws/dev", "--source=hcl,moto", f"--save-evidence={path}", variables=neutral_variables())
    whole = run_suite(f"--evidence={path}", variables=neutral_variables())
    document = json.loads(path.read_text())
    document["held"]["hcl"].remove(gone)
    document["readings"] = [
        it
        for it in document["readings"]
        if (it["source"], it["environment"], it["key"]) != ("hcl", "dev", "tenants")
    ]
    path.write_text(json.dumps(document))
    run = run_suite(f"--evidence={path}", variables=neutral_variables())
    assert "Not given" not in whole.printed
    assert f"Not given: evidence of {gone}/hcl" in run.printed, run.printed[-2000:]


def test_one_that_does_not_say_what_it_holds_is_refused(small: Tree, evidence: Path) -> None:
    run = replayed(small, evidence, lambda document: document.pop("held"))
    assert run.exit_code == 4, run.output
    assert "does not say that it holds small/test/orders of hcl" in run.complained


@pytest.mark.parametrize(
    "gave",
    [
        {"$time": "x"},
        {"$error": {}},
        {"$missing": "x"},
        {"$unknown": {"origin": "x"}},
        {"name": {"$bytes": "!"}},
        {"name": "x", "point_in_time_recovery": {"$unexamined": None}},
        {"name": "x", "point_in_time_recovery": {"$time": 5}},
    ],
)
def test_a_garbled_reading_is_an_error_with_its_place(small: Tree, evidence: Path, gave: Any) -> None:
    def change(document: Any) -> None:
        for it in document["readings"]:
            it["gave"] = gave

    run = replayed(small, evidence, change)
    assert run.exit_code == 1, run.output
    assert len(run.those("error")) == 2, run.output
    assert "garbled at the reading of small/test/orders of" in run.output


def test_a_secret_that_a_file_leaves_out_decides_nothing(small: Tree, evidence: Path) -> None:
    def change(document: Any) -> None:
        for it in document["readings"]:
            it["gave"]["point_in_time_recovery"] = "(redacted)"

    run = replayed(small, evidence, change)
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output
    assert "the evidence file leaves it out: it is a secret" in run.output


@pytest.mark.parametrize("value", [{"$time": "x"}, {"a": [{"$error": {}}]}, {"$identity": {"root": "x"}}])
def test_what_stands_for_no_value_is_garbled(value: Any) -> None:
    with pytest.raises(Garbled, match="stands for no value"):
        decoded(value)


def test_a_map_with_such_a_key_beside_others_is_a_map() -> None:
    assert decoded({"$time": "x", "a": 1}) == {"$time": "x", "a": 1}
    assert decoded(encoded({"a": [1, None, "x"]})) == {"a": [1, None, "x"]}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"complete": False}, "not complete (-target, or deferred)"),
        ({"format_version": "1.99"}, "its format 1.99 is newer than 1.2"),
        ({}, ""),
    ],
)
def test_a_plan_tells_what_is_not_whole_about_it(tmp_path: Path, more: Any, told: str) -> None:
    plan = {"format_version": "1.2", "planned_values": {}, "resource_changes": []} | more
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert told in "".join(read_plan(tmp_path / "plan.json", Settings()).doubts)
    assert bool(told) == bool(read_plan(tmp_path / "plan.json", Settings()).doubts)
