"""The kinds that there are, and what follows from all of them together."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

from plumbline.kinds.kind import ComputedAttribute, Kind

if TYPE_CHECKING:
    from plumbline.terraform.model import Settings
    from plumbline.terraform.values import Value


@functools.cache
def kinds() -> dict[str, type[Kind]]:
    """Return every kind under plumbline/kinds, by its noun."""
    package = importlib.import_module("plumbline.kinds")
    found: dict[str, type[Kind]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        for value in vars(importlib.import_module(f"plumbline.kinds.{module}")).values():
            if isinstance(value, type) and issubclass(value, Kind) and value is not Kind:
                found[value.noun] = value
    return found


def operations(*, writes: bool = False) -> frozenset[str]:
    """Return the AWS API operations that kinds read with; with `writes` also those that probes write with."""
    reading = {call.operation for kind in kinds().values() for call in kind.calls_for()}
    writing = {call.operation for kind in kinds().values() if writes for call in kind.writes}
    return frozenset(reading | writing)


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
