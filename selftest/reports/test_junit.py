"""JUnit: errors are errors, failures failures, and each case says what it is about."""

from pathlib import Path
from xml.etree import ElementTree

from selftest.front_door import run_suite
from selftest.reports.broken_tree import Reported
from selftest.reports.outcomes import on_page

ALWAYS = {
    "invariant",
    "stack",
    "environment",
    "source",
    "resource",
    "severity",
    "section",
    "account",
    "outcome",
}


def test_the_counts_are_those_of_the_outcomes(broken: Reported) -> None:
    verdicts = [outcome.verdict for outcome in broken.run.outcomes.values()]
    told = [finding["outcome"] for finding in on_page(broken)]
    assert verdicts.count("failed") == told.count("failed")
    assert verdicts.count("error") == told.count("error")


def test_every_case_says_what_it_is_about(broken: Reported) -> None:
    for outcome in broken.run.outcomes.values():
        assert set(outcome.properties) >= ALWAYS


def test_a_failure_in_source_names_file_and_line(broken: Reported, broken_tree: object) -> None:
    [failed] = [
        it for it in broken.run.those("failed") if it.invariant == "bbws-ddb-15" and it.source == "hcl"
    ]
    assert failed.properties["file"] == f"{broken_tree}/dynamodb/main.tf"
    assert int(failed.properties["line"]) > 1
    assert failed.properties["arn"].startswith("arn:aws:dynamodb:af-south-1:815856636111:table/")


def test_elements_and_attributes_are_those_that_readers_know(tmp_path: Path, broken_tree: Path) -> None:
    path = tmp_path / "junit.xml"
    run_suite("--env=sit", f"--terraform={broken_tree}", f"--junitxml={path}")
    known = {
        "testsuites": {"name"},
        "testsuite": {"name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"},
        "testcase": {"classname", "name", "time"},
        "properties": set(),
        "property": {"name", "value"},
        "failure": {"message"},
        "error": {"message"},
        "skipped": {"type", "message"},
    }
    for element in ElementTree.parse(path).iter():
        assert set(element.attrib) <= known[element.tag], element.tag
