"""Every single edit of a Terraform file, by what the syntax tree holds."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from lark import Token
from lark import Tree as LarkTree

from plumbline.kinds.registry import kinds
from plumbline.terraform.hcl import grammar
from plumbline.terraform.hcl.masking import mask
from plumbline.terraform.source import Source
from selftest.survivors import siblings, ways

Tree: TypeAlias = LarkTree[Token]

SUFFIXES = (".tf", ".tfvars", ".tfbackend")
COPY = "copy"
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*")
_DECLARING = ("resource", "data")


@dataclass(frozen=True)
class Edit:
    """A part of a file, put in the place of another."""

    file: str
    """Relative to the folder of the roots."""
    line: int
    where: str
    """The argument, block or element, as Terraform would address it: `aws_s3_bucket.a.lifecycle`."""
    way: str
    """What is done to it: `removed`."""
    start: int
    end: int
    new: str

    @property
    def part(self) -> str:
        """What a hash tells to be the same as before: the file."""
        return self.file

    @property
    def place(self) -> str:
        """What is edited, as the list has it: the same when lines move."""
        return f"{self.file} {self.where}"

    @property
    def shown(self) -> str:
        """What is edited, to people."""
        return f"{self.where} at {self.file}:{self.line}"

    def applied(self, text: str) -> str:
        """Return the file's text with the edit."""
        return text[: self.start] + self.new + text[self.end :]


@dataclass(frozen=True)
class Names:
    """What a root declares, so that a reference can be turned to a sibling."""

    declared: Mapping[str, list[str]]
    """The names by what they are declared as: `var string`, `local`, `aws_s3_bucket`, `data.aws_x`."""
    types: Mapping[str, str]
    """The type of each variable."""
    aliases: tuple[str, ...]
    """The other configurations of providers: `aws.dr`."""

    def sibling(self, reference: str) -> str:
        """Return the reference to the next of the same sort; empty where there is no other."""
        steps = reference.split(".")
        depth = {"data": 3}.get(steps[0], 2)
        if len(steps) < depth:
            return ""
        *sort, name = steps[:depth]
        told = f"var {self.types.get(name, '')}" if sort == ["var"] else ".".join(sort)
        others = self.declared.get(told, [])
        if name not in others or len(others) < 2:
            return ""
        return ".".join([*sort, siblings.after(name, others)[0], *steps[depth:]])


def files(folder: Path) -> list[str]:
    """Return the files of a stack's reference Terraform that are edited, relative to its folder."""
    found = (it for it in folder.rglob("*") if it.suffix in SUFFIXES and ".terraform" not in it.parts)
    return sorted(str(it.relative_to(folder)) for it in found)


def names(folder: Path) -> Names:
    """Return what the root in a folder declares."""
    declared: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    aliases: list[str] = []
    for path in sorted(folder.glob("*.tf")):
        walk = _Walk(path.name, path.read_text(), Names({}, {}, ()))
        for block in walk.blocks(walk.main):
            sort, *labels = walk.header(block)
            arguments = walk.arguments(block)
            match sort, labels:
                case "resource", [type_, name]:
                    declared.setdefault(type_, []).append(name)
                case "data", [type_, name]:
                    declared.setdefault(f"data.{type_}", []).append(name)
                case "variable", [name]:
                    types[name] = arguments.get("type", "")
                    declared.setdefault(f"var {types[name]}", []).append(name)
                case "locals", []:
                    declared.setdefault("local", []).extend(arguments)
                case "provider", [name] if "alias" in arguments:
                    aliases.append(f"{name}.{arguments['alias'].strip(chr(34))}")
    return Names(declared, types, tuple(aliases))


def edits(file: str, text: str, names: Names) -> Iterator[Edit]:
    """Yield the edits of a file: none that makes the same text as another one, and each under its own key."""
    seen, called = {text}, Counter[tuple[str, str]]()
    for edit in _Walk(file, text, names).edits():
        if (made := edit.applied(text)) not in seen:
            seen.add(made)
            called[edit.place, edit.way] += 1
            number = called[edit.place, edit.way]
            yield replace(edit, way=f"{edit.way} ({number})") if number > 1 else edit


