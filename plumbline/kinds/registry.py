"""The kinds that there are, and what follows from all of them together.

Kinds and facets come from the modules of this package, and from modules that other distributions name under
the entry point `plumbline.kinds`.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import TYPE_CHECKING

from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import ComputedAttribute, Kind
from plumbline.kinds.refused import (
    KindError,
    check_calls,
    check_declared,
    check_names,
    check_types,
    lists,
    refuse_unused,
)
from plumbline.kinds.settling import BESIDE, called
from plumbline.values.mistakes import did_you_mean

if TYPE_CHECKING:
    from plumbline.terraform.model import Settings
    from plumbline.terraform.values import Value

ENTRY_POINT = "plumbline.kinds"
_BESIDE: list[Path] = []
"""Modules of kinds that lie beside the stacks of a run."""


@functools.cache
def kinds() -> dict[str, type[Kind]]:
    """Return every kind, by its noun. Raises `KindError` for one from outside that cannot be used."""
    own = [importlib.import_module(f"plumbline.kinds.{name}") for name in _own_modules()]
    return composed(own, _from_outside())


@functools.cache
def by_section() -> dict[str, type[Kind]]:
    """Return every kind, by its section of a stack's YAML: `tables`. Raises `KindError` as `kinds` does."""
    return {it.plural: it for it in kinds().values()}


def composed(own: Iterable[ModuleType], outside: Iterable[ModuleType]) -> dict[str, type[Kind]]:
    """Return the kinds of some modules, by noun, each with the facets that modules from outside give it."""
    found = {kind.noun: kind for module in own for kind in _kinds_in(module)}
    taken: set[type] = set()
    outside = list(outside)
    for module in outside:
        refuse_unused(module)
        for kind in _kinds_in(module):
            if kind in taken:  # another module has imported it
                continue
            taken.add(kind)
            check_types(kind)
            check_names(kind, found)
            check_calls(kind)
            check_declared(kind, kind)
            found[kind.noun] = kind
        for facet in _facets_in(module):
            if facet in taken:
                continue
            taken.add(facet)
            if facet.extends not in found:
                near = did_you_mean(facet.extends, found)
                raise KindError(f"{called(facet)}: there is no kind {facet.extends!r}{near}")
            kind = found[facet.extends]
            check_types(facet)
            check_calls(facet, kind)
            check_declared(facet, kind)
            for name in (*own_fields(facet), *_own_attributes(facet)):
                if name in kind.model_fields or name in dir(kind):
                    raise KindError(
                        f"{called(facet)}: a {kind.noun} has a field {name} already: name it otherwise"
                    )
            found[facet.extends] = type(kind.__name__, (facet, kind), {"__doc__": kind.__doc__})
    return found


def look_in(modules: Iterable[Path]) -> None:
    """Take the kinds and facets of these modules too: they lie beside the stacks of a run."""
    for path in modules:
        if path not in _BESIDE:
            _BESIDE.append(path)
            for known in (kinds, by_section, _computed_rules, arn_lists):
                known.cache_clear()


def _own_modules() -> Iterator[str]:
    package = importlib.import_module("plumbline.kinds")
    yield from sorted(info.name for info in pkgutil.iter_modules(package.__path__))


def _from_outside() -> Iterator[ModuleType]:
    for entry in sorted(importlib.metadata.entry_points(group=ENTRY_POINT)):
        try:
            module = importlib.import_module(entry.value)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            told = f"{type(error).__name__}: {error}"
            raise KindError(f"entry point {ENTRY_POINT}: {entry.name} = {entry.value}: {told}") from None
        yield module
    yield from map(_beside, _BESIDE)


def _beside(path: Path) -> ModuleType:
    """Return the module in a file that lies beside stacks. Raises `KindError` where it cannot be imported."""
    name = f"{BESIDE}{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whoever wrote it is told of whatever it raises, also of a SystemExit
        del sys.modules[name]
        raise KindError(f"{_line_in(path, error)}: {type(error).__name__}: {error}") from None
    return module


def _line_in(path: Path, error: BaseException) -> str:
    """Return the file and the line of it that an error came out of, or that cannot be compiled."""
    lines = [line for it, line in walk_tb(error.__traceback__) if it.f_code.co_filename == str(path)]
    line = lines[-1] if lines else getattr(error, "lineno", None)
    return f"{path}:{line}" if line else str(path)


def _kinds_in(module: ModuleType) -> Iterator[type[Kind]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Kind) and "noun" in value.__dict__:
            yield value


def _facets_in(module: ModuleType) -> Iterator[type[Facet]]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Facet) and value.__dict__.get("extends"):
            yield value


def _own_attributes(facet: type[Facet]) -> list[str]:
    """Return what a facet has that no facet has to have: its properties and methods, but for hidden ones."""
    return [name for name in vars(facet) if not name.startswith("_") and not hasattr(Facet, name)]


def operations(*, writes: bool = False, secrets: bool = False) -> frozenset[str]:
    """Return the AWS API operations that kinds read with.

    With `writes` also those that probes write with, with `secrets` those whose answers are secret.
    """
    reading = {call.operation for kind in kinds().values() for call in (*kind.calls_for(), *lists(kind))}
    writing = {call.operation for kind in kinds().values() if writes for call in kind.writes}
    return frozenset(reading | writing | (secret_operations() if secrets else frozenset()))


def secret_operations() -> frozenset[str]:
    """Return the AWS API operations whose answers are secret."""
    return frozenset(call.operation for kind in kinds().values() for call in kind.secret_reads)


def computed_attribute(
    type_: str, attribute: str, values: Mapping[str, Value], settings: Settings
) -> Value | None:
    """Return an attribute that the AWS provider fixes by rule, or None: `computed` for the evaluator."""
    rule = _computed_rules().get(f"{type_}.{attribute}")
    return rule(values, settings) if rule else None


@functools.cache
def _computed_rules() -> dict[str, ComputedAttribute]:
    return {attribute: rule for kind in kinds().values() for attribute, rule in kind.computed.items()}


@functools.cache
def arn_lists() -> frozenset[str]:
    """Return the arguments, as `type.argument`, that hold nothing but ARNs of other resources."""
    return frozenset(argument for kind in kinds().values() for argument in kind.arn_lists)


@functools.cache
def name_arguments() -> frozenset[str]:
    """Return the arguments, as `type.argument`, that hold the name of the resource itself."""
    named = (it for it in kinds().values() if it.terraform_type and it.name_argument)
    return frozenset(f"{type_}.{it.name_argument}" for it in named for type_ in own_types([it]))


def own_types(of: Iterable[type[Kind]]) -> frozenset[str]:
    """Return the Terraform types that declare some kinds, and none that only belongs to them."""
    return frozenset(it for kind in of for it in (kind.terraform_type, *kind.former_types))


@functools.cache
def known_types() -> frozenset[str]:
    """Return the Terraform types that the kinds read: their own, and what belongs to them or makes them."""
    found: set[str] = set()
    for kind in kinds().values():
        found |= {
            kind.terraform_type,
            *kind.former_types,
            *kind.listed_with,
            *kind.made_by,
            *kind.shows_besides,
        }
        for facet in (kind, *kind.facets()):
            found |= {*facet.beside.types} if facet.beside else set()
            found |= {*facet.further_types, *facet.seen_besides}
    return frozenset(found)
