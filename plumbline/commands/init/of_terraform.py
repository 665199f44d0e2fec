"""A stack that is made of Terraform source: evaluated once for each environment."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

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
from plumbline.commands.init.ground import Ground, ground, ground_of, told
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.made_of import Material, accounts_of, names_of, nothing, run_of
from plumbline.commands.init.roots import roots
from plumbline.commands.init.words import with_own_words
from plumbline.commands.init.written import About
from plumbline.expectations.home import Home
from plumbline.expectations.stack import Stack, TerraformSource
from plumbline.github.checkout import shown
from plumbline.kinds.registry import computed_attribute
from plumbline.suite.roots import places
from plumbline.suite.run import Run
from plumbline.terraform import directory
from plumbline.terraform.directory import read_body
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings, TerraformError, named
from plumbline.terraform.problems import Problems
from plumbline.terraform.variable_files import automatic_files
from plumbline.values.files import ALLOWED_BY, EVERYWHERE, Tree
from plumbline.values.filling import fill
from plumbline.values.mistakes import DataError

_NO_VALUE = "is required and has no value"
"""What Terraform says of a variable that nothing sets."""


def evaluated(ground: Ground, names: Names) -> Configurations:
    """Return what each root declares in each environment, in the region of that where it says none.

    Raises `DataError` with what Terraform would refuse.
    """
    found: dict[tuple[str, str], Configuration] = {}
    problems: list[str] = []
    for root, folders in ground.roots.items():
        for environment, folder in folders.items():
            try:
                declared = _evaluated(ground, root, folder, names[environment])
                found[root, environment] = named(declared, root)
            except TerraformError as error:
                problems.append(str(error))
    if problems:
        raise DataError("\n".join([*dict.fromkeys("\n".join(problems).splitlines()), *_advice(problems)]))
    return {
        (root, environment): replace(it, others=partial(_others, found, root, environment))
        for (root, environment), it in found.items()
    }


def _evaluated(ground: Ground, root: str, folder: Path, names: Mapping[str, str]) -> Configuration:
    region = names["region"] or None
    return evaluate(
        folder,
        variables=fill({**ground.variables, **ground.variables_of.get(root, {})}, names),
        var_files=ground.files_of(folder, ground.var_files, names),
        backend_files=ground.files_of(folder, ground.backend_files, names),
        settings=Settings(account=names["account"], region=region, workspace=fill(ground.workspace, names)),
        computed=computed_attribute,
        tree=ground.tree(folder),
    )


def _advice(problems: Iterable[str]) -> Iterator[str]:
    """Yield what to type for variables that nothing gives a value."""
    if any(_NO_VALUE in it for it in problems):
        yield "give --env NAME for each environment, --var-file FILE, or --var NAME=VALUE or ROOT/NAME=VALUE"


def _others(found: Configurations, root: str, environment: str) -> tuple[Configuration, ...]:
    return tuple(it for (other, env), it in found.items() if env == environment and other != root)


def with_variable(ground: Ground) -> Ground:
    """Return the ground with the variable that says which environment is meant, where no file sets it.

    It must be declared by every root: Terraform refuses a value for another one.
    """
    places = [(env, folder) for folders in ground.roots.values() for env, folder in folders.items()]
    for name in CONVENTIONS.variables if ground.told_apart and not ground.variables else ():
        if all(name in _declared(ground, it) for _, it in places) and not any(
            name in _set(ground, folder, env) for env, folder in places
        ):
            return replace(ground, variables={name: "{env}"})
    return ground


def _declared(ground: Ground, folder: Path) -> Collection[str]:
    return directory.read(folder, Problems(), ground.tree(folder)).variables


def _set(ground: Ground, folder: Path, environment: str) -> set[str]:
    """Return the variables that files give a value to."""
    files = [*automatic_files(folder), *ground.files_of(folder, ground.var_files, {"env": environment})]
    return {name for it in files for name in read_body(it, Problems(), ground.tree(folder)).arguments}


def of_terraform(given: argparse.Namespace, home: Home, left_out: LeftOut) -> Material:
    """Return what the Terraform that the command line gives declares. Raises `DataError`."""
    tree = _tree(given, home)
    lies = with_variable(ground(given.terraform, given.var_file, given.env, given.var, tree))
    said = accounts_of(given.account, lies.environments)
    first = evaluated(lies, names_of(given.name, lies.environments, said, given.region or ""))
    region = given.region or most_common_region(first) or CONVENTIONS.region
    accounts = accounts_in(first) | said
    regions = {} if given.region else regions_in(first, region)
    names = names_of(given.name, lies.environments, accounts, region, regions)
    names = with_own_words(names, called_in(first, names))
    source = f"the Terraform in {shown(lies.directory)}"
    said_of_terraform = _in_stack(lies, home)
    about = About(given.name, region, lies.environments, said_of_terraform, source, accounts, regions, names)
    return _material(about, names, lies, left_out, _again(given))


def _tree(given: argparse.Namespace, home: Home) -> Callable[[Path], Tree]:
    """Return what says below which folder a root may read files: the one that a run takes, too."""

    def tree(folder: Path) -> Tree:
        return Tree.around(folder, home.repository if folder.is_relative_to(home.repository) else None)

    return (lambda _: EVERYWHERE) if given.allow_outside_files else tree


def _again(given: argparse.Namespace) -> tuple[str, ...]:
    return (ALLOWED_BY,) if given.allow_outside_files else ()


def of_its_terraform(stack: Stack, given: argparse.Namespace, home: Home, left_out: LeftOut) -> Material:
    """Return what the Terraform of a stack that there is declares. Raises `DataError`."""
    names = {env: stack.placeholders(env) for env in stack.environments}
    directory = home.repository / stack.directory(next(iter(stack.environments)))
    lies = ground_of(stack, Path(os.path.abspath(directory)), given.terraform, _tree(given, home))
    about = About(stack.name, stack.region, lies.environments, {}, "")
    return _material(about, names, lies, left_out, _again(given))


def _material(
    about: About, names: Names, lies: Ground, left_out: LeftOut, again: tuple[str, ...]
) -> Material:
    configurations = evaluated(lies, names)
    found = declared(configurations, names, left_out)
    if not found:
        raise DataError(nothing(f"is declared in {shown(lies.directory)}", left_out))
    found += roots(configurations, names)
    return Material(
        about=about,
        names=names,
        found=found,
        sources=("hcl", "moto"),
        run=lambda stack: _run(stack, lies),
        told=tuple(told(lies)),
        again=again,
    )


def _in_stack(lies: Ground, home: Home) -> dict[str, Any]:
    """Return what the stack says of its Terraform."""
    said: dict[str, Any] = {"directory": os.path.relpath(lies.directory, home.repository)}
    for key, plain in (
        ("variables", dict),
        ("variables_of", dict),
        ("var_files", list),
        ("backend_files", list),
    ):
        if values := getattr(lies, key):
            said[key] = plain(values)
    if lies.workspace != TerraformSource.model_fields["workspace"].default:
        said["workspace"] = lies.workspace
    return said


def _run(stack: Stack, lies: Ground) -> Run:
    known = places({stack.name: stack}, {stack.name: list(stack.environments)})
    folders = {place: Path(os.path.abspath(lies.directory / place[2])) for place in known}
    return replace(run_of(stack, ("hcl", "moto"), terraform=folders), tree=lies.tree)
