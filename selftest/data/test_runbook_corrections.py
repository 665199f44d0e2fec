"""docs/runbook-corrections speaks of sections, invariants and scripts that exist, each entry in full."""

import re
from collections.abc import Iterator

from selftest.stacks.proven import Proven, every_stack, of_each


def entries(proven: Proven) -> dict[str, str]:
    """Return the entries of a stack's page by their headings; none where it has no page."""
    text = proven.corrections.read_text(encoding="utf-8") if proven.corrections.is_file() else ""
    return dict(re.findall(r"^## (.+)\n\n((?:(?!## ).*\n?)*)", text, re.MULTILINE))


def headings(proven: Proven) -> Iterator[tuple[str]]:
    """The headings of a stack's page."""
    return ((heading,) for heading in entries(proven))


@every_stack
def test_every_heading_of_the_page_is_an_entry(proven: Proven) -> None:
    assert len(entries(proven)) == proven.corrections.read_text(encoding="utf-8").count("\n## ") > 0


@of_each("heading", headings)
def test_each_entry_is_headed_by_a_section_of_the_runbook(proven: Proven, heading: str) -> None:
    assert heading in {proven.runbook.titled(section) for section in proven.runbook.sections}


@every_stack
def test_the_entries_are_in_the_order_of_the_runbook(proven: Proven) -> None:
    order = [proven.runbook.titled(section) for section in proven.runbook.sections]
    assert sorted(entries(proven), key=order.index) == list(entries(proven))


@of_each("heading", headings)
def test_each_entry_says_what_stands_there_what_is_meant_and_what_plumbline_does(
    proven: Proven, heading: str
) -> None:
    entry = entries(proven)[heading]
    assert re.findall(r"^- \*\*(\w+):\*\*", entry, re.MULTILINE) == ["Text", "Meant", "Plumbline"]


@of_each("heading", headings)
def test_each_entry_names_invariants_and_scripts_that_exist(proven: Proven, heading: str) -> None:
    entry = entries(proven)[heading]
    assert set(re.findall(rf"`({proven.name}-[a-z0-9]+-\d+)`", entry)) <= set(proven.runbook.invariants)
    for script in re.findall(r"`(scripts/\S+)`", entry):
        assert (proven.repository / script).is_file()