class _Walk:
    """One file, from its outermost block to its innermost value."""

    def __init__(self, file: str, text: str, names: Names) -> None:
        self.file, self.text, self.names = file, text, names
        document = mask(Source(file, text))
        self._position = document.source.position
        parts = _trees(_trees(grammar.parse(document.text))[0])
        beyond = len(parts) - document.expressions
        self.main = parts[:beyond]
        self._in_templates = parts[beyond:]
        self._texts: list[tuple[int, int, str]] = []
        """Where each text of the file begins and ends, and what it is the value of."""

    def edits(self) -> Iterator[Edit]:
        """Yield the edits, some of them twice."""
        yield from self._body(self.main, "")
        for part in self._in_templates:
            value = _trees(_trees(part)[-1])[0]  # it stands in parentheses, which the file lacks
            start, _ = self._span(value)
            holders = [it for it in self._texts if it[0] <= start < it[1]]
            innermost = min(holders, key=lambda it: it[1] - it[0])
            yield from self._references(value, innermost[2])

    def blocks(self, parts: list[Tree]) -> Iterator[Tree]:
        """Yield the blocks among the parts of a body."""
        return (it for it in parts if it.data == "block")

    def header(self, block: Tree) -> list[str]:
        """Return the type and the labels of a block."""
        return [self._written(it).strip('"') for it in _trees(block)[:-1]]

    def arguments(self, block: Tree) -> dict[str, str]:
        """Return the arguments of a block, as written."""
        found = (_trees(it) for it in _trees(_trees(block)[-1]) if it.data == "attribute")
        return {self._written(name): self._written(value) for name, value in found}

    def _body(self, parts: list[Tree], within: str) -> Iterator[Edit]:
        counted: dict[str, int] = {}
        for part in parts:
            if part.data == "attribute":
                name, value = _trees(part)
                where = f"{within}.{self._written(name)}".lstrip(".")
                yield self._removed(part, where)
                yield from self._value(value, where)
            elif part.data == "block":
                told = self._address(part, within, counted)
                yield from self._block(part, told, outermost=not within)

    def _address(self, block: Tree, within: str, counted: dict[str, int]) -> str:
        sort, *labels = self.header(block)
        if not within:
            alias = self.arguments(block).get("alias", "").strip('"') if sort == "provider" else ""
            steps = labels if sort == "resource" else [_SHORT.get(sort, sort), *labels, alias]
            return ".".join(filter(None, steps))
        told = f"{within}.{'.'.join([sort, *labels])}"
        number = counted[told] = counted.get(told, -1) + 1
        return f"{told}[{number}]" if number else told

    def _block(self, block: Tree, where: str, *, outermost: bool) -> Iterator[Edit]:
        sort, *labels = self.header(block)
        yield self._removed(block, where)
        if not outermost:
            yield self._after(block, where, "doubled", self._written(block))
        elif sort in _DECLARING:
            yield self._after(block, where, "copied under another name", self._copy(block, labels))
            yield from self._other_provider(block, where)
        yield from self._body(_trees(_trees(block)[-1]), where)

    def _copy(self, block: Tree, labels: list[str]) -> str:
        """Return a block with another label, and where it names something in AWS, another name there."""
        start, _ = self._span(block)
        arguments = [_trees(it) for it in _trees(_trees(block)[-1]) if it.data == "attribute"]
        name = _name_arguments().get(labels[0])
        named = [value for argument, value in arguments if self._written(argument) == name]
        parts = [self._renamed(_trees(block)[2], "_"), *(self._renamed(it, "-") for it in named)]
        text = self._written(block)
        for begin, end, new in sorted(parts, reverse=True):
            text = text[: begin - start] + new + text[end - start :]
        return text

    def _renamed(self, value: Tree, separator: str) -> tuple[int, int, str]:
        written = self._written(value)
        inner = written[1:-1] if written.startswith('"') else f"${{{written}}}"
        return (*self._span(value), f'"{inner}{separator}{COPY}"')

    def _other_provider(self, block: Tree, where: str) -> Iterator[Edit]:
        """Yield the edits that give a resource another configuration of its provider."""
        if "provider" in self.arguments(block):
            return
        header = self._span(_trees(block)[-2])[1]
        opening = self.text.index("{", header) + 1
        for alias in self.names.aliases:
            if self.header(block)[1].startswith(f"{alias.partition('.')[0]}_"):
                yield self._edit(
                    opening, opening, f"\n  provider = {alias}\n", where, f"provider changed to {alias}"
                )

    def _value(self, value: Tree, where: str) -> Iterator[Edit]:
        if _EDITED.get(value.data) is None:
            for part in _trees(value):
                yield from self._value(part, where)
        else:
            yield from _EDITED[value.data](self, value, where)

    def _literal(self, value: Tree, where: str) -> Iterator[Edit]:
        if flipped := {"true": "false", "false": "true"}.get(self._written(value)):
            yield self._put(value, flipped, where, "flipped")

    def _number(self, value: Tree, where: str) -> Iterator[Edit]:
        for way, number in ways.of_number(self._written(value)):
            yield self._put(value, number, where, way)

    def _string(self, value: Tree, where: str) -> Iterator[Edit]:
        written = self._written(value)
        self._texts.append((*self._span(value), where))
        if not written.startswith('"'):
            return  # a heredoc: its lines are no values
        text = written[1:-1]
        for way, other in ways.of_text(text, [] if "${" in text else siblings.in_any(text)):
            yield self._put(value, f'"{other}"', where, way)

    def _tuple(self, value: Tree, where: str) -> Iterator[Edit]:
        elements = _trees(value)
        if elements:
            yield self._put(value, "[]", where, "emptied")
        for number, element in enumerate(elements):
            yield self._without(element, f"{where}[{number}]")
            yield from self._value(element, f"{where}[{number}]")

    def _object(self, value: Tree, where: str) -> Iterator[Edit]:
        for element in _trees(value):
            key, inner = _trees(element)
            told = f"{where}.{self._written(key).strip(chr(34))}"
            self._texts.append((*self._span(key), told))
            yield self._without(element, told)
            yield from self._value(inner, told)

    def _reference(self, value: Tree, where: str) -> Iterator[Edit]:
        found = _REFERENCE.match(self._written(value))
        if found and (other := self.names.sibling(found.group())):
            start, _ = self._span(value)
            yield self._edit(start, start + found.end(), other, where, f"turned to {other}")
        for part in _trees(value):
            if part.data != "expr_term" or "." not in self._written(part):
                yield from self._value(part, where)

    def _references(self, value: Tree, where: str) -> Iterator[Edit]:
        """Yield the edits of what a template refers to; its texts are edited as wholes."""
        return (it for it in self._value(value, where) if it.way.startswith("turned to"))

    def _removed(self, part: Tree, where: str) -> Edit:
        start, end = self._span(part)
        return self._edit(start, end, "", where, "removed")

    def _without(self, element: Tree, where: str) -> Edit:
        """Return the edit that takes an element out, with the comma behind it."""
        start, end = self._span(element)
        comma = re.compile(r"\s*,").match(self.text, end)
        return self._edit(start, comma.end() if comma else end, "", where, "removed")

    def _after(self, part: Tree, where: str, way: str, text: str) -> Edit:
        _, end = self._span(part)
        return self._edit(end, end, f"\n\n{text}", where, way)

    def _put(self, part: Tree, new: str, where: str, way: str) -> Edit:
        return self._edit(*self._span(part), new, where, way)

    def _edit(self, start: int, end: int, new: str, where: str, way: str) -> Edit:
        return Edit(self.file, self.text.count("\n", 0, start) + 1, where, way, start, end, new)

    def _span(self, tree: Tree) -> tuple[int, int]:
        """Return where a part of the tree begins and ends in the file."""
        return self._position(tree.meta.start_pos), self._position(tree.meta.end_pos - 1) + 1

    def _written(self, tree: Tree) -> str:
        start, end = self._span(tree)
        return self.text[start:end]


_SHORT = {"variable": "var", "locals": "local"}
_EDITED: dict[str, Callable[[_Walk, Any, str], Iterator[Edit]]] = {
    "literal_value": _Walk._literal,
    "int_lit": _Walk._number,
    "float_lit": _Walk._number,
    "string": _Walk._string,
    "tuple": _Walk._tuple,
    "object": _Walk._object,
    "get_attr_expr_term": _Walk._reference,
    "index_expr_term": _Walk._reference,
}


@functools.cache
def _name_arguments() -> dict[str, str]:
    """Return the argument that names a resource in AWS, by the Terraform type."""
    return {it.terraform_type: it.name_argument for it in kinds().values() if it.terraform_type}


def _trees(tree: Tree) -> list[Tree]:
    """Return the children that mean something: neither punctuation nor line breaks."""
    return [it for it in tree.children if isinstance(it, LarkTree) and it.data != "new_line_or_comment"]
