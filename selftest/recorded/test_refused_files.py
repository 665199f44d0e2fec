"""A file that is no plan or state of the stack is refused, and says why."""

import json
from pathlib import Path

import pytest

from selftest.front_door import run_suite

EMPTY_PLAN = {"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": []}
EMPTY_STATE = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []}
OTHERS = EMPTY_STATE | {
    "resources": [
        {"mode": "managed", "type": "null_resource", "name": "it", "instances": [{"attributes": {"id": "1"}}]}
    ]
}


@pytest.mark.parametrize(
    ("option", "content", "reason"),
    [
        ("--plan", "{", "JSON"),
        ("--plan", "[]", "plan"),
        ("--plan", json.dumps(EMPTY_STATE), "pass it with --state"),
        ("--plan", json.dumps(EMPTY_PLAN), "holds no resource: say whose it is, --plan bbws/sit/"),
        ("--plan", json.dumps(EMPTY_PLAN | {"format_version": "9.0"}), "9.0"),
        ("--plan", json.dumps(EMPTY_PLAN | {"errored": True}), "errors"),
        ("--state", json.dumps(EMPTY_PLAN), "pass it with --plan"),
        ("--state", json.dumps(EMPTY_STATE), "; it may be any of bbws/sit/"),
        ("--state", json.dumps(EMPTY_STATE | {"version": 3}), "3"),
        ("--state", json.dumps(OTHERS), "declares no resource of any of bbws/sit/"),
        ("--state=dynamodb", json.dumps(OTHERS), "declares no resource of any of bbws/sit/dynamodb"),
        ("--state", "\x00", "JSON"),
        ("--state", "\n", "is empty; `terraform show -json` prints something of an empty state, too"),
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


@pytest.mark.parametrize(
    ("sort", "content"),
    [("state", EMPTY_STATE), ("state", {"format_version": "1.0"}), ("plan", EMPTY_PLAN)],
    ids=["raw", "shown", "plan"],
)
def test_of_a_named_root_that_holds_nothing_everything_is_missing(
    tmp_path: Path, sort: str, content: dict[str, object]
) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(content))
    run = run_suite("--env=bbws/sit", f"--source={sort}", f"--{sort}=dynamodb={path}", "tests/dynamodb")
    assert run.exit_code == 1, run.output
    assert not run.those("passed", "error")
    assert f"examined: {sort} {path} of bbws/sit, root dynamodb" in run.printed
    told = {it.resource: " ".join(it.message.split()) for it in run.those("failed")}
    assert f"table bbws-tenants-sit does not exist in {path}" in told["bbws-tenants-sit"]
    several = run_suite("--env=bbws/sit,bbws/dev", f"--{sort}=dynamodb={path}")
    assert several.exit_code == 4
    assert (
        f"say whose it is, --{sort} bbws/dev/dynamodb={path}; it may be any of bbws/dev/"
        in several.complained
    )


def test_a_file_that_is_not_there_is_refused() -> None:
    run = run_suite("--env", "sit", "--plan=nowhere.json")
    assert run.exit_code == 4
    assert "there is no file nowhere.json" in run.complained


def test_a_source_without_its_file_is_refused() -> None:
    run = run_suite("--env", "sit", "--source", "plan")
    assert run.exit_code == 4
    assert "--plan FILE" in run.complained
