"""Nests a template's flat parts into an expression: escapes, indentation, trimming and directives."""

from __future__ import annotations

import re

from plumbline.terraform.characters import composed
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.operators import Conditional
from plumbline.terraform.expressions.templates import ForDirective, Template
from plumbline.terraform.hcl.masking import Marker, RawTemplate, Text
from plumbline.terraform.source import Source, SyntaxProblem

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Nesting:
    """Reads one raw template from its first part to its last."""

    def __init__(self, source: Source, raw: RawTemplate, expressions: list[Expression]) -> None:
        self.source = source
        self.raw = raw
        self.expressions = expressions
        self.texts = self._texts()
        self.index = 0

    def template(self, *, unwrap: bool = False) -> Expression:
        """The template; plain text is a literal, and with `unwrap` a lone `${...}` keeps its value's type."""
        parts = self._until(())
        if unwrap and len(self.raw.parts) == 1 and isinstance(self.raw.parts[0], Marker):
            return parts[0]
        if (
            self.raw.kind != "bare"
            and all(isinstance(part, Literal) for part in parts)
            and not self._markers()
        ):
            return self._literal("".join(str(part.constant) for part in parts if isinstance(part, Literal)))
        return self._template(parts)

    def _markers(self) -> bool:
        return any(isinstance(part, Marker) for part in self.raw.parts)

    def _literal(self, text: str) -> Literal:
        return Literal(self.source, self.raw.start, text)

    def _template(self, parts: list[Expression]) -> Template:
        return Template(self.source, self.raw.start, parts)

    def _until(self, words: tuple[str, ...]) -> list[Expression]:
        """The parts up to a directive with one of these words, which becomes the current part."""
        parts: list[Expression] = []
        while self.index < len(self.raw.parts):
            part = self.raw.parts[self.index]
            if isinstance(part, Text):
                parts.append(self._literal(self.texts[self.index]))
            elif part.word in words:
                return parts
            else:
                parts.append(self._marker(part))
            self.index += 1
        if words:
            raise SyntaxProblem(f'The directive "{words[-1]}" is missing.', self.source.place(self.raw.start))
        return parts

    def _marker(self, marker: Marker) -> Expression:
        if marker.word == "interpolation":
            return self.expressions[marker.expression]
        if marker.word == "if":
            return self._if(marker)
        if marker.word == "for":
            return self._for(marker)
        raise SyntaxProblem(
            f'The directive "{marker.word}" has nothing to end here.', self.source.place(marker.start)
        )

    def _if(self, marker: Marker) -> Expression:
        self.index += 1
        yes, no = self._until(("else", "endif")), []
        if self._word() == "else":
            self.index += 1
            no = self._until(("endif",))
        condition = self.expressions[marker.expression]
        return Conditional(self.source, condition.offset, condition, self._template(yes), self._template(no))

    def _for(self, marker: Marker) -> Expression:
        self.index += 1
        body = self._template(self._until(("endfor",)))
        collection = self.expressions[marker.expression]
        return ForDirective(self.source, collection.offset, marker.names, collection, body)

    def _word(self) -> str:
        part = self.raw.parts[self.index]
        return part.word if isinstance(part, Marker) else ""

    def _texts(self) -> dict[int, str]:
        """Each text part by its index: without escapes, then trimmed, then unindented."""
        parts = self.raw.parts
        texts = {i: self._unescaped(p) for i, p in enumerate(parts) if isinstance(p, Text)}
        for i, part in enumerate(parts):
            if isinstance(part, Marker):
                if part.trim_before and i - 1 in texts:
                    texts[i - 1] = texts[i - 1].rstrip()
                if part.trim_after and i + 1 in texts:
                    texts[i + 1] = texts[i + 1].lstrip()
        if self.raw.kind == "flush":
            _unindent(texts, len(parts))
        return texts

    def _unescaped(self, part: Text) -> str:
        text = self.source.text[part.start : part.end]
        if self.raw.kind == "quoted" and "\\" in text:
            text = _ESCAPE.sub(lambda match: self._escape(match, part.start), text)
        text = text.replace("$${", "${").replace("%%{", "%{")
        return composed(text)

    def _escape(self, match: re.Match[str], start: int) -> str:
        code = match.group(1)
        if code in _ESCAPES:
            return _ESCAPES[code]
        if len(code) > 1 and int(code[1:], 16) < 0x110000:
            if chr(int(code[1:], 16)) in _SURROGATES:
                raise SyntaxProblem(
                    f"U+{code[1:]} is half of a character; write \\UNNNNNNNN for the whole.",
                    self.source.place(start + match.start()),
                )
            return chr(int(code[1:], 16))
        raise SyntaxProblem(
            f'"\\{code}" is no escape; valid ones are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN.',
            self.source.place(start + match.start()),
        )


def _unindent(texts: dict[int, str], count: int) -> None:
    """Takes the least indentation off each line that begins with literal text.

    A line that begins with a marker has none, so that nothing is taken off; blank lines do not count, and
    keep what blanks they have.
    """
    starts = [i for i in range(count) if i == 0 or texts.get(i - 1, "").endswith("\n")]
    counted = [i for i in starts if i not in texts or texts[i].strip() or not texts[i].endswith("\n")]
    least = min((_indentation(texts.get(i, "")) for i in counted), default=0)
    for i in counted:
        if i in texts:
            texts[i] = texts[i][least:]


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())
