"""An invariant: a sentence of a runbook that must hold, how bad it is when it does not, and what to type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field

from plumbline.values.data import Entry, Said

Severity = Literal["P1", "P2", "P3", "P4"]
Evidence = Literal["hcl", "source", "plan", "state", "aws", "live", "repo", "ops", "probe"]
Sorts = Annotated[list[Evidence], Field(min_length=1)]
"""The evidence that can answer: none at all would let a sentence be asked of nothing."""
Quantified = Literal["every", "only", "none"]

LIVE = "live"
"""The source that is the deployed account."""
SOURCES: dict[str, tuple[str, ...]] = {
    "source": ("hcl",),
    "hcl": ("hcl", "plan", "state"),
    "plan": ("plan",),
    "state": ("state",),
    "aws": ("moto", "live"),
    "live": ("live",),
    "repo": ("repository",),
    "ops": ("live",),
    "probe": ("live",),
}
"""The sources that can answer each sort of evidence.

`source` is what only Terraform's own files say, `plan` what only a plan does, `state` what only a state does,
and `live` what only a deployed account does: no Terraform can make it true or false in moto.
"""


def at_most(highest: Severity | None, severity: Severity) -> Severity:
    """Return a severity, or the highest that there can be where it is above that."""
    return max(severity, highest or severity)  # P1 is the highest, and the first in the alphabet


class Remedy(Entry):
    """What puts it right: code is mended in code, an account with commands."""

    source: list[str] = []
    """What to write in Terraform or in the repository, or commands that only look; none that deploys.

    moto holds what that Terraform would make, so that what is wrong there is mended there, too.
    """
    account: list[str] = []
    """Commands against the deployed account."""

    def on(self, source: str) -> list[str]:
        """Return what puts it right where this source shows that it is wrong."""
        return self.account if source == LIVE else self.source


class Invariant(Entry):
    """A sentence of the runbook that must hold."""

    test: str | dict[str, Sorts] | None = None
    """The sentence under tests/ that asserts it, or several with the evidence of each; none where not yet."""
    of: list[str] | dict[str, list[str]] | None = None
    """The resources, or groups of them, it speaks of, or those that each of its tests speaks of.

    Unless said, every one of which such things are expected.
    """
    environments: list[str] | None = None
    section: str
    see: list[str] = []
    """Further sections that deal with it."""
    statement: Said
    quantified: Quantified | None = None
    """Whether it speaks of every resource of a sort, of only those that it lists, or of none at all."""
    tells_missing: bool = False
    """Whether it is the one that tells that a resource does not exist; else the first in order is."""
    severity: Severity
    """How bad it is in production; `highest_severity` of the runbook lowers it elsewhere."""
    evidence: Sorts
    causes: list[str] = []
    remedy: Remedy = Remedy()
    advisory: Said | None = None
    """Why it is switched off."""
    out_of_reach: Said | None = None
    """Why no source can examine it."""

    @property
    def tests(self) -> dict[str, tuple[str, ...]]:
        """The tests that assert it, and the sources that can answer each."""
        return {
            test: tuple(s for sort in evidence for s in SOURCES[sort])
            for test, evidence in self._evidence.items()
        }

    @property
    def sources(self) -> frozenset[str]:
        """The sources that can answer some test of it."""
        return frozenset(it for sources in self.tests.values() for it in sources)

    def of_test(self, test: str) -> list[str] | None:
        """Return the resources, or groups, that one of its tests speaks of; None for all there are."""
        return self.of.get(test) if isinstance(self.of, dict) else self.of

    @property
    def named(self) -> list[str]:
        """The resources, and groups of them, that it names; each once."""
        of = [key for keys in self.of.values() for key in keys] if isinstance(self.of, dict) else self.of
        return list(dict.fromkeys(of or []))

    def speaks_of(self, key: str, groups: Collection[str], test: str = "") -> bool:
        """Whether it, or one of its tests, names a resource, by its key or by a group that it is in."""
        named = (self.of_test(test) or []) if test else self.named
        return key in named or not set(groups).isdisjoint(named)

    def operational(self, test: str) -> bool:
        """Whether a test asks what happened, not what is configured; that is examined only when asked."""
        return "ops" in self._evidence[test]

    def probes(self, test: str) -> bool:
        """Whether a test tries something out, and writes; that is done only when allowed."""
        return "probe" in self._evidence[test]

    @property
    def _evidence(self) -> dict[str, list[Evidence]]:
        return {self.test: self.evidence} if isinstance(self.test, str) else self.test or {}
