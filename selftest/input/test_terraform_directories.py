"""Terraform that is not there, does not parse or lacks a value: one error, and everything else goes on."""

import shutil

import pytest

from selftest.front_door import SuiteRun
from selftest.input.tree import BUCKETS, DYNAMODB, STACK, Tree, assert_refused
from selftest.stacks.bbws import BBWS

MAIN = f"{DYNAMODB}/main.tf"


def test_a_missing_root_is_refused(tree: Tree) -> None:
    shutil.rmtree(tree.path / DYNAMODB)
    line = tree.line(STACK, "    root: dynamodb")
    assert_refused(tree.run(), f"{STACK}:{line}: there is no Terraform root {DYNAMODB};", "--terraform")


def test_a_root_of_another_name_is_told_with_the_nearest(tree: Tree) -> None:
    tree.edit(STACK, "    root: dynamodb\n", "    root: dynamo\n")
    line = tree.line(STACK, "    root: dynamo\n")
    told = "there is no Terraform root terraform/bbws/dynamo (did you mean dynamodb?); write it there"
    assert_refused(tree.run(), f"{STACK}:{line}: {told}")


def test_an_empty_root_is_refused(tree: Tree) -> None:
    shutil.rmtree(tree.path / DYNAMODB)
    (tree.path / DYNAMODB).mkdir()
    assert_refused(tree.run(), f"{DYNAMODB} holds no Terraform: no file in it ends in .tf")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nowhere", "there is no folder nowhere"),
        ("s3=nowhere", "there is no folder nowhere"),
        ("dynamo=terraform", "(did you mean dynamodb?); valid: "),
        ("policies", "--terraform policies holds no Terraform root: "),
    ],
)
def test_a_folder_that_holds_no_roots_is_refused(tree: Tree, given: str, said: str) -> None:
    assert_refused(tree.run(f"--terraform={given}"), said)


def test_of_a_folder_that_lacks_a_root_the_others_are_examined(tree: Tree) -> None:
    (tree.path / "terraform" / "bbws").rename(tree.path / "elsewhere")
    shutil.rmtree(tree.path / "elsewhere" / "state")
    run = tree.run("--env=dev", "--terraform=elsewhere", "--source=hcl", "--source=moto")
    assert run.exit_code == 0, run.output
    assert "Not given: Terraform root state" in run.printed.splitlines()
    skipped = [outcome for outcome in run.outcomes.values() if outcome.verdict == "skipped"]
    declared = {
        it.resource
        for it in skipped
        if "Terraform root state is not given: --terraform state=DIR" in it.message
    }
    assert declared == {"bbws-terraform-locks", "bbws-terraform-state-dev", "state"}
    assert all("not given" in it.message for it in skipped)
    assert f"{len(skipped)} undetermined" in run.output


def test_tfvars_that_only_other_environments_have_are_refused(tree: Tree) -> None:
    (tree.path / DYNAMODB / "sit.tfvars").unlink()
    said = (
        "sit.tfvars is missing, while dev.tfvars, prod.tfvars are there: sit would be evaluated with defaults"
    )
    assert_refused(tree.run("--env=sit"), f"{DYNAMODB}/{said}")
    assert tree.run("--env=dev", "--source=hcl").exit_code == 0


@pytest.mark.parametrize("pattern", ["{env}.tfvar", "vars/{env}.tfvars"])
def test_a_variable_file_that_no_root_has_is_refused(tree: Tree, pattern: str) -> None:
    tree.edit(STACK, '"{env}.tfvars"', f'"{pattern}"')
    said = f"no root has {pattern.replace('{env}', 'dev')} or "
    line = tree.line(STACK, "  var_files")
    assert_refused(tree.run("--env=dev", "--source=hcl"), f"{STACK}:{line}: ", said, "defaults would do")


def test_a_root_without_any_tfvars_is_evaluated_with_its_defaults(tree: Tree) -> None:
    for environment in ("dev", "sit", "prod"):
        (tree.path / DYNAMODB / f"{environment}.tfvars").unlink()
    assert tree.run("--env=prod", "--source=hcl").exit_code == 0


