"""What code says as it stands, evaluated or not: the types of its resources, and what expressions read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plumbline.terraform import references, schema
from plumbline.terraform.expressions.access import Attribute, Index, Reference, Splat
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
_ORDERING = ("depends_on", "replace_triggered_by")
"""Arguments that name a resource and read nothing of it."""
_HANDED_ON = ("local", "var", "module", "each", "self")
"""What a path begins with that may hold a resource of another place."""


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


def passed_on(declared: Declarations, attributes: Iterable[str]) -> Iterator[str]:
    """Yield where a whole resource of one of these types is handed on, to be read elsewhere."""
    wanted = [_whole(it.rsplit(".", 1)[0]) for it in attributes]
    for expression in _expressions(declared, skip=_ORDERING):
        nodes = [*expression.walk()]
        inner = {id(it.target) for it, _ in nodes if isinstance(it, Attribute | Index | Splat)}
        for node, bound in nodes:
            path = None if id(node) in inner else references.path(node)
            if path is None or path.partition(".")[0] in bound:
                continue
            if any(it.fullmatch(path) for it in wanted):
                yield f"{node.location} {path}"


def may_read(declared: Declarations, attributes: Iterable[str]) -> Iterator[str]:
    """Yield where expressions read an attribute of one of these names, of what may be anything."""
    names = {it.rsplit(".", 1)[1] for it in attributes}
    for expression in _expressions(declared):
        for node, bound in expression.walk():
            if _step(node) in names and _is_of_anything(references.path(node), bound):
                yield str(node.location)


def _step(node: Expression) -> Any:
    """Return the last step of a path, where that is a name."""
    if isinstance(node, Splat):
        return _step(node.steps)
    if isinstance(node, Reference):
        return node.path[-1]
    return node.name if isinstance(node, Attribute) else getattr(getattr(node, "key", None), "constant", None)


def _is_of_anything(path: str | None, bound: Collection[str]) -> bool:
    """Return whether what a path begins with may be a resource of another place."""
    start = "" if path is None else path.partition(".")[0].partition("[")[0]
    return path is None or start in bound or start in _HANDED_ON


def _whole(type_: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(type_)}\.[^.\[]+(?:\[[^\]]*\])*")


def _pattern(type_: str, attribute: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(type_)}\.[^.\[]+(?:\[[^\]]*\])*\.{re.escape(attribute)}")


def _expressions(declared: Declarations, skip: Collection[str] = ()) -> Iterator[Expression]:
    """Yield every expression of a folder's code, but for those of some arguments."""
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
            yield from _inside(block.body, skip)
    for block in (*declared.terraform, *declared.other):
        yield from _inside(block.body, skip)


def _inside(body: Body, skip: Collection[str]) -> Iterator[Expression]:
    yield from (it.expression for name, it in body.arguments.items() if name not in skip)
    for block in body.blocks:
        yield from _inside(block.body, skip)
