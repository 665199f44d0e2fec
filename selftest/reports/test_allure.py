"""Allure: one history for each test, and the categories that keep the outcomes apart."""

import json
import re
from collections import Counter

from plumbline.report.extensions.allure import history_id
from selftest.reports.broken_tree import Reported
from selftest.reports.made_up import finding
from selftest.reports.outcomes import in_allure, on_page


def test_every_test_has_a_history_of_its_own(broken: Reported, sound: Reported) -> None:
    histories = [result["historyId"] for result in in_allure(broken)]
    assert len(set(histories)) == len(histories) == len(on_page(broken))
    assert set(histories) == {result["historyId"] for result in in_allure(sound)}


def test_no_result_looks_like_another_one_tried_again(broken: Reported) -> None:
    """Allure 3 goes by test case and parameters, whatever the history."""
    looks = Counter(
        (result["testCaseId"], *(it["value"] for it in result["parameters"])) for result in in_allure(broken)
    )
    assert [look for look, times in looks.items() if times > 1] == []


def test_five_thousand_tests_have_as_many_histories() -> None:
    assert len({history_id(finding(number)) for number in range(5000)}) == 5000


def test_a_result_is_found_by_stack_service_and_section(broken: Reported) -> None:
    for result in in_allure(broken):
        labels = {label["name"]: label["value"] for label in result["labels"]}
        assert labels["epic"] == "bbws"
        assert labels["feature"] in result["fullName"]
        assert re.match(r"[\d.]+ \w", labels["story"])
        assert labels["severity"] in ("blocker", "critical", "normal", "minor")
        parameters = {it["name"]: it["value"] for it in result["parameters"]}
        assert set(parameters) - {"called"} == {"environment", "resource", "source"}
        assert all(value in result["name"] for value in parameters.values())


def test_the_evidence_of_a_result_is_json_beside_it(broken: Reported) -> None:
    for result in in_allure(broken):
        [attached] = result["attachments"]
        assert json.loads(broken.text(f"allure/{attached['source']}"))["test"].startswith(result["fullName"])


def test_each_outcome_falls_into_one_category(broken: Reported) -> None:
    categories = json.loads(broken.text("allure/categories.json"))
    found = Counter(
        tuple(category["name"] for category in categories if matches(category, result))
        for result in in_allure(broken)
        if result["status"] != "passed"
    )
    told = Counter(it["outcome"] for it in on_page(broken))
    gone = sum(
        "does not exist" in it.get("message", "") and it["outcome"] == "failed" for it in on_page(broken)
    )
    assert found == {
        ("Failed",): told["failed"] - gone,
        ("Missing",): told["missing"] + gone,
        ("Not readable",): told["error"] + told["unread"],
        ("Undetermined",): told["undetermined"],
    }


def matches(category: dict[str, object], result: dict[str, object]) -> bool:
    message = result["statusDetails"]["message"]
    return result["status"] in category["matchedStatuses"] and bool(
        re.fullmatch(category["messageRegex"], message)
    )


def test_the_environment_is_told(broken: Reported) -> None:
    about = broken.text("allure/environment.properties")
    assert "bbws.sit=account 815856636111 in af-south-1\n" in about
    assert "sources=hcl, moto\n" in about
