"""Sentences are found wherever their author puts them under tests/."""

import subprocess
import sys

import pytest

from selftest.input.tree import Tree, assert_refused


def test_files_in_two_folders_may_have_one_name(tree: Tree) -> None:
    sentences = tree.path / "tests"
    (sentences / "s3" / "test_public_access.py").rename(sentences / "s3" / "test_account.py")
    assert (sentences / "account" / "test_account.py").is_file()
    run = tree.run("--env=sit", "--source=moto", "-k", "test_account.py")
    assert run.exit_code == 0, run.output
    assert run.invariants("passed") == {"bbws-s3-06"}


OWN = """\
import pytest

@pytest.mark.invariant("dynamodb.point-in-time-recovery")
def test_recovery(table, expected):
    assert table.point_in_time_recovery == expected.point_in_time_recovery
"""
PASSED_OVER = {
    "written again": (f"{OWN}\ndef test_recovery(): pass\n", "test_recovery: it is no test of its module"),
    "a condition": (
        OWN.replace("\n@", "\nif False:\n @").replace("\ndef", "\n def"),
        "stands under a condition",
    ),
    "marked as none": (f"{OWN}\ntest_recovery.__test__ = False\n", "`__test__` is False"),
    "a module of none": (f"{OWN}\n__test__ = False\n", "`__test__` is False"),
    "a missing library": (
        f'{OWN}\npytest.importorskip("nowhere")\n',
        "it skips itself (could not import 'nowhere'",
    ),
    "a skip": (f'pytest = __import__("pytest")\npytest.skip("no", allow_module_level=True)\n{OWN}', "(no)"),
}


@pytest.mark.parametrize(("text", "said"), PASSED_OVER.values(), ids=PASSED_OVER)
def test_a_sentence_that_would_be_passed_over_is_refused(tree: Tree, text: str, said: str) -> None:
    tables = tree.path / "tests/dynamodb/test_tables.py"
    before, marker, after = tables.read_text().partition(
        '@pytest.mark.invariant("dynamodb.point-in-time-recovery")'
    )
    assert marker
    tables.write_text(before + after.partition("\n\n\n")[2])
    (tree.path / "tests/dynamodb/test_recovery.py").write_text(text)
    for more in ((), ("-n", "2")):
        run = tree.run("--env=sit", "--source=hcl", *more)
        assert_refused(run, "tests/dynamodb/test_recovery.py", said)
    command = [sys.executable, "-m", "plumbline", "coverage"]
    told = subprocess.run(command, cwd=tree.path, capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert said in told.stderr


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig"])
def test_a_file_may_be_written_in_any_encoding_that_python_reads(tree: Tree, encoding: str) -> None:
    tables = tree.path / "tests/dynamodb/test_tables.py"
    text = f"# -*- coding: {encoding} -*-\n# caf\u00e9\n{tables.read_text()}"
    tables.write_bytes(text.replace("utf-8-sig", "utf-8").encode(encoding))
    run = tree.run("--env=sit", "--source=hcl", "-k", "ddb-15")
    assert len(run.those("passed")) == 3, run.output


def test_sentences_in_a_linked_folder_are_asked(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "dynamodb"
    (tree.path / "tests/dynamodb").rename(elsewhere)
    (tree.path / "tests/dynamodb").symlink_to(elsewhere, target_is_directory=True)
    run = tree.run("--env=sit", "--source=hcl", "-k", "ddb-15")
    assert len(run.those("passed")) == 3, run.output
