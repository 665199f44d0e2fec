"""What a stack lacks of what the proofs walk, each with what to write and where."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

from plumbline.expectations.runbook_files import runbook_path
from selftest.front_door import REPOSITORY
from selftest.mutations.all import on_each_source
from selftest.mutations.suite import pairs
from selftest.recorded.kept import SORTS, environments, file
from selftest.stacks.proven import Proven
from selftest.terraform.configurations import places, truth

EDITS = {
    "hcl": "Replaced(file, old, new)",
    "plan": "Set(address, path, value)",
    "state": "Set(address, path, value)",
    "repository": "Edited(file, old, new)",
    "moto": "call(operation, ...)",
    "live": "call(operation, ...) or Happened(what, happen)",
}
"""What a mutation of each source is most simply made of; selftest/mutations/edits.py has them all."""


def survivors(proven: Proven) -> Path:
    """Return where the edits of a stack are listed that turn nothing red."""
    return proven.folder / "survivors.yaml"


def lacking(proven: Proven) -> Iterator[str]:
    """Yield what a stack lacks. What rests on a missing file is not asked for."""
    runbook = runbook_path(proven.repository / "fixtures" / "runbooks", proven.name)
    if not runbook.exists():
        yield f"{shown(runbook)} is missing: write what must be true of {proven}, after another runbook"
        return
    yield from _roots(proven)
    yield from _mutations(proven)
    yield from _plans_and_states(proven)
    yield from _truth(proven)
    if not survivors(proven).is_file():
        yield f"{shown(survivors(proven))} is missing: run make survivors STACK={proven}"
    if not proven.corrections.is_file():
        told = "say where the runbook is wrong: its Text, what is Meant, and what Plumbline does instead"
        yield f"{shown(proven.corrections)} is missing: {told}"


def _roots(proven: Proven) -> Iterator[str]:
    for root in proven.roots:
        if not any(proven.reference.joinpath(root).glob("*.tf")):
            yield f"{shown(proven.reference / root)} holds no Terraform: write the root that the stack names"


def _mutations(proven: Proven) -> Iterator[str]:
    folder = proven.folder / "mutations"
    if not proven.mutations:
        made = 'MUTATIONS = [mutation("ID", edit), ...]'
        told = f"write a module for each folder of tests/ that its runbook uses, each with {made}"
        yield f"{shown(folder)} holds no mutations: {told}; selftest/stacks/example/mutations shows how"
        return
    proofs = {(mutation.kills, source) for mutation, source in on_each_source(proven)}
    for name, source in pairs(proven):
        if (name, source) not in proofs:
            told = f'mutation("{name}", {EDITS[source]})'
            yield f"no mutation turns {name} red on {source}: add to a module in {shown(folder)}: {told}"


def _plans_and_states(proven: Proven) -> Iterator[str]:
    kept = environments(proven)
    if proven.roots and not kept:
        folder = shown(proven.folder / "plans_and_states")
        yield f"{folder} holds no environment: run python -m selftest.recorded.record {proven}"
    wanted = ((it, root, sort) for it in kept for root, sort in product(proven.stack.roots(it), SORTS))
    for environment, root, sort in wanted:
        path = file(proven, environment, root, sort)
        if not path.is_file():
            yield f"{shown(path)} is missing: run python -m selftest.recorded.record {proven}"


def _truth(proven: Proven) -> Iterator[str]:
    for environment, root in places(proven):
        path = truth(proven, environment, root)
        if not path.is_file():
            yield f"{shown(path)} is missing: run python -m selftest.terraform.record {proven}"


def shown(path: Path) -> str:
    """Return a path from the top of the repository, where it lies in it."""
    return str(path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path)
