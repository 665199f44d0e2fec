"""`python -m plumbline drift`: where the Terraform of an environment and its account say different things.

Every field of every resource that the stack names is read on both sides. The stack's inventories tell what is
declared and does not exist, and what exists and is declared nowhere.

Exit codes: 0 nothing differs; 1 something does; 2 wrong usage, nothing could be compared, or nothing differs
and something could not be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping

from plumbline.expectations.declared import is_declared
from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.report.apart import Told, add_forms, printed
from plumbline.sources.differences import Comparison, Pair, Reading, compared, what_of
from plumbline.sources.listed import apart, code_and_account, not_listed, unlisted
from plumbline.suite.again import of_stacks
from plumbline.suite.choices import choices
from plumbline.suite.examined import examined, not_given
from plumbline.suite.opening import Readings, chosen, need_environment
from plumbline.suite.opening import add_arguments as add_options
from plumbline.suite.run import RECORDED, Run
from plumbline.suite.untold import untold
from plumbline.values.mistakes import DataError

SIDES = ("code", "account")
ALONE = ("declared, and not in the account", "in the account, and declared nowhere")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_options(parser, "--stack", "--env")
    add_forms(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what differs. Raises `DataError` for what cannot be used, or a foreign account."""
    need_environment(arguments)
    if arguments.plan and arguments.state:
        raise DataError("the account is one side, and the other is --plan or --state: give one of them")
    code = next((sort for sort in RECORDED if getattr(arguments, sort)), "hcl")
    home, asked = chosen(arguments, choices(arguments.env), (code, "live"))
    readings = Readings(home, asked)
    accounts = readings.accounts.told(asked)
    places = [(stack, it) for stack, environments in asked.environments.items() for it in environments]
    each = {f"{stack}/{it}": asked.stacks[stack].subjects(it).values() for stack, it in places}
    found = {place: drift(readings, code, subjects) for place, subjects in each.items()}
    told = Told(
        title=f"drift of {', '.join(each)}",
        sides=SIDES,
        alone=ALONE,
        comparison=sum((it if len(each) == 1 else it.of(place) for place, it in found.items()), Comparison()),
        examined=(*examined(asked), *accounts),
        notes=(
            *_notes(asked, [it for subjects in each.values() for it in subjects]),
            *untold(readings, code, places),
        ),
    )
    return printed(told, arguments)


def drift(readings: Readings, code: str, subjects: Iterable[Subject]) -> Comparison:
    """Return what differs between what a source declares of an environment's resources and its account."""
    declared = [it for it in subjects if is_declared(it)]
    one, other = (_as_shown(readings.read(source, declared)) for source in (code, "live"))
    named = [it for it in declared if not issubclass(it.kind, Inventory)]
    resources = {
        (what_of(it, one[it], other[it]), it.account): it for it in named
    }  # several keys may mean one
    pairs = [Pair(what, one[it], other[it]) for (what, _), it in resources.items()]
    lists = [code_and_account(it, one[it], other[it]) for it in declared if isinstance(it.question, OfWhat)]
    told = {what_of(it, side[it]) for it in resources.values() for side in (one, other)}
    return compared(pairs) + apart(lists, told)


def _as_shown(readings: Mapping[Subject, Reading]) -> dict[Subject, Reading]:
    """Return readings as an account shows what there is: it is not asked for all that code can declare."""
    return {it: gave.in_an_account() if isinstance(gave, Kind) else gave for it, gave in readings.items()}


def _notes(asked: Run, subjects: Iterable[Subject]) -> Iterator[str]:
    if lacking := not_given(asked):
        yield f"Not given: {'; '.join(lacking)}"
    if lacking := unlisted(subjects, kinds().values()):
        yield not_listed(lacking, "", of_stacks(asked))
