"""Allure's own command builds a report of what --alluredir wrote, and a browser shows it."""

import re
import subprocess
from pathlib import Path

import pytest

from selftest.reports.broken_tree import Reported
from selftest.reports.browser import chromium, opened, served

ALLURE = Path(__file__).parent / "node_modules" / ".bin" / "allure"

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(not ALLURE.exists(), reason="needs allure: npm install in selftest/reports"),
    pytest.mark.skipif(chromium() is None, reason="needs Chromium"),
]


def test_allures_command_builds_a_report_that_names_every_outcome(broken: Reported, tmp_path: Path) -> None:
    built = subprocess.run(
        [ALLURE, "generate", broken.folder / "allure", "-o", tmp_path], capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    with served(tmp_path) as address, opened() as browser:
        page = browser.new_page()
        page.goto(address)
        page.get_by_text("dynamodb").first.wait_for()
        assert page.get_by_text("Retried tests").count() == 0
        assert page.get_by_text(re.compile(rf"^Total\s*{len(broken.run.outcomes)}$")).count() > 0
        page.get_by_text("recovery is enabled: bbws-tenants-sit (sit, hcl)").click()
        page.get_by_text("point_in_time_recovery").first.wait_for()
