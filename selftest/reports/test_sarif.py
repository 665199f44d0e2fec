"""SARIF: valid, located, stable."""

import gzip
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from plumbline.expectations.stack import Subject
from plumbline.report.formats import sarif
from selftest.applied.server import moto_server
from selftest.front_door import REPOSITORY, run_suite, variables_of_server
from selftest.input.tree import copy_suite
from selftest.reports.broken_tree import Reported, report_on
from selftest.reports.code_scanning import LIMITS, MOST_BYTES, refusals
from selftest.reports.made_up import FAILED, finding, of_a_checkout, results
from selftest.reports.outcomes import in_sarif
from selftest.stacks.bbws import BBWS

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
"""As @microsoft/jest-sarif 1.0.0-beta.0 carries it (MIT)."""


def test_the_log_is_valid(broken: Reported, sound: Reported) -> None:
    schema = json.loads(SCHEMA.read_text())
    for reported in (broken, sound):
        jsonschema.Draft4Validator(schema).validate(json.loads(reported.text("log.sarif")))


def test_code_scanning_takes_the_log(broken: Reported, sound: Reported) -> None:
    for reported in (broken, sound):
        assert refusals(reported.text("log.sarif")) == []
    assert {it["properties"]["source"] for it in in_sarif(broken)["results"]} == {"hcl", "moto"}


def test_a_finding_lies_at_the_text_that_its_region_names(broken: Reported) -> None:
    lines = {text for result in in_sarif(broken)["results"] for text in texts(result)}
    assert {line.partition(" ")[0] for line in lines} == {
        *("point_in_time_recovery", "name"),  # declared
        *("products:", "all-tables:"),  # in the stack: what is declared nowhere
    }
    for source in ("hcl", "moto"):
        named = [it for it in in_sarif(broken)["results"] if it["properties"]["source"] == source]
        assert any("point_in_time_recovery" in text for it in named for text in texts(it))


