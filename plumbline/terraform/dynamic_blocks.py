"""How often a dynamic block repeats its content, and what the content sees each time.

Source: Terraform language, "dynamic Blocks".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plumbline.terraform.expressions.access import Reference
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.expressions.collections import pairs, unknown_elements
from plumbline.terraform.hcl.body import Block, Body
from plumbline.terraform.model import Problem
from plumbline.terraform.values import InvalidValue, Pending, derived
from plumbline.values.unknown import Unknown


@dataclass(frozen=True, slots=True)
class Repeated:
    """The content of a dynamic block with the scope of each time; `unknown` says why nobody knows how often.

    Then there is one scope, in which the iterator is unknown.
    """

    content: Body
    scopes: list[Scope]
    unknown: Unknown | None = None


def repeated(block: Block, scope: Scope) -> Repeated:
    """Evaluates `for_each`; raises `EvaluationError` for what Terraform refuses of the block itself."""
    for_each, content = _parts(block)
    name = _iterator(block)
    collection = for_each.evaluate(scope)
    try:
        unknown = unknown_elements(collection)
    except InvalidValue as error:
        raise for_each.error(f"invalid for_each: {error}") from None
    if unknown is not None:
        element = derived(unknown)
        return Repeated(content, [scope.inside({name: {"key": element, "value": element}})], unknown)
    elements = [{"key": key, "value": value} for key, value in pairs(collection)]
    return Repeated(content, [scope.inside({name: element}) for element in elements])


def before_evaluation(block: Block, scope: Scope) -> Repeated:
    """As `repeated`; what fails is reported where it is evaluated, and until then unknown."""
    try:
        return repeated(block, scope)
    except EvaluationError:
        contents = block.body.of_type("content")
        unknown = Pending("for_each")
        return Repeated(contents[0].body if contents else Body(), [scope], unknown)


def collections_inside(body: Body) -> Iterator[tuple[Block, Expression]]:
    """The `for_each` of each dynamic block in a body, however deep."""
    for block in body.blocks:
        for_each = block.body.expression("for_each")
        if block.type == "dynamic" and for_each is not None:
            yield block, for_each
        yield from collections_inside(block.body)


def _parts(block: Block) -> tuple[Expression, Body]:
    for_each = block.body.expression("for_each")
    contents = block.body.of_type("content")
    if for_each is None or len(contents) != 1:
        summary = "A dynamic block needs a for_each argument and one content block."
        raise EvaluationError(Problem(summary, block.location))
    return for_each, contents[0].body


def _iterator(block: Block) -> str:
    iterator = block.body.expression("iterator")
    if iterator is None:
        return block.labels[0]
    if isinstance(iterator, Reference) and len(iterator.path) == 1:
        return iterator.path[0]
    raise iterator.error("an iterator is a single name")
