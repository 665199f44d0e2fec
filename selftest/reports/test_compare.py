"""`python -m plumbline compare`: what changed, apart from what only one of two runs has read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from selftest.front_door import REPOSITORY

WIDE = {"table.name": "orders", "table.tags": {"a": "1"}, "table.billing_mode": "PROVISIONED"}
NARROW = {"table.name": "orders"}


def evidence(path: Path, values: dict[str, Any]) -> Path:
    """An evidence file with what tests read of one table."""
    fact = {"stack": "shop", "environment": "test", "account": "1", "region": "r", "source": "live"}
    read = {"taken": "2026-01-01T00:00:00Z", "environments": {"shop": ["test"]}}
    path.write_text(json.dumps({**read, "facts": [{**fact, "resource": "orders", "values": values}]}))
    return path


def compare(folder: Path, before: dict[str, Any], after: dict[str, Any]) -> tuple[int, str, str]:
    """The exit code, and what is printed and complained of, with the folder left out."""
    files = [evidence(folder / f"{name}.json", it) for name, it in (("a", before), ("b", after))]
    command = [sys.executable, "-m", "plumbline", "compare", *map(str, files)]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    return run.returncode, run.stdout.replace(f"{folder}/", ""), run.stderr


@pytest.mark.parametrize(("before", "after", "lacks"), [(NARROW, WIDE, "a.json"), (WIDE, NARROW, "b.json")])
def test_what_one_run_did_not_read_is_no_change(
    tmp_path: Path, before: dict[str, Any], after: dict[str, Any], lacks: str
) -> None:
    assert compare(tmp_path, before, after) == (0, f"not read in {lacks}: 2\n", "")


def test_a_change_is_told_beside_it(tmp_path: Path) -> None:
    code, printed, _ = compare(tmp_path, {"table.tags": {"a": "2"}}, WIDE)
    assert code == 1
    assert printed.splitlines() == [
        'shop/test/live orders table.tags: {"a": "2"} -> {"a": "1"}',
        "not read in a.json: 2",
    ]


def test_files_with_nothing_in_common_are_not_alike(tmp_path: Path) -> None:
    code, _, complained = compare(tmp_path, {"bucket.tags": {}}, NARROW)
    assert code == 2
    assert "nothing to compare" in complained