def test_a_syntax_error_is_one_error_with_its_place_and_the_other_roots_go_on(tree: Tree) -> None:
    tree.edit(MAIN, 'hash_key                    = "PK"', 'hash_key = = "PK"')
    run = tree.run("--env=dev")
    assert_one_root_is_unread(run, f"{MAIN}:{tree.line(MAIN, 'hash_key = =')}:14: Invalid syntax")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("= var.deletion_protection_enabled", "= var.protected", 'no variable named "protected"'),
        ("= local.tags", "= local.labels", 'no local value named "labels"'),
        ("= local.tags", "= data.aws_default_tags.here.tags", "no data.aws_default_tags.here"),
        ('"bbws-products-${var.environment}"', "upperr(var.environment)", "upperr"),
    ],
    ids=["variable", "local", "data source", "function"],
)
def test_a_name_that_is_not_declared_is_one_error_with_its_place(
    tree: Tree, old: str, new: str, said: str
) -> None:
    tree.edit(MAIN, old, new)
    assert_one_root_is_unread(tree.run("--env=dev"), f"{MAIN}:{tree.line(MAIN, new)}:", said)


def test_a_wrong_value_in_tfvars_is_one_error_with_its_place(tree: Tree) -> None:
    tree.edit(f"{DYNAMODB}/dev.tfvars", "= 7", "= 0")
    assert_one_root_is_unread(tree.run("--env=dev"), "Backups are kept for 1 to 36500 days.")


def test_a_required_variable_without_a_value_is_one_error_for_each_root(tree: Tree) -> None:
    tree.edit(STACK, 'variables: {environment: "{env}"}', "variables: {}")
    run = tree.run("--env=dev")
    assert run.exit_code == 1
    assert len({error.message.splitlines()[0] for error in run.those("error")}) == len(BBWS.roots)
    assert run.printed.count('The variable "environment" is required and has no value.') == len(BBWS.roots)


def test_a_variable_of_one_root_is_given_to_that_root_alone(tree: Tree) -> None:
    of_one = 'variables_of: {dynamodb: {environment: "{env}"}}'
    tree.edit(STACK, 'variables: {environment: "{env}"}', of_one)
    run = tree.run("--env=dev", "--source=hcl")
    missing = 'The variable "environment" is required and has no value.'
    assert run.printed.count(missing) == len(BBWS.roots) - 1
    assert "bbws-tenants-dev" in {it.resource for it in run.those("passed")}


def test_a_variable_of_a_root_in_which_nothing_lies_is_refused(tree: Tree) -> None:
    tree.edit(STACK, "  var_files:", "  variables_of: {dynamo: {region: af-south-1}}\n  var_files:")
    said = "no resource has the root dynamo (did you mean dynamodb?)"
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, '  variables_of')}: ", said)


@pytest.mark.parametrize("pin", ["~> 1.6.0", "1.6.0", ">= 1.6.0, < 1.7.0", "~> 1.6"])
def test_a_root_that_is_pinned_to_the_release_in_use_is_evaluated(tree: Tree, pin: str) -> None:
    tree.edit(f"{DYNAMODB}/versions.tf", ">= 1.6.0", pin)
    run = tree.run("--env=dev", "--source=hcl", "tests/terraform", "tests/dynamodb")
    assert run.exit_code == 0, run.output
    assert "bbws-tf-11" in run.invariants("passed")


def assert_one_root_is_unread(run: SuiteRun, *said: str) -> None:
    """Hold a run to one card for the tables' root, and to all outcomes of the other roots."""
    assert run.exit_code == 1, run.output
    assert "Traceback" not in run.output
    [error] = run.those("error")
    assert error.invariant == "bbws-ddb-01"
    for words in (f"{DYNAMODB} cannot be evaluated", *said):
        assert words in error.message
    assert run.printed.count("cannot be evaluated") == 1
    assert not run.those("failed")
    of_terraform = [skip for skip in run.those("skipped") if skip.source != "repository"]
    elsewhere = ("is not read", "moto does not hold what root ")
    for skip in of_terraform:
        assert skip.message.startswith("unread: ") or any(words in skip.message for words in elsewhere)
    assert {"bbws-terraform-state-dev", "bbws-templates-dev"} <= {it.resource for it in run.those("passed")}


def test_a_selected_test_speaks_for_the_root_where_the_first_one_is_not_selected(tree: Tree) -> None:
    tree.edit(f"{BUCKETS}/main.tf", "bucket = ", "bucket == ")
    run = tree.run("--env=dev", "-k", "versioning or encrypted", "--source=moto")
    errors = {error.invariant: error.message for error in run.those("error")}
    assert list(errors) == ["bbws-s3-08"]
    assert "Invalid syntax" in errors["bbws-s3-08"]
