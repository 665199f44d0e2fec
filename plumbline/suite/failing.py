"""What fails a run: everything that is wrong, unless --fail-on says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from plumbline.expectations.invariant import Severity
from plumbline.suite.finding import Finding, Outcome

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
NOT_KNOWN: Mapping[str, Outcome] = {"undetermined": "undetermined", "no-data": "no data"}
"""What fails a run only where that is asked for, as the command line names it."""
CHOICES = (*SEVERITIES, *NOT_KNOWN)
"""What --fail-on takes."""


@dataclass(frozen=True)
class FailOn:
    """What fails the run."""

    least: Severity | None = None
    """Only findings as bad as this or worse; all of them unless said."""
    outcomes: frozenset[Outcome] = frozenset()
    """Outcomes that fail the run although nothing is known to be wrong."""

    @classmethod
    def chosen(cls, names: Iterable[str]) -> FailOn:
        """Return what names from `CHOICES` mean together; of several severities the least one counts."""
        names = tuple(names)
        return cls(
            max((it for it in SEVERITIES if it in names), default=None),
            frozenset(outcome for name, outcome in NOT_KNOWN.items() if name in names),
        )

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the run.

        What could not be read and a fault of the suite itself always do, and what is not known where that is
        asked for: how bad it would be, nobody knows. That may stand beside something that is known.
        """
        what = finding.what
        if what.outcome in ("error", "broken") or what.outcome in self.outcomes:
            return True
        if what.further and NOT_KNOWN["undetermined"] in self.outcomes:
            return True
        return self.concerns(finding) and what.wrong

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding would be bad enough to fail the run, were it wrong."""
        return self.least is None or finding.about.severity <= self.least

    def is_out_of_reach(self, highest: Severity | None) -> bool:
        """Whether no failure can be that bad where nothing is called worse than `highest`."""
        return bool(self.least and highest and highest > self.least)
