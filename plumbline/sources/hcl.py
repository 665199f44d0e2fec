"""Terraform source as evidence: each root is evaluated once for each environment."""

from __future__ import annotations

import contextlib
import copy
import functools
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, TypeAlias

from plumbline.expectations.stack import FoundBy, Stack, Subject
from plumbline.github.checkout import shown
from plumbline.kinds.inventory import OfWhat
from plumbline.kinds.kind import Kind, Wanted
from plumbline.kinds.registry import computed_attribute
from plumbline.sources.beside import Beside, Folders, Neighbours
from plumbline.sources.source import NO_ROOT, NO_ROOT_SAID, ReadSets, everything, owned
from plumbline.values.files import Tree
from plumbline.values.filling import fill
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.model import Chosen, Configuration, Resource
    from plumbline.terraform.values import Value


Choose: TypeAlias = "Callable[[Configuration], Chosen]"
"""What gives of an evaluated root the values of attributes that nobody knows before apply."""


def _nothing(configuration: Configuration) -> Chosen:
    return {}


class Hcl:
    """Terraform source, evaluated for an environment."""

    def __init__(
        self,
        stacks: Mapping[str, Stack],
        roots: Folders,
        reads: ReadSets = everything,
        neighbours: Neighbours = tuple,
        tree: Callable[[Path], Tree] = Tree.around,
    ) -> None:
        """Take the stacks, and what gives the folder of a stack's root in an environment, if it was given.

        `neighbours` gives all stacks that may have roots in the same folder, chosen or not, and `tree` gives
        of a root's folder what it may read files below.
        """
        self._stacks, self._roots, self._reads, self._tree = stacks, roots, reads, tree
        self.beside = Beside(stacks, roots, neighbours, tree)
        self._left: dict[tuple[str, str, str], Configuration] = {}
        self._first: Hcl | None = None
        self._choose: Choose = _nothing
        self._configuration = functools.cache(self._evaluate)
        self._others = functools.cache(self._others_of)

    def with_chosen(self, choose: Choose) -> Hcl:
        """Return the same source, each root of which is evaluated with what is chosen of it."""
        other = copy.copy(self)
        other._first, other._choose = self, choose
        other._configuration = functools.cache(other._evaluate)
        other._others = functools.cache(other._others_of)
        return other

    def read(self, subject: Subject) -> Kind:
        """Return of the subject what is read of it, as its Terraform root declares it."""
        return self._found(subject, self._reads(subject))

    def whole(self, subject: Subject) -> Kind:
        """Return the subject with all its facets, as its Terraform root declares it."""
        return self._found(subject, None)

    def _found(self, subject: Subject, wanted: Wanted) -> Kind:
        if subject.kind.spans_roots:
            return self._across(subject)
        if subject.found_by and subject.root is None:
            return self._anywhere(subject.found_by, subject, wanted)
        if subject.root is None:
            raise Undetermined(NO_ROOT_SAID.format(subject.key))
        directory = self._roots(subject.stack, subject.environment, subject.root)
        if directory is None:
            option = f"--terraform {self._called(subject.stack, subject.root)}=DIR"
            raise Undetermined(f"Terraform root {subject.root} is not given: {option}")
        outcome = self._configuration(subject.stack, subject.environment, subject.root)
        where = f"in {shown(directory)} for {subject.environment}"
        if isinstance(outcome, ReadError):
            left = self._left.get((subject.stack, subject.environment, subject.root))
            raise _with_left(outcome, lambda: _found_in(left, subject, where, wanted) if left else None)
        return _found_in(outcome, subject, where, wanted)

    def _across(self, subject: Subject) -> Kind:
        from plumbline.terraform.model import together, unread

        if isinstance(subject.question, OfWhat):
            beside = tuple(map(unread, self.beside.unnamed(subject)))
        else:
            beside = tuple(map(self._unevaluated, self.beside.folders(subject)))
        roots = together(lambda: self._others(subject.stack, subject.environment, NO_ROOT) + beside)
        return subject.kind.across(roots, subject.name, subject.question)

    def _unevaluated(self, folder: Path) -> Configuration:
        """Return what stands for the code in a folder that is no root: nobody gives its variables values."""
        from plumbline.terraform.model import Configuration

        return Configuration(root=folder, source="hcl", resources=(), tree=self._tree(folder))

    def _anywhere(self, found_by: FoundBy, subject: Subject, wanted: Wanted) -> Kind:
        """Return the resource that is meant, whichever root of the environment declares it."""
        roots = self.roots(subject.stack, subject.environment).evaluated
        if not roots:
            raise Undetermined(NO_ROOT_SAID.format(subject.key))
        read = [owned(it, subject) for it in roots.values() if not isinstance(it, ReadError)]
        unread = [it for it in roots.values() if isinstance(it, ReadError)]
        where = f"in Terraform root{'s' * (len(roots) > 1)} {', '.join(roots)} for {subject.environment}"
        return found_by.in_source(read, subject.region, where, wanted, unread)

    def roots(self, stack: str, environment: str) -> Roots:
        """Return everything that the roots of an environment declare, as far as their folders are given."""
        return Roots(
            {it: self._outcome(stack, environment, it) for it in self._stacks[stack].roots(environment)},
            lambda root, chosen: self._evaluate(stack, environment, root, chosen),
        )

    def _called(self, stack: str, root: str) -> str:
        """Return what the command line calls a root: with its stack where another one has such a root."""
        others = (it for name, it in self._stacks.items() if name != stack)
        shared = any(root in it.roots(environment) for it in others for environment in it.environments)
        return f"{stack}/{root}" if shared else root

    def declared(self, stack: str, environment: str) -> tuple[Configuration, ...]:
        """Return the roots of an environment; one that is not given, or not read, declares nothing."""
        return self._others(stack, environment, NO_ROOT)

    def _evaluate(
        self, stack: str, environment: str, root: str, chosen: Chosen | None = None
    ) -> Configuration | ReadError:
        from plumbline.terraform import workspaces
        from plumbline.terraform.evaluation import evaluate
        from plumbline.terraform.model import Settings, TerraformError

        if self._first is not None:
            first = self._first._configuration(stack, environment, root)
            own = {} if isinstance(first, ReadError) else self._choose(first)
            chosen = {**own, **(chosen or {})}
            if not chosen:
                return first
        directory = self._roots(stack, environment, root)
        assert directory is not None  # a root that is not given is not evaluated
        placeholders = self._stacks[stack].placeholders(environment)
        given = self._stacks[stack].terraform
        try:
            evaluated = evaluate(
                directory,
                variables=given.given(root, placeholders),
                var_files=_present(directory, fill(given.var_files, placeholders)),
                backend_files=_present(directory, fill(given.backend_files, placeholders)),
                settings=Settings(
                    account=placeholders["account"],
                    region=placeholders["region"],
                    workspace=fill(given.workspace, placeholders)
                    or workspaces.told(directory, os.environ, self._tree(directory)),
                    owner=self._stacks[stack].environments[environment].account or "",
                ),
                computed=computed_attribute,
                chosen=chosen,
                data=fill(given.data, placeholders),
                tree=self._tree(directory),
            )
            return replace(evaluated, others=lambda: self._others(stack, environment, root))
        except TerraformError as error:
            place = shown(directory)
            if error.rest is not None and not error.hides:
                others = functools.partial(self._others, stack, environment, root)
                self._left[stack, environment, root] = replace(error.rest, others=others)
            return ReadError(
                f"{place} cannot be evaluated:\n{error}",
                cause=f"{place}: {error}",
                command=f"terraform -chdir={quote(str(place))} validate",
                by_root=True,
            )

    def _others_of(self, stack: str, environment: str, root: str) -> tuple[Configuration, ...]:
        others = [it for it in self._stacks[stack].roots(environment) if it != root]
        outcomes = {it: self._outcome(stack, environment, it) for it in others}
        return tuple(
            self._not_read(stack, environment, name) if isinstance(it, ReadError) else it
            for name, it in outcomes.items()
        )

    def _not_read(self, stack: str, environment: str, root: str) -> Configuration:
        """Return what stands for a root that cannot be evaluated: its code can be read all the same."""
        from plumbline.terraform.model import unread

        directory = self._roots(stack, environment, root)
        held = unread(f"root {root}, which is not read,")
        return held if directory is None else replace(held, code=directory, tree=self._tree(directory))

    def _outcome(self, stack: str, environment: str, root: str) -> Configuration | ReadError:
        """Return a root as the others of its environment see it; one that is not given declares nothing."""
        from plumbline.terraform.model import named, unread

        if self._roots(stack, environment, root) is None:
            return unread(f"root {root}, which is not given,")
        outcome = self._configuration(stack, environment, root)
        return outcome if isinstance(outcome, ReadError) else named(outcome, root)


