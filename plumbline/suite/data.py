"""What `--data`, or a stack's YAML, says that data sources give: of such that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from plumbline.expectations.stack import Stack
from plumbline.sources.recorded import Place
from plumbline.suite.run import OF_CODE
from plumbline.values.files import Tree
from plumbline.values.mistakes import did_you_mean

_CALLED = re.compile(r"^(module\.[\w-]+(\[[^\]]+\])?\.)*|\[[^\]]*\]$")
"""The modules and the key of an address: what is left is how code writes it."""


def tell(stacks: Mapping[str, Stack], given: list[str] | None, sources: Iterable[str]) -> None:
    """Tell every stack what data sources give. Raises UsageError for what is not `ADDRESS=JSON`."""
    from plumbline.terraform.given_data import read_data
    from plumbline.terraform.values import InvalidValue

    if given and not {*OF_CODE} & {*sources}:
        raise pytest.UsageError(
            f"--data {given[0]}: this run examines {', '.join(sources)}, and evaluates nothing"
        )
    said: dict[str, Any] = {}
    for text in given or []:
        try:
            address, attributes = read_data(text)
        except InvalidValue as error:
            raise pytest.UsageError(f"--data: {error}") from None
        if address in said:
            raise pytest.UsageError(f"--data {address} is given twice")
        said[address] = attributes
    for stack in stacks.values():
        stack.terraform.data.update(said)


def check(
    stacks: Mapping[str, Stack],
    known: Iterable[Place],
    terraform: Mapping[Place, Path],
    tree: Callable[[Path], Tree],
) -> None:
    """Raise UsageError where something is said of a data source that no root of any stack has.

    Where a root is not given, or a module is not in the checkout, that may have it.
    """
    examined = [*dict.fromkeys(place[0] for place in terraform)]
    said = {address: name for name in examined for address in stacks[name].terraform.data}
    if not said or any(it not in terraform for it in known):
        return
    there = _data_sources({*terraform.values()}, tree)
    for address, name in said.items() if there is not None else ():
        called = _CALLED.sub("", address)
        alike = {it if called.count(".") > 1 else it.rpartition(".")[0] for it in there or ()}
        if called not in alike:
            near = did_you_mean(called, alike)
            raise pytest.UsageError(f"no root of {name} has {address}, of which data is given{near}")


def _data_sources(folders: Iterable[Path], tree: Callable[[Path], Tree]) -> set[str] | None:
    """Return the data sources in the code of roots, as `data.TYPE.NAME`; None where there may be more."""
    from plumbline.terraform.called_modules import elsewhere, reached
    from plumbline.terraform.model import TerraformError

    found: set[str] = set()
    for folder in sorted(folders):
        try:
            code = reached(folder, tree(folder))
        except TerraformError:
            return None  # the evaluation tells of it
        if elsewhere(code):
            return None
        found |= {it for each in code for it in each.data_sources}
    return found
