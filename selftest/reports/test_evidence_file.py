"""Evidence files: saved from a run, replayed without what it read to the same outcomes, compared."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from plumbline.suite.finding import SOURCES
from plumbline.values.redaction import REDACTED, redacted
from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_suite
from selftest.input.tree import copy_suite
from selftest.live.endpoint import endpoint, on, refused
from selftest.recorded.kept import files as files_of
from selftest.stacks.bbws import BBWS

SCHEMA = json.loads((REPOSITORY / "fixtures/schemas/evidence.json").read_text())
NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}


def saved(applied: Applied, path: Path, *arguments: str, url: str = "") -> SuiteRun:
    variables = applied.variables | ({"AWS_ENDPOINT_URL": url} if url else {})
    given = (f"--env={applied.proven}/{applied.environment}", "--live", f"--save-evidence={path}", *arguments)
    return run_suite(*given, variables=variables)


def replayed(path: Path) -> SuiteRun:
    return run_suite("--source", "evidence", f"--evidence={path}", variables=neutral_variables() | NOWHERE)


def verdicts(run: SuiteRun) -> Mapping[tuple[str, str], str]:
    return {(it.invariant, it.resource): it.verdict for it in run.outcomes.values()}


@only(BBWS, "prod")
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_file_replays_to_the_same_outcomes_without_a_network(
    applied: Applied, tmp_path: Path, processes: str
) -> None:
    live = saved(applied, tmp_path / "evidence.json", "-n", processes)
    again = replayed(tmp_path / "evidence.json")
    assert verdicts(again) == verdicts(live)
    assert again.exit_code == live.exit_code == 0
    assert "Nothing was asked of AWS" in again.last_line
    account = applied.proven.stack.environments["prod"].account
    told = f" is account {account} in af-south-1, eu-west-1, asked at {applied.endpoint}"
    assert told in again.printed.partition("\nExamined: evidence ")[2]


@only(BBWS, "sit")
def test_denied_calls_are_denied_again(applied: Applied, tmp_path: Path) -> None:
    with endpoint(applied.endpoint, on("DescribeTable", refused(400, "AccessDeniedException"))) as stands:
        live = saved(applied, tmp_path / "evidence.json", url=stands.url)
    again = replayed(tmp_path / "evidence.json")
    assert live.those("error")
    assert verdicts(again) == verdicts(live)
    assert again.exit_code == live.exit_code == 1


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_file_of_all_offline_sources_replays_without_them(
    broken_tree: Path, tmp_path: Path, processes: str
) -> None:
    offline = set(SOURCES) - {"live"}
    files = [f"--{sort}={path}" for sort in ("plan", "state") for path in files_of(BBWS, "dev", sort)]
    lies = (f"--terraform={broken_tree}", f"--repository={REPOSITORY}", *files)
    given = ("--env=bbws/dev", f"--source={','.join(offline)}", *lies)
    path = tmp_path / "evidence.json"
    run = run_suite(*given, f"--save-evidence={path}", "-n", processes)
    suite = copy_suite(tmp_path)
    shutil.rmtree(suite.path / "terraform")
    again = suite.run("--source=evidence", f"--evidence={path}")
    assert told(again) == told(run)
    assert {it.source for it in run.outcomes.values()} == offline
    assert {it.properties["outcome"] for it in run.outcomes.values()} == {
        "passed",
        "failed",
        "error",
        "undetermined",
        "missing",
        "unread",
        "waived",
    }
    assert again.exit_code == run.exit_code == 1
    jsonschema.validate(json.loads(path.read_text()), SCHEMA)


def told(run: SuiteRun) -> dict[str, tuple[str, str]]:
    """How each test ended, and its card without the command that runs it again."""
    return {
        test: (it.properties["outcome"], re.sub(r"^    again .*", "", it.message, flags=re.MULTILINE))
        for test, it in run.outcomes.items()
    }


def test_a_file_with_nothing_to_replay_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text('{"format": 1, "taken": "2026-01-01T00:00:00Z", "environments": {"bbws": ["sit"]}}')
    run = replayed(path)
    assert run.exit_code == 4
    assert f"{path} holds nothing to replay" in run.complained


@only(BBWS, "sit")
def test_the_file_follows_its_schema_and_names_every_call(applied: Applied, tmp_path: Path) -> None:
    saved(applied, tmp_path / "evidence.json")
    evidence = json.loads((tmp_path / "evidence.json").read_text())
    jsonschema.validate(evidence, SCHEMA)
    for call in evidence["calls"]:
        assert call["account"] == applied.account
        assert call["time"]
        if not call["code"]:
            assert call["request_ids"], call["operation"]
    assert evidence["facts"]


@only(BBWS, "sit")
def test_two_files_tell_what_changed(applied: Applied, tmp_path: Path) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    dynamodb, name = applied.client("dynamodb"), f"bbws-tenants-{applied.environment}"
    saved(applied, before)
    try:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery(False))
        saved(applied, after)
    finally:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery(True))
    assert compare(before, before)[0] == 0
    code, printed = compare(before, after)
    assert code == 1
    told = [line.strip() for line in printed.splitlines()]
    assert told[2:6] == [
        f"✗ bbws/sit/live {name}",
        "table.point_in_time_recovery",
        "before  true",
        "after   false",
    ]
    assert re.search(
        r"\? 1 x not known to a run: .+ is not enabled, .+\n +.+table\.minutes_since_restorable", printed
    )


def recovery(enabled: bool) -> dict[str, bool]:
    return {"PointInTimeRecoveryEnabled": enabled}


def compare(before: Path, after: Path) -> tuple[int, str]:
    finished = subprocess.run(
        [sys.executable, "-m", "plumbline", "compare", before, after],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    return finished.returncode, finished.stdout


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 2}'])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(text)
    run = replayed(path)
    assert run.exit_code == 4
    assert f"{path} is no evidence file" in run.complained


def test_evidence_goes_alone(tmp_path: Path) -> None:
    run = run_suite(f"--evidence={tmp_path / 'evidence.json'}", "--live")
    assert run.exit_code == 4
    assert "no --live" in run.complained
    assert run_suite("--source", "evidence").exit_code == 4


def test_secrets_are_redacted_wherever_they_stand() -> None:
    answer = {
        "Function": {"Environment": {"Variables": {"KEY": "a"}}, "Name": "f"},
        "Users": [{"MasterUserPassword": "b", "Tags": {"Environment": "sit"}}],
        "SecretString": "c",
    }
    assert redacted(answer) == {
        "Function": {"Environment": {"Variables": REDACTED}, "Name": "f"},
        "Users": [{"MasterUserPassword": REDACTED, "Tags": {"Environment": "sit"}}],
        "SecretString": REDACTED,
    }
