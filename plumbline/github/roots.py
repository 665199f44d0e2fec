"""What the Terraform of a folder of the checkout declares: types of resources, those of modules too."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from plumbline.github import actions
from plumbline.github.programs import terraform_calls
from plumbline.github.reach import Applied
from plumbline.github.scripts import Scripts, below
from plumbline.github.shell.path import WORKSPACE, Command, is_known

UNREAD = "?"
"""Stands for the types of what is not in the checkout: a folder that only a run knows, a remote module."""
_RESOURCE = re.compile(r'^[ \t]*resource[ \t]+"(\w+)"[ \t]+"([\w-]+)"', re.MULTILINE)
_MODULE = re.compile(
    r'^[ \t]*module[ \t]+"[^"]*"[ \t]*\{.*?^[ \t]*source[ \t]*=[ \t]*"([^"]*)"', re.MULTILINE | re.DOTALL
)
_DEEPEST = 6


def types_of(command: Command, scripts: Scripts) -> frozenset[str]:
    """Return the types of the resources in the root that a call of Terraform is about."""
    return frozenset(it for folder in _folders(command) for it in declared(folder, scripts))


def _folders(command: Command) -> list[str]:
    if command.words[:1] == ("uses:",):
        return [posixpath.join(WORKSPACE, actions.inputs_of(command).get("path", "."))]
    return [call.folder for call in terraform_calls(command)]


def declaring(command: Command, scripts: Scripts) -> dict[str, set[str]]:
    """Return the types that `types_of` does, each with the files of the checkout that declare some."""
    found: dict[str, set[str]] = {it: set() for it in types_of(command, scripts)}
    for folder in _folders(command):
        for file in _files(folder, scripts):
            for type_, _ in _RESOURCE.findall(scripts.text(file, WORKSPACE) or ""):
                found.setdefault(type_, set()).add(below(file))
    return found


def types_brought(applied: Applied, scripts: Scripts) -> frozenset[str]:
    """Return the types of what an apply creates or changes; `UNREAD` where there may be more."""
    reach, every = applied.reach, _resources(applied.folder, scripts)
    if reach.brings is False:
        return frozenset()
    if reach.targets or reach.excluded:
        targets = {_address(it) for it in reach.targets}
        excluded = {_address(it) for it in reach.excluded}
        named = [it for it in every if it in targets or (not targets and it not in excluded)]
        open_ = UNREAD in every or any(map(_is_open, targets | excluded))
        every = frozenset([*named, *([UNREAD] if open_ else [])])
    return _types(every) if reach.brings else frozenset({UNREAD})


def types_destroyed(applied: Applied, scripts: Scripts) -> frozenset[str]:
    """Return the types of the resources that an apply destroys, or may."""
    if applied.reach.destroys is False:
        return frozenset()
    targets = {_address(it) for it in applied.reach.targets}
    every = _resources(applied.folder, scripts)
    return _types(frozenset(it for it in every if not targets or it in targets))


def declared(folder: str, scripts: Scripts) -> frozenset[str]:
    """Return the types of the resources that a folder declares."""
    return _types(_resources(folder, scripts))


def _resources(folder: str, scripts: Scripts, depth: int = _DEEPEST) -> frozenset[str]:
    """Return the addresses of the resources of a folder; those of a module behind `module.`."""
    files = scripts.expanded(posixpath.join(folder, "*.tf"), WORKSPACE)
    if not files or not depth:
        return frozenset({UNREAD})
    found: set[str] = set()
    for file in files:
        written = scripts.text(file, WORKSPACE) or ""
        found.update(f"{type_}.{name}" for type_, name in _RESOURCE.findall(written))
        for source in _MODULE.findall(written):
            local = source.startswith(("./", "../"))
            inside = _resources(posixpath.join(folder, source), scripts, depth - 1) if local else {UNREAD}
            found |= {
                it if it == UNREAD or it.startswith(_OF_MODULE) else f"{_OF_MODULE}{it}" for it in inside
            }
    return frozenset(found)


def _files(folder: str, scripts: Scripts, depth: int = _DEEPEST) -> Iterator[str]:
    """Yield the files of a folder, and of the modules of the checkout that it uses."""
    for file in scripts.expanded(posixpath.join(folder, "*.tf"), WORKSPACE) if depth else ():
        yield file
        for source in _MODULE.findall(scripts.text(file, WORKSPACE) or ""):
            if source.startswith(("./", "../")):
                yield from _files(posixpath.join(folder, source), scripts, depth - 1)


_OF_MODULE = "module."


def _types(addresses: Collection[str]) -> frozenset[str]:
    return frozenset(it.removeprefix(_OF_MODULE).partition(".")[0] for it in addresses)


def _address(given: str) -> str:
    """Return an address without the key of an instance, and without quotes around it."""
    return given.strip("'\"").partition("[")[0] if is_known(given.partition("[")[0]) else given


def _is_open(address: str) -> bool:
    """Whether what an address names is not told by the files: of a module, or one that a run makes."""
    return address.startswith(_OF_MODULE) or not is_known(address)
