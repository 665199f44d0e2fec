"""The dependency lock file of a Terraform root, and whether it holds for what the root asks of providers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from plumbline.github.tracked import is_tracked
from plumbline.kinds.kind import Kind
from plumbline.values.files import Tree
from plumbline.values.model import Text
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from pathlib import Path

    from plumbline.github.checkout import Checkout
    from plumbline.terraform.called_modules import Code
    from plumbline.terraform.hcl.body import Body


class ProviderLock(Kind):
    """A dependency lock file. Its name is its path: `live/.terraform.lock.hcl`; its root is the folder.

    Source: Terraform language, "Dependency Lock File".
    """

    noun = "provider_lock"
    plural = "provider_locks"
    lies_in_repository = True

    tracked: bool = False
    """Whether Git tracks it."""
    unlocked: list[Text] = []
    """The providers that the root and its modules ask for, and that it names at no version that they take, or
    without a checksum: of such a one any package is taken that calls itself so."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return the file. Raises `Missing` for one that is not there."""
        path = checkout.find(name, "file")
        tree = Tree(checkout.folder)
        fields: dict[str, Any] = {
            "name": name,
            "tracked": lambda: is_tracked(path),
            "unlocked": lambda: _unlocked(path, tree),
        }
        return cls.of(f"{checkout.shown(path)}:1", fields)


def _unlocked(file: Path, tree: Tree) -> list[str]:
    """Return the providers that are not locked.

    Raises `Undetermined` where all are that are asked for, and a module that is not read may ask for others.
    """
    from plumbline.terraform.called_modules import elsewhere, is_held, reached
    from plumbline.terraform.model import TerraformError

    if not is_held(file.parent, tree):
        told = f"{file.parent} holds no Terraform code that the lock file could be of"
        raise ReadError(told, cause=told)
    try:
        locked, code = _locked(file, tree), reached(file.parent, tree)
        found = [*_lacking(locked, code)]
    except TerraformError as error:
        raise ReadError(str(error), cause=str(error.problems[0])) from None
    unread = elsewhere(code)
    if unread and not found:
        raise Undetermined(f"what it asks of providers is not read: {unread[0]}")
    return found


@dataclass(frozen=True)
class _Locked:
    """What the file says of one provider."""

    version: str
    has_checksums: bool


def _lacking(locked: Mapping[str, _Locked], code: Iterable[Code]) -> Iterator[str]:
    from plumbline.terraform.provider_versions import admits

    asked: dict[str, dict[str, None]] = {}
    for each in code:
        for provider, constraint in each.providers.items():
            asked.setdefault(provider, {}).update({constraint: None} if constraint else {})
    for provider, constraints in asked.items():
        if provider not in locked:
            yield provider
            continue
        wanted, version = ", ".join(constraints), locked[provider].version
        try:
            fits = not wanted or admits(wanted, version)
        except ValueError as error:
            message = f"{provider}: {error}"
            raise ReadError(message, cause=message, advice="terraform init refuses it too") from None
        if not fits:
            yield f"{provider} {version}, and {wanted} is asked for"
        elif not locked[provider].has_checksums:
            yield f"{provider} {version}, without a checksum"


def _locked(file: Path, tree: Tree) -> dict[str, _Locked]:
    """Return what the file says of each provider that it names a version of. Raises `TerraformError`."""
    from plumbline.terraform.directory import read_body
    from plumbline.terraform.problems import Problems

    problems = Problems()
    body = read_body(file, problems, tree)
    problems.raise_any()
    blocks = {block.labels[0]: block.body for block in body.of_type("provider") if block.labels}
    return {
        provider: _Locked(version, bool(_given(said, "hashes")))
        for provider, said in blocks.items()
        if isinstance(version := _given(said, "version"), str)
    }


def _given(body: Body, name: str) -> Any:
    """Return the constant that a block gives an argument; None for no constant."""
    from plumbline.terraform.constants import constant
    from plumbline.terraform.expressions.base import EvaluationError

    expression = body.expression(name)
    try:
        return None if expression is None else constant(expression)
    except EvaluationError:
        return None
