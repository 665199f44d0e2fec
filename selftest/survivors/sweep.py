"""Sweeping: what becomes of edits, by as many processes as there are processors."""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

from selftest.mutations.worlds import reached
from selftest.stacks.proven import STACKS, Proven
from selftest.survivors import account_edits, terraform_edits
from selftest.survivors.account_world import AccountWorld
from selftest.survivors.outcome import Outcome
from selftest.survivors.terraform_world import TerraformWorld, edits_of

Sort = Literal["terraform", "account"]
SORTS: tuple[Sort, ...] = ("terraform", "account")
Edit: TypeAlias = terraform_edits.Edit | account_edits.Edit


def edits(proven: Proven, sort: Sort) -> list[Edit]:
    """Return the edits of a stack's reference Terraform, or of the account that is made of it."""
    return list(edits_of(proven) if sort == "terraform" else _account(proven.name).edits())


def hashes(proven: Proven, sort: Sort, edits: Iterable[Edit]) -> dict[str, str]:
    """Return of every part that edits are of what tells that it, and what is tried of it, is as before.

    What is tried changes with the services that kinds are read from: their enumerations are tried, too.
    """
    made: dict[str, dict[object, str]] = {}
    if sort == "terraform":
        files = terraform_edits.files(proven.reference)
        made = {it: {it: (proven.reference / it).read_text()} for it in files}
    for edit in edits:
        of_part = made.setdefault(edit.part, {})
        of_part[edit.place, edit.way] = f"{edit.place}: {edit.way}"
        if isinstance(edit, account_edits.Edit):
            parameters = json.dumps(edit.request.parameters, default=str, sort_keys=True)
            of_part[edit.request.number] = account_edits.CHOSEN.sub("*", parameters)
    return {part: _hash("\n".join(it.values())) for part, it in made.items()}


def swept(proven: Proven, edits: list[Edit], processes: int) -> Iterator[tuple[Edit, Outcome]]:
    """Yield each edit with what becomes of it, in order."""
    asked = [(proven.name, edit) for edit in edits]
    if processes == 1:
        with reached():
            yield from zip(edits, map(_outcome, asked), strict=True)
        return
    _folder()
    with multiprocessing.get_context("fork").Pool(processes, reached().__enter__) as pool:
        yield from zip(edits, pool.imap(_outcome, asked, chunksize=8), strict=True)


def _outcome(asked: tuple[str, Edit]) -> Outcome:
    stack, edit = asked
    if isinstance(edit, terraform_edits.Edit):
        return _terraform(stack).outcome(edit)
    return _account(stack).outcome(edit)


@functools.cache
def _terraform(stack: str) -> TerraformWorld:
    return TerraformWorld(_proven(stack), Path(_folder().name) / f"{stack}-{os.getpid()}")


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for all processes, which the first one removes when it ends."""
    return tempfile.TemporaryDirectory(prefix="survivors-")


@functools.cache
def _account(stack: str) -> AccountWorld:
    return AccountWorld(_proven(stack))


def _proven(stack: str) -> Proven:
    return next(it for it in STACKS if it.name == stack)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
