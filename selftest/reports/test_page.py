"""The page of --html as its readers use it: in Chromium, from a file, without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from plumbline.report.formats.html import render
from plumbline.suite.finding import Finding
from selftest.reports.broken_tree import Reported
from selftest.reports.browser import chromium, offline_page, opened
from selftest.reports.made_up import FAILED, finding, results
from selftest.reports.outcomes import on_page

MANY = 10_000
MOST_BYTES = 15_000_000
ROWS = "#results tr.finding"
BATCH = 200
"""How many rows the page shows before anybody scrolls."""


def at_first(broken: Reported) -> int:
    return min(len(on_page(broken)), BATCH)


pytestmark = pytest.mark.skipif(chromium() is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, broken: Reported) -> Iterator[Page]:
    page = offline_page(browser)
    page.goto((broken.folder / "page.html").as_uri())
    yield page
    page.context.close()


def test_every_result_has_a_row_and_the_worst_is_open(page: Page, broken: Reported) -> None:
    assert page.locator(ROWS).count() == at_first(broken)
    assert page.locator("#results tr.card").first.locator("dd.text").first.inner_text()
    assert page.locator(ROWS).first.get_attribute("class") == "finding failed"


def test_a_cell_of_the_matrix_filters_the_table_and_lets_go_again(page: Page, broken: Reported) -> None:
    page.get_by_role("button", name="dynamodb in bbws/sit on moto").click()
    shown = [it for it in on_page(broken) if (it["service"], it["source"]) == ("dynamodb", "moto")]
    assert page.locator(ROWS).count() == len(shown)
    page.get_by_role("button", name="dynamodb in bbws/sit on moto").click()
    assert page.locator(ROWS).count() == at_first(broken)


def test_an_environment_shows_all_its_services_when_it_is_chosen(page: Page) -> None:
    """What is wrong is seen without."""
    quiet = page.get_by_role("button", name="backup in bbws/sit on moto")
    assert page.get_by_role("button", name="dynamodb in bbws/sit on moto").is_visible()
    assert not quiet.is_visible()
    page.get_by_role("button", name="bbws/sit", exact=True).click()
    assert quiet.is_visible()
    page.get_by_role("button", name="bbws/sit", exact=True).click()
    assert not quiet.is_visible()


def test_a_cell_of_an_environment_filters_by_all_its_services(page: Page, broken: Reported) -> None:
    page.get_by_role("button", name="bbws/sit on moto:").and_(page.locator("[data-service='']")).click()
    shown = [it for it in on_page(broken) if (it["environment"], it["source"]) == ("sit", "moto")]
    assert page.locator(ROWS).count() == min(len(shown), BATCH)


def test_a_card_has_an_address_that_opens_it_and_is_copied_whole(page: Page) -> None:
    link = page.get_by_role("link", name="Link to this card").last
    address = link.get_attribute("href")
    named = page.locator("#results tr.card").last.locator("p").first.inner_text()
    page.goto(page.url.split("#")[0] + (address or ""))
    page.reload()
    assert [it.split("\n")[0] for it in page.locator("#results tr.card").all_inner_texts()] == [named]
    button = page.get_by_role("button", name="Copy this card")
    button.click()
    expect(button).to_have_text(re.compile(r"Copied|Press Ctrl\+C"))


def test_search_and_outcomes_narrow_the_table(page: Page, broken: Reported) -> None:
    page.keyboard.press("/")
    page.keyboard.type("bbws-ddb-15 tenants")
    assert page.locator(ROWS).count() == 2
    page.get_by_role("checkbox", name="failed").uncheck()
    assert page.locator(ROWS).count() == 0
    assert page.get_by_text("Nothing matches.").is_visible()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function(f"document.querySelectorAll('{ROWS}').length === {at_first(broken)}")


def test_a_command_is_copied_as_it_stands(page: Page) -> None:
    button = page.locator(".copy").first
    command = page.locator(".command code").first.inner_text()
    button.click()
    page.wait_for_function("document.querySelector('.copy').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == command


def test_a_result_opens_by_keyboard(page: Page) -> None:
    toggle = page.locator(f"{ROWS}.passed .toggle").first
    toggle.focus()
    page.keyboard.press("Enter")
    assert toggle.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.className") == "toggle"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_has_contrast(browser: Browser, broken: Reported, scheme: str) -> None:
    page = offline_page(browser, scheme)
    page.goto((broken.folder / "page.html").as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hangs_over_the_edge(browser: Browser, broken: Reported, width: int) -> None:
    page = offline_page(browser, width=width)
    page.goto((broken.folder / "page.html").as_uri())
    page.locator(f"{ROWS}.passed .toggle").first.click()
    table = page.evaluate("document.querySelector('#results').scrollWidth")
    assert table <= width
    page.context.close()


def test_printing_shows_every_result(page: Page, broken: Reported) -> None:
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(ROWS).count() == len(on_page(broken))
    assert not page.locator("form").is_visible()


def test_text_is_never_taken_for_markup(browser: Browser, tmp_path: Path) -> None:
    evil = "</script><img src=x onerror=document.title='broken'>"
    page = offline_page(browser)
    page.goto(written([finding(0, message=evil, resource=evil)], tmp_path / "page.html").as_uri())
    assert page.locator("img").count() == 0
    assert evil in page.locator(ROWS).first.inner_text()
    page.context.close()


def test_ten_thousand_results_can_be_searched(browser: Browser, tmp_path: Path) -> None:
    many = [finding(number, **(FAILED if number % 50 == 0 else {})) for number in range(MANY)]
    path = written(many, tmp_path / "page.html")
    assert path.stat().st_size < MOST_BYTES
    page = offline_page(browser)
    page.goto(path.as_uri())
    page.locator(ROWS).first.wait_for()
    page.get_by_role("searchbox").fill("t9999")
    assert page.locator(ROWS).count() == 1
    page.context.close()


def written(findings: list[Finding], path: Path) -> Path:
    path.write_text(render(results(findings)), encoding="utf-8")
    return path
