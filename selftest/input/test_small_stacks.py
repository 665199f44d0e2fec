"""A small stack in a single file, without accounts, escalation or console: examined offline, refused live."""

import subprocess
import sys
from pathlib import Path

import pytest

from selftest.input.tree import Tree, assert_refused

STACK = "fixtures/stacks/small.yaml"
RUNBOOK = "fixtures/runbooks/small.yaml"
MAIN = "terraform/small/data/main.tf"

THE_STACK = """\
format: 2
stack: small
title: A stack of one table
region: eu-west-1
environments: {test: {}}
terraform: {directory: terraform/small}
tables:
  orders: {name: "orders-{env}", root: data, expect: {point_in_time_recovery: true}}
"""
THE_RUNBOOK = """\
format: 2
stack: small
title: A runbook of one sentence
source: small.md
sections: {'1': Recovery}
invariants:
  small-01:
    test: dynamodb.point-in-time-recovery
    section: '1'
    statement: Every table of account {account} has point-in-time recovery.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: ['point_in_time_recovery { enabled = true }'], account: ['aws dynamodb list-tables']}
"""
TERRAFORM = """\
data "aws_caller_identity" "here" {}
resource "aws_dynamodb_table" "orders" {
  name         = "orders-test"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = { Account = data.aws_caller_identity.here.account_id }
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = ENABLED
  }
}
"""


@pytest.fixture
def small(tree: Tree) -> Tree:
    """The suite with a small stack beside the others."""
    write(tree.path / STACK, THE_STACK)
    write(tree.path / RUNBOOK, THE_RUNBOOK)
    write(tree.path / MAIN, TERRAFORM.replace("ENABLED", "true"))
    return tree


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_it_is_examined_offline_and_the_header_says_which_account_stands_in(small: Tree) -> None:
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    assert {(outcome.invariant, outcome.source) for outcome in run.those("passed")} == {
        ("small-01", "hcl"),
        ("small-01", "moto"),
    }
    assert "accounts: small gives none of test; 123456789012 stands for it" in run.printed


@pytest.mark.parametrize(
    ("said", "selected", "held", "verdict"),
    [
        (', workspace: "{env}"', "", "", "passed"),
        ("", "", "", "failed"),
        (", workspace: null", "", "", ""),
        (", workspace: null", "test", "", "passed"),
        (", workspace: null", "other", "test", "failed"),
        (", workspace: null", "", "test", "passed"),
    ],
)
def test_a_workspace_that_nothing_tells_is_not_known(
    small: Tree, monkeypatch: pytest.MonkeyPatch, said: str, selected: str, held: str, verdict: str
) -> None:
    small.edit(MAIN, "orders-test", "orders-${terraform.workspace}")
    small.edit(STACK, "terraform/small}", f"terraform/small{said}}}")
    monkeypatch.setenv("TF_WORKSPACE", selected)
    if held:
        write(small.path / "terraform/small/data/.terraform/environment", held)
    run = small.run("--stack=small", "--source=hcl")
    determined = [it.verdict for it in run.those("passed", "failed")]
    assert determined == ([verdict] if verdict else []), run.output


@pytest.mark.parametrize("source", ["hcl", "moto"])
def test_what_a_replica_is_set_to_is_not_known_and_it_is_there(small: Tree, source: str) -> None:
    """It is named, since an inventory finds it; in a region that has none it is missing."""
    small.edit(MAIN, 'data "aws', 'provider "aws" { region = "eu-west-1" }\ndata "aws')
    small.edit(MAIN, "  attribute {", '  replica { region_name = "us-east-1" }\n  attribute {')
    stack = (small.path / STACK).read_text()
    named = '  copy: {name: "orders-{env}", root: data, region: us-east-1, expect: *restored}\n'
    stack = stack.replace("expect: {", "expect: &restored {")
    write(small.path / STACK, stack + named)
    run = small.run("--stack=small", f"--source={source}")
    assert run.exit_code == 0, run.output
    assert "terraform/small/data/main.tf:8 makes orders-test in us-east-1" in " ".join(run.printed.split())
    assert run.verdict.endswith("1 undetermined")
    write(small.path / STACK, stack + named.replace("us-east-1", "us-west-2"))
    assert small.run("--stack=small", f"--source={source}").exit_code == 1


