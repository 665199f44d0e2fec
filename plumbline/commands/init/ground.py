"""Where the Terraform of a stack lies: its roots, its environments, and the files that tell those apart."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbline.commands.init.conventions import CONVENTIONS
from plumbline.expectations.stack import Stack
from plumbline.github.checkout import shown
from plumbline.suite.roots import NO_TERRAFORM, holds_terraform, keyed
from plumbline.terraform.beside import below, within
from plumbline.values.files import Tree
from plumbline.values.filling import fill
from plumbline.values.mistakes import DataError, did_you_mean
from plumbline.values.unknown import Undetermined

ONE = "default"
"""The environment of Terraform that tells none apart: Terraform's own name for the workspace there is."""
_OF_VARIABLES = (".tfvars", ".tfvars.json")
_OF_BACKENDS = (".tfbackend", ".hcl")
_READ_UNASKED = re.compile(r"terraform\.tfvars(\.json)?|.*\.auto\.tfvars(\.json)?")
"""Source: Terraform's documentation, "Variable definitions (.tfvars) files"."""
_DEEPEST = 2


@dataclass(frozen=True)
class Ground:
    """The Terraform that a stack is made of."""

    directory: Path
    """The folder that holds the roots."""
    roots: Mapping[str, Mapping[str, Path]]
    """The folder of each root in each environment, by how it is called below that: `s3`, `envs/{env}`."""
    environments: tuple[str, ...]
    told_apart: bool
    """Whether anything says which environments there are."""
    var_files: tuple[str, ...] = ()
    """Relative to each root, with `{env}`."""
    backend_files: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    """Files of variables that some environments have, and others have not, to people."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    """Of every root."""
    variables_of: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Of single roots besides."""
    workspace: str | None = "default"
    """The workspace that is selected; `{env}` where environments have workspaces of their own."""
    tree: Callable[[Path], Tree] = Tree.around
    """Says of a root's folder below which folder it may read files."""

    def files_of(self, folder: Path, patterns: Iterable[str], names: Mapping[str, str]) -> list[Path]:
        """Return those files that lie beside a root, of the environment with these names."""
        named = (folder / fill(it, names) for it in patterns)
        return [it for it in named if it.is_file()]


def ground(
    terraform: Sequence[str],
    var_files: Sequence[str],
    environments: Sequence[str],
    variables: Sequence[str],
    tree: Callable[[Path], Tree],
) -> Ground:
    """Return what the command line says of Terraform, and what lies there. Raises `DataError`."""
    folders = _folders(terraform, tree)
    given = [_file(it) for it in var_files]
    directory = _holding(terraform)
    names = tuple(dict.fromkeys(environments)) or _environments(directory, folders, given)
    roots = _by_environment(directory, folders, names or (ONE,))
    each = [it for places in roots.values() for it in places.values()]
    _refuse_missing(var_files, roots, names or (ONE,))
    beside = _beside(roots, names, _OF_VARIABLES)
    assigned = dict(map(_assigned, variables))
    return Ground(
        directory=directory,
        roots=roots,
        environments=names or (ONE,),
        told_apart=bool(names),
        var_files=tuple(_said(given, each, names) or _of_all(beside)),
        passed_over=() if given else tuple(_of_some(beside, names)),
        backend_files=tuple(it for it in _of_all(_beside(roots, names, _OF_BACKENDS)) if "backend" in it),
        variables={name: value for name, value in assigned.items() if "/" not in name},
        variables_of=_of_roots(assigned, roots),
        workspace="{env}" if names and _ask_for_workspaces(each, tree) else "default",
        tree=tree,
    )


def ground_of(
    stack: Stack, directory: Path, terraform: Sequence[str], tree: Callable[[Path], Tree]
) -> Ground:
    """Return the Terraform that a stack says it has, or what is given of it. Raises `DataError`."""
    folders = _folders(terraform or [str(directory)], tree)
    for folder in folders:
        if not folder.is_relative_to(directory):
            raise DataError(
                f"{shown(folder)} does not lie in {shown(directory)}, as the roots of the stack do"
            )
    said = stack.terraform
    return Ground(
        directory=directory,
        roots=_by_environment(directory, folders, list(stack.environments)),
        environments=tuple(stack.environments),
        told_apart=True,
        var_files=tuple(said.var_files),
        backend_files=tuple(said.backend_files),
        variables=said.variables,
        workspace=said.workspace,
        variables_of=said.variables_of,
        tree=tree,
    )


