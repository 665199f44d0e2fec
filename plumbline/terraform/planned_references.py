"""Follows the references in a plan's configuration section to the resources that they name.

The section lists, for each argument, what it refers to as written. `var.x` inside a module is followed to
the call, `module.m.x` to the module's output; local values are not in a plan: a path through one ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from plumbline.terraform.planned import Json

_STEP = re.compile(r'module\.([\w-]+)(\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?')
_INDIRECT = ("var", "local", "each", "count", "path", "terraform", "self")


class Call:
    """One module in the configuration section, and how it is called."""

    def __init__(
        self, module: Json, address: str = "", caller: Call | None = None, call: Json | None = None
    ) -> None:
        self.module = module
        self.address = address
        self.caller = caller
        self.call = call or {}

    @property
    def prefix(self) -> str:
        """What the addresses of this module's objects begin with."""
        return f"{self.address}." if self.address else ""

    def inside(self, address: str) -> Call:
        """The module instance of an address such as `module.a["k"].module.b`."""
        here = self
        for name, key in _STEP.findall(address):
            here = here.child(name, key)
        return here

    def child(self, name: str, key: str) -> Call:
        """A module that this one calls."""
        call = (self.module.get("module_calls") or {}).get(name) or {}
        return Call(call.get("module") or {}, f"{self.prefix}module.{name}{key}", self, call)

    def resource(self, change: Json) -> Json:
        """The configuration of a resource."""
        wanted = (change["mode"], change["type"], change["name"])
        for resource in self.module.get("resources", ()):
            if (resource["mode"], resource["type"], resource["name"]) == wanted:
                found: Json = resource
                return found
        return {}

    def resolved(self, reference: str, depth: int = 0) -> Iterator[str]:
        """The absolute references that one reference of this module leads to."""
        words = reference.split(".")
        if depth > 50:
            return
        if words[0] == "var" and self.caller is not None:
            for outer in references_in((self.call.get("expressions") or {}).get(words[1], {})):
                yield from self.caller.resolved(outer, depth + 1)
        elif match := _STEP.match(reference):
            yield from self._output(match, reference, depth)
        elif words[0] not in _INDIRECT:
            yield f"{self.prefix}{reference}"

    def _output(self, match: re.Match[str], reference: str, depth: int) -> Iterator[str]:
        child = self.child(match[1], match[2] or "")
        name = reference[match.end() :].removeprefix(".").split(".")[0]
        output = (child.module.get("outputs") or {}).get(name)
        for inner in references_in((output or {}).get("expression", {})):
            yield from child.resolved(inner, depth + 1)


class References:
    """What one resource instance's arguments refer to."""

    def __init__(self, module: Call, change: Json, addresses: set[str]) -> None:
        self.module = module
        self.resource = module.resource(change)
        self.index = change.get("index")
        self.addresses = addresses

    @property
    def provider(self) -> str:
        """The key of the provider configuration in the plan."""
        return str(self.resource.get("provider_config_key", ""))

    def depends_on(self) -> tuple[str, ...]:
        """The objects that `depends_on` names."""
        return tuple(f"{self.module.prefix}{name}" for name in self.resource.get("depends_on", ()))

    def by_argument(self) -> dict[str, tuple[str, ...]]:
        """The absolute references of each argument."""
        expressions = self.resource.get("expressions") or {}
        found = {name: tuple(self._absolute(expression)) for name, expression in expressions.items()}
        return {name: references for name, references in found.items() if references}

    def origins(self) -> dict[str, str]:
        """The first reference of each argument: what an unknown value of it comes from."""
        return {name: references[0] for name, references in self.by_argument().items()}

    def _absolute(self, expression: Any) -> Iterator[str]:
        """The most specific form of each reference: `aws_x.y.id` is followed by `aws_x.y` in a plan."""
        written = list(references_in(expression))
        resolved = list(dict.fromkeys(r for reference in written for r in self.module.resolved(reference)))
        for reference in resolved:
            if not any(
                other != reference and other.startswith((f"{reference}.", f"{reference}["))
                for other in resolved
            ):
                yield self._instance(reference, "each.key" in written or "count.index" in written)

    def _instance(self, reference: str, by_own_key: bool) -> str:
        """A plan has `aws_x.y` and `each.key` for `aws_x.y[each.key].id`: the instance of the own key."""
        if by_own_key and self.index is not None:
            key = f'["{self.index}"]' if isinstance(self.index, str) else f"[{self.index}]"
            if f"{reference}{key}" in self.addresses:
                return f"{reference}{key}"
        return reference


def references_in(expression: Any) -> Iterator[str]:
    """Every reference inside an expression or a list of blocks."""
    if isinstance(expression, list):
        for block in expression:
            yield from references_in(block)
    elif isinstance(expression, dict):
        for name, inner in expression.items():
            if name == "references":
                yield from inner
            elif name != "constant_value":
                yield from references_in(inner)
