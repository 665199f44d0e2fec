"""The `terraform` block: required version and providers, and the backend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from plumbline.terraform import references, versions
from plumbline.terraform.blocks import Evaluating
from plumbline.terraform.constants import constants
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.directory import read_body
from plumbline.terraform.expressions.base import Expression
from plumbline.terraform.expressions.collections import Object, Tuple
from plumbline.terraform.hcl.body import Argument
from plumbline.terraform.model import Backend, RequiredProvider
from plumbline.terraform.problems import Problems
from plumbline.terraform.values import Value
from plumbline.values.files import Tree

_DECIDING_LATE = tuple(f"1.{minor}.{patch}" for minor in range(12) for patch in range(30))
"""The releases of Terraform before 1.12, and some more that there never were."""


def required_version(declared: Declarations) -> str | None:
    """The version constraints, all of which apply."""
    found = [_constant(block.body.expression("required_version")) for block in declared.terraform]
    given = [text for text in found if text is not None]
    return ", ".join(given) if given else None


def decides_early(declared: Declarations) -> bool:
    """Whether every release that may read this has `&&` and `||` decided by their left side where it can.

    Source: Terraform's changelog, 1.12.0.
    """
    required = required_version(declared)
    return required is not None and not any(versions.admits(required, it) for it in _DECIDING_LATE)


def check_versions(declared: Declarations, problems: Problems) -> None:
    """Reports constraints of providers that do not read.

    What release of Terraform itself is required is a setting like others, and the rest is read.
    """
    for _, argument, provider in _requirements(declared):
        if provider.version is not None and not versions.is_valid(provider.version):
            problems.add(f'"{provider.version}" is not a version constraint.', argument.location)


def required_providers(declared: Declarations) -> dict[str, RequiredProvider]:
    """The provider requirements by local name."""
    return {name: provider for name, _, provider in _requirements(declared)}


def _requirements(declared: Declarations) -> Iterator[tuple[str, Argument, RequiredProvider]]:
    for block in declared.terraform:
        for required in block.body.of_type("required_providers"):
            for name, argument in required.body.arguments.items():
                entries = argument.expression.entries() if isinstance(argument.expression, Object) else {}
                version = entries.get("version", argument.expression)
                yield name, argument, RequiredProvider(_constant(entries.get("source")), _constant(version))


def configuration_aliases(declared: Declarations) -> list[str]:
    """The configurations of providers, such as `aws.west`, that who calls the module has to pass."""
    return [
        path
        for block in declared.terraform
        for required in block.body.of_type("required_providers")
        for argument in required.body.arguments.values()
        if isinstance(argument.expression, Object)
        and isinstance(listed := argument.expression.entries().get("configuration_aliases"), Tuple)
        for path in map(_name, listed.elements)
        if path is not None
    ]


def _name(expression: Expression) -> str | None:
    """The name that an expression is, which JSON writes as a text."""
    return references.path(expression) or _constant(expression)


def _constant(expression: object) -> str | None:
    value = getattr(expression, "constant", None)
    return value if isinstance(value, str) else None


def backend(declared: Declarations, files: Sequence[Path], problems: Problems, tree: Tree) -> Backend | None:
    """The backend with the values of `-backend-config` files, the last of which wins."""
    found = [block for settings in declared.terraform for block in settings.body.of_type("backend")]
    if not found:
        return None
    for extra in found[1:]:
        problems.add(f"A backend was already declared at {found[0].location}.", extra.location)
    evaluating = Evaluating(constants(), problems)
    values: dict[str, Value] = evaluating.content(found[0].body, "backend")
    for file in files:
        values |= evaluating.content(read_body(file, problems, tree), "backend")
    return Backend(found[0].labels[0] if found[0].labels else "", values, found[0].location)
