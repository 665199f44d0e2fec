"""What each format says of each test, read from the file itself."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from selftest.reports.broken_tree import Reported

IN_JUNIT = {"passed": "passed", "failed": "failed", "error": "error", "broken": "error"}


def on_page(reported: Reported) -> list[dict[str, Any]]:
    """The findings that the page holds."""
    [data] = re.findall(
        r'<script type="application/json" id="findings">(.*?)</script>', reported.text("page.html")
    )
    return json.loads(data)


def in_sarif(reported: Reported) -> dict[str, Any]:
    """The only run of the log."""
    [run] = json.loads(reported.text("log.sarif"))["runs"]
    return run


def in_allure(reported: Reported) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in (reported.folder / "allure").glob("*-result.json")]


def annotations(reported: Reported) -> list[str]:
    return re.findall(r"^::(?:error|warning|notice) .*", reported.run.printed, re.MULTILINE)


def on_the_last_lines(reported: Reported) -> Counter[str]:
    """The numbers that the verdict gives, by outcome."""
    [(passed, notes)] = re.findall(r"^[✓✗?] .*?\((\d+)/\d+\)(.*)", reported.run.printed, re.MULTILINE)
    numbers = Counter({"passed": int(passed)})
    for number, outcome in re.findall(r"(\d+) (no data|\w+)", notes):
        numbers[{"errors": "error"}.get(outcome, outcome)] = int(number)
    return numbers


def by_test(findings: list[dict[str, Any]]) -> Mapping[str, str]:
    """The outcome of each test of the page."""
    return {finding["test"]: finding["outcome"] for finding in findings}
