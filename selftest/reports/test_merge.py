"""`python -m plumbline merge`: several results files, one page and one verdict, no tick too many."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from plumbline.__main__ import main
from plumbline.commands import merge
from selftest.front_door import REPOSITORY
from selftest.github.test_linters import PLACES, linted
from selftest.input.tree import DYNAMODB, copy_suite

DOCUMENTED = (REPOSITORY / "docs/merging.md").read_text()
SECRET = "AKIA" + "IOSFODNN7EXAMPLQ"
DAY = "2026-01-0{}T02:17:00Z"


def ended(name: str, outcome: str = "passed", env: str = "sit", **more: Any) -> dict[str, Any]:
    """How one test ended, as a results file has it."""
    about = {"test": f"t.py::test_x[shop/{env}/{name}/hcl]", "invariant": "shop-01", "stack": "shop"}
    about |= {"environment": env, "account": "1", "region": "r", "source": "hcl", "kind": "table"}
    fails = outcome in ("failed", "error", "broken")
    told = {"key": name, "resource": name, "severity": "P2", "outcome": outcome, "fails": fails}
    return {**about, **told, **more}


@dataclass(frozen=True)
class Folder:
    """Results files that a proof makes."""

    path: Path

    def file(self, name: str, *tests: dict[str, Any], day: int = 1, **more: Any) -> str:
        """Write a results file with these tests; return its path."""
        envs = sorted({it["environment"] for it in tests})
        run = {"format": 1, "written": DAY.format(day), "environments": {"shop": envs}, "sources": ["hcl"]}
        ran = {"whole": True, "collected": len(tests), "ended": len(tests), "verdict": f"of {name}"}
        (self.path / name).write_text(json.dumps({**run, **ran, "results": tests, **more}))
        return str(self.path / name)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def merged(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Merge files: the exit code, what is printed, and what is complained of."""

    def run(*words: str) -> tuple[int, str, str]:
        code = main(["merge", *words])
        return code, *capsys.readouterr()

    return run


Merge = Callable[..., tuple[int, str, str]]


def rows(page: Path) -> list[dict[str, Any]]:
    """What a page has of each test, in the order of their ids."""
    [data] = re.findall(r'id="findings">(.*?)</script>', page.read_text(), re.DOTALL)
    return sorted(json.loads(data), key=lambda it: str(it["test"]))


def test_the_page_shows_of_each_test_what_its_own_run_showed(tmp_path: Path, merged: Merge) -> None:
    (tmp_path / "suite").mkdir()
    tree = copy_suite(tmp_path / "suite")
    asked = ("--source=hcl", "tests/dynamodb")
    files, pages = [], []
    for env, edited in (("dev", False), ("sit", True)):
        if edited:
            tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", "enabled = false")
        files.append(str(tmp_path / f"{env}.json"))
        pages.append(tmp_path / f"{env}.html")
        run = tree.run(f"--env={env}", *asked, f"--results={files[-1]}", f"--html={pages[-1]}")
        assert run.exit_code == edited
    page = tmp_path / "all.html"
    code, printed, _ = merged(*files, f"--html={page}", "--expect=bbws/dev", "--expect=bbws/sit")
    assert code == 1
    told = re.search(r"^✗ Pre-deployment tests failed \((\d+)/(\d+)\): 1 failed$", printed, re.MULTILINE)
    assert told, printed
    both = sorted((row for it in pages for row in rows(it)), key=lambda it: str(it["test"]))
    assert rows(page) == both
    assert [int(it) for it in told.groups()] == [len(both) - 1, len(both)]
    assert f"<title>{told[0]}</title>" in page.read_text()
    assert "✗ P3  bbws-ddb-15  bbws-tenants-sit" in printed
    assert "found in  bbws/sit on hcl" in printed
    assert re.search(rf"^{re.escape(files[0])}, .* UTC: ✓ Pre-deployment tests passed", printed, re.MULTILINE)


WORST: dict[str, tuple[dict[str, Any], dict[str, Any], int, str]] = {
    "all passed": (ended("a"), {}, 0, "✓ Pre-deployment tests passed (2/2)"),
    "one failed": (ended("a", "failed"), {}, 1, "✗ Pre-deployment tests failed (1/2): 1 failed"),
    "one unread": (ended("a", "error"), {}, 1, "✗ Pre-deployment tests failed (1/2): 1 error"),
    "let pass": (ended("a", "failed", fails=False), {}, 0, "1 of them let pass by --fail-on"),
    "never let pass": (ended("a", "error", fails=False), {}, 1, "✗ Pre-deployment tests failed"),
    "undetermined that fails": (
        ended("a", "undetermined", fails=True),
        {},
        1,
        "1 undetermined (which fails the run)",
    ),
    "interrupted": (ended("a"), {"whole": False}, 2, "! Pre-deployment tests did not all run (2/2)"),
    "fewer ended": (ended("a"), {"collected": 3}, 2, "a.json interrupted: 1 of 3 ran"),
    "fewer results": (ended("a"), {"collected": 3, "ended": 3}, 2, "a.json interrupted: 1 of 3 ran"),
    "tests of others": (ended("a"), {"collected": 3, "ended": 3, "others": 2}, 0, "passed (2/2)"),
    "others failed": (ended("a"), {"others_failed": 1}, 1, "1 test of something else failed"),
    "unwritten": (ended("a"), {"unwritten": ["p.html"]}, 1, "! Pre-deployment tests are not all reported"),
    "nothing determined": (ended("a", "undetermined"), {}, 5, "? Pre-deployment tests determined nothing"),
    "no results": (ended("a"), {"results": [], "others": 1}, 5, "a.json determined nothing"),
    "failed before interrupted": (ended("a", "failed"), {"whole": False}, 1, "✗ Pre-deployment tests failed"),
}


