"""What code says as it stands, evaluated or not: the types of its resources, and what expressions read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.terraform import references, schema
from plumbline.terraform.hcl.body import Body

if TYPE_CHECKING:
    from plumbline.terraform.declarations import Declarations
    from plumbline.terraform.expressions.base import Expression
    from plumbline.terraform.model import Location

AWS = "registry.terraform.io/hashicorp/aws"
BUILT_IN = "terraform.io/builtin/terraform"
_RANDOM = "registry.terraform.io/hashicorp/random"
_TYPES: dict[tuple[str, schema.Mode], frozenset[str]] = {
    (BUILT_IN, "resource"): frozenset({"terraform_data"}),
    (BUILT_IN, "data"): frozenset({"terraform_remote_state"}),
    (_RANDOM, "resource"): frozenset(
        f"random_{it}"
        for it in ("bytes", "id", "integer", "password", "pet", "shuffle", "string", "uuid", "uuid4", "uuid7")
    ),
    (_RANDOM, "data"): frozenset(),
}
"""All types of small providers. Source: their documentation; random in its version 3."""


@dataclass(frozen=True)
class Typed:
    """A resource or data source as it is declared."""

    mode: schema.Mode
    type: str
    provider: str
    """The address of its provider."""
    location: Location

    @property
    def exists(self) -> bool | None:
        """Whether its provider has the type; None where it is not known what types that has."""
        if self.provider == AWS:
            return schema.find(self.mode, self.type) is not None
        known = _TYPES.get((self.provider, self.mode))
        return None if known is None else self.type in known

    def __str__(self) -> str:
        return f"{self.location} {'data.' * (self.mode == 'data')}{self.type}"


def reads(declared: Declarations, attributes: Iterable[str]) -> Iterator[str]:
    """Yield where expressions read an attribute of a type: `aws_x.invoke_url` of any `aws_x`."""
    wanted = [_pattern(*it.rsplit(".", 1)) for it in attributes]
    for expression in _expressions(declared):
        for node, bound in expression.walk():
            path = references.path(node)
            if path is None or path.partition(".")[0] in bound:
                continue
            if any(it.fullmatch(path) for it in wanted):
                yield f"{node.location} {path}"


def _pattern(type_: str, attribute: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(type_)}\.[^.\[]+(?:\[[^\]]*\])*\.{re.escape(attribute)}")


def _expressions(declared: Declarations) -> Iterator[Expression]:
    """Yield every expression of a folder's code."""
    yield from (it.expression for it in declared.locals.values())
    for table in (
        declared.variables,
        declared.outputs,
        declared.resources,
        declared.data,
        declared.ephemeral,
        declared.modules,
        declared.providers,
        declared.checks,
    ):
        for block in table.values():
            yield from _inside(block.body)
    for block in (*declared.terraform, *declared.other):
        yield from _inside(block.body)


def _inside(body: Body) -> Iterator[Expression]:
    yield from (it.expression for it in body.arguments.values())
    for block in body.blocks:
        yield from _inside(block.body)
