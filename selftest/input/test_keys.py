"""A sentence says with which key something is encrypted, and is held against every source."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.applied.environment import LOCAL_STATE, PROVIDER, cannot_apply
from selftest.applied.server import MotoServer, moto_server
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.tree import Tree

ACCOUNT, REGION = "123456789012", "eu-west-1"
STACK = "fixtures/stacks/sealed.yaml"
RUNBOOK = "fixtures/runbooks/sealed.yaml"
SENTENCES = "tests/kms/test_keys.py"
ROOT = "terraform/sealed/data"

THE_STACK = f"""\
format: 2
stack: sealed
title: What is encrypted with one key
region: {REGION}
environments: {{test: {{account: "{ACCOUNT}"}}}}
terraform: {{directory: terraform/sealed}}
keys:
  sealing: {{name: alias/sealing, root: data, expect: {{rotation: true}}}}
buckets:
  letters: {{name: letters, root: data, related: {{key: sealing}}, expect: {{sse_algorithm: "aws:kms"}}}}
tables:
  stamps: {{name: stamps, root: data, related: {{key: sealing}}, expect: {{}}}}
"""
THE_RUNBOOK = """\
format: 2
stack: sealed
title: A runbook of sealed things
source: sealed.md
sections: {'1': Sealing}
invariants:
"""
INVARIANT = """\
  sealed-%s:
    test: kms.%s
    section: '1'
    statement: It is sealed with the key.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: [name the key], account: [aws kms list-aliases]}
"""
TESTS = """\
import pytest


@pytest.mark.invariant("kms.bucket-is-encrypted-with-its-key")
def test_bucket_is_encrypted_with_its_key(bucket, key):
    assert key.is_named_by(bucket.kms_key)


@pytest.mark.invariant("kms.table-is-encrypted-with-its-key")
def test_table_is_encrypted_with_its_key(table, key):
    assert key.is_named_by(table.kms_key)


@pytest.mark.invariant("kms.rotation")
def test_key_is_rotated(key, expected):
    assert key.rotation == expected.rotation


@pytest.mark.invariant("kms.algorithm")
def test_bucket_is_encrypted(bucket, expected):
    assert bucket.sse_algorithm == expected.sse_algorithm
"""
ASSERTED = {
    "bucket": "bucket-is-encrypted-with-its-key",
    "table": "table-is-encrypted-with-its-key",
    "rotation": "rotation",
    "algorithm": "algorithm",
}
UNDECLARED = """\
data "aws_kms_alias" "elsewhere" {
  name = "alias/sealing-of-another-root"
}
"""
TERRAFORM = (
    UNDECLARED
    + """\
resource "aws_kms_key" "sealing" {
  enable_key_rotation = true
}
resource "aws_kms_key" "other" {}
resource "aws_kms_alias" "sealing" {
  name          = "alias/sealing"
  target_key_id = aws_kms_key.sealing.key_id
}
resource "aws_kms_alias" "second" {
  name          = "alias/second"
  target_key_id = aws_kms_key.sealing.key_id
}
resource "aws_kms_alias" "other" {
  name          = "alias/other"
  target_key_id = aws_kms_key.other.key_id
}
resource "aws_s3_bucket" "letters" {
  bucket = "letters"
}
resource "aws_s3_bucket_server_side_encryption_configuration" "letters" {
  bucket = aws_s3_bucket.letters.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = %s
    }
  }
}
resource "aws_dynamodb_table" "stamps" {
  name         = "stamps"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = %s
  }
}
"""
)
SAME = (
    "aws_kms_key.sealing.arn",
    "aws_kms_alias.sealing.arn",
    "aws_kms_alias.second.arn",
    "aws_kms_alias.second.target_key_arn",
)
BY_SHORT_NAME = ("aws_kms_key.sealing.id", "aws_kms_key.sealing.key_id", '"alias/second"')
"""What S3 takes for a key beside ARNs; Terraform takes nothing but ARNs for a table's."""
OTHERS = ("aws_kms_key.other.arn", "aws_kms_alias.other.arn", "aws_kms_alias.other.target_key_arn", "null")
ELSEWHERE = "data.aws_kms_alias.elsewhere.target_key_arn"


