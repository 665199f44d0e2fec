"""Each YAML carries the number of its format: another one is refused, with what to do about it."""

import pytest

from selftest.input.tree import RUNBOOK, STACK, TABLE_NOT_FOUND, Tree, assert_refused

FILES = (STACK, RUNBOOK, TABLE_NOT_FOUND)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("old", ["", "format: 1\n"], ids=["absent", "older"])
def test_an_older_format_is_refused_with_what_to_change(tree: Tree, file: str, old: str) -> None:
    tree.edit(file, "format: 2\n", old)
    said = (
        "of format 1, and this Plumbline reads format 2; to migrate it, write `format: 2` as its first line"
    )
    assert_refused(tree.run(), f"{file}:", said, "(docs/formats.md)")


@pytest.mark.parametrize("file", FILES)
def test_a_newer_format_says_which_plumbline_is_needed(tree: Tree, file: str) -> None:
    tree.edit(file, "format: 2\n", "format: 3\n")
    place = f"{file}:{tree.line(file, 'format: 3')}"
    said = "format 3 is newer than this Plumbline, which reads format 2; use a Plumbline that reads format 3"
    assert_refused(tree.run(), f"{place}: {said}")


@pytest.mark.parametrize("number", ["true", "two", "0", "'2'", "[2]"])
def test_what_is_no_number_of_a_format_is_refused(tree: Tree, number: str) -> None:
    tree.edit(STACK, "format: 2\n", f"format: {number}\n")
    assert_refused(tree.run(), f"{STACK}:{tree.line(STACK, 'format:')}: format is ", "it is a number, now 2")


def test_a_runbook_as_it_was_written_before_is_told_each_change(tree: Tree) -> None:
    tree.edit(TABLE_NOT_FOUND, "format: 2\n", "")
    tree.edit(TABLE_NOT_FOUND, "      account:", "      aws:")
    run = tree.run()
    assert_refused(run, "in each remedy call `aws` `account` and `terraform` `source`")
    assert "unknown key" not in run.complained
