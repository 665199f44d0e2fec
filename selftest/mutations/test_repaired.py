"""What a card says to type turns the sentence green again: each mutation of an account is repaired so.

A proof is skipped, and so counted, where no command alone repairs it in moto, for the reason that it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.mutations.mutation import Mutation
from selftest.mutations.repaired import Shell, advised, served
from selftest.mutations.test_mutations import changing
from selftest.mutations.worlds import Account, checkout, suite
from selftest.stacks.proven import STACKS, Proven

pytestmark = [pytest.mark.heavy, pytest.mark.usefixtures("in_this_process")]
GAP = re.compile(r"<(?!\w+(-\w+)*-name>)[\w-]+>")
"""What a card leaves to its reader, but for the name of what there is none of."""

DEPLOYED = re.compile(r"terraform (-chdir=\S+ )?(apply|import)\b")
"""What lets Terraform make it so, in whichever root."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of this process's moto."""
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def checkouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A checkout of each stack, where somebody types."""
    return {it.name: checkout(it, tmp_path_factory.mktemp(it.name) / "checkout") for it in STACKS}


@pytest.mark.sampled(one_in=25)
@changing("moto")
def test_what_the_card_says_to_type_turns_it_green_again(
    proven: Proven,
    mutation: Mutation,
    endpoint: str,
    checkouts: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = checkouts[proven.name]
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MOTO_ACCOUNT_ID", str(proven.stack.environments[mutation.environment].account))
    account = Account(proven, mutation.environment)
    account.change(mutation.edits)
    tests = suite(proven, mutation.environment, "moto")
    lines = advised(tests, mutation.kills, account.as_asked(), proven)
    assert lines or proven.explained("UNREPAIRED").get(mutation.kills), "the card says nothing"
    commands = [line for line in lines if _is_typed(line)]
    said = [told for line in commands if (told := Shell(folder, endpoint).type(line))]
    if not commands or tests.falls(mutation.kills, account.as_asked()):
        _excuse(proven, mutation.kills, lines, said)
    assert not [line for line in lines if GAP.search(line)], "it does not name the culprit"


def _is_typed(line: str) -> bool:
    """Return whether a line is a command of AWS's or a script's.

    What Terraform makes is not made here, and moto changes nothing for somebody who waits.
    """
    return line.startswith(("aws ", "./")) and " wait " not in line


def _excuse(proven: Proven, invariant: str, lines: list[str], said: list[str]) -> None:
    """Skip what no command repairs in moto, for its reason; fail what one should have repaired."""
    if any(map(DEPLOYED.match, lines)):
        pytest.skip("Terraform repairs it, and what it deploys to is not the moto of a proof")
    if any("say more of it" in line for line in lines):
        pytest.skip("several fit what the stack looks for: somebody has to say which one is meant")
    if reason := proven.explained("UNREPAIRED").get(invariant):
        pytest.skip(reason)
    pytest.fail("\n".join(["it is red as before:", *lines, "what went wrong:", *said]))
