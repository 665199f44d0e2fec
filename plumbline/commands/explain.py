"""`python -m plumbline explain TEXT`: the sections that deal with an error message, or what an id asserts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from plumbline.expectations.home import HELP, home_of
from plumbline.expectations.invariant import Invariant
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.github.checkout import shown
from plumbline.values.mistakes import DataError, did_you_mean


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument(
        "text",
        metavar="TEXT",
        type=_some,
        help="an error message, the id of an invariant, or a word of the runbook",
    )
    parser.add_argument("--stacks", metavar="DIR", help=HELP)


def _some(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty: give a message, an id or a word")
    return text


def run(arguments: argparse.Namespace) -> int:
    """Print what the runbooks say. Return 1 where they say nothing, 2 for data that cannot be used."""
    try:
        home = home_of(arguments.stacks, Path.cwd())
        stacks = [Stack(shown(path)) for path in home.stacks.values()]
        told = [(stack, Runbook.of(stack, shown(home.runbooks))) for stack in stacks]
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    found = [line for stack, runbook in told for line in _explained(stack, runbook, arguments.text)]
    if not found:
        known = [identifier for _, runbook in told for identifier in runbook.invariants]
        near = did_you_mean(arguments.text, known)
        print(f"no runbook knows this message or word, and no invariant is called so{near}", file=sys.stderr)
        return 1
    print("\n".join(found))
    return 0


def _explained(stack: Stack, runbook: Runbook, text: str) -> Iterator[str]:
    word = text.lower()
    called = [it for it in runbook.invariants if word in (it.lower(), it.lower().partition("-")[2])]
    if called:
        yield from _invariant(stack, runbook, called[0], runbook.invariants[called[0]])
        return
    titled = [it for it in runbook.sections if word in runbook.titled(it).lower()]
    sections = runbook.sections_about(text) or titled
    for section in sections:
        yield f"{stack.path.stem}: {runbook.titled(section)}"
        for identifier, invariant in runbook.invariants.items():
            if section in (invariant.section, *invariant.see):
                yield f"  {identifier:<14}{invariant.statement}"
    for identifier, invariant in runbook.invariants.items() if not sections else ():
        if any(word in it.lower() for it in (invariant.statement, *invariant.tests)):
            yield f"{identifier:<14}{invariant.statement}"


def _invariant(stack: Stack, runbook: Runbook, identifier: str, it: Invariant) -> Iterator[str]:
    environments = it.environments or stack.environments
    yield f"{identifier}: {it.statement}"
    yield from _row("runbook", map(runbook.titled, (it.section, *it.see)))
    yield from _row("severity", (f"{name}: {runbook.severity(it, name)}" for name in environments))
    yield from _row("causes", it.causes)
    yield from _row("in code", it.remedy.source)
    yield from _row("account", it.remedy.account)
    yield from _row("not run", [reason for reason in (it.advisory, it.out_of_reach) if reason])


def _row(label: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {'' if number else label:<10}{line}"