def texts(result: dict[str, Any]) -> Iterator[str]:
    """The text at each location of a result, which is also what its region says."""
    for location in result["locations"]:
        region = location["physicalLocation"]["region"]
        path = Path(location["physicalLocation"]["artifactLocation"]["uri"].removeprefix("file://"))
        line = path.read_text().splitlines()[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == region["snippet"]["text"]
        yield region["snippet"]["text"]


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


def test_two_sentences_of_one_invariant_are_two_results() -> None:
    of_one = (f"tests/monitoring/test_config.py::test_recorder_{it}[bbws/sit/r/hcl]" for it in ("a", "b"))
    log = sarif.render(results([finding(1, **FAILED | {"test": test}) for test in of_one]))
    told = [it["partialFingerprints"] for it in json.loads(log)["runs"][0]["results"]]
    assert told[0] != told[1]


def fingerprints(reported: Reported) -> set[str]:
    return {result["partialFingerprints"]["plumbline/v1"] for result in in_sarif(reported)["results"]}


def test_a_rule_is_as_severe_as_its_worst_result(tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    (tmp_path / "tree").mkdir()
    tree = copy_suite(tmp_path / "tree")
    tree.edit("terraform/bbws/dynamodb/main.tf", "enabled = true", "enabled = false")
    tree.run("--source=hcl", f"--sarif={log}")
    [run] = json.loads(log.read_text())["runs"]
    [identifier] = {result["ruleId"] for result in run["results"]}
    [rule] = [it for it in run["tool"]["driver"]["rules"] if it["id"] == identifier]
    assert {result["properties"]["severity"] for result in run["results"]} == {"P2", "P3", "P4"}
    assert rule["defaultConfiguration"]["level"] == "error"
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}


def test_every_sentence_is_a_rule_whatever_failed(broken: Reported, sound: Reported) -> None:
    [of_broken, of_sound] = (in_sarif(it)["tool"]["driver"] for it in (broken, sound))
    assert of_broken == of_sound
    asserted = [identifier for identifier, it in BBWS.runbook.invariants.items() if it.tests]
    assert [rule["id"] for rule in of_sound["rules"]] == asserted


def test_what_a_rule_says_names_no_resource(sound: Reported) -> None:
    rules = {it["id"]: it for it in in_sarif(sound)["tool"]["driver"]["rules"]}
    for identifier, subject in examined():
        said = json.dumps([rules[identifier][it] for it in ("help", "shortDescription", "fullDescription")])
        assert subject.name not in said or subject.name in str(BBWS.runbook.invariants[identifier])
        assert not re.search(r"(?<!\$)\{[a-z_]+\}", said)


def examined() -> Iterator[tuple[str, Subject]]:
    """Each rule of the reference stack with each resource that has a name of its own."""
    subjects = [it for env in BBWS.stack.environments for it in BBWS.stack.subjects(env).values()]
    for identifier, invariant in BBWS.runbook.invariants.items():
        if invariant.tests:
            yield from ((identifier, it) for it in subjects if "-" in it.name)


def test_a_deployed_resource_lies_where_the_stack_expects_it(tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    with moto_server(BBWS.accounts["dev"]) as account:
        given = variables_of_server(account.endpoint) | {"PATH": "/usr/bin:/bin"}
        run_suite("--env=bbws/dev", "--live", f"--sarif={log}", variables=given)
    assert refusals(log.read_text()) == []
    [run] = json.loads(log.read_text())["runs"]
    files = {it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for it in run["results"]}
    assert files == {"fixtures/stacks/bbws.yaml"}
    for result in run["results"]:
        assert next(texts(result))


def test_beside_a_checkout_that_is_given_no_file_of_ours_is_one_of_it(tmp_path: Path) -> None:
    expected = finding(1, **FAILED, where=[], declared=["fixtures/stacks/bbws.yaml:3"])
    log = sarif.render(of_a_checkout(tmp_path, expected))
    assert refusals(log) == []
    [result] = json.loads(log)["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "main.tf", "uriBaseId": "%SRCROOT%"}
    assert result["properties"]["expectedAt"] == "fixtures/stacks/bbws.yaml:3"


def test_files_are_named_from_the_root_of_their_repository(tmp_path: Path) -> None:
    infra, log = tmp_path / "infra", tmp_path / "log.sarif"
    (infra / ".git").mkdir(parents=True)
    shutil.copytree(
        REPOSITORY / "terraform/bbws", infra / "deep down/tf", ignore=shutil.ignore_patterns(".terraform*")
    )
    (infra / "linked").symlink_to(infra / "deep down", target_is_directory=True)
    main = infra / "deep down/tf/dynamodb/main.tf"
    main.write_text(main.read_text().replace("enabled = true", "enabled = false", 1))
    run_suite("--env=sit", "--source=hcl,moto", f"--terraform={infra / 'linked/tf'}", f"--sarif={log}")
    assert refusals(log.read_text()) == []
    [run] = json.loads(log.read_text())["runs"]
    files = {it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for it in run["results"]}
    assert files == {"deep%20down/tf/dynamodb/main.tf"}


@pytest.mark.parametrize(("most", "size"), [(60, 10_000_000), (1000, 100_000)])
def test_of_more_than_is_taken_the_most_severe_are_kept(
    monkeypatch: pytest.MonkeyPatch, most: int, size: int
) -> None:
    assert LIMITS["results"] >= sarif.MOST_RESULTS
    assert sarif.MOST_BYTES <= MOST_BYTES
    monkeypatch.setattr(sarif, "MOST_RESULTS", most)
    monkeypatch.setattr(sarif, "MOST_BYTES", size)
    found = [
        finding(number, **{**FAILED, "severity": "P4" if number % 2 else "P1"}, message=noise(number, 400))
        for number in range(1200)
    ]
    log = sarif.render(results(found))
    assert refusals(log) == []
    [run] = json.loads(log)["runs"]
    kept = len(run["results"])
    assert kept == 60 if most == 60 else 50 < kept < 600
    assert len(gzip.compress(log.encode())) <= size
    assert {it["level"] for it in run["results"]} == {"error"}
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert told == f"{len(found) - kept} more results are left out"


def noise(number: int, length: int) -> str:
    """Text that does not compress, the same each time."""
    return random.Random(number).randbytes(length).hex()


def test_a_text_that_names_a_file_does_not_show_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("SEKRIT\n")
    log = sarif.render(results([finding(1, **FAILED, message=f"see {secret}:1", where=[f"{secret}:1"])]))
    assert "SEKRIT" not in log


def test_what_was_read_is_no_link() -> None:
    link = "[Approve](https://evil.example) [[x](1)](2)"
    told = [finding(1, **FAILED, message=link), finding(2, **{**FAILED, "outcome": "error"}, message=link)]
    [run] = json.loads(sarif.render(results(told)))["runs"]
    [invocation] = run["invocations"]
    for it in (*run["results"], *invocation["toolExecutionNotifications"]):
        assert "Approve" in it["message"]["text"]
        assert not re.search(r"(?<!\\)\]\(", it["message"]["text"])
