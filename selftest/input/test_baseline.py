"""--results keeps how each test ended; beside a --baseline a run fails on what is new and on nothing else."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plumbline.suite.finding import About, Difference, Finding, Offender, What
from plumbline.suite.results_file import Ended, ended
from plumbline.suite.showing import as_shown
from selftest.front_door import REPOSITORY, SuiteRun
from selftest.input.tree import DYNAMODB, Tree, assert_refused

SCHEMA = json.loads((REPOSITORY / "fixtures/schemas/results.json").read_text())
MAIN = f"{DYNAMODB}/main.tf"
LONG = "x" * 600


def run(tree: Tree, *arguments: str) -> SuiteRun:
    return tree.run("--env=sit", "--source=hcl", "tests/dynamodb", "tests/inventory", *arguments)


@pytest.fixture
def before(tree: Tree) -> str:
    """The results of a tree in which one table's recovery is off and one table is not named."""
    tree.edit(MAIN, "enabled = true", "enabled = false")
    add_table(tree, "orders")
    path = tree.path / "before.json"
    assert run(tree, f"--results={path}").exit_code == 1
    jsonschema.validate(json.loads(path.read_text()), SCHEMA)
    return f"--baseline={path}"


def add_table(tree: Tree, name: str) -> None:
    """Declare one more table, which the stack does not name."""
    arguments = 'hash_key = "PK"\n  attribute {\n    name = "PK"\n    type = "S"\n  }'
    table = f'resource "aws_dynamodb_table" "{name}" {{\n  name = "bbws-{name}-sit"\n  {arguments}\n}}\n'
    (tree.path / f"{DYNAMODB}/{name}.tf").write_text(table)


def test_what_was_there_is_shown_and_counted_and_fails_nothing(
    tree: Tree, before: str, tmp_path: Path
) -> None:
    tree.edit(MAIN, "locals {", "# what stands above moves what stands below\n\nlocals {")
    sarif = tree.path / "log.sarif"
    page = tree.path / "page.html"
    again = run(tree, before, f"--sarif={sarif}", f"--html={page}", "-n", "2")
    assert again.exit_code == 0
    assert re.search(r"✓ Pre-deployment tests passed \(\d+/\d+\): .*2 known", again.verdict)
    assert "= 1 x known: bbws-ddb-15 bbws-tenants-sit: point_in_time_recovery is false, not" in again.printed
    assert "of what was wrong there 2 still is, 0 is not" in again.printed
    known = [it for it in again.outcomes.values() if it.properties["outcome"] == "known"]
    assert {it.verdict for it in known} == {"skipped"}
    assert all(it.message.startswith("known: ") for it in known)
    states = [it["baselineState"] for it in json.loads(sarif.read_text())["runs"][0]["results"]]
    assert states == ["unchanged", "unchanged"]
    assert 'class="known"' in page.read_text()


def test_what_is_new_or_worse_fails(tree: Tree, before: str) -> None:
    add_table(tree, "returns")
    tree.edit(MAIN, 'billing_mode                = "PAY_PER_REQUEST"', 'billing_mode = "PROVISIONED"')
    again = run(tree, before)
    assert again.exit_code == 1
    assert again.invariants("failed") >= {"bbws-inv-01"}
    assert "bbws-ddb-15" not in again.invariants("failed")
    assert "known" in again.verdict


def test_what_stands_behind_a_known_failure_is_not_hidden_by_it(tree: Tree) -> None:
    """Three assertions of one sentence: the first fails in both runs, and the third in the second alone."""
    state, asked = "terraform/bbws/state/main.tf", "tests/terraform/test_state.py"
    path = tree.path / "before.json"
    tree.edit(state, 'status = "Enabled"', 'status = "Suspended"')
    assert tree.run("--env=sit", "--source=moto", asked, f"--results={path}").exit_code == 1
    again = ("--env=sit", "--source=moto", asked, f"--baseline={path}")
    assert "known" in tree.run(*again).verdict
    text = (tree.path / state).read_text()
    (tree.path / state).write_text(
        re.sub(r"((?:block|ignore|restrict)_public_\w+\s*=) true", r"\1 false", text)
    )
    assert tree.run(*again).exit_code == 1