@pytest.mark.parametrize("how", WORST)
def test_the_worst_counts(folder: Folder, merged: Merge, how: str) -> None:
    one, more, code, told = WORST[how]
    exit_code, printed, complained = merged(
        folder.file("a.json", one, **more), folder.file("b.json", ended("a", env="prod"))
    )
    assert (exit_code, complained) == (code, "")
    assert told in printed
    assert printed.count("✓ Pre-deployment") == (code == 0)


def test_what_is_expected_and_not_told_of_is_no_success(folder: Folder, merged: Merge) -> None:
    given = (folder.file("a.json", ended("a")), "--expect=shop/sit")
    assert merged(*given)[0] == 0
    code, printed, _ = merged(*given, "--expect=shop/prod")
    assert code == 2
    assert "! Pre-deployment tests did not all run (1/1): nothing is told of shop/prod\n" in printed
    assert "nothing is told of shop/\\x1b[2J\n" in merged(*given, "--expect=shop/\x1b[2J")[1]


def test_no_line_that_is_printed_is_a_command_of_a_runner(folder: Folder, merged: Merge) -> None:
    """A value has blanks in it, and what stands behind one may begin the next line of a card."""
    values = (json.dumps("a" * number + " ::error file=x.tf::told") for number in range(20, 60))
    wrong = ({"field": "tags.Owner", "expected": '"shop"', "observed": it} for it in values)
    tests = (ended(f"t{at}", "failed", differences=[it]) for at, it in enumerate(wrong))
    _, printed, _ = merged(folder.file("a.json", *tests))
    assert "::error file=x.tf::told" in printed
    assert not [it for it in printed.splitlines() if it.lstrip().startswith("::")]


@pytest.mark.parametrize("word", ["sit", "shop/", "/sit", "shop/sit/hcl", ""])
def test_an_environment_is_named_with_its_stack(folder: Folder, merged: Merge, word: str) -> None:
    code, printed, complained = merged(folder.file("a.json", ended("a")), f"--expect={word}")
    assert (code, printed) == (2, "")
    assert f"--expect {word}: an environment is named with its stack, STACK/ENV" in complained


def test_two_files_about_one_test_are_refused(folder: Folder, merged: Merge) -> None:
    one = folder.file("a.json", ended("a", "failed"), ended("b"))
    other = folder.file("b.json", ended("a"), ended("c"), day=2)
    code, printed, complained = merged(one, other)
    assert (code, printed) == (2, "")
    assert f"{one} and {other} both tell of t.py::test_x[shop/sit/a/hcl] on hcl: " in complained
    assert "--latest" in complained
    code, printed, complained = merged(one, other, "--latest")
    assert (code, printed) == (2, "")
    assert "the later one does not tell all of the other" in complained


def test_a_file_that_is_given_twice_counts_once(folder: Folder, merged: Merge) -> None:
    one = folder.file("a.json", ended("a"))
    shutil.copy(one, folder.path / "b.json")
    code, printed, _ = merged(one, one, str(folder.path / "b.json"))
    assert code == 0
    assert "passed (1/1)" in printed


def test_a_job_that_was_retried_counts_as_it_ended_last(folder: Folder, merged: Merge) -> None:
    first = folder.file("a.json", ended("a", "failed"), whole=False, collected=2)
    last = folder.file("b.json", ended("a"), ended("b"), day=2)
    for order in ((first, last), (last, first)):
        code, printed, _ = merged(*order, "--latest")
        assert code == 0
        assert f"Passed over: {first}, since {last} tells the same of a later run" in printed
    worse = folder.file("b.json", ended("a", "failed"), ended("b"), day=2)
    assert merged(folder.file("a.json", ended("a"), ended("b")), worse, "--latest")[0] == 1


@pytest.mark.parametrize(
    "last",
    [
        {"whole": False},
        {"collected": 1, "ended": 1, "results": [ended("a")]},
        {"written": DAY.format(1)},
        {"results": [ended("a"), ended("b", account="2")]},
    ],
    ids=["interrupted", "of what failed alone", "of the same time", "of another account"],
)
def test_a_retry_that_does_not_tell_all_replaces_nothing(
    folder: Folder, merged: Merge, last: dict[str, Any]
) -> None:
    first = folder.file("a.json", ended("a", "failed"), ended("b"))
    later = folder.file("b.json", ended("a"), ended("b"), **{"written": DAY.format(2), **last})
    assert merged(first, later, "--latest")[0] == 2


