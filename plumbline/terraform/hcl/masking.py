"""Blanks out templates and comments before python-hcl2 parses a document, and finds the expressions inside.

python-hcl2 does not parse heredocs, and misreads some quoted templates, comments, line breaks and names.
So each template becomes a quoted string of blanks of the same length, and its expressions become attributes
at the document's end. Nothing moves within the main part: every offset still says where it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NoReturn, TypeAlias

from plumbline.terraform.source import Source, SyntaxProblem

Kind: TypeAlias = Literal["quoted", "heredoc", "flush", "bare"]

_CODE = re.compile(
    r"""(?P<plain>[^"<\#/()\[\]{}\n]+)
      | (?P<newline>\n)
      | (?P<quote>")
      | (?P<heredoc><<-?(?P<marker>[^\W\d][\w.-]*)\r?\n)
      | (?P<comment>\#[^\n]*|//[^\n]*|/\*.*?\*/)
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_QUOTED = re.compile(
    r"(?P<open>[$%]\{~?)|(?P<text>(?:[^\"\\$%\n]|\\[^\n]|\$\$\{|%%\{|[$%](?!\{))+)|(?P<end>\")"
)
_LINE = re.compile(r"(?P<open>[$%]\{~?)|(?P<text>(?:\$\$\{|%%\{|[^$%\n]|[$%](?!\{))*\n?)")
_KEYWORD = re.compile(r"\s*(?P<word>if|else|endif|for|endfor)\b")
_FOR = re.compile(r"\s*(?P<first>[^\W\d][\w-]*)\s*(?:,\s*(?P<second>[^\W\d][\w-]*)\s*)?in\b")
_END = re.compile(r"\s*(?P<trim>~?)\}")
_FOR_OBJECT = re.compile(
    r"\{(?:\s|#[^\n]*\n|//[^\n]*\n|/\*.*?\*/)*for\s+[\w-]+\s*(?:,\s*[\w-]+\s*)?in\b", re.DOTALL
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_NEEDS_MORE = "=+-*/%<>!&|?:."  # nothing may end a line with these, unless inside brackets
_CONTINUES = "=+*/%<>&|?:."  # and nothing may begin a line with these


@dataclass(slots=True)
class Text:
    """Literal characters of a template, from `start` to `end` in the source."""

    start: int
    end: int


@dataclass(slots=True)
class Marker:
    """`${...}` or a directive; `expression` counts among the document's appended expressions."""

    word: Literal["interpolation", "if", "else", "endif", "for", "endfor"]
    start: int
    trim_before: bool
    trim_after: bool = False
    expression: int = -1
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class RawTemplate:
    """A template as a flat sequence; the parser nests the directives."""

    kind: Kind
    start: int
    parts: list[Text | Marker] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """What python-hcl2 parses, with the templates taken out of it by their offsets in the source."""

    source: Source
    text: str
    templates: dict[int, RawTemplate]
    expressions: int


def mask(source: Source) -> Document:
    """The document of a configuration file."""
    scanner = _Scanner(source)
    main, _ = scanner.code(1 if source.text.startswith("\ufeff") else 0, "")
    return scanner.document(main)


def mask_template(source: Source) -> Document:
    """The document of a file that is a template as a whole; its template stands at offset 0."""
    scanner = _Scanner(source)
    scanner.bare()
    return scanner.document("")


class _Scanner:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.templates: dict[int, RawTemplate] = {}
        self.expressions: list[tuple[int, str]] = []

    def refuse(self, summary: str, position: int) -> NoReturn:
        raise SyntaxProblem(summary, self.source.place(min(position, len(self.text))))

    def document(self, main: str) -> Document:
        pieces, length = [main, "\n"], len(main) + 1
        for start, expression in self.expressions:
            self.source.segments.append((length + len("_ = ("), start))
            piece = f"_ = ({expression})\n"
            pieces.append(piece)
            length += len(piece)
        return Document(self.source, "".join(pieces), self.templates, len(self.expressions))

    def code(self, position: int, closing: str) -> tuple[str, int]:
        """Masks code up to the bracket that closes it, or to the end of the text; gives that position too."""
        code = _Code(self, position, closing)
        return code.masked(), code.position

    def quoted(self, start: int) -> int:
        """Reads a quoted template that opens at `start`; gives the position after its closing quote."""
        template = self.templates[start] = RawTemplate("quoted", start)
        position = start + 1
        while True:
            match = _QUOTED.match(self.text, position)
            if match is None:
                self.refuse("A quoted string must end on the line where it begins.", start)
            if match.lastgroup == "end":
                return match.end()
            position = self._part(template, match)

    def heredoc(self, start: int, body: int, marker: str, flush: bool) -> int:
        """Reads a heredoc whose first line begins at `body`; gives the position after its end marker."""
        template = self.templates[start] = RawTemplate("flush" if flush else "heredoc", start)
        end = re.compile(rf"[ \t]*{re.escape(marker)}(?=[ \t]*\r?(?:\n|\Z))")
        position, line_starts = body, True
        while True:
            if position >= len(self.text):
                begin = self.source.place(start).line
                self.refuse(f"The heredoc that begins on line {begin} has no end marker {marker}.", position)
            if line_starts and (found := end.match(self.text, position)):
                return found.end()
            match = _LINE.match(self.text, position)
            assert match is not None
            position = self._part(template, match)
            line_starts = self.text[position - 1] == "\n" and match.lastgroup == "text"

    def bare(self) -> None:
        template = self.templates[0] = RawTemplate("bare", 0)
        position = 0
        while position < len(self.text):
            match = _LINE.match(self.text, position)
            assert match is not None
            position = self._part(template, match)

    def _part(self, template: RawTemplate, match: re.Match[str]) -> int:
        if match.lastgroup == "text":
            template.parts.append(Text(match.start(), match.end()))
            return match.end()
        trim = match.group().endswith("~")
        if match.group().startswith("$"):
            return self._interpolation(template, Marker("interpolation", match.start(), trim), match.end())
        return self._directive(template, match.start(), match.end(), trim)

    def _interpolation(self, template: RawTemplate, marker: Marker, position: int) -> int:
        template.parts.append(marker)
        return self._expression(marker, position)

    def _directive(self, template: RawTemplate, start: int, position: int, trim: bool) -> int:
        keyword = _KEYWORD.match(self.text, position)
        if keyword is None:
            self.refuse(
                'A template directive must begin with "if", "else", "endif", "for" or "endfor".', start
            )
        marker = Marker(keyword["word"], start, trim)  # type: ignore[arg-type]
        template.parts.append(marker)
        if marker.word == "if":
            return self._expression(marker, keyword.end())
        if marker.word == "for":
            return self._loop(marker, keyword.end())
        end = _END.match(self.text, keyword.end())
        if end is None:
            self.refuse(f'The directive "{marker.word}" takes nothing more.', keyword.end())
        marker.trim_after = bool(end["trim"])
        return end.end()

    def _loop(self, marker: Marker, position: int) -> int:
        names = _FOR.match(self.text, position)
        if names is None:
            self.refuse('A "for" directive is written "for name in collection".', marker.start)
        marker.names = tuple(name for name in names.groups() if name)
        return self._expression(marker, names.end())

    def _expression(self, marker: Marker, position: int) -> int:
        masked, end = self.code(position, "}")
        if masked.endswith("~"):
            masked, marker.trim_after = masked[:-1], True
        if not masked.strip():
            self.refuse("An expression is missing here.", position)
        marker.expression = len(self.expressions)
        self.expressions.append((position, masked))
        return end


class _Code:
    """Masks one stretch of code: the file itself, or the inside of one `${...}`."""

    def __init__(self, scanner: _Scanner, position: int, closing: str) -> None:
        self.scanner = scanner
        self.text = scanner.text
        self.position = position
        self.start = position
        self.brackets = [(closing, bool(closing), position)]  # (what closes it, lines join inside it, where)
        self.out: list[str] = [" " * position] if not closing else []
        self.last = ""  # the last character that is not blank on this line
        self.fresh = False  # whether a significant line break came before

    def masked(self) -> str:
        while self.position < len(self.text):
            match = _CODE.match(self.text, self.position)
            assert match is not None
            if (
                match.lastgroup == "close"
                and len(self.brackets) == 1
                and match.group() == self.brackets[0][0]
            ):
                self.position = match.end()
                return "".join(self.out)
            group = "heredoc" if match["heredoc"] else match.lastgroup
            _HANDLERS[str(group)](self, match)
        closing, _, start = self.brackets[-1]
        if closing:
            self.scanner.refuse(f'The closing "{closing}" is missing.', start - 1)
        return "".join(self.out)

    def plain(self, match: re.Match[str]) -> None:
        text = match.group()
        stripped = text.strip()
        if stripped:
            self.significant(stripped[0], match.start())
            self.last = stripped[-1]
        if "::" in text:
            text = text.replace("core::", "      ")  # the namespace of the functions that need none
        self.out.append(text if text.isascii() else _NON_ASCII.sub("a", text))
        self.position = match.end()

    def significant(self, first: str, position: int) -> None:
        if self.fresh:
            self.fresh = False
            if first in _CONTINUES:
                self.scanner.refuse("An expression cannot continue on a new line outside brackets.", position)

    def newline(self, match: re.Match[str]) -> None:
        joins = self.brackets[-1][1]
        if not joins and self.last and self.last in _NEEDS_MORE:
            self.scanner.refuse(
                "An expression cannot end here; the line break needs brackets.", match.start()
            )
        if not joins:
            self.last, self.fresh = "", True
        self.out.append(" " if joins else "\n")
        self.position = match.end()

    def comment(self, match: re.Match[str]) -> None:
        self.out.append(" " * len(match.group()))
        self.position = match.end()

    def quote(self, match: re.Match[str]) -> None:
        end = self.scanner.quoted(match.start())
        self._blank(match.start(), end)

    def heredoc(self, match: re.Match[str]) -> None:
        flush = match.group().startswith("<<-")
        end = self.scanner.heredoc(match.start(), match.end(), match["marker"], flush)
        self._blank(match.start(), end)

    def _blank(self, start: int, end: int) -> None:
        self.significant('"', start)
        self.out.append(f'"{"_" * (end - start - 2)}"')
        self.last = '"'
        self.position = end

    def open(self, match: re.Match[str]) -> None:
        bracket = match.group()
        if bracket == "{" and self.fresh:
            header = self.text.rstrip().rfind("\n", 0, len(self.text[: match.start()].rstrip())) + 1
            self.scanner.refuse("A block's opening brace must be on the line of its header.", header)
        joins = bracket != "{" or _FOR_OBJECT.match(self.text, match.start()) is not None
        self.brackets.append((_CLOSING[bracket], joins, match.end()))
        self.other(match)
        self.last = ""

    def close(self, match: re.Match[str]) -> None:
        closing, *_ = self.brackets[-1]
        if match.group() != closing:
            wanted = f'the closing "{closing}"' if closing else "a new argument or block"
            self.scanner.refuse(f'Found "{match.group()}" instead of {wanted}.', match.start())
        self.brackets.pop()
        self.fresh = False
        self.other(match)

    def other(self, match: re.Match[str]) -> None:
        self.significant(match.group(), match.start())
        self.out.append(match.group())
        self.last = match.group()
        self.position = match.end()


_HANDLERS = {
    name: getattr(_Code, name)
    for name in ("plain", "newline", "comment", "quote", "heredoc", "open", "close", "other")
}