def test_what_is_mended_is_counted(tree: Tree, before: str) -> None:
    tree.edit(MAIN, "enabled = false", "enabled = true")
    again = run(tree, before)
    assert again.exit_code == 0
    assert "of what was wrong there 1 still is, 1 is not" in again.printed


def test_what_cannot_be_read_is_never_known(tree: Tree, before: str) -> None:
    path = Path(before.partition("=")[2])
    tree.edit(MAIN, "locals {", "locals {{")
    first = run(tree, f"--results={path}")
    assert first.those("error")
    again = run(tree, before)
    assert again.exit_code == 1
    assert len(again.those("error")) == len(first.those("error"))


SPOILED: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any] | str], str]] = {
    "not whole": (lambda it: {**it, "whole": False}, "is of a run that was interrupted"),
    "of others": (
        lambda it: {**it, "environments": {"bbws": ["prod"]}},
        "holds bbws/prod, and nothing of what",
    ),
    "of no format": (
        lambda it: {key: value for key, value in it.items() if key != "format"},
        "is no results file: format: Field required",
    ),
    "newer": (lambda it: {**it, "format": 2}, "is no results file: format"),
    "garbled": (lambda it: "[", "is no results file"),
    "of no text": (lambda it: "\0", "is no results file"),
    "of another sort": (
        lambda it: {"taken": "2026-01-01T00:00:00Z", "environments": {}},
        "is no results file",
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a results file holds of a run without any test."""
    about = {"format": 1, "written": "2026-01-01T00:00:00Z", "environments": {"bbws": ["sit"]}}
    return {
        **about,
        "sources": ["hcl"],
        "whole": True,
        "collected": 1,
        "ended": 1,
        "verdict": "",
        "results": [],
    }


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_of_no_use_is_a_usage_error(tree: Tree, results: dict[str, Any], how: str) -> None:
    spoil, told = SPOILED[how]
    made = spoil(results)
    path = tree.path / "before.json"
    path.write_text(made if isinstance(made, str) else json.dumps(made))
    assert_refused(run(tree, f"--baseline={path}"), f"--baseline {path}", told)


def test_an_interrupted_run_says_so_in_its_file(tree: Tree) -> None:
    tree.edit(MAIN, "enabled = true", "enabled = false")
    path = tree.path / "before.json"
    assert run(tree, f"--results={path}", "-x").exit_code == 1
    assert json.loads(path.read_text())["whole"] is False


def wrong(*, source: str = "hcl", **what: Any) -> Ended:
    """How a test ended of which this is wrong."""
    return ended(as_shown(Finding(What("failed", **what), About("test", source=source))))


def of_files(**what: Any) -> Ended:
    """How one ended that is about the repository."""
    return wrong(source="repository", **what)


def differing(observed: str, field: str = "days") -> Difference:
    return Difference(field, "30", observed)


def offenders(*names: str, excused: str = "") -> list[Offender]:
    return [Offender(name, name, "x.tf:1", [], excused=name == excused) for name in names]


COVERED: list[tuple[Ended, Ended, bool]] = [
    (wrong(differences=[differing("7")]), wrong(differences=[differing("7")]), True),
    (wrong(differences=[differing("7")]), wrong(differences=[differing("3")]), False),
    (wrong(differences=[differing("7"), differing("1", "b")]), wrong(differences=[differing("7")]), True),
    (wrong(differences=[differing("7")]), wrong(differences=[differing("7"), differing("1", "b")]), False),
    (wrong(differences=[differing(LONG + "a")]), wrong(differences=[differing(LONG + "a")]), True),
    (wrong(differences=[differing(LONG + "a")]), wrong(differences=[differing(LONG + "b")]), False),
    (of_files(differences=[differing("at a.tf:7")]), of_files(differences=[differing("at a.tf:9")]), True),
    (
        of_files(differences=[differing(LONG + ".js:1")]),
        of_files(differences=[differing(LONG + ".js:2")]),
        True,
    ),
    (wrong(differences=[differing("x.js:12")]), wrong(differences=[differing("x.js:99")]), False),
    (wrong(differences=[differing(LONG + ".js:1")]), wrong(differences=[differing(LONG + ".js:2")]), False),
    (wrong(offenders=offenders("a", "b")), wrong(offenders=offenders("a")), True),
    (wrong(offenders=offenders("a")), wrong(offenders=offenders("a", "b")), False),
    (wrong(offenders=offenders("a", "b", excused="b")), wrong(offenders=offenders("b")), False),
    (wrong(offenders=offenders("a")), wrong(offenders=offenders("a", "b", excused="b")), True),
    (wrong(message="gone at a.tf:3"), wrong(message="gone at a.tf:40:2"), True),
    (wrong(message="gone at a.tf:3"), wrong(message="gone at b.tf:3"), False),
    (wrong(message=LONG + "a"), wrong(message=LONG + "b"), False),
    (wrong(message="does not hold", read="1"), wrong(message="does not hold", read="1"), True),
    (wrong(message="does not hold", read="1"), wrong(message="does not hold", read="2"), False),
    (
        wrong(message="x", read="1", differences=[Difference("bad", "30", "")]),
        wrong(message="x", read="2", differences=[Difference("bad", "30", "")]),
        False,
    ),
    (wrong(differences=[differing("7")]), wrong(message="something else"), False),
    (
        wrong(read="1", more=True, differences=[differing("7")]),
        wrong(read="1", more=True, differences=[differing("7")]),
        True,
    ),
    (
        wrong(read="1", more=True, differences=[differing("7")]),
        wrong(read="2", more=True, differences=[differing("7")]),
        False,
    ),
    (wrong(read="1", differences=[differing("7")]), wrong(read="2", differences=[differing("7")]), True),
    (
        wrong(read="1", more=True, offenders=offenders("a")),
        wrong(read="2", more=True, offenders=offenders("a")),
        False,
    ),
    (
        wrong(read="1", more=True, offenders=offenders("a")),
        wrong(read="1", more=True, offenders=offenders("a")),
        True,
    ),
]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (wrong(differences=[differing("7")]), True),
        (wrong(differences=[differing('"one"', "env.password")]), False),
        (wrong(differences=[differing(f'"{LONG} password=correct-horse-1"')]), False),
        (wrong(message="password=correct-horse-1"), False),
        (wrong(offenders=offenders("password=correct-horse-1")), False),
    ],
)
def test_what_differs_in_a_secret_nobody_knows(now: Ended, told: bool) -> None:
    assert now.tells_all is told


ORDERS = About(
    "test", key="orders", called="orders-sit", resource="orders-sit", account="1", region="eu-west-1"
)
FOUND = About("test", key="orders", called="orders", resource="chosen-1")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ORDERS, replace(ORDERS, test="elsewhere"), True),
        (ORDERS, replace(ORDERS, called="orders-2", resource="orders-2"), False),
        (ORDERS, replace(ORDERS, account="2"), False),
        (ORDERS, replace(ORDERS, region="eu-west-2"), False),
        (FOUND, replace(FOUND, resource="chosen-2"), True),
    ],
)
def test_another_resource_is_another_test(one: About, other: About, same: bool) -> None:
    first, second = (ended(Finding(What("failed"), it)).identity for it in (one, other))
    assert (first == second) is same


@pytest.mark.parametrize(("old", "now", "known"), COVERED, ids=range(len(COVERED)))
def test_known_is_what_was_all_wrong_before(old: Ended, now: Ended, known: bool) -> None:
    assert old.covers(now) is known
