"""Secrets of an account, and those that it is read with, are in no report, no log and no file left behind."""

from pathlib import Path

import pytest

from plumbline.report.formats import FORMATS
from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import run_suite
from selftest.leaks.planted import IN_USE, OWNER, SECRETS, WRONG_OWNER, planted
from selftest.stacks.bbws import BBWS

VERBOSE = ("-vv", "--log-level=DEBUG", "-rA", "--showlocals")


def reports(folder: Path) -> list[str]:
    """The options that write every report but Allure's into a folder."""
    formats = (path.stem for path in FORMATS.glob("[!_]*.py"))
    named = [f"--{name.replace('_', '-')}={folder / name}" for name in formats]
    return [*named, f"--junitxml={folder / 'junit.xml'}", f"--log-file={folder / 'log'}"]


def let_out(account: Applied, owner: str, folder: Path, *arguments: str) -> dict[str, list[str]]:
    """Run live with every report, and return where each of these words is found afterwards."""
    temporary = folder / "temporary"
    temporary.mkdir()
    variables = account.variables | IN_USE | {"TMPDIR": str(temporary)}
    with planted(account, owner):
        run = run_suite(
            "--env", "bbws/dev", "--live", *VERBOSE, *arguments, *reports(folder), variables=variables
        )
    assert run.exit_code == 1, run.output
    left = {str(path): path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()}
    told = left | {"the terminal": run.output}
    words = SECRETS | {"the owner": owner}
    return {word: found for word, it in words.items() if (found := [at for at in told if it in told[at]])}


@only(BBWS, "dev")
@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_live_run_lets_out_no_secret_and_leaves_no_file(
    applied: Applied, tmp_path: Path, processes: str
) -> None:
    found = let_out(applied, OWNER, tmp_path, "-n", processes)
    assert found.keys() == {"the owner"}, found
    assert list((tmp_path / "temporary").glob("plumbline*")) == []


@only(BBWS, "dev")
def test_allure_shows_no_secret(applied: Applied, tmp_path: Path) -> None:
    assert let_out(applied, OWNER, tmp_path, f"--alluredir={tmp_path}").keys() == {"the owner"}


@only(BBWS, "dev")
def test_a_tag_that_differs_is_shown_and_no_other(applied: Applied, tmp_path: Path) -> None:
    found = let_out(applied, WRONG_OWNER, tmp_path)
    assert "the terminal" in found.pop("the owner")
    assert found == {}
