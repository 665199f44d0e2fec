"""Workflows that would take the machine, each by another way, are read or refused in time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.github.replacing import MOST_LETTERS, joined
from plumbline.github.runs import Run
from plumbline.github.scripts import Scripts
from plumbline.github.workflows import WorkflowFile
from plumbline.values.unknown import ReadError, Undetermined

JOB = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"
ENDS_SECONDS = 2


def steps(*runs: str) -> str:
    """Return a workflow of one job that runs these."""
    return JOB + "".join(f"    - run: {json.dumps(it)}\n" for it in runs)


def matrix(**axes: int) -> str:
    """Return a workflow of one job in turns: each axis with that many values."""
    listed = "".join(f"        {name}: {[*range(size)]}\n" for name, size in axes.items())
    return steps("terraform plan").replace(
        "    steps:\n", f"    strategy:\n      matrix:\n{listed}    steps:\n"
    )


def run_of(folder: Path, text: str) -> Run:
    """Return a run of a workflow with this text."""
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/x.yml").write_text(text)
    checkout = Checkout(folder)
    return Run(WorkflowFile(checkout, folder / ".github/workflows/x.yml"), Scripts(checkout), {})


READ = {
    "blanks": steps("echo a=" + " " * 150_000),
    "expressions in expressions": steps(
        f"x ${{{{ {'format(`{0}{0}`, ' * 40}`x`{')' * 40} }}}}".replace("`", "'")
    ),
    "expressions that do not end": steps("echo " + "${{" * 6_900),
    "variables that double": steps(*['echo "A=x$A$A" >> $GITHUB_ENV'] * 100, "x $A"),
    "long variables": steps("x " + "$A" * 50_000).replace("jobs:", f"env: {{A: {'x' * 150_000}}}\njobs:"),
    "names": JOB + f"    - run: x\n      if: {'a' * 100_000}\n",
    "many jobs": "on: push\njobs:\n" + "".join(f"  j{it}: {{runs-on: x}}\n" for it in range(3_000)),
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_it_is_gone_through(tmp_path: Path, text: str) -> None:
    started = time.process_time()
    run = run_of(tmp_path, text)
    assert run.fails is not True
    assert all(len(word) <= 4 * MOST_LETTERS for _, _, it in run.happened() for word in it.command.words)
    assert time.process_time() - started < ENDS_SECONDS * (3 if len(run.jobs) > 1 else 1)


@pytest.mark.parametrize("axes", [dict.fromkeys("abcdefgh", 10), {"a": 20_000}], ids=["wide", "long"])
def test_a_matrix_of_more_jobs_than_github_starts_is_undetermined(
    tmp_path: Path, axes: dict[str, int]
) -> None:
    with pytest.raises(Undetermined, match=r"x\.yml:3: the matrix has more combinations than GitHub"):
        run_of(tmp_path, matrix(**axes))


def test_a_matrix_of_as_many_jobs_as_github_starts_is_gone_through(tmp_path: Path) -> None:
    assert len([*run_of(tmp_path, matrix(a=16, b=16)).happened()]) == 256


def test_an_expression_that_github_does_not_take_is_an_error_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"x\.yml:6: GitHub takes no expression of 21,0\d\d characters"):
        run_of(tmp_path, steps("x ${{ a.b }}" + " " * 21_000))


def test_a_text_is_measured_before_it_is_made() -> None:
    assert joined(",", ["a", "b"]) == "a,b"
    with pytest.raises(ValueError, match="more than 50,000 letters"):
        joined("x" * 1_000, ["y"] * 1_000)
