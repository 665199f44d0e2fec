"""The deployed accounts as evidence."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.aws.everywhere import OF_READERS
from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.kinds.selection import Several
from plumbline.sources.source import ReadSets, everything, name_of

if TYPE_CHECKING:
    from plumbline.aws.reads import Answers, Aws


class Live:
    """The deployed accounts: all reads of a run go out together, and each goes out once."""

    def __init__(
        self,
        accounts: Mapping[tuple[str, str], Aws],
        concurrency: int,
        reads: ReadSets = everything,
    ) -> None:
        self._accounts, self._concurrency, self._reads = accounts, concurrency, reads
        self._read: dict[Subject, Kind | Exception] = {}

    def read_all(self, subjects: Iterable[Subject]) -> None:
        """Read all subjects at once."""
        wanted = list(dict.fromkeys(subjects))
        threads = ThreadPoolExecutor(max(self._concurrency, 1), thread_name_prefix=OF_READERS)
        try:
            self._read |= dict(zip(wanted, threads.map(self._outcome, wanted), strict=True))
        finally:  # a run that is interrupted waits for no answer
            threads.shutdown(wait=False, cancel_futures=True)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as AWS describes it."""
        if subject not in self._read:
            self._read[subject] = self._outcome(subject)
        outcome = self._read[subject]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _outcome(self, subject: Subject) -> Kind | Exception:
        aws = self._accounts[subject.stack, subject.environment]
        try:
            place, wanted = aws.within(subject.region, subject.account), self._reads(subject)
            read = partial(subject.kind.from_aws, place, wanted=wanted, question=subject.question)
            try:
                return read(name_of(subject, place))
            except Several as several:
                return several.read(read)
        except Exception as reason:  # told by this subject's tests alone, be it a fault of the suite
            return reason


def save(answers: Answers, path: Path) -> None:
    """Write what AWS answered to a private file, for the other processes of the run."""
    path.write_bytes(pickle.dumps(answers.settle()))


def load(path: Path) -> dict[Any, Any]:
    """Return what AWS answered, as `save` wrote it in this run."""
    answers: dict[Any, Any] = pickle.loads(path.read_bytes())
    return answers
