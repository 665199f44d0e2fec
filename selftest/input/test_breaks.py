"""What moto, other roots, kept evidence and careless sentences must not make green or red."""

from pathlib import Path

import pytest

from selftest.input.tree import BUCKETS, Tree

STRANGE = 'module "strange" {\n  source = "git::https://example.com/strange.git"\n}\n'
ADMINISTRATOR = """resource "aws_iam_role_policy_attachment" "administrator" {
  role       = "bbws-lambda-execution-sit"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
NAMESAKE = """provider "aws" {
  alias  = "other"
  region = "eu-central-1"
}

resource "random_id" "tag" {
  byte_length = 2
}

resource "aws_dynamodb_table" "namesake" {
  provider     = aws.other
  name         = "bbws-tenants-sit"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  tags         = { tag = random_id.tag.hex }

  attribute {
    name = "id"
    type = "S"
  }
}
"""


def add(tree: Tree, root: str, text: str) -> None:
    (tree.path / f"terraform/bbws/{root}/more.tf").write_text(text)


def test_a_view_in_moto_is_undetermined_where_a_module_was_not_evaluated(tree: Tree) -> None:
    add(tree, "iam", STRANGE)
    run = tree.run("--env=sit", "--source=moto", "-k", "test_nobody_is_granted or test_every_role")
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output


def test_a_policy_that_another_root_attaches_counts_beside_those_of_the_own_root(tree: Tree) -> None:
    add(tree, "dynamodb", ADMINISTRATOR)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "test_nobody_is_granted")
    assert {it.verdict for it in run.outcomes.values()} == {"failed"}, run.output


def test_a_table_of_this_name_in_another_region_is_another_table(tree: Tree) -> None:
    add(tree, "dynamodb", NAMESAKE)
    run = tree.run("--env=sit", "--source=moto", "-k", "test_table_carries_the_standard_tags and tenants")
    assert {it.verdict for it in run.outcomes.values()} == {"passed"}, run.output


def test_what_kept_evidence_lacks_is_told_as_lacking(tree: Tree, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    tree.run("--env=sit", "--source=hcl", "-k", "versioning_is_enabled", f"--save-evidence={kept}")
    run = tree.run("--env=sit", f"--evidence={kept}", "-k", "encrypted_by_default and templates")
    assert "NotRead" not in run.output, run.output


@pytest.mark.parametrize(
    "assertion",
    [
        "assert bucket.versioning is not None",
        "assert bucket.versioning is not False",
        "assert 'Suspended' not in str([bucket.versioning])",
        "assert [bucket.versioning] == [bucket.versioning]",
    ],
)
def test_a_sentence_that_passes_by_a_value_that_is_not_known_is_undetermined(
    tree: Tree, assertion: str
) -> None:
    tree.edit(f"{BUCKETS}/main.tf", 'status = "Enabled"', "status = random_id.status.hex")
    add(tree, "s3", 'resource "random_id" "status" {\n  byte_length = 2\n}\n')
    write_sentence(tree, assertion)
    run = tree.run("--env=sit", "--source=hcl", "-k", "test_versioning_is_enabled")
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output


@pytest.mark.parametrize("assertion", ["assert bucket.model_copy()", "pass"])
def test_a_sentence_that_reads_nothing_that_can_be_wrong_does_not_pass(tree: Tree, assertion: str) -> None:
    write_sentence(tree, assertion)
    run = tree.run("--env=sit", "--source=hcl", "-k", "test_versioning_is_enabled")
    assert run.exit_code, run.output
    assert not [it for it in run.outcomes.values() if it.verdict == "passed"], run.output


def write_sentence(tree: Tree, assertion: str) -> None:
    """Make the sentence on versioning say something else."""
    sentences, start = "tests/s3/test_buckets.py", "def test_versioning_is_enabled(bucket"
    tree.edit(sentences, f"{start}, expected)", f"{start})")
    tree.edit(sentences, "assert bucket.versioning == expected.versioning", assertion)
