"""What was wrong before: beside a baseline a run fails on what is new, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.suite.finding import Finding
from plumbline.suite.results_file import WRITE_AGAIN, Ended, ResultsFile, ended
from plumbline.suite.showing import as_shown
from plumbline.values.mistakes import DataError
from plumbline.values.shown import text


class Baseline:
    """The results of an earlier run."""

    def __init__(self, path: str, results: ResultsFile) -> None:
        self._path, self._results = path, results
        self._wrong: dict[tuple[str, ...], list[Ended]] = {}
        for it in results.results:
            if it.wrong:
                self._wrong.setdefault(it.identity, []).append(it)

    def known(self, finding: Finding) -> Finding:
        """Return a failure as known where all that is wrong was wrong before; any other finding as it is.

        What could not be read, and a fault of the suite, is never known: nobody has seen what is behind it.
        Neither is what differs in a secret, which no file keeps. Where there may be more, nobody knows that.
        """
        if finding.what.outcome != "failed":
            return finding
        now = ended(as_shown(finding))
        before = self._wrong.get(now.identity, ())
        if not now.tells_all or not any(it.covers(now) for it in before):
            return finding
        return replace(finding, what=replace(finding.what, outcome="known")).left_open

    def gone(self, findings: Iterable[Finding]) -> list[Ended]:
        """Return what was wrong, was asked now, and holds."""
        holds = {ended(it).identity for it in findings if it.what.outcome == "passed"}
        return [it for identity, them in self._wrong.items() if identity in holds for it in them]

    def told(
        self, environments: Mapping[str, list[str]], sources: Iterable[str], findings: Iterable[Finding]
    ) -> Iterator[str]:
        """Yield what a run is held against, and what of the run it says nothing of."""
        asked = {ended(it).identity: it.what.outcome for it in findings}
        held = [it for them in self._wrong.values() for it in them if it.identity in asked]
        still = sum(asked[it.identity] not in ("passed", "waived") for it in held)
        gone = len(held) - still
        told = f"Baseline: {self._path} of {self._results.written:%Y-%m-%d %H:%M %Z}"
        yield text(f"{told}: of what was wrong there {still} still is, {gone} is not", None)
        lacking = [
            f"{stack}/{it}"
            for stack, names in environments.items()
            for it in names
            if it not in self._results.environments.get(stack, [])
        ]
        lacking += [it for it in sources if it not in self._results.sources]
        if lacking:
            yield f"The baseline holds nothing of {', '.join(lacking)}: all that is wrong there is new"


def baseline_of(given: str | None, environments: Mapping[str, list[str]]) -> Baseline | None:
    """Return the baseline that a file holds. Raises UsageError for one that cannot be used."""
    if given is None:
        return None
    try:
        results = ResultsFile.read(Path(given))
    except DataError as error:
        raise pytest.UsageError(f"--baseline {error}") from None
    if not results.whole:
        raise pytest.UsageError(
            f"--baseline {given} is of a run that was interrupted: {results.ended} of {results.collected} "
            f"tests ran, and it does not have what the others would have told; {WRITE_AGAIN}"
        )
    if not any({*names} & {*results.environments.get(stack, [])} for stack, names in environments.items()):
        holds = ", ".join(f"{stack}/{it}" for stack, names in results.environments.items() for it in names)
        told = f"holds {holds or 'nothing'}, and nothing of what is examined"
        raise pytest.UsageError(f"--baseline {given} {told}")
    return Baseline(given, results)
