"""Sentences are found wherever their author puts them under tests/."""

from selftest.input.tree import Tree


def test_files_in_two_folders_may_have_one_name(tree: Tree) -> None:
    sentences = tree.path / "tests"
    (sentences / "s3" / "test_public_access.py").rename(sentences / "s3" / "test_account.py")
    assert (sentences / "account" / "test_account.py").is_file()
    run = tree.run("--env=sit", "--source=moto", "-k", "test_account.py")
    assert run.exit_code == 0, run.output
    assert run.invariants("passed") == {"bbws-acct-01", "bbws-s3-06"}
