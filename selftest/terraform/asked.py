"""Which records Terraform is asked for again: those whose question or answer changed since, and a sample.

Terraform needs seconds for each, and what nobody touched it answers as before. The digest of what was asked
and answered lies beside the records; `python -m selftest.terraform.record` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from selftest.sample import drawn

SHARE = 12
"""One in so many of what has not changed is asked again."""
DIGESTS = "asked.json"


@dataclass(frozen=True)
class Asked:
    """A record, and the folder that it was made of."""

    label: str
    source: Path
    record: Path
    given: str = ""
    """The variables and files of variables, where they lie elsewhere."""

    @property
    def digest(self) -> str:
        """What tells that question and answer are the same as before."""
        told = hashlib.sha256(self.record.read_bytes() + self.given.encode())
        for path in sorted(self.source.rglob("*")):
            if path.is_file() and ".terraform" not in path.parts:
                told.update(str(path.relative_to(self.source)).encode() + b"\0" + path.read_bytes())
        return told.hexdigest()[:16]

    @property
    def digests(self) -> Path:
        """Where its digest lies."""
        return self.record.parent / DIGESTS

    @property
    def is_as_before(self) -> bool:
        """Whether Terraform gave just this answer to just this question."""
        kept = json.loads(self.digests.read_text("utf-8")) if self.digests.is_file() else {}
        return bool(self.record.is_file() and kept.get(self.record.stem) == self.digest)

    def keep(self) -> None:
        """Note that Terraform was asked."""
        kept = json.loads(self.digests.read_text("utf-8")) if self.digests.is_file() else {}
        kept[self.record.stem] = self.digest
        self.digests.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")

    def __str__(self) -> str:
        return self.label


def again(records: Iterable[Asked]) -> list[Asked]:
    """What changed, and a sample of the rest, which is one for all processes of a run."""
    every = list(records)
    unchanged = [it for it in every if it.is_as_before]
    sample = drawn("records of Terraform", unchanged, -(-len(unchanged) // SHARE))
    return [it for it in every if it in sample or it not in unchanged]
