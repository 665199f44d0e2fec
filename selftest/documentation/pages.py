"""The pages of this repository, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from selftest.front_door import REPOSITORY

_FENCED = re.compile(
    r"^(?P<fence>```+)(?P<sort>\w*)[^\n]*\n(?P<text>.*?)^(?P=fence)", re.MULTILINE | re.DOTALL
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(?P<title>.+?) *$", re.MULTILINE)


def pages() -> list[Path]:
    """Every page: those at the top, below docs/, and beside the actions of GitHub."""
    return sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> Iterator[str]:
    """What a page links to, but for what it shows as code."""
    prose = _COMMENT.sub("", _FENCED.sub("", text(page)))
    yield from (it["target"] for it in _LINK.finditer(re.sub(r"`[^`\n]*`", "", prose)))


def anchors(page: Path) -> set[str]:
    """The fragments that GitHub gives the headings of a page.

    Source: GitHub's documentation, "Basic writing and formatting syntax", "Section links".
    """
    found: dict[str, int] = {}
    for heading in _HEADING.finditer(_FENCED.sub("", text(page))):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["title"]).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        found[f"{slug}-{found[slug]}" if slug in found else slug] = 1
        found[slug] = found.get(slug, 0) + (slug in found)
    return {*found}


def shell(page: Path) -> Iterator[str]:
    """The lines of a page that are to be typed, without what is said of them."""
    for block in _FENCED.finditer(text(page)):
        if block["sort"] == "sh":
            for line in block["text"].splitlines():
                typed = re.split(r"\s{2,}#|\s#\s", line)[0].strip()
                if typed and not typed.startswith("#"):
                    yield typed
