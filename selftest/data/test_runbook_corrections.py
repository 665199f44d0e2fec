"""docs/runbook-corrections.md speaks of sections, invariants and scripts that exist, each entry in full."""

import re

import pytest

from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from selftest.front_door import REPOSITORY

FIXTURES = REPOSITORY / "fixtures"
RUNBOOK = Runbook.of(Stack(FIXTURES / "stacks" / "bbws.yaml"), FIXTURES / "runbooks")
PAGE = (REPOSITORY / "docs" / "runbook-corrections.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE))


def test_the_page_has_entries() -> None:
    assert len(ENTRIES) == PAGE.count("\n## ") > 20


@pytest.mark.parametrize("heading", ENTRIES)
def test_each_entry_is_headed_by_a_section_of_the_runbook(heading: str) -> None:
    assert heading == RUNBOOK.titled(heading.partition(" ")[0])


def test_the_entries_are_in_the_order_of_the_runbook() -> None:
    numbers = [[int(part) for part in heading.split()[0].split(".")] for heading in ENTRIES]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("heading", ENTRIES)
def test_each_entry_says_what_stands_there_what_is_meant_and_what_plumbline_does(heading: str) -> None:
    assert re.findall(r"^- \*\*(\w+):\*\*", ENTRIES[heading], re.MULTILINE) == ["Text", "Meant", "Plumbline"]


@pytest.mark.parametrize("heading", ENTRIES)
def test_each_entry_names_invariants_and_scripts_that_exist(heading: str) -> None:
    named = set(re.findall(r"`(bbws-[a-z0-9]+-\d+)`", ENTRIES[heading]))
    assert named <= set(RUNBOOK.invariants)
    for script in re.findall(r"`(scripts/\S+)`", ENTRIES[heading]):
        assert (REPOSITORY / script).is_file()