@pytest.fixture
def sealed(tree: Tree) -> Tree:
    """The suite with a stack of a key, a bucket and a table."""
    invariants = "".join(INVARIANT % pair for pair in ASSERTED.items())
    for file, text in {STACK: THE_STACK, RUNBOOK: THE_RUNBOOK + invariants, SENTENCES: TESTS}.items():
        (tree.path / file).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / file).write_text(text)
    return tree


def encrypted(tree: Tree, bucket: str, table: str) -> Path:
    """Write the root with these keys of the bucket and the table."""
    root = tree.path / ROOT
    root.mkdir(parents=True, exist_ok=True)
    (root / "main.tf").write_text(TERRAFORM % (bucket, table))
    return root


def verdicts(run: SuiteRun) -> dict[str, str]:
    """Return how each sentence ended, and on which sources it did."""
    assert run.outcomes, run.output
    told = {(it.invariant.removeprefix("sealed-"), it.source): it for it in run.outcomes.values()}
    return {" ".join(key): it.verdict for key, it in told.items()}


def everywhere(sources: tuple[str, ...], **verdict: str) -> dict[str, str]:
    """Return the verdict of each sentence on these sources; the others pass."""
    return {f"{it} {source}": verdict.get(it, "passed") for it in ASSERTED for source in sources}


OFFLINE = ("hcl", "moto")


@pytest.mark.parametrize("named", SAME)
def test_what_names_the_key_passes(sealed: Tree, named: str) -> None:
    encrypted(sealed, named, named)
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE)


@pytest.mark.parametrize("named", BY_SHORT_NAME)
def test_a_bucket_may_name_it_by_less_than_an_arn(sealed: Tree, named: str) -> None:
    encrypted(sealed, named, SAME[0])
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE)


@pytest.mark.parametrize("named", OTHERS)
def test_another_key_is_red(sealed: Tree, named: str) -> None:
    encrypted(sealed, named, named)
    run = sealed.run("--stack=sealed")
    assert verdicts(run) == everywhere(OFFLINE, bucket="failed", table="failed"), run.output
    if named != "null":
        assert f"{ROOT}/main.tf:" in run.printed


def test_an_alias_of_this_name_in_another_region_is_another_key(sealed: Tree) -> None:
    elsewhere = f'"arn:aws:kms:us-east-1:{ACCOUNT}:alias/sealing"'
    encrypted(sealed, elsewhere, elsewhere)
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE, bucket="failed", table="failed")


def test_a_key_that_is_not_known_decides_nothing(sealed: Tree) -> None:
    """moto is not given the encryption of the bucket either; the rest of it, and of the table, it is."""
    encrypted(sealed, ELSEWHERE, ELSEWHERE)
    run = sealed.run("--stack=sealed")
    undetermined = everywhere(OFFLINE, bucket="skipped", table="skipped")
    assert verdicts(run) == undetermined | {"algorithm moto": "skipped"}, run.output
    reasons = {it.message for it in run.those("skipped")}
    assert all("known only after apply" in it and ELSEWHERE in it for it in reasons), reasons


def test_an_alias_of_a_key_that_is_not_known_may_be_of_this_one(sealed: Tree) -> None:
    root = encrypted(sealed, "aws_kms_alias.open.arn", SAME[0])
    with (root / "main.tf").open("a") as file:
        file.write(
            f'resource "aws_kms_alias" "open" {{\n  name = "alias/open"\n  target_key_id = {ELSEWHERE}\n}}\n'
        )
    assert verdicts(sealed.run("--stack=sealed", "--source=hcl")) == everywhere(("hcl",), bucket="skipped")


def test_the_arn_may_be_compared_itself(sealed: Tree) -> None:
    sealed.edit(SENTENCES, "key.is_named_by(bucket.kms_key)", "bucket.kms_key == key.arn")
    encrypted(sealed, "aws_kms_key.sealing.arn", "aws_kms_key.sealing.arn")
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE)
    encrypted(sealed, "aws_kms_key.other.arn", "aws_kms_key.sealing.arn")
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE, bucket="failed")


def test_a_key_goes_by_each_of_its_aliases(sealed: Tree) -> None:
    sealed.edit(STACK, "alias/sealing", "alias/second")
    encrypted(sealed, SAME[0], SAME[1])
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE)


