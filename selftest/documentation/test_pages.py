"""What pages tell is what the code does: generated pages are not stale, tables are whole, commands work."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs.options import PAGE, page
from plumbline import __version__
from plumbline.__main__ import main
from plumbline.commands.demo import ACCOUNT
from plumbline.report.extensions.allure import STATUSES
from plumbline.report.formats import formats, option_of
from plumbline.report.writing import EXTENDED
from plumbline.suite.finding import SIGNS
from selftest.documentation.pages import pages, shell, text
from selftest.front_door import REPOSITORY, neutral_variables, run_cold

DOCS = REPOSITORY / "docs"
OPTION = re.compile(r"--[a-z][a-z-]+")
OF_PYTEST = {"--alluredir", "--html", "--junitxml", "--import-mode", "--co", "--collect-only"}


IN_THE_PACKAGE = re.compile(r"`([a-z_]+/(?:[a-z_]+(?:/|\.py))*)`")
"""A folder or a module of the package, as the page of its architecture names it: `suite/reads.py`."""
ELSEWHERE = ("selftest/", "fixtures/", "terraform/<stack>/", "tests/", "plumbline/", "docs/")


def plumbline(*words: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    variables = neutral_variables() | {"PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-m", "plumbline", *words],
        cwd=cwd,
        env=variables,
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_the_reference_of_the_kinds_is_what_is_printed() -> None:
    printed = plumbline("kinds")
    assert printed.returncode == 0, printed.stderr
    is_stale = (DOCS / "kinds-reference.md").read_text("utf-8") != printed.stdout
    assert not is_stale, "write it again: python -m plumbline kinds > docs/kinds-reference.md"


def test_one_kind_is_told_by_its_noun_and_by_its_section(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds", "table"]) == 0
    by_noun = capsys.readouterr().out
    assert main(["kinds", "tables"]) == 0
    assert capsys.readouterr().out == by_noun
    assert "| `point_in_time_recovery` | true or false |" in by_noun
    row = next(line for line in by_noun.splitlines() if line.startswith("| `expires_by` |"))
    assert "text or null | The attribute that holds when an item expires" in row
    assert row.endswith("| `dynamodb.time-to-live` |")
    assert "(`dynamodb:" not in by_noun
    assert "`dynamodb:DescribeContinuousBackups`" in by_noun


def test_a_kind_is_told_where_no_stacks_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["kinds", "table"]) == 0
    assert "| `dynamodb.time-to-live` |" in capsys.readouterr().out
    assert main(["kinds", "table", "--stacks", "nowhere"]) == 2


def test_a_kind_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kinds", "tabel"]) == 2
    assert capsys.readouterr().err == "no kind is called 'tabel' (did you mean table?)\n"


def test_the_page_of_options_is_what_there_is() -> None:
    is_stale = PAGE.read_text("utf-8") != page()
    assert not is_stale, "write it again: python -m docs.options"


def test_the_page_of_outcomes_has_every_one_with_its_sign() -> None:
    rows = [[it.strip() for it in line.split("|")[1:-1]] for line in text(DOCS / "outcomes.md").splitlines()]
    told = {row[1]: row for row in rows if len(row) == 7 and row[1] in SIGNS}
    assert {name: row[0] for name, row in told.items()} == dict(SIGNS)
    assert {name: row[5] for name, row in told.items()} == STATUSES


def test_the_page_of_reports_has_every_one() -> None:
    told = text(DOCS / "reports.md")
    for name in dict(formats()):
        assert f"`{option_of(name)} FILE`" in told
    assert {*EXTENDED} == {"allure", "github", "junit"}
    for words in (
        "--alluredir DIR",
        "GITHUB_ACTIONS",
        "--junitxml FILE",
        "--notify URL",
        "--results-dir DIR",
    ):
        assert f"`{words}`" in told


@pytest.mark.parametrize("page_", pages(), ids=lambda it: str(it.relative_to(REPOSITORY)))
def test_what_is_to_be_typed_is_there(page_: Path) -> None:
    known = {*OPTION.findall(text(PAGE)), *OF_PYTEST}
    for line in shell(page_):
        words = line.replace("python -m plumbline", "plumbline").split()
        if words[0] == "plumbline" and len(words) > 1:
            [command] = re.findall(
                rf"^### {re.escape(f'plumbline {words[1]}')}\n(?:(?!^###).*\n?)*", text(PAGE), re.MULTILINE
            )
            assert {*OPTION.findall(line)} <= {*OPTION.findall(command)}, line
        elif words[0] == "pytest":
            assert {*OPTION.findall(line)} <= known, line
        elif words[0] == "make":
            targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
            assert {it for it in words[1:] if "=" not in it} <= {*targets}, line


def test_what_contributors_are_told_to_type_is_there() -> None:
    told = re.findall(r"`python -m ([\w.]+)", text(REPOSITORY / "CONTRIBUTING.md"))
    assert told
    assert [it for it in told if find_spec(it) is None] == []


def test_getting_started_works_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    shutil.copytree(ACCOUNT / "terraform", tmp_path / "infra/terraform")
    ended = []
    for line in shell(DOCS / "getting-started.md"):
        program, *words = shlex.split(line)
        if program == "pip" or "--live" in words:
            continue
        if program == "plumbline":
            to = words[words.index(">") + 1] if ">" in words else ""
            run = plumbline(*words[: words.index(">")] if to else words, cwd=tmp_path)
        else:
            variables = neutral_variables() | {"PYTHONPATH": str(REPOSITORY)}
            run = run_cold(["-p", "plumbline.entry", *words], tmp_path, variables)
        ended.append((line.split(" --")[0], run.returncode))
        assert "Traceback" not in run.stdout + run.stderr, line
    assert ended == [
        ("plumbline demo", 1),
        ("plumbline init shop", 0),
        ("pytest", 0),
        ("plumbline policy", 0),
        ("pytest", 0),
        ("pytest", 0),
    ]


def test_the_version_is_said_and_the_changelog_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"plumbline {__version__}\n"
    changelog = text(REPOSITORY / "CHANGELOG.md")
    released = re.findall(r"^## (\d\S*)", changelog, re.MULTILINE)
    assert __version__ == (
        released[0] if released else re.findall(r"first release will be (\S+)\.\n", changelog)[0]
    )


def test_the_architecture_names_what_there_is_and_every_folder() -> None:
    package, told = REPOSITORY / "plumbline", text(DOCS / "architecture.md")
    named = {it for it in IN_THE_PACKAGE.findall(told) if not it.startswith(ELSEWHERE)}
    assert len(named) > 20
    assert [it for it in sorted(named) if not (package / it).exists()] == []
    [layers] = re.findall(r"^    (commands -> .*)$", told, re.MULTILINE)
    folders = {it.parent.name for it in package.glob("*/__init__.py")}
    assert {*re.split(r" -> | \| ", layers)} == folders


def test_the_architecture_says_where_options_stand() -> None:
    [module] = re.findall(r"^\| option \| `(.*?)\.py`", text(DOCS / "architecture.md"), re.MULTILINE)
    found = importlib.import_module(f"plumbline.{module.replace('/', '.')}")
    assert "--terraform" in found.OPTIONS
