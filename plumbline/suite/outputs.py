"""What Terraform says of its outputs, for a run that reads no Terraform: they may name resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from plumbline.expectations.stack import Stack
from plumbline.kinds.output import Output
from plumbline.sources.recorded import Place
from plumbline.suite.roots import meant
from plumbline.values.files import named
from plumbline.values.sensitive import mark_where

Outputs = dict[Place, dict[str, Any]]
"""The outputs of roots that name resources, by stack, environment and root."""


def outputs_of(
    given: list[str] | None, known: list[Place], sources: tuple[str, ...], stacks: Mapping[str, Stack]
) -> Outputs:
    """Return the outputs that files give of roots. Raises UsageError for a file that cannot be used."""
    if given and sources != ("live",):
        raise pytest.UsageError(
            f"--outputs {given[0]}: this run examines {', '.join(sources)}, and reads the outputs there; "
            "deployed accounts alone do not show them: --live"
        )
    found: Outputs = {}
    for value in given or []:
        of, file = meant("--outputs", value, known, stacks)
        if len(of) != 1:
            which = ", ".join("/".join(place) for place in of)
            raise pytest.UsageError(f"--outputs {value}: say of which root, as STACK/ENV/ROOT=FILE: {which}")
        if of[0] in found:
            raise pytest.UsageError(f"--outputs {value}: there is another file of {'/'.join(of[0])}")
        found[of[0]] = _read(file, value)
    return found


def learn(stacks: Mapping[str, Stack], outputs: Outputs) -> Outputs:
    """Tell the stacks of the outputs, and return those that name resources; nothing else is kept of them."""
    chosen = {place: values for place, values in outputs.items() if place[0] in stacks}
    for (stack, environment, root), values in chosen.items():
        stacks[stack].learn(environment, root, values)
    return {place: _names(stacks[place[0]], place, values) for place, values in chosen.items()}


def _names(stack: Stack, place: Place, values: dict[str, Any]) -> dict[str, Any]:
    found_by = (it.found_by for it in stack.subjects(place[1]).values())
    wanted = {it.output for it in found_by if isinstance(it, Output) and it.root == place[2]}
    return {name: value for name, value in values.items() if name in wanted}


def _read(file: Path, given: str) -> dict[str, Any]:
    """Return the values in what `terraform output -json` prints. Raises UsageError for anything else."""
    advice = "terraform output -json > FILE"
    try:
        document = json.loads(named(file))
    except OSError as error:
        raise pytest.UsageError(f"--outputs {given}: {file} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise pytest.UsageError(f"--outputs {given}: {file} is no JSON ({error}): {advice}") from None
    entries = document if isinstance(document, dict) else {"": document}
    if not all(isinstance(it, dict) and "value" in it and "sensitive" in it for it in entries.values()):
        raise pytest.UsageError(f"--outputs {given}: {file} is not what Terraform prints: {advice}")
    for it in entries.values():
        mark_where(it["value"], it["sensitive"])
    return {name: it["value"] for name, it in entries.items()}
