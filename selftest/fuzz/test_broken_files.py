"""Whatever a stack, a runbook, a plan or a state holds: it is used, or refused with the name of the file."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.sources.recorded import open_file
from plumbline.values.mistakes import DataError
from selftest.front_door import REPOSITORY
from selftest.fuzz.mutants import mutants
from selftest.recorded.kept import SORTS, file
from selftest.stacks.bbws import BBWS

SEED = int(os.environ.get("FUZZ_SEED", "20261120"))
MUTANTS = 150
STACK = Path("fixtures/stacks/bbws.yaml")
RUNBOOK = Path("fixtures/runbooks/bbws")


@contextmanager
def used_or_refused(path: Path) -> Iterator[None]:
    """Let nothing but a refusal through, each line of which names the file."""
    refusal = ""
    try:
        yield
    except DataError as error:
        refusal = str(error)
    assert all(str(path) in line for line in refusal.splitlines() if not line.startswith(" ")), refusal


def test_a_broken_stack_is_refused_by_name(tmp_path: Path) -> None:
    print(f"seed {SEED}")
    path = tmp_path / "stack.yaml"
    for text in mutants(STACK.read_text(), MUTANTS, SEED):
        path.write_text(text)
        with used_or_refused(path):
            Stack(path)


@pytest.mark.parametrize("name", ["runbook.yaml", "3.1.1-table-not-found.yaml"])
def test_a_broken_runbook_is_refused_by_name(tmp_path: Path, name: str) -> None:
    print(f"seed {SEED}")
    stack, folder = Stack(STACK), tmp_path / "bbws"
    shutil.copytree(RUNBOOK, folder)
    for text in mutants((RUNBOOK / name).read_text(), MUTANTS, SEED):
        (folder / name).write_text(text)
        with used_or_refused(folder):
            Runbook(folder, stack)


@pytest.mark.parametrize("sort", SORTS)
def test_a_broken_plan_or_state_is_refused_by_name(tmp_path: Path, sort: str) -> None:
    print(f"seed {SEED}")
    stacks = {"bbws": Stack(STACK)}
    directories = {("bbws", "prod", "dynamodb"): REPOSITORY / "terraform/bbws/dynamodb"}
    path = tmp_path / "file.json"
    text = file(BBWS, "prod", "dynamodb", sort).read_text()
    for broken in mutants(text, MUTANTS, SEED):
        path.write_text(broken)
        with used_or_refused(path):
            open_file(sort, path, directories, stacks, directories)


def test_a_value_of_another_type_is_refused_by_name(tmp_path: Path) -> None:
    """JSON that parses, in which one value after another is of a type that nobody writes."""
    stacks = {"bbws": Stack(STACK)}
    directories = {("bbws", "prod", "dynamodb"): REPOSITORY / "terraform/bbws/dynamodb"}
    plan = json.loads(file(BBWS, "prod", "dynamodb", "plan").read_text())
    path = tmp_path / "file.json"
    for key in plan:
        for value in (None, 1, "text", [], {}, [1], {"a": 1}, True):
            path.write_text(json.dumps(plan | {key: value}))
            with used_or_refused(path):
                open_file("plan", path, directories, stacks, directories)
