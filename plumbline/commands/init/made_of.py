"""What a stack is made of, whatever it is: what was found, and what reads it as a run does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.commands.init.filled_in import Names
from plumbline.commands.init.found import Found
from plumbline.commands.init.left_out import LeftOut
from plumbline.commands.init.written import About
from plumbline.expectations.stack import Stack, stand_in
from plumbline.suite.run import Run
from plumbline.values.mistakes import DataError

if TYPE_CHECKING:
    from plumbline.sources.recorded import Place
    from plumbline.terraform.model import Configuration

_ENVIRONMENT = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True)
class Material:
    """What a stack is made of."""

    about: About
    names: Names
    found: list[Found]
    sources: tuple[str, ...]
    """What it is read from; the first says what is expected."""
    run: Callable[[Stack], Run]
    """Makes a run that reads what a stack names from the same."""
    told: tuple[str, ...]
    """What was taken for what, to people."""
    again: tuple[str, ...] = ()
    """What a run of the stack is given to read the same."""
    prefixes: tuple[str, ...] = ()
    """How everything begins that was looked for, where nothing else was."""


def run_of(
    stack: Stack,
    sources: tuple[str, ...],
    terraform: Mapping[Place, Path] | None = None,
    recorded: dict[str, dict[Place, Configuration]] | None = None,
) -> Run:
    """Return a run that examines a stack in all its environments."""
    return Run(
        stacks={stack.name: stack},
        runbooks={},
        environments={stack.name: list(stack.environments)},
        sources=sources,
        terraform=terraform or {},
        recorded=recorded or {},
        concurrency=16,
        shared=Path(),
    )


def accounts_of(given: list[str], environments: tuple[str, ...]) -> dict[str, str]:
    """Return the account of each environment that the command line says. Raises `DataError`."""
    found: dict[str, str] = {}
    for value in given:
        environment, equals, account = value.rpartition("=")
        if not re.fullmatch(r"\d{12}", account):
            raise DataError(f"--account {value}: an account has 12 digits")
        if equals and environment not in environments:
            raise DataError(f"--account {value}: no environment {environment}: {', '.join(environments)}")
        found |= dict.fromkeys([environment] if equals else environments, account)
    return found


def names_of(
    name: str,
    environments: tuple[str, ...],
    accounts: Mapping[str, str],
    region: str,
    regions: Mapping[str, str] | None = None,
) -> Names:
    """Return what the placeholders of a stack are in each environment; `regions` are those of single ones.

    Raises `DataError` for what no environment can be called.
    """
    for env in environments:
        if not _ENVIRONMENT.fullmatch(env):
            told = "letters, digits, and . _ - behind the first; --env takes one, and may be repeated"
            raise DataError(f"an environment cannot be called {env!r}: {told}")
    own = regions or {}
    return {
        env: {
            "stack": name,
            "env": env,
            "account": accounts.get(env, stand_in(number)),
            "region": own.get(env, region),
        }
        for number, env in enumerate(environments)
    }


def nothing(where: str, left_out: LeftOut) -> str:
    """Return that nothing was found of which a stack could be made, and what was."""
    return "\n".join([f"no resource of a known kind {where}, so nothing is written", *left_out.told()])
