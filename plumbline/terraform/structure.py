"""What the language says of blocks however they evaluate: which may stand where, and what they may name.

Source: Terraform language, "terraform block", "Meta-arguments", "Provisioners" and "Providers within
modules", and what Terraform says of small roots.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from plumbline.terraform import provisioners, references, versions
from plumbline.terraform.expressions.access import Attribute, Index, Reference
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.collections import Object, Tuple
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.model import Location
from plumbline.terraform.providers import OF_THE_LANGUAGE
from plumbline.terraform.strays import strays

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

Told: TypeAlias = tuple[str, Location]
"""What Terraform refuses, and where."""

_BACKENDS = [
    "local",
    "remote",
    "azurerm",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "oss",
    "pg",
    "s3",
]
_OF_REQUIREMENTS = ("source", "version", "configuration_aliases")
_SOURCE = re.compile(r"(?:[\w.:-]+/)?(?:[\w-]+/)?[\w-]+")
_PROVIDER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.IGNORECASE)


def check(module: Module) -> None:
    """Report what a module says that cannot be, whatever its values are."""
    for sentence, place in _told(module):
        module.run.stated.add(sentence, place)


def _told(module: Module) -> Iterator[Told]:
    declared = module.declared
    yield from _of_settings(declared.terraform)
    for block in (*declared.resources.values(), *declared.data.values()):
        yield from _of_lifecycle(block)
        yield from _of_provider(block)
        yield from provisioners.told(block)
    for block in declared.providers.values():
        alias = block.body.expression("alias")
        if alias is not None and not _text(alias).replace("-", "_").isidentifier():
            yield "An alias is a name, written out.", alias.location
    for block in declared.modules.values():
        yield from strays(block, block.body.arguments)
    for name, block in declared.variables.items():
        for rule in block.body.of_type("validation"):
            condition = rule.body.expression("condition")
            read = [] if condition is None else [it.path[:2] for it, _ in references.roots([condition])]
            if condition is not None and read and ("var", name) not in read:
                yield f"The condition has to refer to var.{name}.", condition.location
    if any(it.body.arguments.keys() - OF_THE_LANGUAGE for it in declared.providers.values()):
        yield from _repeating(module)


def _text(expression: Expression | None) -> str:
    """Return a constant text; an empty one for anything else."""
    constant = getattr(expression, "constant", None)
    return constant if isinstance(constant, str) else ""


def _of_settings(settings: Iterable[Block]) -> Iterator[Told]:
    """Yield what is wrong in the `terraform` blocks of a module."""
    settings = [*settings]
    for version in (it for block in settings if (it := block.body.expression("required_version"))):
        if not versions.is_valid(_text(version)):
            yield "required_version is a version constraint, written out.", version.location
    kept = [it for block in settings for it in block.body.of_type("backend", "cloud")]
    if {it.type for it in kept} == {"backend", "cloud"}:
        yield "A backend and a cloud exclude each other.", kept[-1].location
    for block in kept:
        if block.type == "backend" and block.labels[:1] and block.labels[0] not in _BACKENDS:
            yield f'There is no backend of type "{block.labels[0]}".', block.location
    for required in (it for block in settings for it in block.body.of_type("required_providers")):
        for name, argument in required.body.arguments.items():
            if not _PROVIDER.fullmatch(name):
                yield f'"{name}" is not the name of a provider.', argument.location
            if isinstance(argument.expression, Object):
                yield from _of_requirement(argument.expression)


def _of_requirement(requirement: Object) -> Iterator[Told]:
    for name, value in requirement.entries().items():
        if name not in _OF_REQUIREMENTS:
            yield f'A required provider has no "{name}".', value.location
        elif name == "source" and not _SOURCE.fullmatch(_text(value)):
            yield "The source of a provider is [HOSTNAME/]NAMESPACE/TYPE.", value.location


def _of_lifecycle(block: Block) -> Iterator[Told]:
    found = block.body.of_type("lifecycle")
    for extra in found[1:]:
        yield f"A lifecycle block was already declared at {found[0].location}.", extra.location
    for lifecycle in found:
        if block.type == "data":
            for argument in lifecycle.body.arguments.values():
                yield f"{argument.name} is for resources, not for what is only read.", argument.location
        yield from _of_ignored(lifecycle.body.expression("ignore_changes"))
        listed = lifecycle.body.expression("replace_triggered_by")
        if listed is not None and not isinstance(listed, Tuple):
            yield "replace_triggered_by takes a list of references.", listed.location
        for child in listed.children() if isinstance(listed, Tuple) else ():
            if not any(_is_of_resource(it) for it, _ in references.roots([child])):
                yield "replace_triggered_by takes references to resources.", child.location
            elif not _is_named(child):
                yield "What replaces is named by constants, count.index or each.key.", child.location


def _of_ignored(ignored: Expression | None) -> Iterator[Told]:
    if ignored is None:
        return
    if not isinstance(ignored, Tuple) and references.path(ignored) != "all":
        yield "ignore_changes takes a list of attributes, or all.", ignored.location
    for child in ignored.children() if isinstance(ignored, Tuple) else ():
        if _text(child) == "*":
            yield "What ignores all changes is written as ignore_changes = all.", child.location


def _is_named(expression: Expression) -> bool:
    """Whether an expression is a name, in which keys are constants or those of the instance."""
    while isinstance(expression, (Attribute, Index)):
        if isinstance(expression, Index) and not (
            isinstance(expression.key, Literal)
            or references.path(expression.key) in ("count.index", "each.key")
        ):
            return False
        expression = expression.target
    return isinstance(expression, Reference)


def _is_of_resource(reference: Reference) -> bool:
    others = ("var", "local", "module", "data", "path", "terraform", "each", "count", "self")
    return reference.path[0] not in others


def _of_provider(block: Block) -> Iterator[Told]:
    named = block.body.expression("provider")
    if isinstance(named, Index) or (isinstance(named, Reference) and len(named.path) > 2):
        yield "provider is the name of a configuration: aws, or aws.west.", named.location


def _repeating(module: Module) -> Iterator[Told]:
    """Yield the calls that keep a module from configuring its own providers."""
    call = module.call
    while call is not None:
        for name in ("count", "for_each", "depends_on"):
            if name in call.block.body.arguments:
                told = f"{module.description} configures a provider of its own, which {name} excludes."
                yield f"{told[:1].upper()}{told[1:]}", call.block.body.arguments[name].location
        call = call.module.call
