"""A plugin of pytest that makes the account of `plumbline demo` in this process, and breaks it.

What answers is moto: the run reads it as it reads any account, by boto3, and no request leaves the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pydantic import TypeAdapter

from plumbline.sources.hcl import Hcl
from plumbline.sources.moto.account import account
from plumbline.sources.moto.filling import fill
from plumbline.suite.run import RUN
from plumbline.values.data import Entry

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.suite.run import Run


class Change(Entry):
    """What somebody did by hand."""

    told: str
    calls: list[dict[str, dict[str, Any]]]
    """What each operation, such as `dynamodb:DeleteTable`, is given."""


def by_hand() -> list[Change]:
    """Return what somebody did to the account, in the order in which it was done."""
    written = yaml.safe_load((Path(__file__).parent / "by_hand.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(list[Change]).validate_python(written)


@pytest.hookimpl(tryfirst=True)  # what the run examines is known by then, and nothing is asked yet
def pytest_configure(config: pytest.Config) -> None:
    """Make the accounts of the run, and break them."""
    for aws in _as_declared(config.stash[RUN]):
        for operation, given in (it for change in by_hand() for call in change.calls for it in call.items()):
            aws.write(operation, **given)


def _as_declared(run: Run) -> Iterator[Aws]:
    """Yield each account of a run, made as its Terraform has it."""
    for name, stack in run.stacks.items():
        for environment in run.environments[name]:
            directory = stack.directory(environment)
            declared = Hcl(run.stacks, lambda *place, at=directory: at / place[-1])
            filled = fill(account(*stack.home(environment)), declared.roots(name, environment))
            assert not filled.lacking, filled.lacking
            yield filled.aws
