"""Follows the references in a plan's configuration section to the resources that they name.

The section lists, for each argument, what it refers to as written. `var.x` inside a module is followed to
the call, `module.m.x` to the module's output, `each.value` to what the resource or call is repeated over;
local values and the content of dynamic blocks are not in a plan: a path through one ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from plumbline.terraform.expressions.access import key_text
from plumbline.terraform.identities import TAKES, own
from plumbline.terraform.planned import Json
from plumbline.values.unknown import Unknown

_KEY = r'(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?'
_STEP = re.compile(rf"module\.([\w-]+)({_KEY})")
_MODULE = re.compile(rf"module\.[\w-]+{_KEY}(?:\.module\.[\w-]+{_KEY})*")
_VARIABLE = re.compile(r"var\.([\w-]+)(.*)")
_EACH = re.compile(r"each\.value(.*)")
_INDEX = re.compile(_KEY)
_INDIRECT = ("var", "local", "each", "count", "path", "terraform", "self")
_OWN_KEYS = frozenset({"each.key", "count.index"})
_DEEPEST = 50


class Call:
    """One module in the configuration section, and how it is called."""

    def __init__(
        self,
        module: Json,
        address: str = "",
        caller: Call | None = None,
        call: Json | None = None,
        key: str = "",
    ) -> None:
        self.module = module
        self.address = address
        self.caller = caller
        self.call = call or {}
        self.key = key

    @property
    def prefix(self) -> str:
        """What the addresses of this module's objects begin with."""
        return f"{self.address}." if self.address else ""

    @property
    def root(self) -> Call:
        """The root module."""
        return self if self.caller is None else self.caller.root

    def inside(self, address: str) -> Call:
        """The module instance of an address such as `module.a["k"].module.b`."""
        here = self
        for name, key in _STEP.findall(address):
            here = here.child(name, key)
        return here

    def child(self, name: str, key: str) -> Call:
        """A module that this one calls."""
        call = (self.module.get("module_calls") or {}).get(name) or {}
        return Call(call.get("module") or {}, f"{self.prefix}module.{name}{key}", self, call, key)

    def outputs(self) -> Json:
        """The expressions of the module's outputs by their names."""
        outputs = self.module.get("outputs") or {}
        return {name: output.get("expression") or {} for name, output in outputs.items()}

    def argument(self, name: str) -> Json:
        """What the call gives a variable of this module."""
        given: Json = (self.call.get("expressions") or {}).get(name) or {}
        return given

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
        if depth > _DEEPEST:
            return
        if words[0] == "var" and self.caller is not None:
            for outer in references_in(self.argument(words[1])):
                yield from self.caller.resolved(outer, depth + 1)
        elif match := _STEP.match(reference):
            yield from self._output(match, reference, depth)
        elif words[0] not in _INDIRECT:
            yield f"{self.prefix}{reference}"

    def _output(self, match: re.Match[str], reference: str, depth: int) -> Iterator[str]:
        child = self.child(match[1], match[2] or "")
        name = reference[match.end() :].removeprefix(".").split(".")[0]
        for inner in references_in(child.outputs().get(name, {})):
            yield from child.resolved(inner, depth + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: in a module, in a resource or call that may be repeated, with its key."""

    module: Call
    types: Mapping[str, str]
    """The type of every planned instance by its address."""
    repeated: Json = field(default_factory=dict)
    key: str = ""
    depth: int = 0

    def only(self, expression: Any) -> str | None:
        """The one attribute or resource that an expression is made from; None where more takes part in it.

        A plan has `aws_x.y` and `each.key` for `aws_x.y[each.key].id`: that is the instance of the own key.
        """
        written = list(narrowest(references_in(expression)))
        named = [reference for reference in written if reference not in _OWN_KEYS]
        if len(named) != 1 or self.depth > _DEEPEST:
            return None
        found = self._followed(named[0])
        if found is None or len(written) == 1:
            return found
        element = self._element(found)
        return self._at(element)._named_by_all() if element and _MODULE.fullmatch(element) else element

    def _followed(self, reference: str) -> str | None:
        """Where one reference leads; None where that is not one thing, or the plan does not say it."""
        if match := _VARIABLE.fullmatch(reference):
            return self._further(self._given(match[1]), match[2])
        if match := _EACH.fullmatch(reference):
            return self._further(self._each(), match[1])
        if match := _STEP.match(reference):
            return self._further(f"{self.module.prefix}{match[0]}", reference[match.end() :])
        return None if reference.split(".")[0] in _INDIRECT else f"{self.module.prefix}{reference}"

    def _given(self, variable: str) -> str | None:
        """What the call of this module gives a variable; the root module has no call."""
        caller, call = self.module.caller, self.module
        if caller is None:
            return None
        place = Place(caller, self.types, call.call, call.key, self.depth + 1)
        return place.only(call.argument(variable))

    def _each(self) -> str | None:
        """The element of what the resource or call is repeated over."""
        over = Place(self.module, self.types, depth=self.depth + 1)
        whole = over.only(self.repeated.get("for_each_expression"))
        return None if whole is None else self._element(whole)

    def _element(self, whole: str) -> str | None:
        """The instance with the own key; what has no instances stands for itself."""
        instance = f"{whole}{self.key}"
        return next((it for it in (instance, whole) if it in self.types or _MODULE.fullmatch(it)), None)

    def _further(self, start: str | None, rest: str) -> str | None:
        """Where a path leads from a resource or module on: to an attribute, or to an output."""
        if start is None or not rest:
            return start
        key, attribute = _split(rest)
        whole = f"{start}{key}"
        if whole in self.types:
            return f"{whole}.{attribute}" if attribute else whole
        if not _MODULE.fullmatch(whole):
            return None
        name, _, further = attribute.partition(".")
        inner = self._at(whole)
        return inner._further(inner.only(inner.module.outputs().get(name)), f".{further}" if further else "")

    def _at(self, module: str) -> Place:
        return Place(self.module.root.inside(module), self.types, depth=self.depth + 1)

    def _named_by_all(self) -> str | None:
        """The one resource that all outputs name: a plan leaves out which `module.m[each.key].x` takes."""
        outputs = [self.only(expression) for expression in self.module.outputs().values()]
        named = {None if it is None else it.rpartition(".")[0] for it in outputs}
        (found,) = named if len(named) == 1 else (None,)
        return found if found in self.types else None


def _split(rest: str) -> tuple[str, str]:
    """The index that a path begins with, if any, and what follows."""
    match = _INDEX.match(rest)
    index = match[0] if match else ""
    return index, rest[len(index) :].removeprefix(".")


class References:
    """What one resource instance's arguments refer to."""

    def __init__(self, root: str, module: Call, change: Json, types: Mapping[str, str]) -> None:
        self.root = root
        self.module = module
        self.resource = module.resource(change)
        self.types = types
        index = change.get("index")
        self.place = Place(module, types, self.resource, "" if index is None else f"[{key_text(index)}]")

    @property
    def expressions(self) -> Json:
        """The arguments and blocks as the configuration section has them."""
        return self.resource.get("expressions") or {}

    @property
    def provider(self) -> str:
        """The key of the provider configuration in the plan."""
        return str(self.resource.get("provider_config_key", ""))

    def depends_on(self) -> tuple[str, ...]:
        """The objects that `depends_on` names."""
        return tuple(f"{self.module.prefix}{name}" for name in self.resource.get("depends_on", ()))

    def by_argument(self) -> dict[str, tuple[str, ...]]:
        """The absolute references of each argument."""
        found = {name: tuple(self._absolute(expression)) for name, expression in self.expressions.items()}
        return {name: references for name, references in found.items() if references}

    def unknown(self, argument: str, expression: Any) -> Unknown | None:
        """What stands for an unknown value made from an expression; None where that has no reference."""
        only = self.place.only(expression)
        if only is not None:
            return self._named(argument, only)
        references = [*self._absolute(expression), *references_in(expression)]
        return Unknown(references[0]) if references else None

    def _named(self, argument: str, only: str) -> Unknown:
        """The name that AWS will choose, where the argument takes nothing but such a name."""
        address, attribute = (only, "id") if only in self.types else only.rpartition(".")[::2]
        type = self.types.get(address, "")
        return own(self.root, address, type, attribute) if type in TAKES.get(argument, ()) else Unknown(only)

    def _absolute(self, expression: Any) -> Iterator[str]:
        """The most specific form of each reference: `aws_x.y.id` is followed by `aws_x.y` in a plan."""
        if (only := self.place.only(expression)) is not None:
            yield only
            return
        written = references_in(expression)
        yield from narrowest(r for reference in written for r in self.module.resolved(reference))


def narrowest(references: Iterable[str]) -> Iterator[str]:
    """The references without those that are only the beginning of another one."""
    listed = list(dict.fromkeys(references))
    for reference in listed:
        if not any(it != reference and it.startswith((f"{reference}.", f"{reference}[")) for it in listed):
            yield reference


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