def test_a_key_without_an_alias_is_created_for_what_names_it(sealed: Tree) -> None:
    root = encrypted(sealed, "aws_kms_key.nameless.arn", "aws_kms_key.nameless.arn")
    with (root / "main.tf").open("a") as file:
        file.write('resource "aws_kms_key" "nameless" {}\n')
    assert verdicts(sealed.run("--stack=sealed")) == everywhere(OFFLINE, bucket="failed", table="failed")


@pytest.fixture
def server() -> Iterator[MotoServer]:
    with moto_server(ACCOUNT) as server:
        yield server


APPLIED = [
    ("aws_kms_key.sealing.arn", "aws_kms_key.sealing.arn", "passed"),
    ("aws_kms_key.sealing.key_id", "aws_kms_alias.second.arn", "passed"),
    ('"alias/second"', "aws_kms_alias.second.target_key_arn", "passed"),
    ("aws_kms_key.other.arn", "aws_kms_key.other.arn", "failed"),
    ('"alias/other"', "aws_kms_alias.other.arn", "failed"),
]
"""How a bucket and a table name a key, and how what says that it is this one ends."""


@pytest.fixture
def in_every_way(sealed: Tree) -> Tree:
    """The stack with a bucket and a table for each way to name a key; Terraform plans them all at once."""
    keys, sealed_things = TERRAFORM.replace(UNDECLARED, "").split('resource "aws_s3_bucket" "letters"')
    root = encrypted(sealed, "", "")
    text, stack = keys, THE_STACK.partition("buckets:")[0]
    for number, (bucket, table, _) in enumerate(APPLIED):
        both = 'resource "aws_s3_bucket" "letters"' + sealed_things % (bucket, table)
        text += both.replace("letters", f"letters{number}").replace("stamps", f"stamps{number}")
    for section, name, expected in (
        ("buckets", "letters", 'sse_algorithm: "aws:kms"'),
        ("tables", "stamps", ""),
    ):
        stack += f"{section}:\n"
        for number in range(len(APPLIED)):
            of = f"root: data, related: {{key: sealing}}, expect: {{{expected}}}"
            stack += f"  {name}{number}: {{name: {name}{number}, {of}}}\n"
    (root / "main.tf").write_text(text)
    (root / "test_override.tf").write_text(LOCAL_STATE)
    (root / "provider.tf").write_text(PROVIDER.format(alias=""))
    (sealed.path / STACK).write_text(stack)
    return sealed


@pytest.mark.heavy
@pytest.mark.skipif(cannot_apply() is not None, reason=str(cannot_apply()))
def test_what_terraform_plans_and_applies_is_told_alike(in_every_way: Tree, server: MotoServer) -> None:
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))},
        **variables_of_server(server.endpoint),
        "AWS_REGION": REGION,
    }
    root = in_every_way.path / ROOT
    plan, state = planned_and_applied(root, variables | {"TF_CLI_CONFIG_FILE": os.devnull})
    runs = {
        ("plan", "state"): in_every_way.run(
            "--stack=sealed", f"--plan={plan}", f"--state={state}", "--source=plan,state"
        ),
        ("live",): run_suite(
            "--stack=sealed", "--env=test", "--live", variables=variables, tree=in_every_way.path
        ),
    }
    expected = {
        f"{name}{number}": verdict
        for number, (_, _, verdict) in enumerate(APPLIED)
        for name in ("letters", "stamps")
    }
    for sources, run in runs.items():
        told = {
            (it.resource, it.source): it.verdict
            for it in run.outcomes.values()
            if it.invariant in ("sealed-bucket", "sealed-table")
        }
        assert told == {(name, source): expected[name] for name in expected for source in sources}, run.output


def planned_and_applied(root: Path, variables: dict[str, str]) -> tuple[Path, Path]:
    """Plan the root from nothing and apply it; return what Terraform shows of the plan and of the state."""

    def terraform(*words: str) -> str:
        run = subprocess.run(
            ["terraform", *words], cwd=root, env=variables, capture_output=True, text=True, timeout=120
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    terraform("init", f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}")
    terraform("plan", "-input=false", "-out=saved.tfplan")
    terraform("apply", "-input=false", "saved.tfplan")
    plan, state = root / "plan.json", root / "state.json"
    plan.write_text(terraform("show", "-json", "saved.tfplan"))
    state.write_text(terraform("show", "-json"))
    return plan, state
