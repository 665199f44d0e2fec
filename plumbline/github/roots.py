"""What the Terraform of a folder of the checkout declares: types of resources, those of modules too."""

from __future__ import annotations

import posixpath
import re

from plumbline.github import actions
from plumbline.github.programs import terraform_calls
from plumbline.github.scripts import Scripts
from plumbline.github.shell.path import WORKSPACE, Command

UNREAD = "?"
"""Stands for the types of what is not in the checkout: a folder that only a run knows, a remote module."""
_RESOURCE = re.compile(r'^[ \t]*resource[ \t]+"(\w+)"', re.MULTILINE)
_MODULE = re.compile(
    r'^[ \t]*module[ \t]+"[^"]*"[ \t]*\{.*?^[ \t]*source[ \t]*=[ \t]*"([^"]*)"', re.MULTILINE | re.DOTALL
)
_DEEPEST = 6


def types_of(command: Command, scripts: Scripts) -> frozenset[str]:
    """Return the types of the resources in the root that a call of Terraform is about."""
    if command.words[:1] == ("uses:",):
        path = actions.inputs_of(command).get("path", ".")
        return declared(posixpath.join(WORKSPACE, path), scripts)
    return frozenset(it for call in terraform_calls(command) for it in declared(call.folder, scripts))


def declared(folder: str, scripts: Scripts, depth: int = _DEEPEST) -> frozenset[str]:
    """Return the types of the resources that a folder declares."""
    files = scripts.expanded(posixpath.join(folder, "*.tf"), WORKSPACE)
    if not files or not depth:
        return frozenset({UNREAD})
    found: set[str] = set()
    for file in files:
        written = scripts.text(file, WORKSPACE) or ""
        found.update(_RESOURCE.findall(written))
        for source in _MODULE.findall(written):
            local = source.startswith(("./", "../"))
            found |= declared(posixpath.join(folder, source), scripts, depth - 1) if local else {UNREAD}
    return frozenset(found)
