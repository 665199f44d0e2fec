"""Terraform source as evidence: each root is evaluated once for each environment."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.expectations.stack import Stack, Subject, fill
from plumbline.kinds.kind import Kind, computed_attribute
from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration


class Hcl:
    """Terraform source, evaluated for an environment."""

    def __init__(self, stacks: Mapping[str, Stack], roots: Callable[[str, str], Path]) -> None:
        self._stacks, self._roots = stacks, roots
        self._configuration = functools.cache(self._evaluate)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as its Terraform root declares it."""
        if subject.root is None:
            raise Undetermined(f"no Terraform root is said to declare {subject.key}")
        if not self._roots(subject.stack, subject.root).is_dir():
            raise Undetermined(f"there is no Terraform root {self._shown(subject.stack, subject.root)}")
        outcome = self._configuration(subject.stack, subject.environment, subject.root)
        if isinstance(outcome, ReadError):
            raise outcome
        where = f"in {self._shown(subject.stack, subject.root)} for {subject.environment}"
        return subject.kind.find(outcome, subject.name, where)

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
            evaluated = evaluate(
                directory,
                variables=fill(given.variables, placeholders),
                var_files=_present(directory, fill(given.var_files, placeholders)),
                backend_files=_present(directory, fill(given.backend_files, placeholders)),
                settings=Settings(account=placeholders["account"], region=placeholders["region"]),
                computed=computed_attribute,
            )
            return replace(evaluated, others=lambda: self._others(stack, environment, root))
        except TerraformError as error:
            shown = self._shown(stack, root)
            return ReadError(
                f"{shown} cannot be evaluated:\n{error}",
                cause=f"{shown}: {error}",
                advice=f"terraform -chdir={shown} validate",
                by_root=True,
            )

    def _others(self, stack: str, environment: str, root: str) -> tuple[Configuration, ...]:
        """Return the stack's other roots. Raises `Undetermined` for one that cannot be evaluated."""
        given = [it for it in self._stacks[stack].roots if it != root and self._is_given(stack, it)]
        outcomes = {it: self._configuration(stack, environment, it) for it in given}
        for name, outcome in outcomes.items():
            if isinstance(outcome, ReadError):
                raise Undetermined(f"{self._shown(stack, name)} may hold what belongs to it: {outcome}")
        return tuple(outcome for outcome in outcomes.values() if not isinstance(outcome, ReadError))

    def _is_given(self, stack: str, root: str) -> bool:
        try:
            return self._roots(stack, root).is_dir()
        except KeyError:  # the folder that was given lacks this root
            return False


def _present(directory: Path, names: Iterable[str]) -> list[Path]:
    """Return the files that the root has."""
    return [directory / name for name in names if (directory / name).is_file()]
