"""String functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plumbline.terraform import conversion
from plumbline.terraform.characters import composed_within, safe_prefix
from plumbline.terraform.expressions.base import Scope
from plumbline.terraform.functions.format import formatted
from plumbline.terraform.functions.function import Function, Parameter, declare, limited
from plumbline.terraform.functions.graphemes import graphemes
from plumbline.terraform.numbers import Number, small
from plumbline.terraform.types import ANY, BOOL, NUMBER, STRING, ListType
from plumbline.terraform.values import (
    InvalidValue,
    Pending,
    TfList,
    TfSet,
    Value,
    derived,
    first_unknown,
    known_prefix,
)
from plumbline.values.unknown import Unknown

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_TEXTS = Parameter(ListType(STRING), parts=True)
_ANYTHING = Parameter(ANY, null=True, parts=True, unknown=True)
# The white space of Go's unicode.IsSpace.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)


@function(STRING, returns=STRING)
def chomp(text: str) -> Value:
    return text.rstrip("\r\n")


@function(STRING, Parameter(STRING, unknown=True), returns=BOOL)
def endswith(text: str, suffix: Value) -> Value:
    return _unless_unknown(suffix, lambda: text.endswith(str(suffix)))


@function(Parameter(STRING, unknown=True), STRING, returns=BOOL)
def startswith(text: Value, prefix: str) -> Value:
    beginning = known_prefix(text)
    if isinstance(text, Unknown) and (
        not prefix or (beginning and (beginning.startswith(prefix) or not prefix.startswith(beginning)))
    ):
        return beginning.startswith(prefix)
    return _unless_unknown(text, lambda: str(text).startswith(prefix))


def _unless_unknown(value: Value, answer: Any) -> Value:
    return derived(value, BOOL, not_null=True) if isinstance(value, Unknown) else bool(answer())


@function(STRING, STRING, returns=BOOL)
def strcontains(text: str, part: str) -> Value:
    return part in text


@function(STRING, rest=_ANYTHING)
def format_(pattern: str, *arguments: Value) -> Value:
    for argument in arguments:
        if argument is None:
            # Terraform cannot tell the type of this null, and gives an unknown string.
            return Pending("format()", STRING, not_null=True)
    return _formatted(pattern, arguments)


def _of_unknown(pattern: str, unknown: Unknown) -> Value:
    beginning = safe_prefix(pattern.partition("%")[0])
    return derived(unknown, STRING, not_null=True, prefix=beginning)


@function(STRING, rest=_ANYTHING, returns=ListType(STRING))
def formatlist(pattern: str, *arguments: Value) -> Value:
    if any(argument is None for argument in arguments):
        return Pending("formatlist()", ListType(STRING), not_null=True)  # as in format()
    lists = [argument for argument in arguments if isinstance(argument, list)]
    lengths = {len(values) for values in lists}
    if len(lengths) > 1:
        raise InvalidValue("all lists must have the same length")
    undecided: list[Value] = [a for a in arguments if isinstance(a, (Unknown, TfSet))]
    if (unknown := first_unknown(undecided)) is not None:
        return derived(unknown, ListType(STRING), not_null=True)
    count = lengths.pop() if lengths else 1
    rows = ([a[i] if isinstance(a, list) else a for a in arguments] for i in range(count))
    return composed_within(TfList((_formatted(pattern, row) for row in rows), STRING))


def _formatted(pattern: str, arguments: Sequence[Value]) -> Value:
    unknown = first_unknown([*arguments])
    return formatted(pattern, arguments) if unknown is None else _of_unknown(pattern, unknown)


@function(NUMBER, STRING, returns=STRING)
def indent(spaces: Number, text: str) -> Value:
    spaces = small(spaces, "number of spaces")
    if not 0 <= spaces <= 10_000:
        raise InvalidValue("the number of spaces must not be negative, nor more than anybody reads")
    limited(len(text) + text.count("\n") * spaces, "characters")
    return text.replace("\n", "\n" + " " * spaces)


@function(STRING, rest=_TEXTS, returns=STRING)
def join(separator: str, *lists: list[Value]) -> Value:
    if not lists:
        raise InvalidValue("at least one list is required")
    parts = [part for values in lists for part in values]
    if (unknown := first_unknown(parts)) is not None:
        return derived(unknown, STRING, not_null=True)
    if any(part is None for part in parts):
        raise InvalidValue("a null element cannot be joined")
    limited(len(separator) * len(parts), "characters")
    return separator.join(map(str, parts))


@function(STRING, returns=STRING)
def lower(text: str) -> Value:
    return "".join(character.lower()[:1] for character in text)


@function(STRING, returns=STRING)
def upper(text: str) -> Value:
    return "".join(_single(character, character.upper()) for character in text)


def _single(character: str, changed: str) -> str:
    """Go maps each character to one character; what Python would make longer stays."""
    return changed if len(changed) == 1 else character


@function(STRING, returns=STRING)
def title(text: str) -> Value:
    """Only the first letter of each word changes; a word begins after white space or other separators."""
    before, letters = " ", []
    for character in text:
        letters.append(_single(character, character.title()) if _separates(before) else character)
        before = character
    return "".join(letters)


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return not character.isalpha() and not character.isdigit() and character in _SPACE


@function(STRING, STRING)
def regex(pattern: str, text: str) -> Value:
    from plumbline.terraform.functions import patterns

    return patterns.first(pattern, text)


@function(STRING, STRING)
def regexall(pattern: str, text: str) -> Value:
    from plumbline.terraform.functions import patterns

    return patterns.every(pattern, text)


@function(STRING, STRING, STRING, returns=STRING)
def replace(text: str, old: str, new: str) -> Value:
    """A search text between slashes is a regular expression."""
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        from plumbline.terraform.functions import patterns

        return patterns.replaced(old[1:-1], text, new)
    limited(len(text) + text.count(old) * len(new), "characters")
    return text.replace(old, new)


@function(STRING, STRING, returns=ListType(STRING))
def split(separator: str, text: str) -> Value:
    parts = text.split(separator) if separator else list(text)
    return TfList(parts, STRING)


@function(STRING, returns=STRING)
def strrev(text: str) -> Value:
    return "".join(reversed(graphemes(text)))


@function(STRING, NUMBER, NUMBER, returns=STRING)
def substr(text: str, offset: Number, length: Number) -> Value:
    """A negative offset counts from the end; a length of -1 takes all that follows."""
    offset, length = small(offset, "offset"), small(length, "length")
    characters = graphemes(text)
    start = max(offset + len(characters), 0) if offset < 0 else offset
    end = len(characters) if length < 0 else start + length
    return "".join(characters[start:end])


@function(STRING, STRING, returns=STRING)
def trim(text: str, characters: str) -> Value:
    return text.strip(characters) if characters else text


@function(STRING, STRING, returns=STRING)
def trimprefix(text: str, prefix: str) -> Value:
    return text.removeprefix(prefix)


@function(STRING, STRING, returns=STRING)
def trimsuffix(text: str, suffix: str) -> Value:
    return text.removesuffix(suffix)


@function(STRING, returns=STRING)
def trimspace(text: str) -> Value:
    return text.strip(_SPACE)


@function(STRING, Parameter(ANY, parts=True), scoped=True, returns=STRING)
def templatestring(scope: Scope, template: str, variables: Value) -> Value:
    from plumbline.terraform.functions.filesystem import rendered

    value = rendered(scope, "templatestring()", template, variables)
    return value if isinstance(value, Unknown) or value is None else conversion.string(value)
