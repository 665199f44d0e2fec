"""`python -m plumbline parity A B`: where two environments of a stack differ, on one source.

Names and values are compared with the placeholders of their environment put back. What the YAML says must
differ is listed apart, as long as it is as the YAML says.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage, nothing could be compared, or nothing differs
and something could not be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from plumbline.expectations.invariant import SOURCES as SOURCES_OF
from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory
from plumbline.kinds.registry import kinds
from plumbline.report.apart import Told, add_forms, printed
from plumbline.sources.listed import not_listed, unlisted
from plumbline.sources.parity import Environment, parity
from plumbline.suite.again import of_stacks
from plumbline.suite.choices import check, choices
from plumbline.suite.examined import examined, not_given
from plumbline.suite.finding import SOURCES
from plumbline.suite.opening import Readings, chosen, refusing
from plumbline.suite.opening import add_arguments as add_options
from plumbline.suite.run import RECORDED, Run
from plumbline.suite.untold import untold
from plumbline.values.mistakes import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("one", metavar="A", help="an environment: NAME, STACK/NAME")
    parser.add_argument("other", metavar="B", help="the environment of the same stack to hold against it")
    add_options(parser, "--source")
    add_forms(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs. Raises `DataError` for what cannot be used."""
    source = _source(arguments)
    home, asked = chosen(arguments, [arguments.one, arguments.other], (source,))
    stack, environments = _one_stack(asked, arguments)
    readings = Readings(home, asked)
    accounts = readings.accounts.told(asked) if source == "live" else []
    one, other = (_environment(readings, source, stack, it) for it in environments)
    names = f"{stack}/{one.name}", f"{stack}/{other.name}"
    differs, meant = parity(one, other)
    told = Told(
        title=f"parity of {' and '.join(names)} on {source}",
        sides=names,
        alone=(f"only in {names[0]}", f"only in {names[1]}"),
        comparison=differs,
        meant=meant,
        examined=(*examined(asked), *accounts),
        notes=(
            *_notes(asked, source, [*one.subjects.values(), *other.subjects.values()]),
            *untold(readings, source, [(stack, it) for it in environments]),
        ),
    )
    return printed(told, arguments)


def _source(arguments: argparse.Namespace) -> str:
    """Return the source on which both are read."""
    given = choices(arguments.source)
    files = [sort for sort in RECORDED if getattr(arguments, sort)]
    with refusing():
        check("--source", given, SOURCES)
    if len(wanted := dict.fromkeys([*given, *files])) > 1:
        raise DataError(f"environments are compared on one source, and these are {', '.join(wanted)}")
    if given and given[0] in RECORDED and not files:
        raise DataError(f"--source {given[0]} needs a file of each environment: --{given[0]} FILE")
    return next(iter(wanted), "hcl")


def _one_stack(asked: Run, arguments: argparse.Namespace) -> tuple[str, list[str]]:
    """Return the stack of both environments, and these in the order in which they were given."""
    if len(asked.environments) > 1:
        stacks = " and ".join(asked.environments)
        raise DataError(f"{arguments.one} and {arguments.other} are of {stacks}: give two of one stack")
    [(stack, _)] = asked.environments.items()
    names = [it.rpartition("/")[2] for it in (arguments.one, arguments.other)]
    if names[0] == names[1]:
        raise DataError(f"{arguments.one} is held against itself: give two environments")
    return stack, names


def _environment(readings: Readings, source: str, stack: str, name: str) -> Environment:
    its = readings.run.stacks[stack]
    subjects = {key: it for key, it in its.subjects(name).items() if _is_compared(it, source)}
    return Environment(
        name,
        subjects,
        readings.read(source, subjects.values()),
        its.placeholders(name),
        is_account=source in SOURCES_OF["aws"],
    )


def _is_compared(it: Subject, source: str) -> bool:
    """Whether a source has a resource, as it is and not as it went lately, and reading it changes nothing."""
    kind = it.kind
    if source == "repository" or kind.lies_in_repository:
        return source == "repository" and kind.lies_in_repository
    if issubclass(kind, Inventory):
        return True
    somewhere = source == "live" or bool(it.root or it.found_by)
    holds = source != "moto" or kind.creatable()
    return somewhere and holds and not (kind.writes or kind.question)


def _notes(asked: Run, source: str, subjects: list[Subject]) -> Iterator[str]:
    if lacking := not_given(asked):
        yield f"Not given: {'; '.join(lacking)}"
    if source != "repository" and (lacking := unlisted(subjects, kinds().values())):
        yield not_listed(lacking, "", of_stacks(asked))