def test_environments_without_accounts_have_one_each(small: Tree) -> None:
    """What two of them call the same is not one thing in moto."""
    small.edit(STACK, "{test: {}}", "{test: {}, more: {}}")
    small.edit(STACK, "orders-{env}", "orders-test")
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) == 4
    assert "small gives none of test, more; 123456789012, 123456789013 stand for them" in run.printed


def test_what_fails_is_told_without_an_escalation(small: Tree) -> None:
    write(small.path / MAIN, TERRAFORM.replace("ENABLED", "false"))
    run = small.run("--stack=small", "-v")
    assert {outcome.source for outcome in run.those("failed")} == {"hcl", "moto"}
    assert "Every table of account 123456789012 has" in run.printed.replace("\n  ", " ")
    for row in ("escalate", "console"):
        assert f"\n    {row} " not in run.printed


def test_what_the_code_shows_is_mended_in_code_and_so_is_what_moto_shows_of_it(small: Tree) -> None:
    write(small.path / MAIN, TERRAFORM.replace("ENABLED", "false"))
    messages = {outcome.source: outcome.message for outcome in small.run("--stack=small").those("failed")}
    assert messages.keys() == {"hcl", "moto"}
    for message in messages.values():
        assert "type      point_in_time_recovery { enabled = true }" in message
        assert "aws dynamodb list-tables" not in message


@pytest.mark.parametrize("highest", ["", "highest_severity: {test: P4}\n"])
def test_the_severity_is_that_of_the_environment_everywhere(small: Tree, highest: str) -> None:
    small.edit(RUNBOOK, "sections:", f"{highest}sections:")
    write(small.path / MAIN, TERRAFORM.replace("ENABLED", "false"))
    run = small.run("--stack=small", f"--sarif={small.path}/out.sarif", f"--incident={small.path}/incident")
    severity = "P4" if highest else "P2"
    assert {outcome.properties["severity"] for outcome in run.outcomes.values()} == {severity}
    assert f"✗ {severity}  small-01  orders-test" in run.printed
    assert f'"severity": "{severity}"' in (small.path / "out.sarif").read_text()
    incident = (small.path / "incident").read_text()
    assert incident.startswith(f"🚨 [{severity}] ")
    assert "Tell" not in incident
    assert "Escalate" not in incident


def test_a_live_run_says_which_line_to_add(small: Tree) -> None:
    said = f'{STACK}:5: test gives no account: write `account: "<12 digits>"` in it'
    assert_refused(small.run("--stack=small", "--live"), said)


def test_contacts_are_told_of_what_concerns_them(small: Tree) -> None:
    contacts = "contacts: {Chat: {reach: '#ops'}, Pager: {reach: a pager, severities: [P1]}, Lead: {}}\n"
    small.edit(RUNBOOK, "sections:", f"{contacts}sections:")
    write(small.path / MAIN, TERRAFORM.replace("ENABLED", "false"))
    small.run("--stack=small", f"--incident={small.path}/incident")
    incident = (small.path / "incident").read_text()
    assert "- Tell:\n  - Chat: #ops\n  - Lead: the runbook names nobody\n" in incident
    assert "Pager" not in incident


@pytest.mark.parametrize("command", ["drift", "policy"])
def test_a_command_that_needs_an_environment_names_those_that_there_are(small: Tree, command: str) -> None:
    words = [sys.executable, "-m", "plumbline", command, "--stack=small"]
    ended = subprocess.run(words, cwd=small.path, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert ended.stderr.strip() == "say which environment with --env: test"


def test_a_policy_is_not_printed_for_an_account_that_nobody_gave(small: Tree) -> None:
    command = [sys.executable, "-m", "plumbline", "policy", "--stack=small", "--env=test"]
    run = subprocess.run(command, cwd=small.path, capture_output=True, text=True)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{STACK}:5: test gives no account: write `account:" in run.stderr


def test_what_no_root_is_said_to_declare_is_not_known_to_be_missing(small: Tree) -> None:
    stack = small.path / STACK
    returns = '  returns: {name: "returns-{env}", expect: {point_in_time_recovery: true}}\n'
    stack.write_text(stack.read_text() + returns)
    run = small.run("--stack=small")
    told = {(it.source, it.message) for it in run.those("skipped")}
    assert told == {
        (it, "undetermined: no Terraform root is said to declare returns") for it in ("hcl", "moto")
    }
    assert len(run.those("passed")) == 2
