"""Opening sources without pytest: what a command reads is chosen, checked and guarded as that of a run is."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest

from plumbline.expectations.home import HELP, Home, home_of
from plumbline.expectations.stack import Subject
from plumbline.sources.differences import Reading
from plumbline.sources.hcl import Hcl
from plumbline.sources.live import Live
from plumbline.sources.recorded import Recorded
from plumbline.sources.source import ReadSets, Source, everything
from plumbline.suite.accounts import Accounts
from plumbline.suite.choices import (
    check_accounts,
    check_concurrency,
    choices,
    endpoints_of,
    environments_of,
    neighbours_of,
    runbooks_of,
    said,
    stacks_of,
)
from plumbline.suite.data import check, tell
from plumbline.suite.given import checkouts_of, places_given, recorded_of, roots_of, trees
from plumbline.suite.offered import OPTIONS
from plumbline.suite.opened import Opened
from plumbline.suite.outputs import learn, outputs_of
from plumbline.suite.roots import places
from plumbline.suite.run import Run
from plumbline.terraform.model import Configuration
from plumbline.values.files import ALLOWED_BY
from plumbline.values.mistakes import DataError
from plumbline.values.unknown import Fault, Missing, ReadError, Undetermined

GIVEN = (
    "--terraform",
    "--repository",
    ALLOWED_BY,
    "--plan",
    "--state",
    "--outputs",
    "--data",
    "--endpoint",
    "--concurrency",
)
"""The options of a run that say where evidence lies and how it is read."""
NO_FOLDER = Path()
"""Stands for the folder that the processes of a run share: a command is one."""


def add_arguments(parser: argparse.ArgumentParser, *more: str) -> None:
    """Add the options of a run that a command takes: those in `GIVEN`, and `more` of them."""
    for name in (*more, *GIVEN):
        parser.add_argument(name, **OPTIONS[name])
    parser.add_argument("--stacks", metavar="DIR", help=HELP)
    others = (name.strip("-").replace("-", "_") for name in OPTIONS if name not in (*more, *GIVEN))
    parser.set_defaults(**dict.fromkeys(others))  # what else a run can be given, and a command is not


@contextmanager
def refusing() -> Iterator[None]:
    """Raise what cannot be used, or must not be asked, as `DataError`: a command says so and ends with 2."""
    from plumbline.aws.guard import GuardError

    try:
        yield
    except (pytest.UsageError, GuardError) as mistake:
        raise DataError(str(mistake)) from None


def need_environment(option: argparse.Namespace) -> None:
    """Raise `DataError` where no environment is chosen, with those that the stacks have."""
    if not option.env:
        with refusing():
            stacks = stacks_of(home_of(option.stacks, Path.cwd()), choices(option.stack))
        raise DataError(f"say which environment with --env: {said(stacks)}")


def chosen(
    option: argparse.Namespace, environments: Iterable[str], sources: tuple[str, ...]
) -> tuple[Home, Run]:
    """Return what a command reads: these environments, `sit` or `shop/sit`, on these sources.

    Each name means one environment. Raises `DataError` for what cannot be used, as a run refuses it.
    """
    home = home_of(option.stacks, Path.cwd())
    with refusing():
        return home, _run(option, home, [*environments], sources)


def _run(option: argparse.Namespace, home: Home, names: list[str], sources: tuple[str, ...]) -> Run:
    stacks = stacks_of(home, choices(option.stack))
    environments = environments_of(stacks, names, None, live=True)
    stacks = {name: it for name, it in stacks.items() if name in environments}
    check_accounts(sources, stacks, environments)
    check_concurrency(option.concurrency)
    checkouts = checkouts_of(home, stacks, environments, option, sources)
    terraform = roots_of(home, stacks, environments, option) if {"hcl", "moto"} & {*sources} else {}
    live = ("live",) if "live" in sources else sources
    outputs = outputs_of(option.outputs, places(stacks, environments), live, stacks)
    tree = trees(option, checkouts)
    tell(stacks, option.data, sources)
    check(stacks, places(stacks, environments), terraform, tree)
    return Run(
        stacks=stacks,
        runbooks=runbooks_of(home, stacks),
        environments=environments,
        sources=sources,
        terraform=terraform,
        recorded=recorded_of(option, stacks, environments, terraform, tree),
        concurrency=option.concurrency,
        shared=NO_FOLDER,
        checkouts=checkouts,
        given=places_given(option),
        outputs=learn(stacks, outputs),
        endpoints=endpoints_of(option.endpoint, live),
        tree=tree,
        qualified=len(home.stacks) > 1,
    )


class Readings:
    """What the sources of a command's run give, each resource read once."""

    def __init__(self, home: Home, run: Run, reads: ReadSets = everything) -> None:
        """Take the run, and what of each subject is read: everything, unless said."""
        self.run = replace(run, neighbours=functools.cache(lambda: neighbours_of(home, run.stacks)))
        self._reads = reads
        self._sources = Opened(self.run, lambda _: reads, lambda: self._live)

    @cached_property
    def accounts(self) -> Accounts:
        """The deployed accounts. Raises `DataError` where the credentials in use are not theirs."""
        from plumbline.aws.reads import Answers

        with refusing():
            return Accounts(self.run, Answers())

    @cached_property
    def _live(self) -> Live:
        return Live(self.accounts.of, self.run.concurrency, self._reads)

    def read(self, source: str, subjects: Iterable[Subject]) -> dict[Subject, Reading]:
        """Return what a source gives of each subject; of deployed accounts all are read at once."""
        asked = list(dict.fromkeys(subjects))
        if source == "live":
            self._live.read_all(it for it in asked if not it.kind.lies_in_repository)
        return {it: self._reading(source, it) for it in asked}

    def declared(self, source: str, stack: str, environment: str) -> tuple[Configuration, ...]:
        """Return what the roots of an environment declare; what is no Terraform declares nothing."""
        opened = self._sources.source(source)
        if not isinstance(opened, Hcl | Recorded):
            return ()
        return opened.declared(stack, environment)

    def _reading(self, source: str, subject: Subject) -> Reading:
        opened: Source = self._sources.source(self._sources.of(source, subject))
        try:
            return opened.read(subject)
        except (Missing, Undetermined, ReadError) as reason:
            return reason
        except Exception as error:  # a fault of the suite, told of this resource alone
            told = f"{subject.id} on {source} ends in {type(error).__name__}: {error}"
            return Fault(told, cause=told)
