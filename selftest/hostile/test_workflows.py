"""Workflows that would take the machine, each by another way, are read or refused in linear work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.github.replacing import MOST_LETTERS, joined
from plumbline.github.runs import Run
from plumbline.github.scripts import Scripts
from plumbline.github.workflows import WorkflowFile
from plumbline.kinds.workflow import Workflow
from plumbline.values.unknown import ReadError, Undetermined
from selftest.hostile.counted import increases

JOB = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n"


def steps(*runs: str) -> str:
    """Return a workflow of one job that runs these."""
    return JOB + "".join(f"    - run: {json.dumps(it)}\n" for it in runs)


def matrix(**axes: int) -> str:
    """Return a workflow of one job in turns: each axis with that many values."""
    listed = "".join(f"        {name}: {[*range(size)]}\n" for name, size in axes.items())
    return steps("terraform plan").replace(
        "    steps:\n", f"    strategy:\n      matrix:\n{listed}    steps:\n"
    )


def written(folder: Path, text: str) -> Checkout:
    """Return a checkout of one workflow with this text."""
    (folder / ".github/workflows").mkdir(parents=True)
    (folder / ".github/workflows/x.yml").write_text(text)
    return Checkout(folder)


def run_of(folder: Path, text: str) -> Run:
    """Return a run of a workflow with this text."""
    checkout = written(folder, text)
    return Run(WorkflowFile(checkout, folder / ".github/workflows/x.yml"), Scripts(checkout), {})


def jobs(many: int, needs: Callable[[int], range] = lambda number: range(0)) -> str:
    """Return a workflow of so many jobs, of which each needs some."""
    return "on: push\njobs:\n" + "".join(
        f"  j{it}: {{runs-on: x, needs: [{', '.join(f'j{other}' for other in needs(it))}]}}\n"
        for it in range(many)
    )


READ = {
    "blanks": steps("echo a=" + " " * 150_000),
    "one word": steps("x=" + "a" * 1_000_000),
    "one line": steps("x" + " -var a=b" * 100_000),
    "expressions in expressions": steps(
        f"x ${{{{ {'format(`{0}{0}`, ' * 40}`x`{')' * 40} }}}}".replace("`", "'")
    ),
    "expressions that do not end": steps("echo " + "${{" * 6_900),
    "variables that double": steps(*['echo "A=x$A$A" >> $GITHUB_ENV'] * 100, "x $A"),
    "long variables": steps("x " + "$A" * 50_000).replace("jobs:", f"env: {{A: {'x' * 150_000}}}\njobs:"),
    "names": JOB + f"    - run: x\n      if: {'a' * 100_000}\n",
    "many jobs": jobs(3_000),
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_it_is_gone_through(tmp_path: Path, text: str) -> None:
    run = run_of(tmp_path, text)
    longest = max([4 * MOST_LETTERS, len(text)])
    assert run.fails is not True
    assert all(len(word) <= longest for _, _, it in run.happened() for word in it.command.words)
    assert isinstance(
        Workflow.from_repository(Checkout(tmp_path), ".github/workflows/x.yml").undeclared, list
    )


GROWING: dict[str, Callable[[int], str]] = {
    "jobs": lambda many: jobs(many),
    "steps": lambda many: steps(*["terraform plan"] * many),
    "commands": lambda many: steps("terraform plan\n" * many),
    "words": lambda many: steps("terraform plan" + " -var a=b" * many),
    "letters": lambda many: steps(f"terraform plan {'a' * many}"),
}
"""Workflows that are as long as one likes."""


@pytest.mark.parametrize("make", GROWING.values(), ids=GROWING)
def test_one_that_is_twice_as_long_is_twice_the_work(tmp_path: Path, make: Callable[[int], str]) -> None:
    first, second = increases(lambda many: run_of(tmp_path / str(many), make(many)), 50)
    assert second <= 2.2 * first


@pytest.mark.parametrize("needed", [lambda it: 0, lambda it: max(0, it - 1)], ids=["all", "one"])
def test_jobs_that_need_others_are_work_for_each_two(tmp_path: Path, needed: Callable[[int], int]) -> None:
    def read(many: int) -> None:
        run_of(tmp_path / str(many), jobs(many, lambda it: range(needed(it), it)))

    once, twice = increases(read, 40)
    assert twice <= 4.4 * once


def test_jobs_that_wait_for_themselves_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"x\.yml:2: GitHub takes no jobs that wait for themselves: j0, j1"):
        run_of(tmp_path, jobs(2, lambda it: range(1 - it, 2 - it)))


def test_what_cannot_be_gone_through_is_tried_once(tmp_path: Path) -> None:
    scripts, tried = Scripts(Checkout(tmp_path)), iter([1])

    def make() -> None:
        next(tried)
        raise Undetermined("too many")

    for _ in range(2):
        with pytest.raises(Undetermined, match="too many"):
            scripts.once("x", make)


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
