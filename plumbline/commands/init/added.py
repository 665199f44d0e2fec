"""Adding what is new to a stack that there is: its YAML keeps every line, and gets those of what is new."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plumbline.commands.init.begun import OF_ACCOUNTS, Asked, Begun, Functions
from plumbline.commands.init.catalogue import said_of
from plumbline.commands.init.found import Found
from plumbline.commands.init.insertion import inserted
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.trial import Verdict
from plumbline.commands.init.trial import tried as tried_on
from plumbline.commands.init.written import (
    About,
    Part,
    divided,
    entry,
    invariant,
    otherwise,
    sections,
    title_of,
    together,
)
from plumbline.expectations.home import Home
from plumbline.expectations.invariant import Invariant
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.runbook_files import MAIN, runbook_path
from plumbline.expectations.stack import Stack, Subject
from plumbline.github.checkout import shown
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.sources.differences import Reading
from plumbline.suite.reads import EXPECTED, ReadSet, noun_of, read_set
from plumbline.values.data import Document
from plumbline.values.mistakes import DataError

_NUMBERED = re.compile(r"(.*?)(\d+)$")


@dataclass(frozen=True)
class Written:
    """A stack and its runbook as they lie there."""

    home: Home
    stack: Stack
    runbook: Runbook

    @property
    def keys(self) -> frozenset[str]:
        """What its resources and groups are called."""
        subjects = (key for env in self.stack.environments for key in self.stack.subjects(env))
        return frozenset({*subjects, *self.stack.groups})

    def there(self, read: Mapping[Subject, Reading]) -> list[Found]:
        """Return what it names, by what that is called in each environment."""
        found: dict[str, Found] = {}
        for env in self.stack.environments:
            for subject in self.stack.subjects(env).values():
                asks = subject.question.model_dump() if subject.question else {}
                it = found.setdefault(subject.key, Found(subject.kind, "", {}, subject.key, asks=asks))
                it.key = subject.key
                it.names[env] = _name(subject, read.get(subject))
        return list(found.values())


def written(home: Home, name: str) -> Written:
    """Return the stack of a name, with its runbook. Raises `DataError` for what cannot be used."""
    path = home.folder / "stacks" / f"{name}.yaml"
    if not path.exists():
        raise DataError(f"there is no stack {shown(path)} to add to: without --add it is begun")
    stack = Stack(path)
    return Written(home, stack, Runbook.of(stack, home.runbooks))


def _name(subject: Subject, reading: Reading | None) -> str:
    """Return what a resource is called; where it is found by what it is, that is read."""
    if subject.found_by and isinstance(reading, Kind) and isinstance(reading.name, str):
        return reading.name
    return subject.name


def new(found: Iterable[Found], there: Iterable[Found]) -> list[Found]:
    """Return what is not named yet, in the environments in which it is not."""
    named = {(it.kind.noun, env, name) for it in there for env, name in it.names.items()}
    has_roots = {it.kind.noun for it in there}
    fresh = []
    for it in found:
        if not it.kind.terraform_type and it.kind.noun in has_roots:
            continue  # who named one of these knows which of them are the stack's
        names = {env: name for env, name in it.names.items() if (it.kind.noun, env, name) not in named}
        if names:
            fresh.append(replace(it, names=names))
    return fresh


def take_out_unaskable(it: Written, made: Begun, left_out: LeftOut) -> None:
    """Take out what the runbook would ask an account about, and moto refuses to create: it would be red."""
    for asked in made.asked:
        if OF_ACCOUNTS in asked.evidence or OF_ACCOUNTS not in asked.said.evidence:
            continue
        invariants = [it.runbook.invariants[name] for name in it.runbook.asserted_by.get(asked.sentence, ())]
        every = [its for its in invariants if OF_ACCOUNTS in its.evidence]
        for key, env in [cell for cell in asked.values if _is_asked(cell, every)]:
            told = "it is not added, since sentences of the runbook ask moto about it, which refuses it"
            left_out.add(told, made.at(key).called(env), env)
            made.take_out(key, env)
    made.asked = [its for its in made.asked if its.values]


def take_out_refuted(it: Written, made: Begun, functions: Functions, left_out: LeftOut) -> None:
    """Take out what the runbook asks something of that does not hold, or that looks at what is not there."""
    held = {(asked.sentence, cell) for asked in made.asked for cell in asked.values}
    for name, its in it.runbook.invariants.items():
        for sentence in (test for test in its.tests if test in functions):
            function = functions[sentence]
            reads, pairs = read_set(function), said_of(sentence, function.__name__).pairs
            for cell in made.having(noun_of(reads), reads.get(EXPECTED, ())):
                is_refused = (sentence, cell) in made.failing or (pairs and (sentence, cell) not in held)
                if is_refused and _is_asked(cell, [its]):
                    key, env = cell
                    told = (
                        f"it is not added, since {name} ({sentence}) is asked of all and does not hold of it"
                    )
                    left_out.nameless(noun_of(reads), told, made.at(key).called(env), env)
                    made.take_out(key, env)
    made.asked = [asked for asked in made.asked if asked.values]


def is_made_of_others(subject: Subject) -> bool:
    """Return whether something is what other resources come to, such as whatever grants anything."""
    return not (subject.kind.terraform_type or subject.question)


def tell_fallen(
    it: Written, read: Mapping[Subject, Reading], source: str, functions: Functions, left_out: LeftOut
) -> None:
    """Note what no longer holds of what the stack names, by what is new: no line of that is changed."""
    about = [(subject, its) for subject, its in read.items() if is_made_of_others(subject)]
    for name, invariant_ in it.runbook.invariants.items():
        for sentence in (test for test in invariant_.tests if test in functions):
            reads = read_set(functions[sentence])
            for subject, reading in about:
                if not _is_asked_alone(subject, invariant_, reads):
                    continue
                arguments = {subject.kind.noun: (subject, reading)}
                if tried_on(sentence, functions[sentence], source, arguments).verdict is Verdict.FAILS:
                    what = f"{name} ({sentence})"
                    told = f"{what} does not hold of it now: what is expected of it is left as it was"
                    left_out.add(told, subject.key, subject.environment)


def _is_asked_alone(subject: Subject, its: Invariant, reads: ReadSet) -> bool:
    """Return whether a sentence of the runbook asks this of a resource, and looks at no other."""
    environments = its.environments or [subject.environment]
    is_named = its.of is None or not subject.groups.isdisjoint(its.named) or subject.key in its.named
    known = {"name", *subject.kind.implied, *subject.expected}
    return (
        reads.keys() == {subject.kind.noun, EXPECTED}
        and subject.environment in environments
        and is_named
        and known.issuperset(reads[EXPECTED])
    )


@dataclass
class _Additions:
    """What is added: the groups of entries, and sentences."""

    groups: dict[str, list[str]]
    parts: list[Part]


def texts(it: Written, about: About, made: Begun) -> dict[Path, str]:
    """Return the files with what is new in them. Raises `DataError` for one that nothing can be added to."""
    added = _additions(it, made)
    stack = _text(it.stack.path)
    for plural, entries in sections(made.found).items():
        stack = _inserted(
            it.stack.path,
            stack,
            plural,
            {its.key: entry(made, its, about, added.groups) for its in entries},
            {its.key: otherwise(made, its) for its in entries},
        )
    return {it.stack.path: stack, **_runbook(it, added.parts)}


def _text(path: Path) -> str:
    """Return what a file holds, with its line endings as they are."""
    return path.read_bytes().decode("utf-8")


def draft(it: Written, about: About, made: Begun) -> str:
    """Return the text of the stack with what is new in it, whatever sentences there will be."""
    text = _text(it.stack.path)
    for plural, entries in sections(made.found).items():
        entered = {its.key: entry(made, its, about, {}) for its in entries}
        text = _inserted(it.stack.path, text, plural, entered)
    return text


def _inserted(
    path: Path,
    text: str,
    section: str,
    entries: Mapping[str, Any],
    told: Mapping[str, list[str]] | None = None,
) -> str:
    """Return the text of a file with entries in it. Raises `DataError` that names the file."""
    try:
        return inserted(text, section, entries, told)
    except DataError as error:
        raise DataError(f"{shown(path)}: {error}") from None


def _additions(it: Written, made: Begun) -> _Additions:
    """Return in which groups what is new is, so that what there is asks it, and what else has to."""
    added = _Additions(defaultdict(list), [])
    for asked in made.asked:
        invariants = [it.runbook.invariants[name] for name in it.runbook.asserted_by.get(asked.sentence, ())]
        missing = {cell: values for cell, values in asked.values.items() if not _is_asked(cell, invariants)}
        for key, group in _groups(missing, invariants, it, made):
            if group not in added.groups[key]:
                added.groups[key].append(group)
            missing = {cell: values for cell, values in missing.items() if cell[0] != key}
        added.parts += _parts(replace(asked, values=missing), it, made) if missing else []
    added.parts = together(added.parts, it.keys)
    for part in added.parts:
        for key in part.keys:
            if part.of not in added.groups[key]:
                added.groups[key].append(part.of)
    return added


def _is_asked(cell: tuple[str, str], invariants: Iterable[Invariant]) -> bool:
    """Return whether a sentence that names nothing asks it already."""
    return any(it.of is None and cell[1] in (it.environments or [cell[1]]) for it in invariants)


def _groups(
    missing: Iterable[tuple[str, str]], invariants: Iterable[Invariant], it: Written, made: Begun
) -> Iterator[tuple[str, str]]:
    """Yield the group in which a resource is asked a sentence, where all that is said of that group holds."""
    groups = [group for its in invariants for group in its.named if group in it.stack.groups]
    for key in dict.fromkeys(key for key, _ in missing):
        for group in groups:
            if _holds(group, key, it, made):
                yield key, group
                break


def _holds(group: str, key: str, it: Written, made: Begun) -> bool:
    spoken = {test for its in it.runbook.invariants.values() if group in its.named for test in its.tests}
    asked = {its.sentence: its for its in reversed(made.asked)}  # what is asked of source alone stands behind
    environments = made.at(key).environments
    return all(
        test in asked and all((key, env) in asked[test].values for env in environments) for test in spoken
    )


def _parts(asked: Asked, it: Written, made: Begun) -> Iterator[Part]:
    """Yield a sentence for what is new; where there are others of the kind, of this alone."""
    others = any(its.kind.noun == asked.noun for its in made.there)
    known = asked.sentence in it.runbook.asserted_by
    if not others and not known and made.is_implied(asked) == {*asked.values}:
        yield Part(asked)
        return
    yield from divided(made, asked)


def _runbook(it: Written, parts: list[Part]) -> dict[Path, str]:
    """Return the files of the runbook with further sentences, and with the sections that they stand in."""
    if not parts:
        return {}
    path = runbook_path(it.home.runbooks, it.stack.name)
    main = path / MAIN if path.is_dir() else path
    files = Document(main).data.get("files") or []
    last = main.with_name(files[-1]) if files else main
    found = {file: _text(file) for file in dict.fromkeys((main, last))}
    numbers, fresh = _sections(it, parts)
    if fresh:
        found[main] = _inserted(main, found[main], "sections", fresh)
    entries = {
        identifier: invariant(part, numbers[kinds()[part.asked.noun].plural])
        for identifier, part in zip(_identifiers(it), parts, strict=False)
    }
    found[last] = _inserted(last, found[last], "invariants", entries)
    return found if fresh or last == main else {last: found[last]}


def _sections(it: Written, parts: Iterable[Part]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the section about each kind, by its plural: one that there is, or a new one with its title."""
    of_kind: dict[str, str] = {}
    for its in it.runbook.invariants.values():
        for sentence in its.tests:
            of_kind.setdefault(sentence.partition(".")[0], its.section)
    numbers: dict[str, str] = {}
    fresh: dict[str, str] = {}
    for part in parts:
        plural = kinds()[part.asked.noun].plural
        known = of_kind.get(part.asked.sentence.partition(".")[0])
        if plural in numbers:
            continue
        if known is None:
            known = _fresh_number({*it.runbook.sections, *fresh})
            fresh[known] = title_of(plural)
        numbers[plural] = known
    return numbers, fresh


def _fresh_number(taken: Iterable[str]) -> str:
    return str(
        1 + max((int(it.partition(".")[0]) for it in taken if it.partition(".")[0].isdigit()), default=0)
    )


def _identifiers(it: Written) -> Iterator[str]:
    """Yield ids that go on where those of the runbook end."""
    found = [match for name in it.runbook.invariants if (match := _NUMBERED.match(name))]
    begin = f"{it.stack.name}-"
    own = [int(match[2]) for match in found if match[1] == begin]
    number = max(own, default=0)
    while True:
        number += 1
        yield f"{begin}{number:02}"


def tried(home: Home, files: Mapping[Path, str], folder: Path) -> Home:
    """Return a copy of the home in a folder, with the files as they would be."""
    for part in ("stacks", "runbooks", "waivers"):
        if (home.folder / part).is_dir():
            shutil.copytree(home.folder / part, folder / part)
    for path, text in files.items():
        there = folder / path.relative_to(home.folder)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(text, encoding="utf-8", newline="")
    return Home(folder, home.repository)
