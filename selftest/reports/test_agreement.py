"""All formats say the same of a run, and the same as its exit code."""

import json
import re
from collections import Counter
from pathlib import Path

from plumbline.suite.finding import SIGNS
from selftest.reports.broken_tree import Reported, report_on
from selftest.reports.outcomes import (
    annotations,
    by_test,
    in_allure,
    in_sarif,
    on_page,
    on_the_last_lines,
)

SKIPPED = ("undetermined", "missing", "unread")
UNTOLD = ("missing", "unread")
"""What the health check leaves out: another line tells that cause."""
OF_JUNIT = {"broken": "error"} | dict.fromkeys(SKIPPED, "skipped")
OF_ALLURE = {"error": "broken"} | dict.fromkeys(SKIPPED, "skipped")


def test_the_broken_tree_ends_in_every_way(broken: Reported) -> None:
    assert set(by_test(on_page(broken)).values()) == {"passed", "failed", "error", *SKIPPED}
    assert broken.run.exit_code == 1


def test_junit_says_what_the_page_says(broken: Reported) -> None:
    expected = {test: OF_JUNIT.get(outcome, outcome) for test, outcome in by_test(on_page(broken)).items()}
    assert {test: it.verdict for test, it in broken.run.outcomes.items()} == expected


def test_allure_says_what_the_page_says(broken: Reported) -> None:
    told = Counter(OF_ALLURE.get(it["outcome"], it["outcome"]) for it in on_page(broken))
    assert Counter(result["status"] for result in in_allure(broken)) == told


def test_the_last_line_says_what_the_page_says(broken: Reported) -> None:
    assert on_the_last_lines(broken) == Counter(by_test(on_page(broken)).values())


def test_the_health_check_marks_what_the_page_says(broken: Reported) -> None:
    marked = re.findall(r"^  ([✓✗!?]) (.+?)(?:: .*)?$", broken.text("health-check.txt"), re.MULTILINE)
    told = {(SIGNS[it["outcome"]], it["title"]) for it in on_page(broken) if it["outcome"] not in UNTOLD}
    assert set(marked) - {("✗", "Some systems unhealthy")} == told


def test_sarif_says_what_the_page_says(broken: Reported) -> None:
    run = in_sarif(broken)
    failed = Counter(it["id"] for it in on_page(broken) if it["outcome"] == "failed")
    assert Counter(result["ruleId"] for result in run["results"]) == failed
    [invocation] = run["invocations"]
    notified = Counter(it["descriptor"]["id"] for it in invocation["toolExecutionNotifications"])
    others = Counter(it["outcome"] for it in on_page(broken) if it["outcome"] not in ("passed", "failed"))
    assert notified == others


def test_each_cause_is_told_everywhere(broken: Reported) -> None:
    wrong = [it for it in on_page(broken) if it["outcome"] in ("failed", "error")]
    assert wrong
    told = {it.get("message", "").partition(it["resource"])[0].strip() for it in wrong} - {""}
    told |= {difference["field"] for it in wrong for difference in it.get("differences", [])}
    for words in told:
        everywhere = {
            "terminal": broken.run.printed,
            "summary": broken.text("summary.md"),
            "incident": broken.text("incident.txt"),
            "health check": broken.text("health-check.txt"),
            "annotations": "".join(annotations(broken)),
        }
        assert [place for place, text in everywhere.items() if words.splitlines()[0] not in text] == [], words


def test_the_verdict_is_the_same_everywhere(broken: Reported) -> None:
    assert broken.text("summary.md").startswith(f"## {verdict(broken)}\n")
    assert verdict(broken) in broken.text("incident.txt")
    assert f"\n{verdict(broken)}\n" in broken.text("health-check.txt")
    assert f"<title>{verdict(broken)}</title>" in broken.text("page.html")


def verdict(reported: Reported) -> str:
    return next(line for line in reported.run.printed.splitlines() if line.startswith(("✓ ", "✗ Pre")))


def test_a_run_that_passes_passes_in_every_format(sound: Reported) -> None:
    assert sound.run.exit_code == 0
    assert set(by_test(on_page(sound)).values()) == {"passed"}
    assert in_sarif(sound)["results"] == []
    assert in_sarif(sound)["invocations"][0]["executionSuccessful"]
    assert {result["status"] for result in in_allure(sound)} == {"passed"}
    assert annotations(sound) == []
    assert sound.text("incident.txt").startswith(f"{verdict(sound)}\nExamined: Terraform in ")
    assert "  ✓ All systems healthy\n" in sound.text("health-check.txt")


def test_two_processes_report_what_one_does(broken: Reported, broken_tree: Path, tmp_path: Path) -> None:
    parallel = report_on(broken_tree, tmp_path, "-n", "2")
    assert by_test(on_page(parallel)) == by_test(on_page(broken))
    assert sorted(annotations(parallel)) == sorted(annotations(broken))
    assert unordered(in_sarif(parallel)["results"]) == unordered(in_sarif(broken)["results"])
    assert len(in_allure(parallel)) == len(in_allure(broken))


def unordered(results: list[object]) -> list[object]:
    return sorted(results, key=json.dumps)
