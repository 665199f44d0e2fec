"""`python -m plumbline compare`: what changed, apart from what only one of two runs has read."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plumbline.__main__ import main
from selftest.front_door import REPOSITORY
from selftest.input.tree import copy_suite

WIDE = {"table.name": "orders", "table.tags": {"a": "1"}, "table.billing_mode": "PROVISIONED"}
NARROW = {"table.name": "orders"}


def evidence(path: Path, values: dict[str, Any]) -> Path:
    """An evidence file with what tests read of one table."""
    fact = {"stack": "shop", "environment": "test", "account": "1", "region": "r", "source": "live"}
    read = {"format": 1, "taken": "2026-01-01T00:00:00Z", "environments": {"shop": ["test"]}}
    path.write_text(json.dumps({**read, "facts": [{**fact, "resource": "orders", "values": values}]}))
    return path


def compare(folder: Path, before: dict[str, Any], after: dict[str, Any]) -> tuple[int, str, str]:
    """The exit code, and what is printed and complained of, with the folder left out."""
    files = [evidence(folder / f"{name}.json", it) for name, it in (("a", before), ("b", after))]
    command = [sys.executable, "-m", "plumbline", "compare", *map(str, files)]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    return run.returncode, run.stdout.replace(f"{folder}/", ""), run.stderr


@pytest.mark.parametrize(("before", "after", "lacks"), [(NARROW, WIDE, "a.json"), (WIDE, NARROW, "b.json")])
def test_what_one_run_did_not_read_is_no_change(
    tmp_path: Path, before: dict[str, Any], after: dict[str, Any], lacks: str
) -> None:
    code, printed, complained = compare(tmp_path, before, after)
    assert (code, complained) == (0, "")
    assert f"not in {lacks}: 2 values of the other" in printed
    assert printed.splitlines()[-1].startswith("✓")


def test_a_change_is_told_beside_it(tmp_path: Path) -> None:
    code, printed, _ = compare(tmp_path, {"table.tags": {"a": "2"}}, WIDE)
    assert code == 1
    told = [line.strip() for line in printed.splitlines()]
    assert told[2:6] == ["✗ shop/test/live orders", "table.tags.a", 'before  "2"', 'after   "1"']
    assert "not in a.json: 2 values of the other" in told


def test_what_one_run_does_not_know_is_no_change_and_named(tmp_path: Path) -> None:
    code, printed, _ = compare(
        tmp_path, {"table.arn": {"not known": "Unknown('x.y')"}, **NARROW}, {**NARROW, "table.arn": "z"}
    )
    assert code == 0
    assert "? 1 x not known to a run: known only after apply: x.y\n" in printed


def test_what_two_regions_have_under_one_name_is_compared_each_with_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def written(name: str, days: int) -> str:
        both = [
            ended("passed", region=region, key=region, facts={"table.days": value})
            for region, value in (("eu-west-1", days), ("us-east-1", 30))
        ]
        return str(results(tmp_path / name, *both))

    assert main(["compare", written("a.json", 7), written("b.json", 3)]) == 1
    told = capsys.readouterr().out
    assert "✗ shop/test/hcl orders-test in eu-west-1\n" in told
    assert "1 field differs, 2 fields compared" in told


def test_what_a_method_reads_is_compared_and_no_file_by_where_the_checkout_lies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An alarm that still tells good from bad, in a checkout that lies elsewhere."""
    given = ("--env=sit", "--source=hcl", "tests/monitoring", "tests/s3")
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
    one, other = (copy_suite(tmp_path / it) for it in ("one", "other"))
    assert one.run(*given, f"--results={tmp_path}/a.json").exit_code == 0
    other.edit("terraform/bbws/monitoring/alarms.tf", "threshold           = 600", "threshold = 601")
    assert other.run(*given, f"--results={tmp_path}/b.json").exit_code == 0
    assert main(["compare", f"{tmp_path}/a.json", f"{tmp_path}/b.json", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(it["what"], it["field"], it["values"]) for it in told["differences"]] == [
        ("bbws/sit/hcl bbws-state-lock-held-sit", "alarm.threshold", ["600.0", "601.0"])
    ]


def test_files_with_nothing_in_common_are_not_alike(tmp_path: Path) -> None:
    code, printed, _ = compare(tmp_path, {"bucket.tags": {}}, NARROW)
    assert code == 2
    assert "there is nothing to compare" in printed


HELD = {"format": 1, "written": "2026-01-01T00:00:00Z", "environments": {}, "sources": ["hcl"], "whole": True}
HELD |= {"collected": 0, "ended": 0, "verdict": "", "results": []}
FORGED = (
    ("written", "0001-01-01T00:00:00+14:00"),
    ("written", "9999-12-31T23:59:59-14:00"),
    ("sources", ["elsewhere"]),
    ("collected", -1),
    ("seconds", math.nan),
)
"""What no run writes into its results file."""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[1]", "is neither what --results nor what --save-evidence writes"),
        ('{"results": []}', "is no results file: format: Field required"),
        ('{"format": 2}', "is of format 2, and this Plumbline reads format 1"),
        ('{"format": 1, "results": [1]}', "is no results file"),
        *((json.dumps(HELD | {name: value}), f"is no results file: {name}") for name, value in FORGED),
        ("{}", "is no evidence file"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "plumbline", "compare", path, path],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert f"{path} {told}" in run.stderr
    assert "Traceback" not in run.stderr


def ended(outcome: str, **more: Any) -> dict[str, Any]:
    """How one test ended, as a results file has it."""
    names = ("account", "region", "kind", "severity")
    about = dict.fromkeys(names, "") | {"invariant": "shop-01", "stack": "shop", "environment": "test"}
    return {**about, "source": "hcl", "key": "orders", "resource": "orders-test", "outcome": outcome} | more


def results(path: Path, *tests: dict[str, Any], whole: bool = True) -> Path:
    """A results file with these tests."""
    numbered = [{"test": f"t.py::test_{number}"} | it for number, it in enumerate(tests)]
    about = {
        "format": 1,
        "written": "2026-01-01T00:00:00Z",
        "environments": {"shop": ["test"]},
        "sources": ["hcl"],
    }
    ran = {"whole": whole, "collected": len(tests), "ended": len(tests), "verdict": ""}
    path.write_text(json.dumps({**about, **ran, "results": numbered}))
    return path


def difference(observed: str) -> dict[str, Any]:
    return {"differences": [{"field": "days", "expected": "30", "observed": observed}]}


def test_what_was_not_asked_and_fails_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = results(tmp_path / "a.json", ended("passed"))
    after = results(
        tmp_path / "b.json", ended("passed"), ended("failed", **difference("3")), ended("undetermined")
    )
    assert main(["compare", str(before), str(after)]) == 1
    told = capsys.readouterr().out
    assert "new: shop-01 orders-test (shop/test on hcl): not asked -> failed" in told
    assert "ended otherwise" not in told
    assert main(["compare", str(after), str(before)]) == 0


def test_verdicts_are_new_fixed_or_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = results(
        tmp_path / "a.json",
        *(ended("passed"), ended("failed", **difference("7"))),
        *(ended("failed", **difference("7")), ended("passed"), ended("failed", message="at a.tf:1")),
        ended("failed"),
    )
    after = results(
        tmp_path / "b.json",
        *(ended("failed", **difference("3")), ended("passed")),
        *(ended("failed", **difference("3")), ended("undetermined"), ended("known", message="at a.tf:9")),
        whole=False,
    )
    assert main(["compare", str(before), str(after)]) == 1
    told = capsys.readouterr().out
    assert re.findall(
        r"^. (\w[\w ]*): shop-01 orders-test \(shop/test on hcl\): (.+)$", told, re.MULTILINE
    ) == [
        ("new", "passed -> failed"),
        ("changed", "failed -> failed"),
        ("ended otherwise", "passed -> undetermined"),
        ("fixed", "failed -> passed"),
    ]
    assert f"{after} is of a run that was interrupted: 5 of 5 tests ran" in told
    assert f"not in {after}: 1 test of the other" in told
