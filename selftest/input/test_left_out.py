"""What hooks and settings of a repository leave out, or set up, for its own tests is not so for sentences."""

import pytest

from selftest.input.tree import Tree

CONFTEST = """\
import pytest

def pytest_addoption(pluginmanager):
    pluginmanager.import_plugin("plumbline.plugin")

@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
"""
ONE_TABLE = ("--env=sit", "--source=hcl", "tests/dynamodb")


def test_what_a_hook_drops_without_a_word_is_undetermined(tree: Tree) -> None:
    (tree.path / "conftest.py").write_text(
        f"{CONFTEST}    items[:] = [it for it in items if 'tenants' not in it.name]\n"
    )
    run = tree.run(*ONE_TABLE)
    assert run.exit_code == 0, run.output
    dropped = [it for it in run.outcomes.values() if it.resource == "bbws-tenants-sit"]
    assert dropped
    assert {it.verdict for it in dropped} == {"skipped"}
    assert "a hook left it out (pytest_collection_modifyitems)" in run.printed
    assert f"{len(dropped)} undetermined" in run.printed
    assert tree.run(*ONE_TABLE, "--fail-on=undetermined").exit_code == 1
    assert "undetermined" not in tree.run(*ONE_TABLE, "-k", "products").printed


def test_what_a_hook_deselects_is_pytests_to_tell(tree: Tree) -> None:
    (tree.path / "conftest.py").write_text(
        f"{CONFTEST}    items[0].config.hook.pytest_deselected(items=items[10:])\n    del items[10:]\n"
    )
    run = tree.run(*ONE_TABLE)
    assert run.exit_code == 0, run.output
    assert "deselected" in run.printed
    assert "undetermined" not in run.printed


def test_who_is_skipped_speaks_for_nobody(tree: Tree) -> None:
    """Or nothing would say that the table is not there."""
    (tree.path / "conftest.py").write_text(
        f"{CONFTEST}"
        "    for it in items:\n"
        "        if 'table_exists' in it.name:\n"
        "            it.add_marker(pytest.mark.skip(reason='later'))\n"
    )
    tree.edit("terraform/bbws/dynamodb/main.tf", "bbws-tenants-", "bbws-other-")
    run = tree.run(*ONE_TABLE)
    assert run.exit_code == 1, run.output
    assert [it.resource for it in run.outcomes.values() if it.verdict == "failed"] == ["bbws-tenants-sit"]


def test_what_every_test_of_a_repository_uses_is_not_used_by_sentences(tree: Tree) -> None:
    settings = tree.path / "pytest.ini"
    settings.write_text(settings.read_text() + "usefixtures = database_of_theirs\n")
    assert "✓ Pre-deployment tests passed" in tree.run(*ONE_TABLE).printed


def test_a_run_ends_as_its_sentences_whatever_a_hook_makes_of_that(tree: Tree) -> None:
    (tree.path / "conftest.py").write_text(
        f"{CONFTEST}    pass\n\ndef pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
    )
    assert tree.run(*ONE_TABLE).exit_code == 0
    assert tree.run(*ONE_TABLE, "-k", "P9").exit_code == 5
    tree.edit("terraform/bbws/dynamodb/main.tf", "enabled = true", "enabled = false")
    run = tree.run(*ONE_TABLE)
    assert run.exit_code == 1, run.output
    assert "✗ Pre-deployment tests failed" in run.printed


@pytest.mark.parametrize(
    "hook",
    [
        "@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_call(item):\n    item.runtest = lambda: None\n",
        "@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_makereport(call):\n    call.excinfo = None\n",
    ],
)
def test_a_sentence_that_a_hook_let_pass_is_broken(tree: Tree, hook: str) -> None:
    tree.edit("terraform/bbws/dynamodb/main.tf", "enabled = true", "enabled = false")
    (tree.path / "conftest.py").write_text(f"{CONFTEST}    pass\n\n{hook}")
    run = tree.run(*ONE_TABLE, "-k", "recovery")
    assert run.exit_code == 1, run.output
    assert "it did not pass by itself" in run.printed.replace("\n              ", " ")
