"""`python -m plumbline parity`: what two environments of a stack differ in, apart from what is meant to."""

import json
from typing import Any

import pytest

from plumbline.__main__ import main
from selftest.input.tree import DYNAMODB, STACK, Tree

ALARMS = "terraform/bbws/monitoring/alarms.tf"
LOCKS = ("table bbws-terraform-locks", "deletion_protection_enabled")
OUTPUT = ("root s3", "output_keys.dr_buckets")
"""What the reference itself has otherwise in production, and the stack says nothing of."""


def parity(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what is told as JSON."""
    code = main(["parity", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def fields(comparison: dict[str, Any]) -> set[tuple[str, str]]:
    return {(it["what"], it["field"]) for it in comparison["differences"]}


def names(comparison: dict[str, Any]) -> set[str]:
    return {it["what"] for it in comparison["alone"]}


def test_the_reference_differs_as_it_is_meant_to(capsys: pytest.CaptureFixture[str]) -> None:
    assert parity(capsys, "bbws/dev", "bbws/sit")[0] == 0
    assert parity(capsys, "sit", "prod", "--source", "repository")[0] == 0  # the same files
    code, told = parity(capsys, "bbws/sit", "bbws/prod")
    assert code == 1
    assert fields(told) == {LOCKS, OUTPUT}
    assert not told["alone"]
    assert ("table bbws-tenants-{env}", "deletion_protection_enabled") in fields(told["meant"])
    assert ("bucket bbws-templates-{env}", "replicates_to") in fields(told["meant"])
    assert {"role S3ReplicationRole", "alarm bbws-replication-failed-{env}"} <= names(told["meant"])


def test_what_is_broken_is_told(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    only_prod = 'var.environment == "prod"'
    tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", f"enabled = !({only_prod})")
    tree.edit(ALARMS, "threshold           = 600", f"threshold = {only_prod} ? 6000 : 600")
    tree.edit(ALARMS, '"bbws-missing-templates-${var.environment}" =', '"bbws-missing-templates-sit" =')
    table = f'count = {only_prod} ? 1 : 0\n  name = "bbws-orders-${{var.environment}}"\n  hash_key = "PK"'
    attribute = 'attribute {\n    name = "PK"\n    type = "S"\n  }'
    (tree.path / DYNAMODB / "orders.tf").write_text(
        f'resource "aws_dynamodb_table" "orders" {{\n  {table}\n  {attribute}\n}}\n'
    )
    tree.edit(
        f"{DYNAMODB}/prod.tfvars", "deletion_protection_enabled = true", "deletion_protection_enabled = false"
    )
    monkeypatch.chdir(tree.path)
    code, told = parity(capsys, "sit", "prod")
    assert code == 1
    same = "deletion_protection_enabled, the same where the stack expects two values"
    assert fields(told) == {
        *((f"table bbws-{name}-{{env}}", same) for name in ("tenants", "products", "campaigns")),
        LOCKS,
        OUTPUT,
        ("table bbws-tenants-{env}", "point_in_time_recovery"),
        ("alarm bbws-state-lock-held-{env}", "threshold"),
        ("alarm bbws-missing-templates-{env}", "name"),  # that of the other environment
    }
    assert names(told) == {"table bbws-orders-{env}"}


def test_what_must_differ_and_is_otherwise_is_no_difference_that_is_meant(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.edit(
        STACK,
        "expect_in: {prod: *application_table_in_prod}",
        "expect_in: {prod: {deletion_protection_enabled: false}}",
    )
    tree.edit(STACK, '    region: "{region}"', '    region: "{region}"')
    monkeypatch.chdir(tree.path)
    _, told = parity(capsys, "sit", "prod")
    assert ("table bbws-tenants-{env}", "deletion_protection_enabled") in fields(told)
    assert ("table bbws-products-{env}", "deletion_protection_enabled") in fields(told["meant"])


def test_what_is_in_no_comparison_is_told(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Types and settings that no kind reads, and what no stack names, of kinds that nothing lists."""
    in_prod = 'count = var.environment == "prod" ? 1 : 0\n'
    queue = f'resource "aws_sqs_queue" "all" {{\n  {in_prod}}}\n'
    key = 'resource "aws_kms_key" "all" {}\n'
    vault = f'{{\n  {in_prod}  backup_vault_name = "all"\n  changeable_for_days = 3\n}}\n'
    lock = f'resource "aws_backup_vault_lock_configuration" "all" {vault}'
    (tree.path / DYNAMODB / "more.tf").write_text(queue + key + lock)
    monkeypatch.chdir(tree.path)
    for source in ("hcl", "moto"):
        notes = "\n".join(parity(capsys, "sit", "prod", "--source", source)[1]["notes"])
        assert "no kind speaks of such types: aws_sqs_queue (0 in bbws/sit, 1 in bbws/prod)" in notes
        assert "the stack does not name them, and nothing lists such: 1 aws_kms_key in each" in notes
        lock = "aws_backup_vault_lock_configuration.changeable_for_days (0 in bbws/sit, 1 in bbws/prod)"
        assert lock in notes


def test_of_what_the_stack_does_not_name_only_that_it_is_there_is_compared(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = 'name = "bbws-orders-${var.environment}"\n  hash_key = "PK"\n  billing_mode = "PAY_PER_REQUEST"'
    recovery = 'point_in_time_recovery { enabled = var.environment == "prod" }'
    attribute = 'attribute {\n    name = "PK"\n    type = "S"\n  }'
    (tree.path / DYNAMODB / "orders.tf").write_text(
        f'resource "aws_dynamodb_table" "orders" {{\n  {table}\n  {attribute}\n  {recovery}\n}}\n'
    )
    monkeypatch.chdir(tree.path)
    told = parity(capsys, "sit", "prod")[1]
    reasons = {it["what"]: it["reason"] for it in told["open"]}
    assert reasons["table bbws-orders-{env}"].endswith("the stack does not name it")


def test_what_decides_a_field_without_a_value_of_its_own_says_that_it_must_differ(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The threshold of an alarm follows from `bad` and `good`; one that does not keep to them is told."""
    alarm = ("alarm bbws-state-lock-held-{env}", "threshold")
    tree.edit(ALARMS, "threshold           = 600", 'threshold = var.environment == "prod" ? 6000 : 600')
    of_prod = "good: 6000, bad: {values: [6001], repeats: true, sparse: true, units: [Seconds, None]}"
    expect = "    expect:\n      <<: *lock_held"
    tree.edit(STACK, expect, f"    expect_in: {{prod: {{{of_prod}}}}}\n{expect}")
    monkeypatch.chdir(tree.path)
    _, told = parity(capsys, "sit", "prod")
    assert alarm in fields(told["meant"])
    assert fields(told) == {LOCKS, OUTPUT}
    tree.edit(ALARMS, "? 6000 : 600", "? 5000 : 600")
    assert alarm in fields(parity(capsys, "sit", "prod")[1])
    tree.edit(ALARMS, "? 5000 : 600", "? 600 : 600")
    same = (alarm[0], "threshold, the same where the stack expects two values")
    assert same in fields(parity(capsys, "sit", "prod")[1])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sit", "sit"], "held against itself"),
        (["sit", "bbws/sit"], "held against itself"),
        (["sit", "shop/sit"], "unknown --env 'shop/sit'"),
        (["sit", "prod", "--source", "hcl,moto"], "on one source"),
        (["sit", "prod", "--source", "hlc"], "did you mean hcl?"),
        (["sit", "prod", "--source", "plan"], "needs a file of each environment"),
        (["sit", "prod", "--outputs", "x"], "--outputs x: this run examines hcl"),
    ],
)
def test_wrong_usage_is_one_message(capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert main(["parity", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


@pytest.mark.parametrize("words", [["drift", "--env", "sit"], ["parity", "sit", "prod", "--source", "live"]])
def test_an_account_that_nobody_names_is_told_without_options_that_nobody_typed(
    tree: Tree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    tree.edit(STACK, 'account: "815856636111", ', "")
    monkeypatch.chdir(tree.path)
    assert main(words) == 2
    told = capsys.readouterr().err
    assert told.startswith("a deployed account is read only where the stack says which one it is:\n")
    assert "--live" not in told