def _ask_for_workspaces(folders: Iterable[Path], tree: Callable[[Path], Tree]) -> bool:
    """Return whether roots, or local modules that they call, ask which workspace is selected.

    Raises `DataError` where one cannot be read.
    """
    waiting, seen = [*folders], set[Path]()
    try:
        while waiting:
            folder = waiting.pop()
            there = within(folder, tree(folder))
            held = [it for it in there if not it.of_opentofu and it.path not in seen]
            seen |= {it.path for it in held}
            waiting += [called for it in held for called in it.calls or () if called.is_dir()]
            if any(it.asks_for_workspaces for it in held):
                return True
    except Undetermined as reason:
        raise DataError(str(reason)) from None
    return False


def _folders(terraform: Sequence[str], tree: Callable[[Path], Tree]) -> list[Path]:
    folders = [it for value in terraform for it in _roots(value, tree)]
    if not folders:
        raise DataError(f"{', '.join(terraform)} {NO_TERRAFORM}")
    return folders


def _roots(value: str, tree: Callable[[Path], Tree]) -> list[Path]:
    """Return the roots that one --terraform gives: the folder itself, or those below it that none calls."""
    _, _, text = keyed(value)
    folder = Path(os.path.abspath(text))
    if not text or not folder.is_dir():
        raise DataError(f"--terraform {value}: there is no folder {text or repr(text)}")
    if holds_terraform(folder):
        return [folder]
    try:
        found = [it for it in below(folder, tree(folder)) if not it.of_opentofu]
        called = {module for it in found for module in it.calls or ()}
    except Undetermined as reason:
        raise DataError(f"--terraform {value}: {reason}") from None
    return [it.shown for it in found if it.path not in called]


def _file(value: str) -> Path:
    """Return a file of variables; of one for each environment, with `{env}` in its name."""
    path = Path(os.path.abspath(value))
    if not path.is_file() and "{env}" not in value:
        raise DataError(f"--var-file {value}: there is no file {value}")
    return path


def _assigned(value: str) -> tuple[str, str]:
    name, equals, text = value.partition("=")
    if not name or not equals:
        raise DataError(f"--var {value}: it is not of the form NAME=VALUE")
    return name, text


def _of_roots(assigned: Mapping[str, str], roots: Collection[str]) -> dict[str, dict[str, str]]:
    """Return what is assigned as `ROOT/NAME=VALUE`, by the root."""
    found: dict[str, dict[str, str]] = {}
    for name, value in assigned.items():
        root, slash, own = name.rpartition("/")
        if slash and root not in roots:
            raise DataError(f"--var {name}={value}: there is no root {root}{did_you_mean(root, roots)}")
        if slash:
            found.setdefault(root, {})[own] = value
    return found


def _holding(terraform: Sequence[str]) -> Path:
    """Return the folder below which the roots are called as the command line calls them, or all lie."""
    given = [(keyed(value)[0], Path(os.path.abspath(keyed(value)[2]))) for value in terraform]
    above = {_above(folder, key) for key, folder in given}
    if len(above) == 1 and (only := next(iter(above))):
        return only
    return Path(os.path.commonpath([folder for _, folder in given]))


def _above(folder: Path, key: str) -> Path | None:
    steps = Path(key).parts
    return folder.parents[len(steps) - 1] if steps and folder.parts[-len(steps) :] == steps else None


def _environments(directory: Path, folders: Iterable[Path], given: Iterable[Path]) -> tuple[str, ...]:
    """Return the environments that files of variables, or else folders of roots, are called by."""
    folders = list(folders)
    files = [*given, *(it for folder in folders for it in _files(folder, _OF_VARIABLES))]
    parts = [part for it in folders for part in it.relative_to(directory).parts]
    for words in ([word for it in files for word in _words(it.name)], parts):
        if found := {it for it in words if it in CONVENTIONS.environments}:
            return tuple(sorted(found, key=CONVENTIONS.environments.index))
    return ()


def _words(name: str) -> list[str]:
    return re.split(r"[^A-Za-z0-9]+", name)


def _by_environment(
    directory: Path, folders: Iterable[Path], environments: Sequence[str]
) -> dict[str, dict[str, Path]]:
    """Return the roots; those that differ in the environment's name alone are one, with `{env}` in it."""
    found: dict[str, dict[str, Path]] = {}
    for folder in folders:
        parts = folder.relative_to(directory).parts
        own = next((it for it in environments if it in parts), None)
        called = "/".join("{env}" if it == own else it for it in parts) or "."
        found.setdefault(called, {}).update(dict.fromkeys([own] if own else environments, folder))
    return found


