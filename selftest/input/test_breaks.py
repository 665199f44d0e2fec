"""What moto, other roots, kept evidence and careless sentences must not make green or red."""

import re
import shutil
from pathlib import Path

import pytest

from selftest.front_door import run_suite
from selftest.input.tree import BUCKETS, Tree
from selftest.recorded.kept import file
from selftest.stacks.bbws import BBWS

STRANGE = 'module "strange" {\n  source = "git::https://example.com/strange.git"\n}\n'
ADMINISTRATOR = """resource "aws_iam_role_policy_attachment" "administrator" {
  role       = "bbws-lambda-execution-sit"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
EXCLUSIVE = """resource "aws_iam_policy_attachment" "administrator" {
  name       = "administrator"
  roles      = ["bbws-lambda-execution-sit"]
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
CUSTOMERS = """resource "aws_iam_policy" "wide" {
  name   = "wide"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy_attachment" "wide" {
  role       = "bbws-lambda-execution-sit"
  policy_arn = aws_iam_policy.wide.arn
}
"""
OF_S3 = 'Component   = "s3"'
IS_THERE = """
import functools
import operator


def is_there(value):
    return value is not None


def is_text(value):
    return value.__class__ is str


class There:
    def __init__(self, value):
        self.value = value

    def holds(self):
        return self.value is not None


There.nothing = There(None)
There.none = functools.partial(There.holds, There.nothing)
there = lambda value: value is not None
also_there = functools.partial(is_there)
"""
ROLE = """resource "aws_iam_role" "further" {
  name               = "bbws-further"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""
USER = """resource "aws_iam_user" "developer" {
  name = "developer"
}
"""
OF_USER = """resource "aws_iam_user_policy_attachment" "developer" {
  user       = aws_iam_user.developer.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
"""
OF_GROUP = """resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

"""
MEMBERSHIP = """resource "aws_iam_group_membership" "admins" {
  name  = "admins"
  users = [aws_iam_user.developer.name]
  group = aws_iam_group.admins.name
}
"""
MEMBER = """resource "aws_iam_user_group_membership" "developer" {
  user   = aws_iam_user.developer.name
  groups = [aws_iam_group.admins.name]
}
"""
ANALYZER = "aws_accessanalyzer_analyzer"
REGION = BBWS.stack.region
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


@pytest.mark.parametrize("other", ["dynamodb", "monitoring"])
def test_a_policy_counts_that_another_root_declares_and_attaches(tree: Tree, other: str) -> None:
    add(tree, other, CUSTOMERS)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "test_nobody_is_granted")
    assert {it.verdict for it in run.outcomes.values()} == {"failed"}, run.output
    assert "policy/wide grants dynamodb:* on *" in run.output


def test_an_exclusive_attachment_in_another_root_counts(tree: Tree) -> None:
    add(tree, "dynamodb", EXCLUSIVE)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "test_nobody_is_granted")
    assert {it.verdict for it in run.outcomes.values()} == {"failed"}, run.output


def test_a_role_that_another_root_declares_is_one_of_the_stack(tree: Tree) -> None:
    add(tree, "dynamodb", ROLE)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "test_every_role")
    assert {it.verdict for it in run.outcomes.values()} == {"failed"}, run.output


@pytest.mark.parametrize("given", [OF_USER, OF_GROUP + MEMBERSHIP, OF_GROUP + MEMBER])
def test_what_a_user_is_granted_counts_and_moto_is_not_given_it(tree: Tree, given: str) -> None:
    add(tree, "iam", USER + given)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "test_nobody_is_granted")
    assert {it.source: it.verdict for it in run.outcomes.values()} == {"hcl": "failed", "moto": "skipped"}


def test_a_root_that_is_not_given_may_grant_and_declare_more(tree: Tree) -> None:
    shutil.rmtree(tree.path / "terraform/bbws/monitoring")
    run = tree.run(
        "--env=sit", "--terraform=terraform/bbws", "-k", "test_nobody_is_granted or test_every_role"
    )
    assert run.outcomes
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output
    assert "root monitoring, which is not given" in run.output


@pytest.mark.parametrize("sort", ["plan", "state"])
def test_a_file_of_one_root_says_nothing_of_what_the_others_add(sort: str) -> None:
    sentences = "test_nobody_is_granted or test_role_may or test_lambda_may"
    run = run_suite("--env=bbws/dev", f"--{sort}={file(BBWS, 'dev', 'iam', sort)}", "-k", sentences)
    verdicts = {it.test.partition("::")[2].partition("[")[0]: it.verdict for it in run.outcomes.values()}
    assert verdicts == {
        "test_nobody_is_granted_every_table_or_every_action": "skipped",
        "test_role_may_do_what_it_is_for": "skipped",
        "test_lambda_may_assume_the_execution_role": "passed",
    }
    assert "root monitoring, of which no file was given, may declare" in run.output


def test_what_is_at_least_there_decides_the_same_when_it_is_replayed(tmp_path: Path) -> None:
    kept, given = tmp_path / "kept.json", f"--plan={file(BBWS, 'dev', 'monitoring', 'plan')}"
    sentences = ("tests/monitoring",)
    run = run_suite("--env=bbws/dev", given, *sentences, f"--save-evidence={kept}")
    again = run_suite("--env=bbws/dev", f"--evidence={kept}", *sentences)
    assert run.outcomes
    assert {name: it.verdict for name, it in again.outcomes.items()} == {
        name: it.verdict for name, it in run.outcomes.items()
    }
    assert "$at least" in kept.read_text()


def test_what_is_wide_in_the_own_root_is_wide_whatever_is_not_given(tree: Tree) -> None:
    add(tree, "iam", ADMINISTRATOR)
    shutil.rmtree(tree.path / "terraform/bbws/monitoring")
    given = ("--terraform=terraform/bbws", "--source=hcl")
    run = tree.run("--env=sit", *given, "-k", "test_nobody_is_granted")
    assert {it.verdict for it in run.outcomes.values()} == {"failed"}, run.output


def test_a_setting_that_a_module_which_was_not_evaluated_may_make_is_not_missing(tree: Tree) -> None:
    file, block = tree.path / BUCKETS / "main.tf", "aws_s3_bucket_server_side_encryption_configuration"
    file.write_text(re.sub(rf'resource "{block}".*?\n}}\n', STRANGE, file.read_text(), flags=re.DOTALL))
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "encrypted_by_default and templates")
    assert {it.source: it.verdict for it in run.outcomes.values()} == {"hcl": "skipped", "moto": "skipped"}
    for outcome in run.outcomes.values():
        assert "module.strange (git::https://example.com/strange.git)" in outcome.message
        assert f"may declare {block} of aws_s3_bucket.templates" in outcome.message


ENDPOINT = """resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.%s.dynamodb"
  policy       = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "*", Resource = "*" }]
  })
}
"""


def test_an_endpoint_that_another_root_declares_keeps_the_role_from_the_table(tree: Tree) -> None:
    add(tree, "iam", ENDPOINT % REGION)
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", "no_vpc_endpoint and tenants")
    assert {it.source: it.verdict for it in run.outcomes.values()} == {"hcl": "failed", "moto": "failed"}


def test_a_module_that_was_not_evaluated_may_declare_an_endpoint_or_an_analyzer(tree: Tree) -> None:
    add(tree, "s3", STRANGE)
    file = next(it for it in tree.path.glob("terraform/bbws/iam/*.tf") if ANALYZER in it.read_text())
    file.write_text(re.sub(rf'resource "{ANALYZER}".*?\n}}\n', "", file.read_text(), flags=re.DOTALL))
    sentences = "(no_vpc_endpoint and tenants) or access_analyzer"
    run = tree.run("--env=sit", "--source=hcl", "--source=moto", "-k", sentences)
    assert len(run.outcomes) == 4
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output


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
        "assert bucket.versioning is not None and bucket.name != expected.versioning",
        "assert bucket.versioning is not False and bucket.name != expected.versioning",
        "assert 'Suspended' not in str([bucket.versioning]) and bucket.name != expected.versioning",
        "assert [bucket.versioning] == [bucket.versioning, *[]] and bucket.name != expected.versioning",
        "assert bucket.versioning + 's' and bucket.name != expected.versioning",
    ],
)
def test_a_sentence_that_passes_by_a_value_that_is_not_known_is_undetermined(
    tree: Tree, assertion: str
) -> None:
    tree.edit(f"{BUCKETS}/main.tf", 'status = "Enabled"', "status = random_id.status.hex")
    add(tree, "s3", 'resource "random_id" "status" {\n  byte_length = 2\n}\n')
    tree.edit("tests/s3/test_buckets.py", "assert bucket.versioning == expected.versioning", assertion)
    run = tree.run("--env=sit", "--source=hcl", "-k", "test_versioning_is_enabled and not audit")
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output


@pytest.mark.parametrize(
    "assertion",
    [
        "assert 'Suspended' not in str([bucket.versioning]) and bucket.name != expected.versioning",
        "assert repr([bucket.versioning]) == repr([expected.versioning])",
        "told = f'{[bucket.versioning]}'\n"
        "    assert 'Suspended' not in told and bucket.name != expected.versioning",
        "assert isinstance(bucket.versioning, str) and bucket.name != expected.versioning",
        "assert __import__('re').match('E', bucket.versioning) and bucket.name != expected.versioning",
        "assert __import__('json').dumps({'is': bucket.versioning}) and bucket.name != expected.versioning",
        "assert bucket.versioning in f'{expected.versioning}'",
        "try:\n        held = bucket.versioning == expected.versioning\n"
        "    except Exception:\n        held = True\n    assert held",
    ],
)
def test_what_a_sentence_makes_of_a_name_that_aws_will_choose_decides_nothing(
    tree: Tree, assertion: str
) -> None:
    tree.edit(f"{BUCKETS}/main.tf", 'status = "Enabled"', "status = aws_kms_key.status.key_id")
    add(tree, "s3", 'resource "aws_kms_key" "status" {}\n')
    tree.edit("tests/s3/test_buckets.py", "assert bucket.versioning == expected.versioning", assertion)
    run = tree.run("--env=sit", "--source=hcl", "-k", "test_versioning_is_enabled and not audit")
    assert {it.verdict for it in run.outcomes.values()} == {"skipped"}, run.output


@pytest.mark.parametrize(
    "assertion",
    [
        "assert bucket.tags['Project'] is not None and bucket.name != expected.tags",
        "assert bucket.tags.get('Project') is not None and bucket.name != expected.tags",
        "assert bucket.tags.get('Project') is None and bucket.name != expected.tags",
        "assert isinstance(bucket.tags['Project'], str) and bucket.name != expected.tags",
        "assert not isinstance(bucket.tags['Project'], str) and bucket.name != expected.tags",
        "assert all(it is not None for it in bucket.tags.values()) and bucket.name != expected.tags",
        "tags = bucket.tags\n    assert tags['Project'] is not None and bucket.name != expected.tags",
        "assert is_there(bucket.tags['Project']) and bucket.name != expected.tags",
        "assert is_text(bucket.tags['Project']) and bucket.name != expected.tags",
        "assert not is_text(bucket.tags['Project']) and bucket.name != expected.tags",
        "assert There(bucket.tags['Project']).holds() and bucket.name != expected.tags",
        "assert there(bucket.tags['Project']) and bucket.name != expected.tags",
        "assert also_there(bucket.tags['Project']) and bucket.name != expected.tags",
        "assert all(map(is_there, bucket.tags.values())) and bucket.name != expected.tags",
        "assert all(map(callable, bucket.tags.values())) and bucket.name != expected.tags",
        "assert operator.is_not(bucket.tags['Project'], None) and bucket.name != expected.tags",
        "assert bucket.tags['Project'].__class__ is not str and bucket.name != expected.tags",
        "found = next((it for it in [bucket.tags] if it['Component']), None)\n"
        "    assert found['Project'] is not None and bucket.name != expected.tags",
        "match bucket.tags:\n        case {'Project': str()}:\n            assert expected.tags is None\n"
        "    assert expected.tags",
    ],
)
def test_what_is_asked_without_its_value_of_what_lies_within_what_was_read_decides_nothing(
    tree: Tree, assertion: str
) -> None:
    assert verdicts_with_an_unknown_project(tree, assertion) == {"skipped"}


@pytest.mark.parametrize(
    "assertion",
    [
        "assert bucket.tags['Component'] is not None and bucket.name != expected.tags",
        "assert bucket.tags.get('Keeper') is None and bucket.name != expected.tags",
        "found = bucket.tags.get('Component')\n    assert found is not None and bucket.name != expected.tags",
        "keys = bucket.tags\n    found = next((it for it in keys if it == 'Component'), None)\n"
        "    assert found is not None and bucket.name != expected.tags",
        "assert (found := bucket.tags.get('Component')) is not None and found != expected.tags",
        "found = {'component': bucket.tags['Component']}\n"
        "    assert found['component'] is not None and bucket.name != expected.tags",
    ],
)
def test_what_lies_beside_a_value_that_is_not_known_is_known(tree: Tree, assertion: str) -> None:
    assert verdicts_with_an_unknown_project(tree, assertion) == {"passed"}


def verdicts_with_an_unknown_project(tree: Tree, assertion: str) -> set[str]:
    """Return what becomes of a sentence on tags of which only apply knows one."""
    add(tree, "s3", 'resource "random_id" "project" {\n  byte_length = 2\n}\n')
    tree.edit(f"{BUCKETS}/main.tf", OF_S3, f"{OF_S3}\n    Project = random_id.project.hex")
    asserted = "assert bucket.tags.items() >= expected.tags.items()"
    tree.edit("tests/s3/test_buckets.py", asserted, assertion)
    tree.edit("tests/s3/test_buckets.py", "import pytest\n", f"import pytest\n\n{IS_THERE}")
    run = tree.run("--env=sit", "--source=hcl", "-k", "test_bucket_carries_the_standard_tags and templates")
    assert len(run.outcomes) == 1, run.output
    return {it.verdict for it in run.outcomes.values()}


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
