"""JUnit: errors are errors, failures failures, and each case says what it is about."""

from pathlib import Path
from xml.etree import ElementTree

from xmlschema import XMLSchema

from selftest.front_door import run_suite
from selftest.reports.broken_tree import Reported
from selftest.reports.outcomes import on_page

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"
"""That of Jenkins' xUnit plugin, as the source of pytest 9.2.0 carries it (MIT, in its head)."""
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


def test_the_file_is_valid_but_for_the_properties_of_its_cases(tmp_path: Path, broken_tree: Path) -> None:
    """pytest writes properties into a case; the schema knows those of a suite only."""
    path = tmp_path / "junit.xml"
    run_suite("--env=sit", f"--terraform={broken_tree}", f"--junitxml={path}")
    schema, tree = XMLSchema(SCHEMA), ElementTree.parse(path)
    assert {(error.elem.tag, error.obj[error.index].tag) for error in schema.iter_errors(tree)} == {
        ("testcase", "properties")
    }
    for case in tree.iter("testcase"):
        for properties in case.findall("properties"):
            case.remove(properties)
    schema.validate(tree)
