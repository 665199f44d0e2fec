"""Arguments and blocks, as written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from plumbline.terraform.expressions.base import Expression
from plumbline.terraform.model import Location
from plumbline.terraform.source import Source


@dataclass(slots=True)
class Argument:
    """`name = expression`."""

    name: str
    expression: Expression
    source: Source
    offset: int
    end: int = 0

    @property
    def text(self) -> str:
        """The expression as written."""
        start = self.source.position(self.offset)
        return self.source.text[start : self.source.position(self.end)].partition("=")[2].strip()

    @property
    def location(self) -> Location:
        """Where the argument's name stands."""
        return self.source.location(self.offset)


@dataclass(slots=True)
class Block:
    """`type "label" { ... }`."""

    type: str
    labels: list[str]
    body: Body
    source: Source
    offset: int

    @property
    def location(self) -> Location:
        """Where the block's type stands."""
        return self.source.location(self.offset)


@dataclass(slots=True)
class Body:
    """The inside of a block or of a file."""

    arguments: dict[str, Argument] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def of_type(self, *types: str) -> list[Block]:
        """The blocks of these types, in order."""
        return [block for block in self.blocks if block.type in types]

    def expression(self, name: str) -> Expression | None:
        """The expression of an argument, or None where it is absent."""
        argument = self.arguments.get(name)
        return None if argument is None else argument.expression

    def expressions(self) -> Iterator[Expression]:
        """Every argument's expression, also of the blocks inside."""
        for argument in self.arguments.values():
            yield argument.expression
        for block in self.blocks:
            yield from block.body.expressions()
