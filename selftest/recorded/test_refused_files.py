"""A file that is no plan or state of the stack is refused, and says why."""

import json
from pathlib import Path

import pytest

from selftest.front_door import run_suite

EMPTY_PLAN = {"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": []}
EMPTY_STATE = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []}


@pytest.mark.parametrize(
    ("option", "content", "reason"),
    [
        ("--plan", "{", "JSON"),
        ("--plan", "[]", "plan"),
        ("--plan", json.dumps(EMPTY_STATE), "pass it with --state"),
        ("--plan", json.dumps(EMPTY_PLAN), "declares no resource of any of bbws/sit/"),
        ("--plan", json.dumps(EMPTY_PLAN | {"format_version": "9.0"}), "9.0"),
        ("--plan", json.dumps(EMPTY_PLAN | {"errored": True}), "errors"),
        ("--state", json.dumps(EMPTY_PLAN), "pass it with --plan"),
        ("--state", json.dumps(EMPTY_STATE), "declares no resource of any of bbws/sit/"),
        ("--state", json.dumps(EMPTY_STATE | {"version": 3}), "3"),
        ("--state", "\x00", "JSON"),
    ],
)
def test_an_unusable_file_is_refused(tmp_path: Path, option: str, content: str, reason: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(content)
    run = run_suite("--env", "sit", f"{option}={path}")
    assert run.exit_code == 4
    assert str(path) in run.complained
    assert reason in run.complained
    assert "Traceback" not in run.output


def test_a_file_that_is_not_there_is_refused() -> None:
    run = run_suite("--env", "sit", "--plan=nowhere.json")
    assert run.exit_code == 4
    assert "there is no file nowhere.json" in run.complained


def test_a_source_without_its_file_is_refused() -> None:
    run = run_suite("--env", "sit", "--source", "plan")
    assert run.exit_code == 4
    assert "--plan FILE" in run.complained