def _found_in(configuration: Configuration, subject: Subject, where: str, wanted: Wanted) -> Kind:
    """Return the subject as a root declares it."""
    its = owned(configuration, subject)
    if subject.found_by:
        return subject.found_by.in_source([its], subject.region, where, wanted)
    return subject.kind.find_in(subject.region, its, subject.name, where, wanted)


def _with_left(error: ReadError, find: Callable[[], Kind | None]) -> ReadError:
    """Return the error of a root with what is told all the same of what was asked for."""
    told = ReadError(error.message, cause=error.cause, command=error.command, by_root=error.by_root)
    with contextlib.suppress(Missing, Undetermined, ReadError):
        told.left = find()
    return told


def _present(directory: Path, names: Iterable[str]) -> list[Path]:
    """Return the files that the root has."""
    return [directory / name for name in names if (directory / name).is_file()]


class Roots:
    """The evaluated roots of one environment."""

    def __init__(
        self,
        evaluated: Mapping[str, Configuration | ReadError],
        again: Callable[[str, Chosen], Configuration | ReadError],
    ) -> None:
        self.evaluated, self._again = evaluated, again
        """By the name of the root; an error where it cannot be evaluated."""
        self._chosen: dict[str, dict[str, Mapping[str, Value]]] = {}
        self._evaluated_again: dict[str, tuple[int, Configuration | ReadError]] = {}

    def choose(self, root: str, address: str, attributes: Mapping[str, Value]) -> None:
        """Note what was chosen for the resource at an address."""
        self._chosen.setdefault(root, {})[address] = attributes

    def declaring(self, root: str, address: str, *, again: bool = False) -> tuple[Resource, Configuration]:
        """Return the resource at an address, and what declares it; `again` with what was chosen by now.

        Raises `ReadError` where the root cannot be evaluated.
        """
        outcome = self.with_chosen(root) if again else self.evaluated[root]
        if isinstance(outcome, ReadError):
            raise outcome
        return outcome.at(address), outcome

    def with_chosen(self, root: str) -> Configuration | ReadError:
        """Return the root evaluated with what was chosen; once for as long as nothing more is."""
        chosen = self._chosen.get(root, {})
        number, outcome = self._evaluated_again.get(root, (0, self.evaluated[root]))
        if number != len(chosen):
            outcome = self._again(root, chosen)
            if isinstance(outcome, ReadError):  # the source alone evaluates: no test of that tells this
                outcome = ReadError(outcome.message, cause=outcome.cause, command=outcome.command)
            self._evaluated_again[root] = len(chosen), outcome
        return outcome
