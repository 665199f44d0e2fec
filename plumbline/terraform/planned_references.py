"""Follows the references in a plan's configuration section to the resources that they name.

The section lists, for each argument, what it refers to as written. `var.x` inside a module is followed to
the call, `module.m.x` to the module's output, `each.value` to what the resource or call is repeated over;
local values and the content of dynamic blocks are not in a plan: a path through one ends there.

What an expression makes of its references is not there either. A single one stands for itself, and several
attributes with nothing beside them for a list. Which instance a key takes is said only where there is one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from plumbline.terraform.expressions.access import key_text
from plumbline.terraform.identities import TAKES, own
from plumbline.terraform.planned import Json
from plumbline.terraform.values import Made, OneOf
from plumbline.values.unknown import Unknown

_INSTANCE = r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]'
_KEY = f"(?:{_INSTANCE})?"
_STEP = re.compile(rf"module\.([\w-]+)({_KEY})")
_MODULE = re.compile(rf"module\.[\w-]+{_KEY}(?:\.module\.[\w-]+{_KEY})*")
_VARIABLE = re.compile(r"var\.([\w-]+)(.*)")
_EACH = re.compile(r"each\.value(.*)")
_INDEX = re.compile(_KEY)
_INDIRECT = ("var", "local", "each", "count", "path", "terraform", "self")
_INDICES = frozenset({"each.key", "each.value", "count.index"})
ANY = "[*]"
"""Stands in an address for the key of an instance of which a plan does not say which it is."""
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


class Instances(dict[str, str]):
    """The type of every planned resource instance by its address."""

    def of(self, whole: str) -> Set[str]:
        """The addresses of the instances of a resource or module; none where it is not repeated."""
        return self._repeated.get(whole, frozenset())

    @cached_property
    def _repeated(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for address in self:
            for key in re.finditer(_INSTANCE, address):
                found.setdefault(address[: key.start()], set()).add(address[: key.end()])
        return found


@dataclass(frozen=True, slots=True)
class Lead:
    """An attribute, resource or module that a reference leads to."""

    own: str
    """Its address, where every key that a plan does not say is the own one."""
    among: str
    """Its address, where every such key is `ANY`."""

    @property
    def is_exact(self) -> bool:
        """Whether a plan says which it is."""
        return self.own == self.among

    def at(self, attribute: str) -> Lead:
        """An attribute of it; itself where that is empty."""
        return Lead(f"{self.own}.{attribute}", f"{self.among}.{attribute}") if attribute else self


def exactly(address: str) -> Lead:
    """What an address leads to."""
    return Lead(address, address)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: in a module, in a resource or call that may be repeated, with its key."""

    module: Call
    types: Instances
    repeated: Json = field(default_factory=dict)
    key: str = ""
    depth: int = 0

    def only(self, expression: Any) -> Lead | None:
        """The one attribute or instance that an expression is made from; None where more takes part in it.

        A plan has `aws_x.y` and `each.key` for `aws_x.y[each.key].id`, and `aws_x.y` for `aws_x.y[*].id`.
        """
        whole = self._whole(expression)
        is_one = whole is not None and len(self.types.of(whole.own)) == 1
        return self._element(whole) if whole and is_one else whole

    def _whole(self, expression: Any) -> Lead | None:
        """The same, or all instances where an expression is made from all of them."""
        written = list(narrowest(references_in(expression)))
        indices = [it for it in references_in(expression) if it in _INDICES]
        found = self._single(written)
        if found is None or len(written) == 1:
            return found
        return self._indexed(found) if len(indices) == 1 else None

    def all(self, expression: Any) -> tuple[str, ...]:
        """The attributes that an expression lists, with nothing beside them; none where a plan shows more."""
        listed = [self._listed(reference) for reference in narrowest(references_in(expression))]
        return tuple(itertools.chain.from_iterable(listed)) if all(listed) else ()

    def _listed(self, reference: str) -> tuple[str, ...]:
        """The attributes that one reference leads to; none where that is not exact."""
        found = self._followed(reference)
        if found is not None:
            return (found.own,) if found.is_exact else ()
        match = _VARIABLE.fullmatch(reference)
        outside = self._outside() if match and not match[2] else None
        return outside.all(self.module.argument(match[1])) if match and outside else ()

    def _single(self, written: list[str]) -> Lead | None:
        """Where the only reference leads that is no index."""
        named = [it for it in written if it not in _INDICES] or written
        return self._followed(named[0]) if len(named) == 1 and self.depth <= _DEEPEST else None

    def _indexed(self, found: Lead) -> Lead | None:
        """What an index takes out of a resource or module."""
        element = self._element(found) if found.own not in self.types else None
        if element is None or not _MODULE.fullmatch(element.own):
            return element
        output = self._at(element.own)._named_by_all()
        return Lead(output, f"{element.among}{output.removeprefix(element.own)}") if output else None

    def _followed(self, reference: str) -> Lead | None:
        """Where one reference leads; None where that is not one thing, or the plan does not say it."""
        if match := _VARIABLE.fullmatch(reference):
            return self._further(self._given(match[1]), match[2])
        if match := _EACH.fullmatch(reference):
            return self._further(self._each(), match[1])
        if match := _STEP.match(reference):
            return self._further(exactly(f"{self.module.prefix}{match[0]}"), reference[match.end() :])
        return None if reference.split(".")[0] in _INDIRECT else exactly(f"{self.module.prefix}{reference}")

    def _given(self, variable: str) -> Lead | None:
        """What the call of this module gives a variable; the root module has no call."""
        outside = self._outside()
        return outside._whole(self.module.argument(variable)) if outside else None

    def _outside(self) -> Place | None:
        """Where the call of this module stands."""
        caller, call = self.module.caller, self.module
        return Place(caller, self.types, call.call, call.key, self.depth + 1) if caller else None

    def _each(self) -> Lead | None:
        """The element of what the resource or call is repeated over."""
        over = Place(self.module, self.types, depth=self.depth + 1)
        whole = over._whole(self.repeated.get("for_each_expression"))
        return whole and (whole if whole.own in self.types else self._element(whole))

    def _element(self, whole: Lead) -> Lead | None:
        """One of several instances, by the own key, or the only one there is; None where there are none."""
        instances = self.types.of(whole.own)
        if len(instances) == 1:
            (only,) = instances
            return Lead(only, f"{whole.among}{only.removeprefix(whole.own)}")
        return Lead(f"{whole.own}{self.key}", f"{whole.among}{ANY}") if instances else None

    def _further(self, start: Lead | None, rest: str) -> Lead | None:
        """Where a path leads from a resource or module on: to an attribute, or to an output."""
        if start is None or not rest:
            return start
        key, attribute = _split(rest)
        whole = start if not key else replace(self, key=key)._element(start)
        if whole is None:
            return None
        if whole.own in self.types:
            return whole.at(attribute)
        if not _MODULE.fullmatch(whole.own):
            return None
        name, _, further = attribute.partition(".")
        inner = self._at(whole.own)
        found = inner._whole(inner.module.outputs().get(name))
        if found is not None and found.own.startswith(whole.own):
            found = Lead(found.own, f"{whole.among}{found.among.removeprefix(whole.own)}")
        return inner._further(found, f".{further}" if further else "")

    def _at(self, module: str) -> Place:
        return Place(self.module.root.inside(module), self.types, depth=self.depth + 1)

    def _named_by_all(self) -> str:
        """The one resource that all outputs name, or nothing: a plan leaves out which of them is taken."""
        outputs = [self._whole(expression) for expression in self.module.outputs().values()]
        named = {it.own.rpartition(".")[0] if it and it.is_exact else "" for it in outputs}
        (found,) = named if len(named) == 1 else ("",)
        return found if found in self.types else ""


def _split(rest: str) -> tuple[str, str]:
    """The index that a path begins with, if any, and what follows."""
    match = _INDEX.match(rest)
    index = match[0] if match else ""
    return index, rest[len(index) :].removeprefix(".")


class References:
    """What one resource instance's arguments refer to."""

    def __init__(self, root: str, module: Call, change: Json, types: Instances) -> None:
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
        return Made(references[0], self.place.all(expression)) if references else None

    def _named(self, argument: str, only: Lead) -> Unknown:
        """The name that AWS will choose, where the argument takes nothing but such a name."""
        address, attribute = (only.own, "id") if only.own in self.types else only.own.rpartition(".")[::2]
        if not only.is_exact:
            said = only.own.removeprefix(address)
            return OneOf(only.among.removesuffix(said), address, said.removeprefix("."))
        type = self.types.get(address, "")
        taken = type in TAKES.get(argument, ())
        return own(self.root, address, type, attribute) if taken else Unknown(only.own)

    def _absolute(self, expression: Any) -> Iterator[str]:
        """The most specific form of each reference: `aws_x.y.id` is followed by `aws_x.y` in a plan."""
        if (only := self.place.only(expression)) is not None:
            yield only.own
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
