"""What documents hold: an HTML page that shows something, a text that documents a matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

from plumbline.values.unknown import Undetermined

_HEADING = re.compile(r"^(#{1,6})[ \t]+([^\n]*)$|^([^\n]+)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(.*)")
"""How a sample of code begins, and how it ends. Source: CommonMark, "Fenced code blocks"."""
_DRAWN = "mermaid"
"""What is no sample: GitHub draws it. Source: GitHub Docs, "Creating diagrams"."""
_HIDDEN = frozenset({"head", "script", "style", "title", "template"})
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_ENDED_BY_THE_NEXT = frozenset({"p", "li", "dt", "dd", "tr", "td", "th"})
"""Elements whose end tag may be left out before another one of them."""
_UNSEEN = frozenset({"0", "1", "0px", "1px"})
"""The width or height of a picture that counts who opened a mail."""
_UNDISPLAYED = re.compile(r"(?i)(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)\b")
_OF_TEMPLATES = re.compile(r"\{#[^#]*#\}|\{%[^%]*%\}|\{\{![^{}]*\}\}")
"""Comments and statements of Jinja, Liquid and Handlebars."""
_MOST_TAGS = 10_000
_DENIED = frozenset(
    {"not", "no", "never", "cannot", "without", "none", "nothing", "nobody", "neither", "nor"}
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ENDINGS = r"(?:s|d|ed|ent|ents|ence|ences|ency|encies|ing)?"
_UNWRITTEN = re.compile(
    r"^[^\n]*(?:\b(?:TODO|TBD|TBA|TBC|FIXME)\b"
    r"|(?i:\b(?:to be|not yet|yet to be) (?:written|documented|described|defined|added|listed|filled in)\b)"
    r"|(?i:\bcoming soon\b))[^\n]*(?:\n(?![ \t]*\n)[^\n]+)*",
    re.MULTILINE,
)
"""The rest of a paragraph that somebody has to write yet."""
_TO_BE_WRITTEN = re.compile(r"\W*(?:TODO|TBD|TBA|TBC|FIXME)\b")
"""How the text of an element begins that somebody has to write yet."""


class _Page(HTMLParser):
    """Collects what a page shows: the text outside of what browsers hide, and whether there is a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.has_picture = False
        self._hidden: list[str] = []
        """The elements that are open, from the outermost hidden one on."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "body":
            self._hidden.clear()  # the end tag of a head may be left out
        if tag in _ENDED_BY_THE_NEXT and self._hidden[-1:] == [tag]:
            self._hidden.pop()
        if tag not in _EMPTY and (self._hidden or tag in _HIDDEN or _is_hidden(given)):
            self._hidden.append(tag)
        if tag == "img" and not self._hidden and not _is_hidden(given):
            seen = not {given.get("width"), given.get("height")} & _UNSEEN
            self.has_picture = self.has_picture or (bool(given.get("src")) and seen)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._hidden:
            if self._hidden.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._hidden and not _TO_BE_WRITTEN.match(data):
            self.text.append(data)


def _is_hidden(given: Mapping[str, str | None]) -> bool:
    return "hidden" in given or _UNDISPLAYED.search(given.get("style") or "") is not None


def shows_something(page: str) -> bool:
    """Return whether an HTML document has content: a picture, or a text that is written already.

    What a template engine takes out (comments, statements) is none, and neither are characters that take no
    place. Source: HTML Living Standard, "The body element", "The hidden attribute", "Optional tags".
    Raises `Undetermined` for one of very many tags, beside comments: the parser begins anew at each of them.
    """
    if page.count("<") - page.count("-->") > _MOST_TAGS:
        raise Undetermined(f"a page of more than {_MOST_TAGS:,} tags is not looked through")
    parser = _Page()
    parser.feed(page)
    parser.close()
    text = _OF_TEMPLATES.sub("", "".join(parser.text))
    return parser.has_picture or any(unicodedata.category(it)[0] in "LNPS" for it in text)


def documents(text: str, about: Sequence[str], names: Sequence[str]) -> bool:
    """Return whether a Markdown text says something `about` a matter for each of these names.

    A section does whose heading has a form of one of its words and below which all names stand, and a
    paragraph that has one, in a sentence that denies nothing, and all names. Neither does a heading that
    denies it, or a section that begins with there being none, nor a word with something before it
    (`independent`), nor what stands in a sample of code or in a comment, nor what begins in a line that says
    that somebody has to write it yet.
    """
    prose = _UNWRITTEN.sub("", _without_comments(_without_samples(text)))
    words = "|".join(map(re.escape, about))
    word = re.compile(rf"(?<![\w-])(?:{words}){_ENDINGS}(?![\w-])", re.IGNORECASE)
    there_is_none = re.compile(
        rf"\W*(?:there (?:are|is) )?(?:none|nothing|no (?:{words}){_ENDINGS})\b", re.IGNORECASE
    )
    sections = [
        body
        for heading, body in _sections(prose)
        if _is_said(word, heading) and not there_is_none.match(body)
    ]
    paragraphs = [it for it in re.split(r"\n\s*\n", prose) if _is_said(word, it)]
    return any(all(name in it for name in names) for it in [*sections, *paragraphs])


def _without_samples(text: str) -> str:
    """Return a text without its samples of code. Each line is read once; a sample may never end."""
    kept, fence, is_drawn = [], "", False
    for line in text.split("\n"):
        found = _FENCE.fullmatch(line)
        if found and not fence:
            fence, is_drawn = found[1], found[2].startswith(_DRAWN)
        elif found and found[1].startswith(fence) and not found[2]:
            fence = ""
        elif is_drawn or not fence:
            kept.append(line)
    return "\n".join(kept)


def _without_comments(text: str) -> str:
    """Return a text without its comments. Behind the end of the last one none is looked for."""
    end = text.rfind("-->") + len("-->")
    return _COMMENT.sub("", text[:end]) + text[end:]


def _is_said(word: re.Pattern[str], paragraph: str) -> bool:
    """Whether a paragraph has the word in a sentence without a denial."""
    return any(
        word.search(sentence) and not _is_denial(sentence)
        for sentence in re.split(r"(?<=[.!?;:])\s", paragraph)
    )


def _is_denial(sentence: str) -> bool:
    words = re.findall(r"[\w']+", sentence.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return any(it in _DENIED or it.endswith("n't") for it in words)


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading with what stands below it, down to the next heading that is as high."""
    found = [
        ((it[2] or it[3] or "").rstrip("# \t"), len(it[1] or "#"), it.start(), it.end())
        for it in _HEADING.finditer(text)
    ]
    next_of: dict[int, int] = {}
    ends = []
    for _, level, start, _ in reversed(found):
        ends.append(min((at for other, at in next_of.items() if other <= level), default=len(text)))
        next_of[level] = start
    for (heading, _, _, begins), end in zip(found, reversed(ends), strict=True):
        yield heading, text[begins:end]
