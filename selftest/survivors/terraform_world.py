"""What becomes of an edit of the reference Terraform: every environment is evaluated with it, and tested."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.sources.hcl import Hcl
from plumbline.sources.once import Once
from plumbline.sources.source import ReadSets
from plumbline.suite.subjects import Examination
from plumbline.terraform.values import Drafted, Pending
from plumbline.values.files import Tree
from plumbline.values.unknown import ReadError, Unknown
from selftest.mutations.worlds import suite
from selftest.stacks.proven import Proven
from selftest.survivors.outcome import Outcome, held, read_sets
from selftest.survivors.terraform_edits import Edit, edits, files, names

if TYPE_CHECKING:
    from plumbline.terraform.model import Chosen, Configuration, Resource


_RULES = {"validation", "type", "sensitive", "nullable"}
"""What a variable says of the values that it takes."""


class Evaluated(Hcl):
    """The Terraform in a folder; roots that were evaluated before are not evaluated again."""

    def __init__(
        self, proven: Proven, folder: Path, before: Evaluated | None = None, edited: tuple[str, ...] = ()
    ) -> None:
        super().__init__(
            {proven.name: proven.stack},
            lambda _, __, root: it if (it := folder / root).is_dir() else None,
            reads=_reads(proven),
            tree=lambda root: Tree.around(root, folder),
        )
        self._before, self._edited = before, edited
        self.asked_others = False
        """Whether something that lies in one root asked for the others."""

    def of_root(self, stack: str, environment: str, root: str) -> Configuration | ReadError:
        """Return a root as it is evaluated for an environment."""
        return self._configuration(stack, environment, root)

    def _evaluate(
        self, stack: str, environment: str, root: str, chosen: Chosen | None = None
    ) -> Configuration | ReadError:
        if self._before is None or root in self._edited or chosen is not None:
            found = super()._evaluate(stack, environment, root, chosen)
        else:
            found = self._before.of_root(stack, environment, root)
        if isinstance(found, ReadError):
            return found
        return replace(found, others=lambda: self._asked(stack, environment, root))

    def _asked(self, stack: str, environment: str, root: str) -> tuple[Configuration, ...]:
        self.asked_others = True
        return self._others(stack, environment, root)


class TerraformWorld:
    """A copy of a stack's reference Terraform, which is edited and tested."""

    def __init__(self, proven: Proven, folder: Path) -> None:
        """Copy it to a folder that is not there yet."""
        shutil.copytree(proven.reference, folder, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
        self._proven, self._folder = proven, folder
        self._before = Evaluated(proven, folder)
        for environment in proven.environments:
            self._before.roots(proven.name, environment)  # now: later a file is edited
        self._tests = functools.cache(self._tests_of)

    def outcome(self, edit: Edit) -> Outcome:
        """Return what becomes of an edit; the copy is afterwards as it was."""
        path = self._folder / edit.file
        text = path.read_text()
        path.write_text(edit.applied(text))
        try:
            return self._outcome(edit)
        finally:
            path.write_text(text)

    def _outcome(self, edit: Edit) -> Outcome:
        stack, roots = self._proven.name, roots_of(self._proven, edit.file)
        evaluated = Evaluated(self._proven, self._folder, self._before, roots)
        places = [(it, root) for it in self._proven.environments for root in self._proven.stack.roots(it)]
        places = [it for it in places if it[1] in roots]
        for environment, root in places:
            if isinstance(refused := evaluated.of_root(stack, environment, root), ReadError):
                return Outcome("refused", str(refused).splitlines()[-1])
        unknown: Outcome | None = None
        for environment in sorted({it for it, _ in places}, key=self._most_asked):
            tests = suite(self._proven, environment, "hcl")
            found = held(tests, self._tests(environment, roots), Once(evaluated))
            if found.fate == "red":
                return found
            unknown = unknown or (found if found.fate == "open" else None)
        if unknown:
            return unknown
        same = all(self._is_same(evaluated, environment, root) for environment, root in places)
        return Outcome("equivalent") if same and not _is_rule(edit) else Outcome("survives")

    def _most_asked(self, environment: str) -> int:
        return -len(suite(self._proven, environment, "hcl").examined)

    def _tests_of(self, environment: str, roots: tuple[str, ...]) -> list[str]:
        """Return the tests that read one of some roots, directly or as one of the others."""
        tests = suite(self._proven, environment, "hcl")
        return [test for test, it in tests.examined.items() if self._reads(tests.each, test, it, roots)]

    def _reads(
        self,
        each: Callable[..., Iterator[object]],
        test: str,
        examination: Examination,
        roots: tuple[str, ...],
    ) -> bool:
        subjects = examination.arguments.values()
        if any(it.kind.spans_roots or it.root is None or it.root in roots for it in subjects):
            return True
        alone = Evaluated(self._proven, self._folder, self._before)
        list(each([test], alone))
        return alone.asked_others

    def _is_same(self, evaluated: Evaluated, environment: str, root: str) -> bool:
        before, after = (it.of_root(self._proven.name, environment, root) for it in (self._before, evaluated))
        assert not isinstance(before, ReadError)
        assert not isinstance(after, ReadError)
        return told(before) == told(after)


def edits_of(proven: Proven) -> Iterator[Edit]:
    """Yield the edits of every file of a stack's reference Terraform."""
    for file in files(proven.reference):
        path = proven.reference / file
        folder = next((proven.reference / it for it in roots_of(proven, file)), path.parent)
        yield from edits(file, path.read_text(), names(folder))


def roots_of(proven: Proven, file: str) -> tuple[str, ...]:
    """Return the root that a file lies in; all of them for one that lies in none."""
    within = tuple(it for it in proven.roots if Path(file).is_relative_to(it))
    return within or tuple(proven.roots)


@functools.cache
def _reads(proven: Proven) -> ReadSets:
    return read_sets(it for name in proven.environments for it in suite(proven, name, "hcl").examinations)


def _is_rule(edit: Edit) -> bool:
    """Return whether an edit concerns what Terraform refuses, which no evaluation of right values shows."""
    block, *steps = re.split(r"[.\[]", edit.where)
    return block == "terraform" or (block == "var" and not _RULES.isdisjoint(steps))


def told(configuration: Configuration) -> str:
    """Return everything that a root leaves behind in AWS and shows others, in one text.

    Values that are not known yet cannot be compared: they tell where they are from, what of them is known,
    and what is asked of the data source that gives them.
    """
    shown = functools.partial(_shown, data=configuration.data)
    made = sorted(
        repr((it.address, shown(it.values), it.provider, it.lifecycle, it.depends_on))
        for it in configuration.resources
    )
    backend = configuration.backend and configuration.backend.values
    return repr((made, shown(configuration.outputs), backend))


def _shown(value: object, data: Collection[Resource]) -> object:
    match value:
        case dict():
            return [(key, _shown(it, data)) for key, it in sorted(value.items())]
        case list() | tuple():
            return [_shown(it, data) for it in value]
        case Unknown():
            asked = [it for it in data if value.origin.startswith(f"{it.address}.")]
            others = [it for it in data if it not in asked] if asked else data
            return (
                value.origin,
                _shown(_known_of(value), data),
                [_shown(it.values, others) for it in asked],
            )
    return value


def _known_of(value: Unknown) -> object:
    """Return what is known of the text that an unknown value is."""
    if isinstance(value, Drafted):
        return value.draft
    return value.parts if isinstance(value, Pending) else ()
