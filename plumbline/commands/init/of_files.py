"""A stack that is made of plans or states: each file is one root in one environment."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plumbline.commands.init.conventions import CONVENTIONS
from plumbline.commands.init.filled_in import Names
from plumbline.commands.init.found import (
    Configurations,
    accounts_in,
    called_in,
    declared,
    most_common_region,
    regions_in,
)
from plumbline.commands.init.ground import ONE
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.made_of import Material, accounts_of, names_of, nothing, run_of
from plumbline.commands.init.roots import roots
from plumbline.commands.init.words import with_own_words
from plumbline.commands.init.written import About
from plumbline.expectations.stack import Stack
from plumbline.github.checkout import shown
from plumbline.sources.recorded import Place, followed, open_file, read_file
from plumbline.suite.roots import keyed as named_in
from plumbline.suite.run import Run
from plumbline.terraform.model import Configuration, Settings, named
from plumbline.values.mistakes import DataError

_MOST = 4
"""How many files are named."""


@dataclass(frozen=True)
class _File:
    sort: str
    path: Path
    root: str
    environment: str

    @property
    def again(self) -> tuple[str, str]:
        """How a run is given it."""
        return f"--{self.sort}", str(shown(self.path))


def of_files(given: argparse.Namespace, left_out: LeftOut) -> Material:
    """Return what the plans or states that the command line gives hold. Raises `DataError`."""
    sort = "plan" if given.plan else "state"
    files = _files(sort, given.plan or given.state, given.env)
    environments = tuple(dict.fromkeys([*given.env, *(it.environment for it in files)]))
    said = accounts_of(given.account, environments)
    first = {(it.root, it.environment): read_file(sort, it.path) for it in files}
    region = given.region or most_common_region(first) or CONVENTIONS.region
    accounts = accounts_in(first) | said
    regions = {} if given.region else regions_in(first, region)
    names = names_of(given.name, environments, accounts, region, regions)
    names = with_own_words(names, called_in(first, names))
    configurations = _located(first, names)
    found = declared(configurations, names, left_out)
    called = [str(shown(it.path)) for it in files]
    told = ", ".join(called) if len(files) <= _MOST else f"{len(files)} {sort}s, {called[0]} and others"
    if not found:
        raise DataError(nothing(f"stands in {told}", left_out))
    found += roots(configurations, names)
    made_of, nowhere = f"the {sort} in {told}", {"directory": "."}
    about = About(given.name, region, environments, nowhere, made_of, accounts, regions, names)
    return Material(
        about=about,
        names=names,
        found=found,
        sources=(sort,),
        run=lambda stack: _run(stack, files),
        told=(f"{sort}: {told}", f"environments: {', '.join(environments)}"),
        again=tuple(word for it in files if it.environment == environments[0] for word in it.again),
    )


def _files(sort: str, given: Sequence[str], environments: Sequence[str]) -> list[_File]:
    """Return the files, each with its root and environment, as it is said or called.

    `ROOT=FILE`, `ENV=FILE` and `ENV/ROOT=FILE` say it. Raises `DataError`, also for two of one root.
    """
    found: dict[tuple[str, str], _File] = {}
    for value in given:
        key, _, text = named_in(value)
        path = Path(text)
        if not path.is_file():
            raise DataError(f"--{sort} {value}: there is no file {text}")
        environment, root = _place(key, path, environments)
        other = found.get((environment, root))
        if other:
            told = f"--{sort} {value}: {other.path} is of the same root and environment"
            raise DataError(f"{told}: say of which each is, as ENV/ROOT=FILE")
        found[environment, root] = _File(sort, path, root, environment)
    return list(found.values())


def _place(key: str, path: Path, environments: Sequence[str]) -> tuple[str, str]:
    """Return the environment and the root that a file is of."""
    first, _, rest = key.partition("/")
    if first in environments or (first in CONVENTIONS.environments and not environments):
        return first, rest or "."
    words = re.split(r"[^A-Za-z0-9]+", path.name)
    called = next((it for it in environments or CONVENTIONS.environments if it in words), "")
    return called or next(iter(environments), ONE), key or "."


def _located(read: Configurations, names: Names) -> Configurations:
    """Return what the files hold, as they are seen from the environment that each is of."""
    found: dict[tuple[str, str], Configuration] = {}
    for (root, env), configuration in read.items():
        settings = Settings(account=names[env]["account"], region=names[env]["region"])
        found[root, env] = named(followed(replace(configuration, settings=settings)), root)
    return found


def _run(stack: Stack, files: Sequence[_File]) -> Run:
    recorded: dict[Place, Configuration] = {}
    for it in files:
        place = (stack.name, it.environment, it.root)
        if it.root in stack.roots(it.environment):
            recorded[place] = open_file(it.sort, it.path, [place], {stack.name: stack}, {})[1]
    return run_of(stack, (files[0].sort,), recorded={files[0].sort: recorded})
