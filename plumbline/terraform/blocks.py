"""Evaluates the arguments and blocks of a body, dynamic blocks included."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from plumbline.terraform.dynamic_blocks import repeated
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.hcl.body import Block, Body
from plumbline.terraform.model import Location
from plumbline.terraform.problems import Problems
from plumbline.terraform.values import Pending, Value, derived, settled
from plumbline.values.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Evaluating:
    """One evaluation of bodies: what fails is reported, and becomes unknown so that the rest goes on."""

    scope: Scope
    problems: Problems

    def content(self, body: Body, address: str, skip: Collection[str] = ()) -> dict[str, Value]:
        """The configured values: null arguments are absent, every block type is a list of dicts."""
        values: dict[str, Value] = {}
        for name, argument in body.arguments.items():
            if name not in skip:
                value = self.settled(argument.expression, f"{address}.{name}")
                if value is not None:
                    values[name] = value
        for block in body.blocks:
            if block.type not in skip:
                self._block(values, block, address)
        return values

    def value(self, expression: Expression, address: str) -> Value:
        """The value of an expression; a failed one is reported and unknown."""
        try:
            return expression.evaluate(self.scope)
        except EvaluationError as error:
            self.problems.report(error)
            return Pending(address, exact=True)

    def settled(self, expression: Expression, address: str) -> Value:
        """As `value`, with whole resources as plain objects."""
        return settled(self.value(expression, address))

    def _block(self, values: dict[str, Value], block: Block, address: str) -> None:
        dynamic = block.type == "dynamic" and len(block.labels) == 1
        name = block.labels[0] if dynamic else block.type
        before = values.get(name, [])
        if isinstance(before, Unknown):
            return
        if not isinstance(before, list):
            told = f'"{name}" is set as an argument and as a block.'
            self.problems.add(told, block.location, hides=True)
            return
        place = f"{address}.{name}"
        new = (
            self._dynamic(block, place) if dynamic else [self.content(block.body, f"{place}[{len(before)}]")]
        )
        if isinstance(new, Unknown):
            values[name] = new
        elif before or new:
            values[name] = [*before, *new]

    def _dynamic(self, block: Block, address: str) -> list[Value] | Unknown:
        try:
            return self._expand(block, address)
        except EvaluationError as error:
            self.problems.report(error)
            return Pending(address, exact=True)

    def _expand(self, block: Block, address: str) -> list[Value] | Unknown:
        found = repeated(block, self.scope)
        if found.unknown is not None:
            return derived(found.unknown)
        return [
            Evaluating(scope, self.problems).content(found.content, f"{address}[{index}]")
            for index, scope in enumerate(found.scopes)
        ]


def locations(body: Body, skip: Collection[str] = ()) -> dict[str, Location]:
    """Where each argument, and the first block of each type, stands."""
    found = {name: argument.location for name, argument in body.arguments.items() if name not in skip}
    for block in body.blocks:
        name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
        if name not in skip:
            found.setdefault(name, block.location)
    return found
