"""What a runbook says that cannot be: names that nothing bears, and remedies that would do harm."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from plumbline.aws.authorization import services
from plumbline.expectations.deploying import deploys
from plumbline.expectations.invariant import at_most
from plumbline.expectations.runbook_files import NOT_FILLED_IN, RunbookFiles
from plumbline.expectations.stack import Stack
from plumbline.kinds.registry import kinds
from plumbline.values.data import Place
from plumbline.values.filling import PLACEHOLDER, written_otherwise
from plumbline.values.mistakes import did_you_mean
from plumbline.values.patterns import is_found

_OF_EVERY_RESOURCE = ("name", "key", "bucket", "arn", "unexpected")


def mistakes_in(files: RunbookFiles, stack: Stack, asserted: Collection[str] | None) -> Iterator[str]:
    """Yield every mistake; `asserted` are the sentences that there are tests for, where that is known."""
    yield from _other_stack(files, stack)
    yield from _unknown_placeholders(files, stack)
    yield from _unknown_sections(files)
    yield from _unknown_services(files)
    yield from _unknown_nouns(files)
    yield from _unknown_environments(files, stack)
    yield from _unlike_its_tests(files)
    yield from _unknown_resources(files, stack)
    yield from _unspoken_groups(files, stack)
    yield from _broken_patterns(files)
    yield from _deploying_remedies(files)
    yield from _nobody_deals_with(files, stack)
    yield from _examined_out_of_reach(files)
    if asserted is not None:
        yield from _unknown_tests(files, asserted)


def _other_stack(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    if files.model.stack != stack.name:
        told = f"stack is {files.model.stack!r}, and the runbook is that of {stack.name}"
        yield files.mistake(("stack",), f"{told}: write `stack: {stack.name}`")


def _unknown_placeholders(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    for place, text in files.strings():
        if place[0] == "symptoms" or (place[0] == "invariants" and set(NOT_FILLED_IN) & set(place[2:3])):
            continue
        named, is_typed = PLACEHOLDER.findall(text), place[0] == "console" or "remedy" in place[2:3]
        for environment in (
            _where_filled_in(files, stack, place) if named or (is_typed and "{" in text) else ()
        ):
            valid = sorted({*_OF_EVERY_RESOURCE, *_of_kinds(place), *stack.placeholders(environment)})
            # what is said may quote a runbook's `{Env}`; what is typed would hold it
            for name in (*named, *(written_otherwise(text, valid) if is_typed else ())):
                if name not in valid:
                    hint = f"{did_you_mean(name, valid)}; valid: {', '.join(valid)}"
                    unknown = f"unknown placeholder {{{name}}} in {environment}{hint}"
                    yield files.mistake(place, unknown)


def _of_kinds(place: Place) -> set[str]:
    """Return what the kinds that a text at `place` can speak of name; a console link is one kind's."""
    spoken_of = [place[1]] if place[0] == "console" else kinds()
    return {name for noun in spoken_of if noun in kinds() for name in kinds()[str(noun)].remedy_names}


def _where_filled_in(files: RunbookFiles, stack: Stack, place: Place) -> list[str]:
    """Return the environments that a text at `place` speaks of."""
    of_invariant = files.invariants[str(place[1])] if place[0] == "invariants" else None
    chosen = of_invariant.environments if of_invariant else None
    return [name for name in stack.environments if chosen is None or name in chosen]


def _unknown_sections(files: RunbookFiles) -> Iterator[str]:
    named: list[tuple[Place, str]] = []
    for identifier, it in files.invariants.items():
        place = ("invariants", identifier)
        named.append(((*place, "section"), it.section))
        named += [((*place, "see", position), section) for position, section in enumerate(it.see)]
    named += [(("denied", service), section) for service, section in files.model.denied.items()]
    for pattern, sections in files.model.symptoms.items():
        named += [(("symptoms", pattern, position), section) for position, section in enumerate(sections)]
    valid = files.model.sections
    for at, section in named:
        if section not in valid:
            hint = did_you_mean(section, valid)
            yield files.mistake(at, f"unknown section {section!r}{hint}: `sections` does not list it")


def _unknown_services(files: RunbookFiles) -> Iterator[str]:
    for service in files.model.denied:
        if service not in services():
            hint = did_you_mean(service, services())
            yield files.mistake(("denied", service), f"no permission of AWS begins with {service!r}{hint}")


