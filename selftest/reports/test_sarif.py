"""SARIF: valid, located, stable."""

import json
from pathlib import Path

import jsonschema

from selftest.input.tree import copy_suite
from selftest.reports.broken_tree import Reported, report_on
from selftest.reports.outcomes import in_sarif

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
"""As @microsoft/jest-sarif 1.0.0-beta.0 carries it (MIT)."""


def test_the_log_is_valid(broken: Reported, sound: Reported) -> None:
    schema = json.loads(SCHEMA.read_text())
    for reported in (broken, sound):
        jsonschema.Draft4Validator(schema).validate(json.loads(reported.text("log.sarif")))


def test_a_finding_in_source_lies_at_the_text_that_its_region_names(broken: Reported) -> None:
    placed = [it for it in places(broken) if it["physicalLocation"]["region"].get("snippet")]
    assert placed
    for place in placed:
        region = place["physicalLocation"]["region"]
        path = Path(place["physicalLocation"]["artifactLocation"]["uri"].removeprefix("file://"))
        line = path.read_text().splitlines()[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
        assert "point_in_time_recovery" in line or "other-products-" in line


def places(reported: Reported) -> list[dict[str, dict[str, dict[str, str]]]]:
    return [
        place
        for result in in_sarif(reported)["results"]
        for place in result["locations"]
        if "physicalLocation" in place
    ]


def test_every_result_names_its_rule_and_its_resource(broken: Reported) -> None:
    run = in_sarif(broken)
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert float(rule["properties"]["security-severity"]) > 0
        assert rule["help"]["text"]
        assert result["locations"][0]["logicalLocations"][0]["name"]


def test_fingerprints_are_different_and_survive_a_moved_line(
    broken: Reported, broken_tree: Path, tmp_path: Path
) -> None:
    before = fingerprints(broken)
    assert len(before) == len(in_sarif(broken)["results"])
    main = broken_tree / "dynamodb" / "main.tf"
    text = main.read_text()
    try:
        main.write_text(f"# One more line.\n{text}")
        moved = report_on(broken_tree, tmp_path)
    finally:
        main.write_text(text)
    assert fingerprints(moved) == before
    assert places(moved) != places(broken)


def fingerprints(reported: Reported) -> set[str]:
    return {result["partialFingerprints"]["plumbline/v1"] for result in in_sarif(reported)["results"]}


def test_a_rule_is_as_severe_as_its_worst_result(tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    (tmp_path / "tree").mkdir()
    tree = copy_suite(tmp_path / "tree")
    tree.edit("terraform/bbws/dynamodb/main.tf", "enabled = true", "enabled = false")
    tree.run("--source=hcl", f"--sarif={log}")
    [run] = json.loads(log.read_text())["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    assert {result["properties"]["severity"] for result in run["results"]} == {"P2", "P3", "P4"}
    assert rule["defaultConfiguration"]["level"] == "error"
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
