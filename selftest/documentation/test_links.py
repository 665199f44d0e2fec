"""Every link leads to a file or a heading that is there, and every page can be come to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from selftest.documentation.pages import anchors, links, pages
from selftest.front_door import REPOSITORY


def target(page: Path, link: str) -> tuple[Path, str]:
    path, _, fragment = unquote(link).partition("#")
    return ((page.parent / path).resolve() if path else page), fragment


def is_ours(link: str) -> bool:
    return "://" not in link and not link.startswith("mailto:")


@pytest.mark.parametrize("page", pages(), ids=lambda it: str(it.relative_to(REPOSITORY)))
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in filter(is_ours, links(page)):
        path, fragment = target(page, link)
        if not path.exists() or not path.is_relative_to(REPOSITORY):
            dead.append(link)
        elif fragment and path.suffix == ".md" and fragment not in anchors(path):
            dead.append(f"{link}: there is {', '.join(sorted(anchors(path)))}")
    assert dead == []


def test_links_are_found() -> None:
    assert sum(len([*links(it)]) for it in pages()) > 100
    assert "choosing-what-runs" in anchors(REPOSITORY / "README.md")


def test_every_page_can_be_come_to_from_the_readme() -> None:
    reached, waiting = set(), [REPOSITORY / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        found = (target(page, it)[0] for it in links(page) if is_ours(it))
        for path in found:
            within = path.glob("*.md") if path.is_dir() else [path]
            waiting += [it for it in within if it.suffix == ".md" and it.exists()]
    assert [str(it.relative_to(REPOSITORY)) for it in pages() if it not in reached] == []


def test_each_topic_has_its_page() -> None:
    topics = (
        *("getting-started", "your-own-stack", "writing-sentences", "kinds-reference", "options", "outcomes"),
        *("reports", "security", "architecture"),
    )
    index = [*links(REPOSITORY / "docs/README.md")]
    assert [it for it in topics if f"{it}.md" not in index] == []
    assert {"../CONTRIBUTING.md", "../SECURITY.md", "../CHANGELOG.md"} <= {*index}
