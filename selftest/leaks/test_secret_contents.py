"""What a secret holds is in no report, no log, no evidence and no error, whatever is wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.applied.environment import variables_of_server
from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import REPOSITORY, SuiteRun, run_suite
from selftest.leaks.test_reports import VERBOSE, reports

STACK, ACCOUNT, REGION = "threat-intel/dev", "100000000005", "us-east-1"
SECRET = "threat-intel-api-keys-dev"
CANARIES = ("canary-of-shodan-5f1c", "canary-of-a-key-77aa", "canary-of-a-name-90be")
ALLOWED = "--allow-secret-reads"


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    """An account with a secret that lacks a key and holds a placeholder, under a name that is one itself."""
    with moto_server(ACCOUNT) as started:
        client = session().client("secretsmanager", region_name=REGION, endpoint_url=started.endpoint)
        shodan, other, name = CANARIES
        held = {"shodan_api_key": shodan, name: "NEW_KEY", "further": {"deep": [other]}}
        client.create_secret(Name=SECRET, SecretString=json.dumps(held))
        yield started


def run(server: MotoServer, folder: Path, *arguments: str) -> SuiteRun:
    """Run live with every report, and as much said as can be."""
    written = (*reports(folder), f"--alluredir={folder / 'allure'}")
    variables = variables_of_server(server.endpoint) | {"AWS_REGION": REGION, "TMPDIR": str(folder)}
    asked = ("--env", STACK, "--live", "-k", "sec-02", *arguments)
    return run_suite(*asked, *VERBOSE, *written, variables=variables)


def told(folder: Path, output: str) -> dict[str, str]:
    """Everything that was said, by where."""
    left = {str(it): it.read_text(errors="replace") for it in folder.rglob("*") if it.is_file()}
    return left | {"the terminal": output}


@pytest.mark.heavy
@pytest.mark.parametrize("more", [("-n", "0"), ("-n", "2"), ("--window=1h",)], ids=["0", "2", "window"])
def test_no_report_tells_what_a_secret_holds(
    server: MotoServer, tmp_path: Path, more: tuple[str, ...]
) -> None:
    found = run(server, tmp_path, ALLOWED, *more)
    assert "✗ P4  threat-intel-sec-02" in found.output, found.output
    assert "otx_api_key" in found.output, "which key is lacking is told"
    assert "secrets: allowed to be read" in found.output
    said = told(tmp_path, found.output)
    assert any("save_evidence" in it for it in said)
    for canary in CANARIES:
        assert [it for it in said if canary in said[it]] == [], canary

    replayed = tmp_path / "replayed"
    replayed.mkdir()
    again = run_suite("--evidence", str(tmp_path / "save_evidence"), "-k", "sec-02", *VERBOSE)
    assert "✗ P4  threat-intel-sec-02" in again.output, again.output
    assert not any(canary in again.output for canary in CANARIES)


@pytest.mark.heavy
def test_without_leave_it_is_not_read_and_the_run_says_so(server: MotoServer, tmp_path: Path) -> None:
    found = run(server, tmp_path, "--window=1h")
    said = " ".join(found.output.split())
    assert "1 x it would have to read a secret, and nothing does without --allow-secret-reads" in said
    evidence = json.loads((tmp_path / "save_evidence").read_text())
    assert "secretsmanager:GetSecretValue" not in {it["operation"] for it in evidence["calls"]}


def policy(*options: str) -> list[dict[str, object]]:
    """What a live run of the sentence needs."""
    command = ["policy", "--env", STACK, "--invariant", "threat-intel-sec-02", *options]
    made = subprocess.run(
        [sys.executable, "-m", "plumbline", *command], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    statements: list[dict[str, object]] = json.loads(made.stdout)["Statement"]
    return statements


def test_the_policy_names_what_reads_a_secret_only_where_that_is_allowed() -> None:
    pattern = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{SECRET}-??????"
    [described] = policy("--window")
    assert described["Action"] == ["secretsmanager:DescribeSecret"]
    decrypting, reading = policy(ALLOWED)
    assert reading["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert reading["Resource"] == [pattern]
    assert decrypting == {
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"],
        "Condition": {
            "StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"},
            "StringLike": {"kms:EncryptionContext:SecretARN": pattern},
        },
    }


@pytest.mark.parametrize(
    "arguments", [(), ("--source", "moto"), ("--evidence", "x.json")], ids=["offline", "moto", "evidence"]
)
def test_nobody_can_be_asked_for_a_secret_but_an_account(arguments: tuple[str, ...]) -> None:
    found = run_suite("--env", STACK, ALLOWED, *arguments)
    assert found.exit_code == 4
