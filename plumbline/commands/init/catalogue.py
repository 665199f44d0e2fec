"""What a runbook that is begun says of each sentence; `sentences.yaml` beside this file holds it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plumbline.expectations.invariant import Remedy, Severity, Sorts
from plumbline.values.data import Document, Entry

_FILE = Path(__file__).parent / "sentences.yaml"


class Said(Entry):
    """What is said of a sentence."""

    statement: str = ""
    """What must be true."""
    severity: Severity = "P3"
    demands: dict[str, Any] = {}
    """Values without which the sentence would not be true."""
    besides: dict[str, Any] = {}
    """What is expected and no resource says."""
    unless: dict[str, Any] = {}
    """Values with which a resource is none that the sentence is about."""
    follows: dict[str, Any] = {}
    """Values without which a resource is none that the sentence is about; `some` is any but nothing."""
    evidence: Sorts = ["hcl", "aws"]
    group: str = ""
    """What those are called together of which alone it is true."""
    pairs: dict[str, str] = {}
    """Of which kind the other resource is that it looks at, by argument."""
    remedy: Remedy = Remedy()
    only_beside: list[str] = []
    """The nouns of what must be there for it to be about anything."""
    of_some: bool = False
    """Whether it need not be true of all: what it is not true of is another sort of resource."""
    even_unknown: bool = False
    """Whether it is written where nobody can tell offline: an account can."""
    only_you: str = ""
    """What of it nobody finds."""
    covered: str = ""
    """The sentences that say the same."""

    @property
    def is_written(self) -> bool:
        """Whether it can be written of what is found."""
        return not (self.only_you or self.covered)


@functools.cache
def catalogue() -> Mapping[str, Said]:
    """Return what is said of each sentence of ours."""
    said = Document(_FILE).data
    return {name: Said.model_validate(it) for name, it in said.items()}


def said_of(sentence: str, function: str) -> Said:
    """Return what is said of a sentence; of one that we do not know, what its function is called."""
    if sentence in catalogue():
        return catalogue()[sentence]
    words = re.sub(r"^test_", "", function).replace("_", " ")
    return Said(statement=f"{words[:1].upper()}{words[1:]}.")
