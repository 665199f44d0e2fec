"""The filter patterns of CloudWatch Logs: which lines they count, and what a line gives under a name.

Source: CloudWatch Logs user guide, "Filter pattern syntax".
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from plumbline.values.json_source import data_of
from plumbline.values.shown import whole
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import compiled, wildcard

_TERM = re.compile(r"""\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|(%[^%]*%)(?=\s|$)|([^\s"]+))(?=\s|$)""")
_WORD = re.compile(
    r"""\s*(?:(?P<selector>\$(?:\.?(?:[\w@-]+|\[\d+\]|\['[^']*'\]))*)|(?P<sign>&&|\|\||!=|<=|>=|[=<>(),]|\.\.\.)"""
    r"""|(?P<text>"(?:[^"\\]|\\.)*")|(?P<regex>%[^%]*%)|(?P<bare>[^\s"=<>!&|(),]+))"""
)
_COLUMN = re.compile(r"""\s*(?:"([^"]*)"|\[([^\]]*)\]|(\S+))""")
_STEP = re.compile(r"\.?([\w@-]+)|\[(\d+)\]|\.?\['([^']*)'\]")
_ALLOWED = re.compile(r"[A-Za-z0-9\s:_#=@/;,'^$?\[\]{}|\\*+.-]*")
_MOST_REPETITIONS = 6
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CONSTANTS = {"NULL": None, "TRUE": True, "FALSE": False}
_NOTHING = object()
"""Stands for a field that a line does not have."""
Holds = Callable[[Mapping[str, Any]], bool]


def counts(pattern: str, line: str) -> bool:
    """Return whether a pattern finds a line. Raises `Undetermined` for what is not evaluated here."""
    if not pattern.strip():
        return True
    try:
        match pattern.strip()[0]:
            case "{":
                return _finds_object(pattern.strip(), line)
            case "[":
                return _columns_of(pattern.strip(), line) is not None
        return _has_terms(pattern, line)
    except (ValueError, IndexError, RecursionError):
        raise Undetermined(f"the filter pattern {pattern} is not evaluated here") from None


def value_in(pattern: str, line: str, name: str) -> Any:
    """Return what a line gives under `$.name` or `$name`; None where it has none. Raises as `counts`."""
    try:
        if pattern.strip().startswith("{"):
            value = _selected(name, data_of(line))
        else:
            value = (_columns_of(pattern.strip(), line) or {}).get(name.removeprefix("$"), _NOTHING)
    except (ValueError, IndexError):
        raise Undetermined(f"what {name} is of a line that {pattern} finds is not evaluated here") from None
    return None if value is _NOTHING else value


def _has_terms(pattern: str, line: str) -> bool:
    """Return whether a line has the terms: every plain one, or one of those with `?`; none with `-`."""
    terms: dict[str, list[Callable[[str], bool]]] = {"": [], "?": [], "-": []}
    at = 0
    while pattern[at:].strip():
        found = _TERM.match(pattern, at)
        if found is None:
            raise ValueError(pattern[at:])
        sign, quoted, regex, bare = found.groups()
        terms[sign].append(_regex(regex) if regex else _within(_unquoted(quoted) if bare is None else bare))
        at = found.end()
    if terms["?"] and terms["-"]:
        raise ValueError("terms with ? and with - do not go together")
    if any(has(line) for has in terms["-"]):
        return False
    # A term without `?` makes CloudWatch disregard those with it.
    if terms[""] or not terms["?"]:
        return all(has(line) for has in terms[""])
    return any(has(line) for has in terms["?"])


def _within(term: str) -> Callable[[str], bool]:
    return lambda line: term in line


def _regex(written: str) -> Callable[[str], bool]:
    """Return what finds a `%regular expression%` of the syntax that is allowed: there are no groups."""
    expression = written[1:-1]
    if not _ALLOWED.fullmatch(expression) or len(re.findall(r"[*+{?]", expression)) > _MOST_REPETITIONS:
        raise ValueError(expression)
    try:
        regex = compiled(f"(?-s){expression}")
    except ValueError:
        raise ValueError(expression) from None
    return lambda text: regex.search(whole(text)) is not None


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _finds_object(pattern: str, line: str) -> bool:
    if not pattern.endswith("}"):
        raise ValueError(pattern)
    holds = _Conditions(pattern[1:-1], in_json=True).whole()
    try:
        found = data_of(line)
    except ValueError:
        return False
    return isinstance(found, Mapping) and holds(found)


def _columns_of(pattern: str, line: str) -> dict[str, Any] | None:
    """Return the columns of a line by the names that a pattern gives them; None where it does not fit."""
    if not pattern.endswith("]"):
        raise ValueError(pattern)
    wanted = [it.strip() for it in _split(pattern[1:-1])]
    values = [found[found.lastindex or 0] for found in _COLUMN.finditer(line)]
    if "..." in wanted:
        at = wanted.index("...")
        after = len(wanted) - at - 1
        if "..." in wanted[at + 1 :]:
            raise ValueError(pattern)
        if len(values) < at + after:
            return None
        wanted.pop(at)
        values = values[:at] + values[len(values) - after :] if after else values[:at]
    if len(wanted) != len(values):
        return None
    conditions = [_Conditions(it, in_json=False) for it in wanted]
    columns = {
        it.column(position): value
        for position, (it, value) in enumerate(zip(conditions, values, strict=True))
    }
    return columns if all(it.whole()(columns) for it in conditions) else None


def _split(text: str) -> list[str]:
    """Return what stands between the commas that are not quoted."""
    parts, quoted = [""], ""
    for character in text:
        if character in '"%' and quoted in ("", character):
            quoted = "" if quoted else character
        if character == "," and not quoted:
            parts.append("")
        else:
            parts[-1] += character
    return parts


class _Conditions:
    """Reads what is asked of the fields of a line."""

    def __init__(self, text: str, *, in_json: bool) -> None:
        self.in_json = in_json
        self.words = _words(text)
        self.at = 0

    def column(self, position: int) -> str:
        """Return the name of the column that it is about."""
        named = next((word for sort, word in self.words if sort == "bare"), "")
        return named or str(position)

    def whole(self) -> Holds:
        self.at = 0
        if not self.in_json and len(self.words) < 2:  # a column of which nothing is asked
            return lambda fields: True
        holds = self._any()
        if self.at < len(self.words):
            raise ValueError("more than a condition")
        return holds

    def _takes(self, *words: str) -> str:
        if self.at < len(self.words) and self.words[self.at][1].upper() in words:
            self.at += 1
            return self.words[self.at - 1][1].upper()
        return ""

    def _any(self) -> Holds:
        holds = [self._all()]
        while self._takes("||"):
            holds.append(self._all())
        return lambda fields: any(it(fields) for it in holds)

    def _all(self) -> Holds:
        holds = [self._one()]
        while self._takes("&&"):
            holds.append(self._one())
        return lambda fields: all(it(fields) for it in holds)

    def _one(self) -> Holds:
        if self._takes("("):
            holds = self._any()
            if not self._takes(")"):
                raise ValueError("a parenthesis is not closed")
            return holds
        name = self._field()
        if self._takes("IS"):
            wanted = self._constant()
            return lambda fields: self._of(fields, name) is wanted
        if self._takes("NOT"):
            if not self._takes("EXISTS"):
                raise ValueError("NOT what")
            return lambda fields: self._of(fields, name) is _NOTHING
        if self._takes("EXISTS"):
            return lambda fields: self._of(fields, name) is not _NOTHING
        sign = self._takes("=", "!=", "<", "<=", ">", ">=")
        if not sign:
            raise ValueError("no comparison")
        compare = _comparison(sign, *self.words[self.at])
        self.at += 1
        return lambda fields: compare(self._of(fields, name))

    def _constant(self) -> bool | None:
        word = self._takes(*_CONSTANTS)
        if not word:
            raise ValueError("IS what")
        return _CONSTANTS[word]

    def _field(self) -> str:
        sort, word = self.words[self.at]
        if sort != ("selector" if self.in_json else "bare"):
            raise ValueError(word)
        self.at += 1
        return word

    def _of(self, fields: Mapping[str, Any], name: str) -> Any:
        return _selected(name, fields) if self.in_json else fields.get(name, _NOTHING)


def _words(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        word = _WORD.match(text, at)
        if word is None or word.lastgroup is None:
            raise ValueError(text[at:])
        found.append((word.lastgroup, word[word.lastgroup]))
        at = word.end()
    return found


def _selected(selector: str, value: Any) -> Any:
    """Return what a selector such as `$.request.headers[0]` names."""
    at = 1
    while at < len(selector):
        step = _STEP.match(selector, at)
        if step is None:
            raise ValueError(selector)
        key, index, quoted = step.groups()
        if index is not None:
            value = value[int(index)] if isinstance(value, list) and int(index) < len(value) else _NOTHING
        else:
            value = value.get(key or quoted, _NOTHING) if isinstance(value, Mapping) else _NOTHING
        at = step.end()
    return value


def _comparison(sign: str, sort: str, word: str) -> Callable[[Any], bool]:
    if sort not in ("text", "regex", "bare"):
        raise ValueError(word)
    if sign in _ORDERS:
        bound, order = float(word), _ORDERS[sign]
        return lambda value: (number := _number(value)) is not None and order(number, bound)
    equal = _equality(sort, word)
    if sign == "=":
        return lambda value: value is not _NOTHING and equal(value)
    return lambda value: not equal(_there(value))


def _there(value: Any) -> Any:
    if value is _NOTHING:
        raise Undetermined("what != says of a field that a line does not have is not documented")
    return value


def _equality(sort: str, word: str) -> Callable[[Any], bool]:
    if sort == "regex":
        finds = _regex(word)
        return lambda value: isinstance(value, str) and finds(value)
    text = _unquoted(word[1:-1]) if sort == "text" else word
    if "*" in text:
        fits = wildcard(text)
        return lambda value: fits(_text(value))
    number = None if sort == "text" else _number(text)
    if number is not None:
        return lambda value: _number(value) == number
    return lambda value: _text(value) == text if isinstance(value, str) else False


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
