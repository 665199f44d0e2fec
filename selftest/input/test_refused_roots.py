"""One mistake in a root is told, and does not hide what is wrong besides; nothing is right because of it."""

import pytest

from selftest.front_door import SuiteRun
from selftest.input.tree import DYNAMODB, Tree

MISTAKE = '\nresource "aws_s3_bucket" "mistaken" {\n  bucket = upper(1, 2)\n}\n'
MAIN = f"{DYNAMODB}/main.tf"
PITR = "point_in_time_recovery {\n    enabled = true"
OFF = PITR.replace("true", "false")
OF_TABLES = ("--env=sit", "--source=hcl", "-k", "test_tables")


def refused(tree: Tree, more: str = MISTAKE, *words: str) -> SuiteRun:
    """Return a run on tables whose root Terraform refuses."""
    path = tree.path / MAIN
    path.write_text(path.read_text() + more)
    return tree.run(*(words or OF_TABLES))


def failures(run: SuiteRun) -> dict[str, str]:
    return {it.resource: it.message for it in run.those("failed")}


def test_what_does_not_hang_on_the_mistake_fails_and_says_what_else_is_wrong(tree: Tree) -> None:
    tree.edit(MAIN, PITR, OFF)
    run = refused(tree)
    assert run.exit_code == 1
    assert len(run.those("error")) == 1
    [message] = failures(run).values()
    assert "observed  point_in_time_recovery: false" in message
    assert f"{MAIN}:" in message
    assert "mend what Terraform refuses of its root, too:" in message


def test_nothing_passes_in_a_root_that_terraform_refuses(tree: Tree) -> None:
    run = refused(tree)
    assert run.exit_code == 1
    assert (len(run.those("error")), len(run.those("failed", "passed"))) == (1, 0)
    assert all(it.message.startswith("unread: ") for it in run.those("skipped")), run.output


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (PITR, "point_in_time_recovery {\n    enabled = upper(1, 2)"),
        (PITR, "point_in_time_recovery {\n    enabled = = true"),
        (PITR, "point_in_time_recover {\n    enabled = true"),
        (PITR, "point_in_time_recovery {\n    enable = true"),
    ],
    ids=["value", "syntax", "name of a block", "name of an argument"],
)
def test_what_hangs_on_the_mistake_is_not_told(tree: Tree, right: str, wrong: str) -> None:
    tree.edit(MAIN, right, wrong)
    run = tree.run(*OF_TABLES)
    assert (len(run.those("error")), len(run.those("failed", "passed"))) == (1, 0), run.output


@pytest.mark.parametrize(
    "hiding",
    [
        '\nmodule "of_settings" {\n  source = "./nowhere"\n}\n',
        '\nblok "x" {\n}\n',
        '\nresource "aws_dynamodb_table" "tenants" {\n  name = "other"\n}\n',
    ],
    ids=["module", "block", "declared twice"],
)
def test_nothing_is_told_beside_a_mistake_that_keeps_something_from_being_read(
    tree: Tree, hiding: str
) -> None:
    tree.edit(MAIN, PITR, OFF)
    run = refused(tree, hiding)
    assert (len(run.those("error")), len(run.those("failed", "passed"))) == (1, 0), run.output


def test_it_is_the_same_when_it_is_replayed_and_in_several_processes(tree: Tree) -> None:
    tree.edit(MAIN, PITR, OFF)
    run = refused(tree, MISTAKE, *OF_TABLES, "--save-evidence=kept.json")
    replayed = tree.run("--evidence=kept.json", "-k", "test_tables")
    several = tree.run(*OF_TABLES, "-n", "2")
    assert len(failures(run)) == 1
    assert failures(replayed).keys() == failures(several).keys() == failures(run).keys()
    assert len(replayed.those("error")) == len(several.those("error")) == 1


def test_moto_holds_nothing_of_it(tree: Tree) -> None:
    tree.edit(MAIN, PITR, OFF)
    run = refused(tree, MISTAKE, "--env=sit", "--source=moto", "-k", "test_tables")
    assert failures(run) == {}
    assert len(run.those("error")) == 1
