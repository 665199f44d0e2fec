"""YAML as Terraform writes and reads it: one document, the core schema of YAML 1.2 with the words of 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import yaml
from yaml import events
from yaml.composer import ComposerError
from yaml.emitter import Emitter

from plumbline.terraform import numbers
from plumbline.terraform.characters import composed_within
from plumbline.terraform.conversion import string
from plumbline.terraform.functions import base64_text
from plumbline.terraform.functions.function import limited
from plumbline.terraform.values import InvalidValue, Value

_INTEGER = re.compile(r"(?:0o[0-7]+|0x[0-9a-fA-F]+|[-+]?[0-9]+)\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_TRUE = frozenset(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])
_FALSE = frozenset(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_LONGEST_KEY = 128  # bytes of a key that no question mark tells from other text; source: libyaml
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z")
_NO_NUMBER = re.compile(r"\.(?:nan|NaN|NAN)\Z")
_TIMESTAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:(?:(?P<zoned>[Tt])| )(?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?:\.\d+)?"
    r"(?(zoned)(?P<zone>Z|[-+]\d\d:\d\d)))?",
    re.ASCII,
)
"""A date, a time with its zone behind a T, or one without behind a space. Source: go-yaml's documentation."""
_WORD = re.compile(r" |[^ ]+")
_ESCAPES = {character: f"\\{code}" for character, code in Emitter.ESCAPE_REPLACEMENTS.items()}
_PRINTABLE = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_STANDARD = "tag:yaml.org,2002:"
_TAGS: dict[type, tuple[str, ...]] = {
    yaml.MappingNode: (f"{_STANDARD}map",),
    yaml.SequenceNode: (f"{_STANDARD}seq",),
}
_PLAIN = "?"  # the tag of a plain scalar without one of its own
_QUOTED = "'"  # and that of a quoted one
_GUESSED = (_PLAIN, *(f"{_STANDARD}{it}" for it in ("int", "float", "bool")))
"""The tags with which go-yaml takes a scalar for what it looks like."""
_MOST = 2**64 - 1
"""The largest number that may be written to another base than ten."""


class _Loader(yaml.SafeLoader):
    """Composes nodes, but leaves the meaning of plain scalars to this module."""

    ESCAPE_REPLACEMENTS = {key: it for key, it in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if key != "/"}  # type: ignore[misc]

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _QUOTED
        return f"{_STANDARD}{'seq' if kind is yaml.SequenceNode else 'map'}"

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse the tag `!`, which go-yaml takes for one of somebody's own."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "tag", None) == "!":
            raise ComposerError(None, None, 'the YAML tag "!" is not supported', event.start_mark)
        return super().compose_node(parent, index)

    def scan_directive(self) -> Any:
        """Refuse what go-yaml refuses: other versions than 1.1, and directives that YAML does not have."""
        directive = super().scan_directive()
        if directive.name != "TAG" and (directive.name, directive.value) != ("YAML", (1, 1)):
            told = f"%{directive.name} here is no directive of YAML 1.1"
            raise ComposerError(None, None, told, directive.start_mark)
        return directive


def decoded(text: str) -> Value:
    """The value of a YAML text; raises `InvalidValue`."""
    try:
        root = yaml.compose(text, Loader=_Loader)
        if root is None:
            raise InvalidValue("the YAML text holds no document")
        return composed_within(_Reading().node(root))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" on line {mark.line + 1}" if mark else ""
        raise InvalidValue(f"invalid YAML{place}: {getattr(error, 'problem', None) or error}") from None
    except RecursionError:
        raise InvalidValue("the YAML is nested too deeply") from None


class _Reading:
    def __init__(self) -> None:
        self.open: set[int] = set()
        self.made = 0

    def node(self, node: Any) -> Value:
        """The value of a node; an alias is the same node again."""
        if node.tag not in _TAGS.get(type(node), (node.tag,)):
            raise InvalidValue(f'the YAML tag "{node.tag}" is not supported')
        if id(node) in self.open:
            raise InvalidValue("a YAML anchor refers to itself")
        self.made += 1
        limited(self.made, "values of YAML")
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node)
            if isinstance(node, yaml.SequenceNode):
                return [self.node(item) for item in node.value]
            return _scalar(node.tag, node.value, quoted=node.style is not None)
        finally:
            self.open.discard(id(node))

    def _mapping(self, node: Any) -> Value:
        """The entries in their order: what is merged replaces those before it."""
        values: dict[str, Value] = {}
        for key, item in node.value:
            if key.tag in (_PLAIN, _QUOTED) and key.value == "<<":
                values |= self._merged(item)
            else:
                values[_key(self.node(key))] = self.node(item)
        return values

    def _merged(self, node: Any) -> dict[str, Value]:
        value = self.node(node)
        if not isinstance(value, dict):
            raise InvalidValue("only a map can be merged into a YAML map")
        return value


