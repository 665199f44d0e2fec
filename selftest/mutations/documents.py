"""The ways to change a plan or a state: its JSON, as Terraform would write it of other infrastructure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Set:
    """An argument of a resource with another value: `Set("aws_s3_bucket.state", "tags.Owner", "nobody")`."""

    address: str
    path: str
    """The steps to the argument, with a dot between them; a number is a position."""
    value: Any

    def apply(self, document: Json) -> None:
        """Change every account that a document gives of the resource."""
        for values, unknown in _accounts_of(document, self.address):
            _place(values, self.path.split("."), copy.deepcopy(self.value))
            _remove(unknown, self.path.split("."))

    def __str__(self) -> str:
        return f"{self.address}: `{self.path}` = `{json.dumps(self.value)}`"


@dataclass(frozen=True)
class Lacking:
    """A resource without one of its arguments."""

    address: str
    path: str

    def apply(self, document: Json) -> None:
        """Change every account that a document gives of the resource."""
        for values, unknown in _accounts_of(document, self.address):
            _remove(values, self.path.split("."))
            _remove(unknown, self.path.split("."))

    def __str__(self) -> str:
        return f"{self.address}: no `{self.path}`"


@dataclass(frozen=True)
class Without:
    """A document that does not have a resource."""

    address: str

    def apply(self, document: Json) -> None:
        """Remove the resource wherever the document lists it."""
        for listed in lists(document):
            listed[:] = [entry for entry in listed if entry["address"] != self.address]

    def __str__(self) -> str:
        return f"no {self.address}"


@dataclass(frozen=True)
class Moved:
    """A resource at another address: as `moved` has it, or as one calls it anew."""

    address: str
    to: str

    def apply(self, document: Json) -> None:
        """Give the resource the address wherever the document lists it."""
        configuration = document.get("configuration", {}).get("root_module", {})
        for listed in (*lists(document), *lists({"values": {"root_module": configuration}})):
            for entry in (it for it in listed if it["address"] == self.address):
                entry |= {"address": self.to, "name": self.to.rpartition(".")[2]}

    def __str__(self) -> str:
        return f"{self.address} is {self.to}"


@dataclass(frozen=True)
class Added:
    """A resource more, in the documents that have another one already."""

    address: str
    values: Json
    beside: str
    """The address of the other one."""

    def apply(self, document: Json) -> None:
        """Add the resource wherever the document lists the other one."""
        *_, type_, name = self.address.split(".")
        change = {"change": {"actions": ["create"], "after": self.values, "after_unknown": {}}}
        for listed in lists(document):
            if any(entry["address"] == self.beside for entry in listed):
                told = change if "change" in listed[0] else {"values": self.values}
                listed.append(
                    {"address": self.address, "mode": "managed", "type": type_, "name": name} | told
                )

    def __str__(self) -> str:
        return f"{self.address} added: `{json.dumps(self.values)}`"


@dataclass(frozen=True)
class Copied:
    """A resource more, that is as another one but for some values, and belongs to what that belongs to."""

    address: str
    values: Json
    beside: str
    """The address of the other one."""

    def apply(self, document: Json) -> None:
        """Add the resource wherever the document tells of the other one, what it is made of included."""
        module = document.get("configuration", {}).get("root_module", {})
        name = self.address.rpartition(".")[2]
        for listed in (*lists(document), module.get("resources", [])):
            for entry in [it for it in listed if it["address"] == self.beside]:
                more = copy.deepcopy(entry) | {"address": self.address, "name": name}
                if told := more["change"]["after"] if "change" in more else more.get("values"):
                    told.update(self.values)
                listed.append(more)

    def __str__(self) -> str:
        return f"{self.address} is as {self.beside}, with `{json.dumps(self.values)}`"


@dataclass(frozen=True)
class Drifted:
    """A plan of what is applied already: nothing is to be done, and a resource is otherwise than it was."""

    address: str
    before: Json
    after: Json | None
    """None where the resource is there no more."""

    def apply(self, document: Json) -> None:
        """Let the plan change nothing, and tell of the difference that a refresh found."""
        for change in document["resource_changes"]:
            change["change"]["actions"] = ["no-op"]
        for change in document.get("output_changes", {}).values():
            change["actions"] = ["no-op"]
        told = next(it for it in document["resource_changes"] if it["address"] == self.address)
        actions = ["delete"] if self.after is None else ["update"]
        difference = {"actions": actions, "before": self.before, "after": self.after}
        document["resource_drift"] = [{**told, "change": difference}]

    def __str__(self) -> str:
        became = "is there no more" if self.after is None else f"`{json.dumps(self.after)}`"
        return f"{self.address} was `{json.dumps(self.before)}`, and {became}"


InDocument = Set | Lacking | Without | Moved | Added | Copied | Drifted


def lists(document: Json) -> Iterator[list[Json]]:
    """Yield the lists of resources in a plan or a state."""
    yield document.get("resource_changes", [])
    for values in (document.get("values"), document.get("planned_values")):
        yield from _of_modules((values or {}).get("root_module", {}))


def _of_modules(module: Json) -> Iterator[list[Json]]:
    """Yield the lists of resources of a module and of those that it calls."""
    yield module.get("resources", [])
    for child in module.get("child_modules", ()):
        yield from _of_modules(child)


def _accounts_of(document: Json, address: str) -> Iterator[tuple[Any, Any]]:
    """Yield the values that a plan or a state gives of a resource, each with what is unknown among them."""
    for change in document.get("resource_changes", ()):
        if change["address"] == address:
            yield change["change"]["after"], change["change"].get("after_unknown", {})
    for values in (document.get("values"), document.get("planned_values")):
        for entry in chain.from_iterable(_of_modules((values or {}).get("root_module", {}))):
            if entry["address"] == address:
                yield entry["values"], {}


def _place(values: Any, steps: list[str], value: Any) -> None:
    step, *further = steps
    key = int(step) if isinstance(values, list) else step
    if further:
        _place(values[key], further, value)
    else:
        values[key] = value


def _remove(values: Any, steps: list[str]) -> None:
    """Remove what lies at the end of the steps, if they lead anywhere."""
    step, *further = steps
    key = int(step) if isinstance(values, list) else step
    try:
        if further:
            _remove(values[key], further)
        else:
            del values[key]
    except (IndexError, KeyError, TypeError):
        return
