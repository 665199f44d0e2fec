"""--results-dir keeps a results file of each run, and says since when each finding is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_cold
from selftest.input.tree import DYNAMODB, Tree, assert_refused, copy_suite
from selftest.reports.test_merge import rows

SCHEMA = json.loads((REPOSITORY / "fixtures/schemas/results.json").read_text())
ASKED = ("--env=sit", "--source=hcl", "-k", "ddb-15", "tests/dynamodb", "-v")
Told = dict[str, Any]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree in which the recovery of one table is off."""
    tree = copy_suite(tmp_path_factory.mktemp("kept"))
    tree.edit(f"{DYNAMODB}/main.tf", "enabled = true", "enabled = false")
    return tree


@pytest.fixture(scope="module")
def first(tree: Tree, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What the first run keeps."""
    folder = tmp_path_factory.mktemp("first") / "runs"
    run = kept(tree, folder)
    assert run.exit_code == 1
    assert "since" not in run.printed
    [path] = folder.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z-bbws-sit-[0-9a-f]{12}\.json", path.name)
    held: Told = json.loads(path.read_text())
    jsonschema.validate(held, SCHEMA)
    assert "since" not in path.read_text()
    return held


def kept(tree: Tree, folder: Path, *more: str) -> SuiteRun:
    return tree.run(*ASKED, f"--results-dir={folder}", *more)


def earlier(told: Told, days: int, outcome: str = "failed", **more: Any) -> Told:
    """What was kept days ago by a run in which what fails now ended so."""
    written = datetime.fromisoformat(told["written"]) - timedelta(days=days)
    results = [{**it, "outcome": outcome} if it["fails"] else it for it in told["results"]]
    return {**told, "written": written.isoformat(), "results": results, **more}


HISTORIES: dict[str, tuple[Callable[[Told], list[Told]], tuple[int, str] | None]] = {
    "found before": (lambda it: [earlier(it, 1), earlier(it, 9), earlier(it, 5)], (9, "4 runs")),
    "gone in between": (lambda it: [earlier(it, 1), earlier(it, 2, "passed"), earlier(it, 3)], (1, "2 runs")),
    "not told in between": (
        lambda it: [earlier(it, 1), earlier(it, 2, "undetermined"), earlier(it, 3)],
        (1, "2 runs"),
    ),
    "not asked in between": (
        lambda it: [earlier(it, 1), earlier(it, 2, results=[]), earlier(it, 3)],
        (3, "3 runs; 1 in between did not ask"),
    ),
    "not asked before or after": (
        lambda it: [earlier(it, 1, results=[]), earlier(it, 2), earlier(it, 3, results=[])],
        (2, "2 runs; 1 in between did not ask"),
    ),
    "of other environments and sources in between": (
        lambda it: [
            earlier(it, 1, results=[], environments={"bbws": ["dev"]}),
            earlier(it, 2, results=[], sources=["plan"]),
            earlier(it, 3),
        ],
        (3, "2 runs"),
    ),
    "known and waived": (lambda it: [earlier(it, 1, "known"), earlier(it, 2, "waived")], (2, "3 runs")),
    "new": (lambda it: [earlier(it, 1, "passed"), earlier(it, 2)], None),
    "later": (lambda it: [earlier(it, -1)], None),
    "of another environment": (
        lambda it: [
            earlier(it, 1, results=[{**one, "environment": "dev"} for one in it["results"]]),
        ],
        None,
    ),
    "of another source": (
        lambda it: [earlier(it, 1, results=[{**one, "source": "plan"} for one in it["results"]])],
        None,
    ),
    "of another account": (
        lambda it: [earlier(it, 1, results=[{**one, "account": "2"} for one in it["results"]])],
        None,
    ),
}


@pytest.mark.parametrize("how", HISTORIES)
def test_since_is_the_first_run_that_found_it_without_a_gap(
    tree: Tree, first: Told, tmp_path: Path, how: str
) -> None:
    history, told = HISTORIES[how]
    made = history(first)
    for number, it in enumerate(made):
        (tmp_path / f"{number}.json").write_text(json.dumps(it))
    page, incident = tmp_path / "page.html", tmp_path / "incident.txt"
    several = ("-n", "2") if how == "found before" else ()
    run = kept(tree, tmp_path, f"--html={page}", f"--incident={incident}", *several)
    assert run.exit_code == 1
    assert len([*tmp_path.glob("*.json")]) == len(made) + 1
    shown = {it["since"] for it in rows(page) if "since" in it}
    if told is None:
        assert shown == set()
        assert "    since" not in run.printed
        assert ", since" not in incident.read_text()
        assert "(when it was found; it may be older)" in incident.read_text()
        return
    days, runs = told
    since = f"{datetime.fromisoformat(first['written']) - timedelta(days=days):%Y-%m-%d %H:%M} UTC, {runs}"
    assert shown == {since}
    assert f"    since     {since}\n" in run.printed
    assert f", since {since})\n" in incident.read_text()
    assert f"\nStarted: {since} (as far back as results were kept; it may be older)\n" in incident.read_text()
    assert all(it["outcome"] == "failed" for it in rows(page) if "since" in it)


def test_times_are_told_in_utc(tree: Tree, first: Told, tmp_path: Path) -> None:
    at = earlier(first, 1, written="2026-01-01T01:30:00+02:00")
    (tmp_path / "a.json").write_text(json.dumps(at))
    assert "since     2025-12-31 23:30 UTC, 2 runs" in kept(tree, tmp_path).printed


@pytest.mark.parametrize(
    "text", ["", "{", '{"format": 2}', "[1]", "\0", '{"written": "0001-01-01T00:00:00+14:00"}']
)
def test_what_cannot_be_read_is_named_and_passed_over(
    tree: Tree, first: Told, tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(earlier(first, 1)))
    (tmp_path / "bad.json").write_text(text)
    (tmp_path / "folder.json").mkdir()
    page = tmp_path / "page.html"
    run = kept(tree, tmp_path, f"--html={page}")
    assert run.exit_code == 1
    assert "UTC, 2 runs" in run.printed
    for shown in (run.printed, page.read_text()):
        assert f"Warning: passed over in --results-dir: {tmp_path}/bad.json is no results file" in shown
        assert f"Warning: passed over in --results-dir: {tmp_path}/folder.json cannot be read" in shown
    assert "Traceback" not in run.output


def test_runs_at_the_same_time_keep_a_file_each(tree: Tree, tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    words = [*ASKED, f"--results-dir={folder}", "-p", "no:cacheprovider"]
    with ThreadPoolExecutor(3) as pool:
        ended = [*pool.map(lambda _: run_cold(words, tree.path, neutral_variables()), range(3))]
    assert [it.returncode for it in ended] == [1, 1, 1]
    files = [*folder.iterdir()]
    assert len(files) == 3
    for it in files:
        assert it.suffix == ".json"
        jsonschema.validate(json.loads(it.read_text()), SCHEMA)


def test_a_run_that_holds_nothing_keeps_nothing(tree: Tree, tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    assert kept(tree, folder, "--collect-only").exit_code == 0
    assert kept(tree, folder, "-k", "nothing-is-called-so").exit_code == 5
    assert not folder.exists()


@pytest.mark.parametrize(("name", "told"), [("file", "it is no folder"), ("a/b", "there is no folder")])
def test_a_place_for_no_folder_is_refused_before_anything_runs(
    tree: Tree, tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "file").write_text("")
    run = kept(tree, tmp_path / name)
    assert_refused(run, f"--results-dir {tmp_path / name} cannot be used: {told}")


def test_a_file_that_cannot_be_made_is_one_message_and_no_success(tree: Tree, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run = tree.run("--env=sit", "--source=hcl", "-k", "ddb-06", "--results-dir=/proc", f"--html={page}")
    assert run.exit_code == 1, run.output
    assert run.printed.count("ERROR: /proc/") == 1
    assert run.verdict.startswith("! Pre-deployment tests are not all reported")
    assert "cannot be written" in page.read_text()