def _said(given: Iterable[Path], roots: Sequence[Path], environments: Sequence[str]) -> list[str]:
    """Return the files that the command line gives as each root has them, with `{env}` for its name."""
    found = []
    for file in given:
        for root in roots:
            steps = Path(os.path.relpath(file, root))
            found.append(_template(str(steps.parent / steps.name), environments))
    return list(dict.fromkeys(found))


def _template(text: str, environments: Iterable[str]) -> str:
    """Return the name of a file with `{env}` for the environment's, where it stands there as a word."""
    for name in environments:
        replaced = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", "{env}", text)
        if replaced != text:
            return replaced
    return text


def _refuse_missing(
    var_files: Iterable[str], roots: Mapping[str, Mapping[str, Path]], environments: Sequence[str]
) -> None:
    """Raise `DataError` where an environment has no such file: it would be evaluated with defaults."""
    each = [it for places in roots.values() for it in places.values()]
    for value in var_files:
        patterns = _said([_file(value)], each, environments)
        for name in environments:
            own = (places[name] / it for places in roots.values() if name in places for it in patterns)
            if not any(Path(str(it).replace("{env}", name)).is_file() for it in own):
                path = _template(value, environments).replace("{env}", name)
                raise DataError(f"--var-file {value}: there is no file {path}")


def _beside(
    roots: Mapping[str, Mapping[str, Path]], environments: Sequence[str], ends: tuple[str, ...]
) -> list[dict[str, set[str]]]:
    """Return of each root the files that lie beside it, with `{env}` for its name, by environment."""
    return [
        {env: {*_told_apart(folder, env, ends)} for env, folder in places.items() if env in environments}
        for places in roots.values()
    ]


def _of_all(beside: Iterable[Mapping[str, set[str]]]) -> list[str]:
    """Return the files that lie beside roots for each environment that these have."""
    found: dict[str, None] = {}
    for kept in beside:
        found |= dict.fromkeys(sorted(set.intersection(*kept.values()))) if kept else {}
    return list(found)


def _of_some(beside: Iterable[Mapping[str, set[str]]], environments: Sequence[str]) -> Iterator[str]:
    """Yield the files that lie beside roots for some of the environments alone, and for which."""
    taken = _of_all(beside := list(beside))
    found: dict[str, dict[str, bool]] = {}
    for kept in beside:
        for env, files in kept.items():
            for file in files - {*taken}:
                found.setdefault(file, {})[env] = True
    for file, having in sorted(found.items()):
        lacking = [it for it in environments if it not in having]
        yield f"{file} is not read: {', '.join(having)} has one, and {', '.join(lacking)} has none"


def _told_apart(folder: Path, environment: str, ends: tuple[str, ...]) -> Iterator[str]:
    for file in _files(folder, ends):
        name = os.path.relpath(file, folder)
        template = _template(name, [environment])
        if template != name:
            yield template


def _files(folder: Path, ends: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files that end so in a folder, and in those around it that are no roots."""
    around = [folder, folder.parent, *(it for it in sorted(folder.parent.iterdir()) if it.is_dir())]
    near = [it for it in around if it == folder or not holds_terraform(it)]
    inside = (it for level in range(1, _DEEPEST) for it in sorted(folder.glob("/".join("*" * level))))
    for place in dict.fromkeys(
        [*near, *(it for it in inside if it.is_dir() and not it.name.startswith("."))]
    ):
        for file in sorted(place.iterdir()):
            if file.is_file() and file.name.endswith(ends) and not _READ_UNASKED.fullmatch(file.name):
                yield file


def told(ground: Ground) -> list[str]:
    """Return what was taken for the roots and for what tells the environments apart, to people."""
    lines = [f"Terraform in {shown(ground.directory)}: {', '.join(ground.roots)}"]
    named = [
        *ground.var_files,
        *ground.backend_files,
        *(f"-var {k}={v}" for k, v in ground.variables.items()),
        *([f"workspace {ground.workspace}"] if ground.workspace == "{env}" else []),
        *(f"-var {k}={v} of {root}" for root, its in ground.variables_of.items() for k, v in its.items()),
    ]
    lines += ground.passed_over
    if ground.told_apart:
        lines.append(
            f"environments: {', '.join(ground.environments)}" + (f", by {', '.join(named)}" if named else "")
        )
    else:
        lines.append(f"environments: one, called {ONE}; give --env NAME for each, and --var-file FILE")
    return lines
