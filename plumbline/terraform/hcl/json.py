"""Reads `.tf.json` and `.tfvars.json` files into the same bodies and expressions as native syntax."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from plumbline.terraform import numbers
from plumbline.terraform.characters import composed, whole
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.collections import Object, Tuple
from plumbline.terraform.hcl.body import Argument, Block, Body
from plumbline.terraform.source import Source, SyntaxProblem

# How many labels the blocks of a configuration file have; deeper blocks have none.
_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "check": 1,
    "locals": 0,
    "terraform": 0,
    "moved": 0,
    "removed": 0,
    "import": 0,
}
# Blocks inside blocks that are known without the provider's schema.
_INNER = {
    "terraform": {"backend": 1, "required_providers": 0, "cloud": 0},
    "variable": {"validation": 0},
    "resource": {"lifecycle": 0, "dynamic": 1, "provisioner": 1, "connection": 0},
    "data": {"lifecycle": 0, "dynamic": 1},
    "ephemeral": {"lifecycle": 0, "dynamic": 1},
    "removed": {"lifecycle": 0, "provisioner": 1},
    "provisioner": {"connection": 0},
    "lifecycle": {"precondition": 0, "postcondition": 0},
    "dynamic": {"content": 0},
    "output": {"precondition": 0},
    "check": {"assert": 0, "data": 2},
}
# Arguments of blocks whose strings are references or types, not templates.
_REFERENCES = {
    "variable": {"type"},
    "output": {"depends_on"},
    "module": {"depends_on"},
    "resource": {"provider", "depends_on"},
    "data": {"provider", "depends_on"},
    "ephemeral": {"provider", "depends_on"},
    "lifecycle": {"ignore_changes", "replace_triggered_by"},
    "moved": {"from", "to"},
    "removed": {"from"},
    "import": {"to", "provider"},
    "dynamic": {"iterator"},
}
# Arguments of labelled blocks whose strings are no templates: Terraform takes them as they are written.
_LITERAL = {
    ("variable", "default"),
    ("variable", "description"),
    ("output", "description"),
    ("module", "source"),
}
_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None}


def parse_json_file(source: Source) -> Body:
    """The body that a JSON file stands for; raises `SyntaxProblem`."""
    is_values = source.file.endswith(".tfvars.json")  # in which strings are no templates
    value = _Reader(source, is_literal=is_values).file()
    body = Body()
    labels = {} if is_values else _LABELS
    for top in value.elements if isinstance(value, Tuple) and not is_values else [value]:
        if not isinstance(top, Object):
            raise SyntaxProblem("The file must hold a JSON object.", source.place(0))
        _fill(body, top, labels, "")
    return body


def blocks(argument: Argument) -> Iterator[Block]:
    """The blocks that an argument turns out to be, once its name is known as that of a type of blocks.

    Raises `SyntaxProblem` where it cannot be any.
    """
    if argument.name == "dynamic":
        yield from _blocks("dynamic", 1, argument.expression, argument)
        return
    for _, content, place in _labelled(0, argument.expression, argument):
        yield Block(argument.name, [], _body(argument.name, content, {}, ""), place.source, place.offset)


def _fill(body: Body, value: Object, labels: dict[str, int], type: str) -> None:
    """Enters an object's properties: as blocks where the names are known as such, else as arguments.

    The type is that of the block around, if the language itself has it.
    """
    for key, expression in value.items:
        name = str(getattr(key, "constant", ""))
        if name == "//":
            continue  # how JSON files comment
        if name in labels:
            body.blocks.extend(_blocks(name, labels[name], expression, key))
        elif name in body.arguments:
            first = body.arguments[name].location
            raise SyntaxProblem(f'The argument "{name}" was already set at {first}.', key.location)
        else:
            _refuse_duplicates(expression)
            if name in _REFERENCES.get(type, ()):
                expression = _unquoted(expression)
            body.arguments[name] = Argument(name, expression, key.source, key.offset)


def _refuse_duplicates(value: Expression) -> None:
    """Raises `SyntaxProblem` for an object with two properties of one name."""
    names: set[object] = set()
    for key, _ in value.items if isinstance(value, Object) else ():
        name = getattr(key, "constant", key)
        if name in names:
            raise SyntaxProblem(f'The property "{name}" stands here twice.', key.location)
        names.add(name)
    for child in value.children() if isinstance(value, (Object, Tuple)) else ():
        _refuse_duplicates(child)


def _blocks(type: str, labels: int, value: Expression, key: Expression | Argument) -> Iterator[Block]:
    for names, content, place in _labelled(labels, value, key):
        yield Block(type, names, _body(type, content, _INNER.get(type, {}), type), place.source, place.offset)


def _body(name: str, content: Expression, labels: dict[str, int], type: str) -> Body:
    body = Body()
    if _is_null(content):
        return body  # one of a list, which is a block with nothing in it
    if not isinstance(content, Object):
        raise SyntaxProblem(f'"{name}" must be a JSON object.', content.location)
    _fill(body, content, labels, type)
    return body


def _labelled(
    labels: int, value: Expression, key: Expression | Argument
) -> Iterator[tuple[list[str], Expression, Expression | Argument]]:
    if labels == 0 and _is_null(value):
        return
    for part in value.elements if isinstance(value, Tuple) else [value]:
        if labels == 0:
            yield [], part, key
        elif isinstance(part, Object):
            for inner, content in part.items:
                label = str(getattr(inner, "constant", ""))
                if label != "//":
                    for rest, body, place in _labelled(labels - 1, content, inner):
                        yield [label, *rest], body, place
        else:
            raise SyntaxProblem("A JSON object is required here, whose properties are labels.", part.location)


def _is_null(value: Expression) -> bool:
    return isinstance(value, Literal) and value.constant is None


def _unquoted(value: Expression) -> Expression:
    """The reference that a string is, or those that a list of strings is."""
    from plumbline.terraform.hcl.parser import parse_expression

    if isinstance(value, Tuple):
        return Tuple(value.source, value.offset, [_unquoted(element) for element in value.elements])
    if not isinstance(value, Literal):
        raise SyntaxProblem("A name is written without ${ } here.", value.location)
    if isinstance(value.constant, str):
        return parse_expression(Source(value.source.file, value.constant), value.location)
    return value


class _Reader:
    """A JSON parser that keeps the place of every value."""

    def __init__(self, source: Source, *, is_literal: bool) -> None:
        self.source = source
        self.is_literal = is_literal
        self.text = source.text
        self.position = 1 if source.text.startswith("\ufeff") else 0
        self.path: list[str] = []
        """The names of the properties around."""

    def file(self) -> Expression:
        value = self.value()
        self.blank()
        if self.position < len(self.text):
            raise self.problem("Nothing may follow the JSON value.")
        return value

    def problem(self, summary: str) -> SyntaxProblem:
        return SyntaxProblem(f"Invalid JSON: {summary}", self.source.place(self.position))

    def blank(self) -> None:
        match = _BLANK.match(self.text, self.position)
        self.position = match.end() if match else self.position

    def take(self, character: str) -> bool:
        self.blank()
        if not self.text.startswith(character, self.position):
            return False
        self.position += 1
        return True

    def value(self) -> Expression:
        self.blank()
        start = self.position
        if self.take("{"):
            return Object(self.source, start, list(self.items()))
        if self.take("["):
            return Tuple(self.source, start, list(self.elements()))
        if self.text.startswith('"', start):
            return self.template(start, self.string())
        return self.word(start)

    def items(self) -> Iterator[tuple[Expression, Expression]]:
        if self.take("}"):
            return
        while True:
            self.blank()
            start = self.position
            if not self.text.startswith('"', start):
                raise self.problem("A property name in double quotes is required.")
            name = self.string()
            key = self.template(start, name)
            if not self.take(":"):
                raise self.problem('A ":" is required.')
            self.path.append(name)
            yield key, self.value()
            self.path.pop()
            if self.take("}"):
                return
            if not self.take(","):
                raise self.problem('A "," or "}" is required.')

    def elements(self) -> Iterator[Expression]:
        if self.take("]"):
            return
        while True:
            yield self.value()
            if self.take("]"):
                return
            if not self.take(","):
                raise self.problem('A "," or "]" is required.')

    def string(self) -> str:
        try:
            text, self.position = json.decoder.scanstring(self.text, self.position + 1, True)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            self.position = error.pos
            raise self.problem(f"{error.msg}.") from None
        return whole(str(text))

    def template(self, start: int, text: str) -> Expression:
        """Strings are templates; the places inside one are those of its opening quote."""
        if self.is_as_written() or ("${" not in text and "%{" not in text):
            return Literal(self.source, start, composed(text))
        from plumbline.terraform.hcl.parser import parse_string

        return parse_string(Source(self.source.file, text), self.source.place(start))

    def is_as_written(self) -> bool:
        """Whether a string here is no template."""
        return self.is_literal or (len(self.path) > 2 and (self.path[0], self.path[2]) in _LITERAL)

    def word(self, start: int) -> Expression:
        for word, constant in _WORDS.items():
            if self.text.startswith(word, start):
                self.position += len(word)
                return Literal(self.source, start, constant)
        match = _NUMBER.match(self.text, start)
        if match is None:
            raise self.problem("A value is required.")
        self.position = match.end()
        return Literal(self.source, start, numbers.parse(match.group()))
