"""What several runs came to together, as the results files tell that they left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plumbline.report.compared import read
from plumbline.report.outcomes import ENDED, Outcomes, failed_of_others
from plumbline.suite.finding import SIGNS, SOURCES, Finding
from plumbline.suite.results_file import WRITE_AGAIN, Ended, ResultsFile, finding_of
from plumbline.values.mistakes import DataError
from plumbline.values.redaction import concealed, redacted
from plumbline.values.shown import text

_PATTERN = re.compile(r"[*?\[]")
"""What a shell hands over as it stands where no file matches."""
_UNREAD = ("error", "broken")
"""How a test ended that fails a run whatever --fail-on asks for."""


@dataclass(frozen=True)
class Part:
    """A run, and the file that tells of it."""

    path: str
    file: ResultsFile

    @classmethod
    def read(cls, path: Path) -> Part:
        """Return what a file tells. Raises `DataError` for one that does not tell what fails its run."""
        if reason := _hindrance(path):
            raise DataError(f"{path} {reason}")
        file = read(path)
        if not isinstance(file, ResultsFile):
            raise DataError(f"{path} is an evidence file, which holds no verdicts; {WRITE_AGAIN}")
        if any(it.fails is None for it in file.results):
            raise DataError(f"{path} is of an older Plumbline and does not say what fails it; {WRITE_AGAIN}")
        return cls(text(str(path), None), file)

    @property
    def whole(self) -> bool:
        """Whether every test that was to run has ended, and of each there is a result."""
        file = self.file
        told = len(file.results) >= file.ended - file.others
        return file.whole and file.ended >= file.collected and told

    @property
    def failing(self) -> bool:
        """Whether something in it fails."""
        return bool(self.file.others_failed or any(map(_fails, self.file.results)))

    @property
    def determined(self) -> bool:
        """Whether anything at all was determined in it, be it let pass."""
        return any(
            it.outcome in ("passed", "waived", "known") or it.outcome == "failed" for it in self.file.results
        )

    @property
    def asked(self) -> dict[tuple[str, ...], Ended]:
        """The tests in it that are about a stack; what could not be collected is about none."""
        return {it.asked: it for it in self.file.results if it.stack}

    def replaces(self, other: Part) -> bool:
        """Whether it tells all that another one tells, and of a later run: that of a job that was retried."""
        mine, theirs = self.file, other.file
        return (
            mine.written > theirs.written
            and self.whole
            and mine.collected >= theirs.collected
            and self.asked.keys() >= other.asked.keys()
        )


def _hindrance(path: Path) -> str:
    """Return why a file is none that a run wrote, where that shows before it is read."""
    try:
        if path.is_dir():
            return f"is a folder: name the files in it, such as {path}/*.json"
        if not path.exists() and _PATTERN.search(str(path)):
            return "matches no file"
        empty = path.is_file() and not path.stat().st_size
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"is empty: its run was ended before it was written; {WRITE_AGAIN}" if empty else ""


def parts_of(paths: Iterable[Path], *, latest: bool) -> tuple[list[Part], list[str]]:
    """Return the runs that files tell of, each once, and which files are passed over.

    Raises `DataError` where two tell of the same test, unless they are equal, or `latest` lets the later one
    stand for one that it tells all of.
    """
    given = [Part.read(path) for path in paths]
    given = [it for at, it in enumerate(given) if not any(it.file == before.file for before in given[:at])]
    kept, notes = given, list[str]()
    if latest:
        kept = [it for it in given if not any(other.replaces(it) for other in _beside(it, given))]
        for it in given:
            if it not in kept:
                by = max((one for one in kept if one.replaces(it)), key=lambda one: one.file.written)
                notes.append(f"Passed over: {it.path}, since {by.path} tells the same of a later run")
    for at, it in enumerate(kept):
        for before in kept[:at]:
            if both := before.asked.keys() & it.asked.keys():
                raise DataError(_twice(before, it, [before.asked[one] for one in both], latest=latest))
    return kept, notes


def _beside(part: Part, given: Sequence[Part]) -> Iterator[Part]:
    """Yield the runs that tell of a test that a run tells of, too."""
    return (it for it in given if it is not part and it.asked.keys() & part.asked.keys())


def _twice(one: Part, other: Part, both: list[Ended], *, latest: bool) -> str:
    first = min(both, key=lambda it: it.test)
    more = f" and of {len(both) - 1} more" if len(both) > 1 else ""
    told = f"{one.path} and {other.path} both tell of {first.test} on {first.source}{more}"
    if latest:
        return f"{told}, and the later one does not tell all of the other: merge one of them"
    return f"{told}: merge one of them, or give --latest where the later one is of a job that was retried"


def _fails(it: Ended) -> bool:
    return bool(it.fails) or it.outcome in _UNREAD


@dataclass
class Merged(Outcomes):
    """What several runs came to together."""

    parts: Sequence[Part]
    expected: Sequence[str] = ()
    """The environments of which something must be told: `shop/sit`."""
    notes: Sequence[str] = ()
    findings: list[Finding] = field(init=False)
    started: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Take the findings out of the files, as they may be shown."""
        self.started = min(it.file.written for it in self.parts).astimezone(UTC)
        self.findings = [finding_of(_shown(it)) for part in self.parts for it in part.file.results]

    @property
    def environments(self) -> dict[str, list[str]]:
        """The environments of each stack."""
        found: dict[str, list[str]] = {}
        for it in (finding.about for finding in self.findings):
            if it.stack and it.environment not in found.setdefault(it.stack, []):
                found[it.stack].append(it.environment)
        return found

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it was read."""
        found = {it.about.source for it in self.findings}
        return tuple(it for it in SOURCES if it in found)

    @property
    def seconds(self) -> float:
        """How long the tests took together."""
        return sum(it.file.seconds for it in self.parts)

    @property
    def lacking(self) -> list[str]:
        """The expected environments of which no file tells anything."""
        there = {f"{it.about.stack}/{it.about.environment}" for it in self.findings}
        return [it for it in self.expected if it not in there]

    @property
    def failing(self) -> bool:
        """Whether something fails."""
        return any(it.failing for it in self.parts)

    @property
    def whole(self) -> bool:
        """Whether all that was to run, and all that was expected, is told of."""
        return all(it.whole for it in self.parts) and not self.lacking

    @property
    def unwritten(self) -> list[str]:
        """The reports of the runs that could not be written."""
        return [text(concealed(name), None) for it in self.parts for name in it.file.unwritten]

    @property
    def determined(self) -> bool:
        """Whether each run determined something: one that did not is no success beside others, either."""
        return all(it.determined for it in self.parts)

    @property
    def sign(self) -> str:
        """The runs as one character, as a run has it: what is worst."""
        if self.failing:
            return SIGNS["failed"]
        if not self.whole or self.unwritten:
            return SIGNS["error"]
        return SIGNS["passed"] if self.determined else SIGNS["undetermined"]

    @property
    def exit_code(self) -> int:
        """How pytest would end: 1 failed or a report is missing, 2 not all ran, 5 nothing determined, else 0.

        Source: pytest's documentation, "Exit codes".
        """
        if self.failing:
            return 1
        if not self.whole:
            return 2
        if self.unwritten:
            return 1
        return 0 if self.determined else 5

    @property
    def verdict(self) -> str:
        """The runs together in the runbook's own log form."""
        ended = "are not all reported" if self.whole and self.sign == "!" else ENDED[self.sign]
        return self.in_one_line(ended, self._notes())

    def _notes(self) -> Iterator[str]:
        tests = [it for part in self.parts for it in part.file.results]
        open_ = {it.outcome for it in tests if it.fails and it.outcome in ("undetermined", "no data")}
        yield from self.counted(open_)
        if others := sum(it.file.others_failed for it in self.parts):
            yield failed_of_others(others)
        for it in self.parts:
            if not it.whole:
                ran = min(it.file.ended, len(it.file.results) + it.file.others)
                yield f"{it.path} interrupted: {ran} of {it.file.collected} ran"
            elif not it.determined and not it.failing:
                yield f"{it.path} determined nothing"
        yield from (f"nothing is told of {text(it, None)}" for it in self.lacking)
        yield from (f"{it} could not be written" for it in self.unwritten)
        if let_pass := sum(it.outcome == "failed" and not _fails(it) for it in tests):
            yield f"{let_pass} of them let pass by --fail-on"

    @property
    def told(self) -> list[str]:
        """Which files tell it, what each came to, and what each examined."""
        lines = [
            f"{it.path}, {it.file.written.astimezone(UTC):%Y-%m-%d %H:%M %Z}: {it.file.verdict}"
            for it in self.parts
        ]
        examined = dict.fromkeys(line for it in self.parts for line in it.file.examined)
        return [text(it, None) for it in (*redacted([*lines, *examined]), *self.notes)]


def _shown(it: Ended) -> Ended:
    """Return a result as it may be shown: the file may have been written, or changed, by anybody."""
    return Ended.model_validate(_as_text(redacted(it.model_dump(mode="json", exclude={"facts"}))))


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_as_text(it) for it in value]
    return "\n".join(text(it, None) for it in value.split("\n")) if isinstance(value, str) else value
