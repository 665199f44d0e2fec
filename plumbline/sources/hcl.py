"""Terraform source as evidence: each root is evaluated once for each environment."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Stack, Subject
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.registry import computed_attribute
from plumbline.sources.source import ReadSets, everything
from plumbline.values.filling import fill
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration, Resource


class Hcl:
    """Terraform source, evaluated for an environment."""

    def __init__(
        self,
        stacks: Mapping[str, Stack],
        roots: Callable[[str, str], Path],
        reads: ReadSets = everything,
    ) -> None:
        self._stacks, self._roots, self._reads = stacks, roots, reads
        self._configuration = functools.cache(self._evaluate)

    def read(self, subject: Subject) -> Kind:
        """Return of the subject what is read of it, as its Terraform root declares it."""
        return self._found(subject, self._reads(subject))

    def whole(self, subject: Subject) -> Kind:
        """Return the subject with all its facets, as its Terraform root declares it."""
        return self._found(subject, None)

    def _found(self, subject: Subject, wanted: Wanted) -> Kind:
        if subject.root is None:
            raise Undetermined(f"no Terraform root is said to declare {subject.key}")
        if not self._roots(subject.stack, subject.root).is_dir():
            raise Undetermined(f"there is no Terraform root {self._shown(subject.stack, subject.root)}")
        outcome = self._configuration(subject.stack, subject.environment, subject.root)
        if isinstance(outcome, ReadError):
            raise outcome
        where = f"in {self._shown(subject.stack, subject.root)} for {subject.environment}"
        return subject.kind.find(outcome, subject.name, where, wanted)

    def roots(self, stack: str, environment: str) -> Roots:
        """Return everything that the roots of an environment declare, as far as their folders are given."""
        given = [root for root in self._stacks[stack].roots if self._roots(stack, root).is_dir()]
        return Roots({root: self._configuration(stack, environment, root) for root in given})

    def _shown(self, stack: str, root: str) -> Path:
        path = self._roots(stack, root)
        here = Path.cwd()
        return path.relative_to(here) if path.is_relative_to(here) else path

    def _evaluate(self, stack: str, environment: str, root: str) -> Configuration | ReadError:
        from plumbline.terraform.evaluation import evaluate
        from plumbline.terraform.model import Settings, TerraformError

        directory = self._roots(stack, root)
        placeholders = self._stacks[stack].placeholders(environment)
        given = self._stacks[stack].terraform
        try:
            return evaluate(
                directory,
                variables=fill(given.variables, placeholders),
                var_files=_present(directory, fill(given.var_files, placeholders)),
                backend_files=_present(directory, fill(given.backend_files, placeholders)),
                settings=Settings(account=placeholders["account"], region=placeholders["region"]),
                computed=computed_attribute,
            )
        except TerraformError as error:
            shown = self._shown(stack, root)
            return ReadError(
                f"{shown} cannot be evaluated:\n{error}",
                cause=f"{shown}: {error}",
                advice=f"terraform -chdir={shown} validate",
                by_root=True,
            )


def _present(directory: Path, names: Iterable[str]) -> list[Path]:
    """Return the files that the root has."""
    return [directory / name for name in names if (directory / name).is_file()]


class Roots:
    """The evaluated roots of one environment."""

    def __init__(self, evaluated: Mapping[str, Configuration | ReadError]) -> None:
        self.evaluated = evaluated
        """By the name of the root; an error where it cannot be evaluated."""

    def declaring(self, root: str, address: str) -> tuple[Resource, Configuration]:
        """Return the resource at an address, and what it is declared in."""
        configuration = self.evaluated[root]
        assert not isinstance(configuration, ReadError)
        return configuration.at(address), configuration
