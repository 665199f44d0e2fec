"""The e-mail templates are valid HTML that everybody can read."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from selftest.stacks.bbws import BBWS

FOLDER = BBWS.reference / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
WITHOUT_END = {"meta", "br", "hr", "img"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
ENOUGH_CONTRAST = 4.5  # WCAG 2, level AA, for text of normal size


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        """The element and all below it."""
        yield self
        for child in self.children:
            yield from child

    def all(self, *tags: str) -> list["Element"]:
        return [element for element in self if element.tag in tags]

    def style(self, name: str) -> str | None:
        """A style of the element, or of the nearest element around it that sets it."""
        set_here = re.search(rf"(?:^|; ?){name}: ([^;]+)", self.attributes.get("style") or "")
        if set_here:
            return set_here[1]
        return self.parent.style(name) if self.parent else None


class Document(HTMLParser):
    """The tree of a page; an end tag that closes another element than the innermost one is an error."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.root = self.open = Element("#document", {})
        self.declaration = ""
        self.feed(page.read_text(encoding="utf-8"))
        self.close()
        assert self.open is self.root, f"<{self.open.tag}> is never closed"

    def handle_decl(self, decl: str) -> None:
        self.declaration = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice"
        element = Element(tag, dict(attrs), parent=self.open)
        self.open.children.append(element)
        if tag not in WITHOUT_END:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.tag, f"</{tag}> closes <{self.open.tag}> in line {self.getpos()[0]}"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.text += data.strip()


@pytest.fixture(params=TEMPLATES, ids=lambda page: page.relative_to(FOLDER).as_posix())
def page(request: pytest.FixtureRequest) -> Document:
    return Document(request.param)


def test_terraform_uploads_exactly_the_templates_that_exist() -> None:
    uploaded = re.findall(r'"(\w+/\w+\.html)"', (BBWS.reference / "s3" / "templates.tf").read_text())
    assert sorted(uploaded) == [template.relative_to(FOLDER).as_posix() for template in TEMPLATES]
    assert len(uploaded) == 12


def test_a_template_is_a_html_page_with_language_and_title(page: Document) -> None:
    [html] = page.root.all("html")
    [title] = page.root.all("title")
    assert page.declaration == "DOCTYPE html"
    assert html.attributes["lang"] == "en"
    assert title.text


def test_a_template_has_one_main_heading_and_no_empty_or_skipped_ones(page: Document) -> None:
    headings = page.root.all(*HEADINGS)
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert all(heading.text for heading in headings)


def test_tables_say_whether_they_are_layout_or_data(page: Document) -> None:
    for table in page.root.all("table"):
        rows = [row for row in table.all("tr") if row.parent is table]
        if table.attributes.get("role") == "presentation":
            assert not any(cell.tag in ("th", "caption") for row in rows for cell in row.children)
        else:
            assert table.all("caption")[0].text
            assert all(row.children[0].attributes.get("scope") == "row" for row in rows)


def test_links_and_images_have_a_text(page: Document) -> None:
    assert all(link.text and link.attributes["href"] for link in page.root.all("a"))
    assert all(image.attributes["alt"] for image in page.root.all("img"))


def test_every_text_stands_out_from_its_background(page: Document) -> None:
    [body] = page.root.all("body")
    for element in body:
        if element.text:
            text, ground = element.style("color"), element.style("background-color")
            assert contrast(text, ground) >= ENOUGH_CONTRAST, f"{element.text!r}: {text} on {ground}"


def test_what_changes_from_mail_to_mail_is_a_named_placeholder(page: Document) -> None:
    texts = [element.text for element in page.root]
    values = [value or "" for element in page.root for value in element.attributes.values()]
    for text in (*texts, *values):
        assert not re.search(r"[{}]", re.sub(r"\{\{ [a-z]+(_[a-z]+)* \}\}", "", text)), text


def contrast(one: str | None, other: str | None) -> float:
    """The contrast ratio of two colours, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str | None) -> float:
    assert colour is not None, "the text has no colour or no background"
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