def test_what_could_not_be_collected_twice_is_told_twice(folder: Folder, merged: Merge) -> None:
    broken = ended("a", "broken", stack="", environment="", source="", test="tests/x.py")
    files = [folder.file(name, broken, ended("a", env=name)) for name in ("dev", "sit")]
    code, printed, _ = merged(*files)
    assert code == 1
    assert "2 broken" in printed


SPOILED: dict[str, tuple[str, str]] = {
    "empty": ("", "is empty: "),
    "cut off": ('{"format": 1, "results": [', "is no JSON"),
    "deep": ("[" * 100_000, "is no JSON"),
    "of no text": ("\0", "is no JSON"),
    "newer": ('{"format": 2, "results": []}', "is of format 2, and this Plumbline reads format 1"),
    "evidence": (
        '{"format": 1, "taken": "2026-01-01T00:00:00Z", "environments": {}}',
        "is an evidence file, which holds no verdicts; write it again: pytest --results FILE",
    ),
    "of something else": ("[1]", "is neither what --results nor what --save-evidence writes"),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_of_no_use_is_named(folder: Folder, merged: Merge, how: str) -> None:
    text, told = SPOILED[how]
    path = folder.path / "spoiled.json"
    path.write_text(text)
    code, printed, complained = merged(folder.file("a.json", ended("a")), str(path))
    assert (code, printed) == (2, "")
    assert f"{path} {told}" in complained


def test_a_file_that_does_not_say_what_fails_its_run_is_no_success(folder: Folder, merged: Merge) -> None:
    code, _, complained = merged(folder.file("a.json", ended("a", "failed", fails=None)))
    assert code == 2
    assert "a.json is of an older Plumbline and does not say what fails it; write it again" in complained


def test_a_folder_and_a_pattern_without_a_file_are_refused(folder: Folder, merged: Merge) -> None:
    assert f"{folder.path} is a folder: name the files in it" in merged(str(folder.path))[2]
    assert "*.json matches no file" in merged(f"{folder.path}/none/*.json")[2]
    assert "*/results.json matches no file" in merged(f"{folder.path}/*/results.json")[2]
    assert "cannot be read: File name too long" in merged(f"{folder.path}/{'x' * 300}")[2]
    code, printed, complained = merged(f"{folder.path}/gone.json")
    assert (code, printed) == (2, "")
    assert "gone.json cannot be read: No such file" in complained


def test_no_file_at_all_is_wrong_usage(merged: Merge) -> None:
    with pytest.raises(SystemExit, match="2"):
        merged()


@pytest.mark.parametrize("place", ["", "gone/page.html"])
def test_a_page_that_cannot_be_written_is_refused(folder: Folder, merged: Merge, place: str) -> None:
    code, printed, complained = merged(folder.file("a.json", ended("a")), f"--html={folder.path / place}")
    assert (code, printed) == (2, "")
    assert "cannot be written: " in complained


def test_a_full_disk_is_no_success(folder: Folder, merged: Merge) -> None:
    full = folder.path / "full"
    full.symlink_to("/dev/full")
    code, printed, _ = merged(folder.file("a.json", ended("a")), f"--html={full}")
    assert code == 1
    assert f"ERROR: {full} cannot be written: No space left on device" in printed


def test_what_a_file_holds_is_shown_as_a_run_shows_it(folder: Folder, merged: Merge) -> None:
    """The file was changed by somebody: secrets, escapes, markup, and a link that does something."""
    evil = ended(
        "a",
        "failed",
        message=f"\x1b[2J::error::<script>x</script> {SECRET}",
        card={"remedy": [f"aws --password {SECRET}"], "statement": "\u202eturned"},
    )
    page = folder.path / "page.html"
    more = {"verdict": f"\x1b]0; {SECRET}", "examined": [f"<b>{SECRET}"], "unwritten": [f"\x07{SECRET}"]}
    code, printed, _ = merged(folder.file("a.json", evil, **more), f"--html={page}")
    assert code == 1
    for text in (printed, page.read_text()):
        assert SECRET not in text
        assert not re.search("[\x07\x1b\u202e]", text)
    assert "<script>x" not in page.read_text()
    linked = folder.file("a.json", ended("a", "failed", card={"console": "javascript:alert(1)"}))
    code, _, complained = merged(linked)
    assert code == 2
    assert "results.0.card.console" in complained


def test_what_is_documented_can_be_typed() -> None:
    parser = argparse.ArgumentParser()
    merge.add_arguments(parser)
    commands = re.findall(r"^plumbline merge (.*)$", DOCUMENTED, re.MULTILINE)
    assert commands
    for it in commands:
        parser.parse_args(shlex.split(it))


def test_the_documented_workflow_passes_the_linters(tmp_path: Path) -> None:
    for place in PLACES:
        copy = shutil.copytree if (REPOSITORY / place).is_dir() else shutil.copy
        copy(REPOSITORY / place, tmp_path / place)
    [(path, text)] = re.findall(r"```yaml\n# (\S+)\n(.*?)```", DOCUMENTED, re.DOTALL)
    (tmp_path / path).write_text(text)
    assert linted(tmp_path) == ""
