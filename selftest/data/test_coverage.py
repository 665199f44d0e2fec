"""`python -m plumbline coverage`: every invariant is told once, and the README tells it as it is."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plumbline.expectations.invariant import SOURCES
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from selftest.front_door import REPOSITORY

FIXTURES = REPOSITORY / "fixtures"
README = REPOSITORY / "README.md"
GROUPS = ("asserted", "advisory", "out of reach", "not asserted yet")


def coverage(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plumbline", "coverage", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


@pytest.fixture
def fixtures(tmp_path: Path) -> Path:
    """A copy of the data, in which bbws-acct-01 is out of reach instead of asserted."""
    for name in ("stacks", "runbooks"):
        shutil.copytree(FIXTURES / name, tmp_path / name)
    change(tmp_path, "    test: account.identity\n", "    out_of_reach: nobody can tell\n")
    return tmp_path


def change(fixtures: Path, old: str, new: str) -> None:
    path = fixtures / "runbooks" / "bbws" / "6.5-emergency-contacts.yaml"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_the_readme_tells_what_is_asserted_now(tmp_path: Path) -> None:
    copied = Path(shutil.copy(README, tmp_path))
    assert coverage("--into", copied).returncode == 0
    assert copied.read_text() == README.read_text(), "run: python -m plumbline coverage --into README.md"


def test_each_stack_has_a_page_that_tells_it_as_it_is_now(tmp_path: Path) -> None:
    assert coverage("--pages", tmp_path).returncode == 0
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text() for path in (REPOSITORY / "docs" / "stacks").iterdir()}
    told = {name: re.sub(r"\]\([^)]*?fixtures/", "](../../fixtures/", text) for name, text in written.items()}
    assert told == kept, "run: python -m plumbline coverage --pages docs/stacks"


def test_a_page_names_each_invariant_once_and_what_is_assumed(fixtures: Path, tmp_path: Path) -> None:
    assert coverage("--pages", tmp_path / "p", "--stack", "bbws", "--stacks", fixtures).returncode == 0
    told = (tmp_path / "p" / "bbws.md").read_text()
    runbook = Runbook.of(Stack(FIXTURES / "stacks" / "bbws.yaml"), FIXTURES / "runbooks")
    assert sorted(re.findall(r"^\| `(bbws-\w+-\d+)` \|", told, re.MULTILINE)) == sorted(runbook.invariants)
    assert re.search(r"^\| `bbws-acct-01` \|.*\| out of reach: nobody can tell \|$", told, re.MULTILINE)
    assert "| `bbws.yaml:58` | `most_hours_between_backups: 26` | a backup each day |" in told


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    ended = coverage("--pages", tmp_path / "taken", "--stack", "bbws")
    assert (ended.returncode, ended.stderr) == (
        2,
        f"{tmp_path}/taken/bbws.md cannot be written: File exists\n",
    )


def test_every_invariant_is_in_one_group(fixtures: Path) -> None:
    found = json.loads(coverage("--json", "--stacks", fixtures).stdout)["bbws"]
    told = [key for group in GROUPS for key in found[group]]
    runbook = Runbook.of(Stack(FIXTURES / "stacks" / "bbws.yaml"), FIXTURES / "runbooks")
    assert sorted(told) == sorted(runbook.invariants)
    assert len(told) == found["invariants"]
    assert found["out of reach"] == {"bbws-acct-01": "nobody can tell"}


def test_every_source_is_counted() -> None:
    found = json.loads(coverage("--json").stdout)["bbws"]
    assert {source.partition(" --")[0] for source in found["on"]} == {
        source for sources in SOURCES.values() for source in sources
    }
    for source, number in found["on"].items():
        assert number == sum(source in sources for sources in found["asserted"].values()) > 0


def test_text_and_table_say_what_the_json_says(fixtures: Path) -> None:
    found = json.loads(coverage("--json", "--stacks", fixtures).stdout)["bbws"]
    text = coverage("--stacks", fixtures).stdout
    copied = Path(shutil.copy(README, fixtures))
    coverage("--into", copied, "--stacks", fixtures)
    [row] = re.findall(r"^\| bbws \| (.*) \|$", copied.read_text(), re.MULTILINE)
    groups = [len(found[group]) for group in GROUPS]
    assert row.split(" | ") == [
        str(number) for number in (found["invariants"], groups[0], *found["on"].values(), *groups[1:])
    ]
    assert f"bbws: {groups[0]} of {found['invariants']} invariants asserted" in text
    for told in (text, copied.read_text()):
        assert "nobody can tell" in told


def test_a_sentence_that_there_is_not_is_counted_nowhere(fixtures: Path) -> None:
    change(fixtures, "    out_of_reach: nobody can tell\n", "    test: account.identty\n")
    told = coverage("--stacks", fixtures)
    assert told.returncode == 2
    assert "no test asserts 'account.identty' of bbws-acct-01 (did you mean account.identity?)" in told.stderr


def test_what_is_asserted_is_not_out_of_reach(fixtures: Path) -> None:
    both = "    out_of_reach: nobody can tell\n    test: account.identity\n"
    change(fixtures, "    out_of_reach: nobody can tell\n", both)
    run = coverage("--stacks", fixtures)
    assert run.returncode == 2
    assert re.search(r"6\.5-emergency-contacts\.yaml:\d+: bbws-acct-01 is asserted by a test", run.stderr)


@pytest.mark.parametrize(("name", "reason"), [("README", "cannot be read"), ("empty.md", "lacks the lines")])
def test_a_file_to_write_into_must_have_a_place_for_it(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "empty.md").write_text("")
    run = coverage("--into", tmp_path / name)
    assert run.returncode == 2
    assert f"{tmp_path / name} {reason}" in run.stderr


def test_what_is_not_asked_of_a_resource_is_told_with_the_reason() -> None:
    told = coverage("--not-asked", "dev/terraform-locks").stdout.splitlines()
    assert "bbws-ddb-10 bbws/dev/terraform-locks: the runbook asks it of others" in told
    assert (
        "bbws-ddb-08 bbws/dev/terraform-locks: the stack expects nothing of its indexes, index_attributes"
        in told
    )
    assert all("dev/terraform-locks" in line for line in told)
    looked_back = coverage("--not-asked", "bbws-rep-12").stdout
    assert "it asks what happened, and no --window is looked back on" in looked_back


def test_a_word_of_which_everything_is_asked_is_told() -> None:
    run = coverage("--not-asked", "bbws-inv-01 bbws/dev/all-tables/hcl")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "everything is asked of bbws-inv-01 bbws/dev/all-tables/hcl\n"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nothing-of-this-name", ": WORD is an id, a"),
        ("tenats", " (did you mean tenants?): WORD is an id, a"),
    ],
)
def test_a_word_that_nothing_is_called_by_is_refused(word: str, said: str) -> None:
    run = coverage("--stack", "bbws", "--not-asked", word)
    assert (run.returncode, run.stdout) == (2, "")
    assert f"nothing is called {word!r}{said}" in run.stderr


def test_every_kind_that_nothing_lists_is_told() -> None:
    told = coverage("--stack", "bbws", "--not-asked", "listed").stdout.splitlines()
    assert "not listed: roles of bbws: no inventory lists them" in "\n".join(told)
    assert len(told) > 10
    assert not any(" tables of bbws" in it for it in told)