def _key(value: Value) -> str:
    if value is None or isinstance(value, (list, dict)):
        raise InvalidValue("a YAML key must be a string, a number or a bool")
    return string(value)


def _scalar(tag: str, text: str, *, quoted: bool) -> Value:
    if tag in _GUESSED:
        value = _plain(text)
        if tag != _PLAIN and text and isinstance(value, str):
            raise InvalidValue(f'"{text}" is not what the YAML tag "{tag}" says')
        return text if quoted else value
    if tag == f"{_STANDARD}null":
        return "" if quoted and not text else None
    if tag == f"{_STANDARD}binary":
        base64_text.decoded(text)
        return text
    if tag == f"{_STANDARD}str" or (tag == _QUOTED and quoted):
        return text
    if tag == f"{_STANDARD}timestamp" and (time := text if quoted else _time(text)) is not None:
        return time
    raise InvalidValue(f'the YAML tag "{tag}" is not supported')


def _plain(text: str) -> Value:
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INFINITE.match(text):
        return numbers.negate(numbers.INFINITE) if text[0] == "-" else numbers.INFINITE
    if _NO_NUMBER.match(text):
        raise InvalidValue(f"{text} is not a number")
    if _INTEGER.match(text):
        return _integer(text)
    if _FLOAT.match(text):
        return numbers.parse(text)
    return _time(text) or text


def _time(text: str) -> str | None:
    """A time in RFC 3339 form, to the second; None for any other text."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    fields = (match[name] or "0" for name in ("year", "month", "day", "hour", "minute", "second"))
    try:
        moment = datetime(*map(int, fields))  # type: ignore[arg-type]
    except ValueError:
        return None
    zone = match["zone"] or "Z"
    return f"{moment.isoformat()}{'Z' if zone[1:] == '00:00' else zone}"


def _integer(text: str) -> Value:
    base = {"0x": 16, "0o": 8}.get(text[:2])
    if base is None:
        return numbers.parse(text)
    if (number := int(text[2:], base)) > _MOST:
        raise InvalidValue(f"{text} is too large")
    return number


class _Emitter(Emitter):
    """PyYAML's emitter with the habits of libyaml's port to Go that differ."""

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """A line is folded at a space, without the backslashes that PyYAML puts there."""
        words = _WORD.findall(text)
        self.write_indicator('"', True)
        for index, word in enumerate(words):
            last = index == len(words) - 1
            if split and word == " " and index > 0 and not last and self.column > self.best_width:
                self.write_indent()
                if words[index + 1] == " ":
                    self._write("\\")
            else:
                self._write(_escaped(word))
        self._write('"')

    def _write(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)

    def check_empty_document(self) -> bool:
        """An empty string is quoted, so that nothing need mark the document."""
        return False

    def check_simple_key(self) -> bool:
        """Only a key that has lines, or very many bytes, is marked as one; an empty one is not."""
        assert isinstance(self.event, events.ScalarEvent)
        self.analysis = self.analyze_scalar(self.event.value)
        return not self.analysis.multiline and len(self.event.value.encode()) <= _LONGEST_KEY

    def write_literal(self, text: str) -> None:
        """A literal block that keeps its last line breaks does not need the end of the document marked."""
        super().write_literal(text)
        self.open_ended = False


def _escaped(word: str) -> str:
    """The characters of a word as they stand between double quotes."""
    return "".join(map(_character, word))


def _character(character: str) -> str:
    if _PRINTABLE.match(character):
        return character
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def encoded(value: Value) -> str:
    """A known value as block-style YAML; every string is quoted, or a literal block if it has lines."""
    stream = [
        events.StreamStartEvent(),
        events.DocumentStartEvent(explicit=False),
        *_events(value),
        events.DocumentEndEvent(explicit=False),
        events.StreamEndEvent(),
    ]
    return str(yaml.emit(stream, Dumper=_Emitter, allow_unicode=True))


def _events(value: Value) -> Iterator[events.Event]:
    if isinstance(value, dict):
        yield events.MappingStartEvent(None, None, True, flow_style=not value)
        for key in sorted(value, key=str.encode):
            yield from _events(key)
            yield from _events(value[key])
        yield events.MappingEndEvent()
    elif isinstance(value, list):
        yield events.SequenceStartEvent(None, None, True, flow_style=not value)
        for item in value:
            yield from _events(item)
        yield events.SequenceEndEvent()
    elif isinstance(value, str):
        yield events.ScalarEvent(None, None, (True, True), value, style="|" if "\n" in value else '"')
    else:
        yield events.ScalarEvent(None, None, (True, True), _word(value))


def _word(value: Value) -> str:
    if isinstance(value, (bool, int, Decimal)):
        return string(value)
    return "null"
