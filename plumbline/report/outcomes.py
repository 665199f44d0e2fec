"""Outcomes of tests, of one run or of several: counted, grouped by cause, and as a table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from plumbline.suite.finding import WRONG, Finding, Outcome

COUNTED: tuple[Outcome, ...] = (*WRONG, "waived", "known", "undetermined", "no data", "missing", "unread")
"""What is counted after a verdict; what is not wrong is skipped."""

BY_WEIGHT: tuple[Outcome, ...] = (*COUNTED, "passed")
"""The outcomes, what matters most first."""

ENDED = {"✓": "passed", "✗": "failed", "!": "did not all run", "?": "determined nothing"}
"""What the sign of a run means."""


class Outcomes(ABC):
    """What tests came to, as a page shows it."""

    findings: list[Finding]
    started: datetime

    @property
    @abstractmethod
    def environments(self) -> dict[str, list[str]]:
        """The environments of each stack."""

    @property
    @abstractmethod
    def sources(self) -> tuple[str, ...]:
        """Where it was read."""

    @property
    @abstractmethod
    def seconds(self) -> float:
        """How long the tests took together."""

    @property
    @abstractmethod
    def sign(self) -> str:
        """What they came to as one character."""

    @property
    @abstractmethod
    def verdict(self) -> str:
        """What they came to in one line."""

    @property
    @abstractmethod
    def told(self) -> list[str]:
        """What was examined, what of it was not given, and of what nothing is said."""

    @property
    def counts(self) -> Counter[Outcome]:
        """How many tests ended in each way."""
        return Counter(finding.what.outcome for finding in self.findings)

    @property
    def wrong(self) -> list[Finding]:
        """What is wrong, whether it fails the run or not."""
        return [finding for finding in self.findings if finding.what.wrong]

    @property
    def undetermined(self) -> Counter[str]:
        """The reasons for which tests could not be determined, and how many each."""
        return self._reasons("undetermined")

    @property
    def waived(self) -> Counter[str]:
        """What is waived, and how many tests each: `shop-01 orders: ... (waived until ...)`."""
        found = [it for it in sorted(self.findings, key=_rank) if it.what.outcome == "waived"]
        return Counter(f"{it.about.id} {it.about.resource}: {it.what.message}" for it in found)

    @property
    def known(self) -> Counter[str]:
        """What was wrong before, as --baseline says, and how many tests each: `shop-01 orders: ...`."""
        found = [it for it in sorted(self.findings, key=_rank) if it.what.outcome == "known"]
        return Counter(f"{it.about.id} {it.about.resource}: {it.what.told}" for it in found)

    @property
    def without_data(self) -> Counter[str]:
        """Of what there is no data, and how many tests needed it."""
        return self._reasons("no data")

    def in_one_line(self, ended: str, notes: Iterable[str]) -> str:
        """Return the runbook's own log form: `Post-deployment tests passed (24/24)`, and what is to note."""
        counts = self.counts
        total = counts["passed"] + sum(counts[outcome] for outcome in WRONG)
        what = "Post-deployment tests" if "live" in self.sources else "Pre-deployment tests"
        beside = ", ".join(notes)
        return f"{self.sign} {what} {ended} ({counts['passed']}/{total})" + (f": {beside}" if beside else "")

    def counted(self, failing: Collection[Outcome]) -> Iterator[str]:
        """Yield how many tests did not pass, and which of these fail the run although nothing is wrong."""
        counts = self.counts
        for outcome in COUNTED:
            if counts[outcome]:
                fails = " (which fails the run)" if outcome in failing else ""
                yield _counted(counts[outcome], outcome) + fails

    def _reasons(self, outcome: Outcome) -> Counter[str]:
        return Counter(
            it.what.message for it in sorted(self.findings, key=_rank) if it.what.outcome == outcome
        )


def _counted(number: int, outcome: Outcome) -> str:
    return f"{number} errors" if outcome == "error" and number > 1 else f"{number} {outcome}"


def failed_of_others(number: int) -> str:
    """Return how many tests of something else failed beside ours."""
    return f"{number} {'test' if number == 1 else 'tests'} of something else failed"


def by_cause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return the findings with those of one cause together, the most severe first, also within a group."""
    groups: dict[object, list[Finding]] = {}
    for finding in sorted(findings, key=_rank):
        groups.setdefault(finding.cause, []).append(finding)
    return list(groups.values())


def _rank(finding: Finding) -> tuple[str, str, str]:
    return finding.about.severity, finding.about.id, finding.about.test