def _unknown_nouns(files: RunbookFiles) -> Iterator[str]:
    for noun in files.model.console:
        if noun not in kinds():
            hint = did_you_mean(noun, kinds())
            yield files.mistake(("console", noun), f"unknown kind of resource {noun!r}{hint}")


def _unknown_environments(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    named: list[tuple[Place, str]] = [
        (("highest_severity", name), name) for name in files.model.highest_severity
    ]
    for role, contact in files.model.contacts.items():
        named += [(("contacts", role, "environments"), name) for name in contact.environments or []]
    for identifier, invariant in files.invariants.items():
        place = ("invariants", identifier, "environments")
        named += [(place, name) for name in invariant.environments or []]
    for at, name in named:
        if name not in stack.environments:
            hint = did_you_mean(name, stack.environments)
            yield files.mistake(at, f"unknown environment {name!r}{hint}")


def _unknown_resources(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    keys = {key for name in stack.environments for key in stack.subjects(name)} | {*stack.groups}
    for identifier, invariant in files.invariants.items():
        for key in invariant.named:
            if key not in keys:
                hint = did_you_mean(key, keys)
                message = f"{identifier} speaks of {key!r}, which {stack.path} does not list{hint}"
                yield files.mistake(("invariants", identifier, "of"), message)


def _unlike_its_tests(files: RunbookFiles) -> Iterator[str]:
    for identifier, invariant in files.invariants.items():
        if isinstance(invariant.of, dict):
            for test in invariant.of.keys() - invariant.tests.keys():
                hint = did_you_mean(test, invariant.tests)
                yield files.mistake(
                    ("invariants", identifier, "of"), f"{test!r} is no test of {identifier}{hint}"
                )
            for test in invariant.tests.keys() - invariant.of.keys():
                yield files.mistake(("invariants", identifier, "of"), f"say what {test} speaks of, too")


def _unspoken_groups(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    """Yield the groups that no sentence speaks of: a resource in one is asked less than it looks like."""
    spoken = {key for invariant in files.invariants.values() for key in invariant.named}
    for group, (kind, key) in stack.groups.items():
        if group not in spoken:
            told = f"no sentence speaks of the group {group!r}{did_you_mean(group, spoken)}"
            yield stack.mistake(kind, key, ("groups",), told)


def _broken_patterns(files: RunbookFiles) -> Iterator[str]:
    for pattern in files.model.symptoms:
        try:
            fits_all = is_found(pattern, "")
        except ValueError as error:
            yield files.mistake(("symptoms", pattern), str(error))
            continue
        if fits_all:
            yield files.mistake(("symptoms", pattern), f"{pattern!r} is found in every message")


def _deploying_remedies(files: RunbookFiles) -> Iterator[str]:
    for identifier, invariant in files.invariants.items():
        for position, line in enumerate(invariant.remedy.source):
            if found := deploys(line):
                place = ("invariants", identifier, "remedy", "source", position)
                advice = (
                    "code that is wrong is mended, not deployed; what mends an account stands in `account`"
                )
                yield files.mistake(place, f"a remedy for the source deploys: {found!r}; {advice}")


def _nobody_deals_with(files: RunbookFiles, stack: Stack) -> Iterator[str]:
    """Yield the severities that occur and that a runbook with an escalation leaves out of it."""
    model = files.model
    for identifier, invariant in files.invariants.items() if model.escalation else ():
        for environment in invariant.environments or stack.environments:
            severity = at_most(model.highest_severity.get(environment), invariant.severity)
            if severity not in model.escalation:
                place = ("invariants", identifier, "severity")
                yield files.mistake(place, f"`escalation` does not say who deals with {severity}")


def _examined_out_of_reach(files: RunbookFiles) -> Iterator[str]:
    for identifier, invariant in files.invariants.items():
        if invariant.out_of_reach and invariant.test:
            place = ("invariants", identifier, "out_of_reach")
            yield files.mistake(place, f"{identifier} is asserted by a test, so it is not out of reach")


def _unknown_tests(files: RunbookFiles, asserted: Collection[str]) -> Iterator[str]:
    for identifier, invariant in files.invariants.items():
        for test in invariant.tests:
            if test not in asserted:
                hint = did_you_mean(test, asserted)
                place = ("invariants", identifier, "test")
                yield files.mistake(place, f"no test asserts {test!r} of {identifier}{hint}")
