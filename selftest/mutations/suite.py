"""The suite's own tests, held in this process against the evidence of one environment and source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from plumbline.expectations.stack import Subject
from plumbline.github.checkout import Checkout
from plumbline.kinds.kind import Kind
from plumbline.sources.once import Once
from plumbline.sources.source import Source
from plumbline.suite.finding import SOURCES, WRONG, Outcome
from plumbline.suite.found import completed
from plumbline.suite.record import Record
from plumbline.suite.run import Run
from plumbline.suite.sentences import functions
from plumbline.suite.speakers import Speakers, ToldElsewhere
from plumbline.suite.subjects import Examination, examine
from plumbline.values.unknown import Missing, NoData, ReadError, Undetermined
from selftest.front_door import REPOSITORY
from selftest.recorded.kept import SORTS, recorded
from selftest.stacks.proven import Proven


@cache
def sentences() -> dict[str, Callable[..., None]]:
    """Return the test function of each sentence under tests/."""
    return functions(REPOSITORY / "tests")


def pairs(proven: Proven) -> Iterator[tuple[str, str]]:
    """Yield every asserted invariant with each source that can answer it."""
    for identifier, invariant in proven.runbook.invariants.items():
        for test, sources in invariant.tests.items():
            if not invariant.advisory:
                name = asserted(proven, identifier, test)
                yield from ((name, source) for source in SOURCES if source in sources)


def asserted(proven: Proven, identifier: str, test: str) -> str:
    """Return how an invariant is called here: `bbws-ddb-15`, or `bbws-tf-01 dynamodb.status`."""
    several = len(proven.runbook.invariants[identifier].tests) > 1
    return f"{identifier} {test}" if several else identifier


@dataclass(frozen=True)
class End:
    """How a test ended, as plumbline/suite/outcome.py has it, and why."""

    outcome: Outcome
    reason: str = ""


class Suite:
    """The tests of one environment on one source."""

    def __init__(self, proven: Proven, environment: str, source: str) -> None:
        run = _run(proven, environment, source)
        self._examined = {
            f"{asserted(proven, it.id, test)} {it.test_id}": (asserted(proven, it.id, test), it)
            for test, function in sentences().items()
            for it in examine(run, test, function)
        }
        self._speakers = Speakers((test, it) for test, (_, it) in self._examined.items())

    @property
    def examinations(self) -> list[Examination]:
        """What the tests are about."""
        return list(self.examined.values())

    @property
    def examined(self) -> dict[str, Examination]:
        """What each test is about."""
        return {test: examination for test, (_, examination) in self._examined.items()}

    def ends(self, evidence: Source, about: Subject | None = None) -> dict[str, End]:
        """Return how each test ends on this evidence, or each one about a subject."""
        once = Once(evidence)
        return {
            test: self._end(test, it, once)
            for test, (_, it) in self._examined.items()
            if about is None or about in it.arguments.values()
        }

    def each(self, tests: Iterable[str], evidence: Source) -> Iterator[tuple[str, End]]:
        """Yield how these tests end on this evidence, one after the other."""
        once = Once(evidence)
        for test in tests:
            yield test, self._end(test, self._examined[test][1], once)

    def reading(self, evidence: Source) -> dict[Subject, list[str]]:
        """Return the tests that read each subject of this evidence: no other can depend on it."""
        found: dict[Subject, list[str]] = {}
        once = Once(evidence)
        for test, it in self.examined.items():
            noting = _Noting(once)
            self._end(test, it, noting)
            for subject in noting.read_by_now:
                found.setdefault(subject, []).append(test)
        return found

    def fallen(self, evidence: Source) -> dict[str, str]:
        """Return the invariants that do not hold on this evidence, each with a reason."""
        ends = self.ends(evidence)
        return {self.name(test): end.reason for test, end in ends.items() if end.outcome in WRONG}

    def falls(self, invariant: str, evidence: Source) -> bool:
        """Return whether an invariant does not hold on this evidence, of which nothing else is read."""
        own = [test for test in self._examined if self.name(test) == invariant]
        return any(end.outcome in WRONG for _, end in self.each(own, evidence))

    def not_held(self, evidence: Source) -> dict[str, str]:
        """Return the invariants that this evidence refutes or leaves open, each with a reason."""
        ends = self.ends(evidence)
        left = (*WRONG, "undetermined", "no data")
        return {self.name(test): end.reason for test, end in ends.items() if end.outcome in left}

    def undetermined(self, evidence: Source) -> frozenset[str]:
        """Return the invariants that this evidence cannot decide for some resource."""
        ends = self.ends(evidence)
        return frozenset(self.name(test) for test, end in ends.items() if end.outcome == "undetermined")

    def name(self, test: str) -> str:
        """Return the invariant that a test asserts."""
        return self._examined[test][0]

    def _end(self, test: str, examination: Examination, evidence: Source) -> End:
        try:
            self._speakers.models(test, examination, lambda _, subject: evidence.read(subject))
            hold(examination, evidence)
        except NoData as no_data:
            return End("no data", str(no_data))
        except Undetermined as undetermined:
            return End("undetermined", str(undetermined))
        except Missing as missing:
            return End("failed", str(missing))
        except ToldElsewhere as told:
            return End("missing", str(told))
        except AssertionError as difference:
            return End("failed", f"{examination.test_id}: {difference}")
        except ReadError as error:
            return End("error", f"{examination.test_id}: {error}")
        return End("passed")


class _Noting:
    """Evidence that notes what is read of it."""

    def __init__(self, evidence: Source) -> None:
        self._evidence = evidence
        self.read_by_now: dict[Subject, None] = {}

    def read(self, subject: Subject) -> Kind:
        """Return what the evidence has, and note that it was asked."""
        self.read_by_now[subject] = None
        return self._evidence.read(subject)


def hold(examination: Examination, evidence: Source) -> None:
    """Call the test. Raises what it ends with unless it passes."""
    models = {name: evidence.read(subject) for name, subject in examination.arguments.items()}
    whole = replace(examination, subject=completed(examination.subject, evidence.read))
    record = Record(whole, models)
    with record.hearing():
        examination.function(**record.arguments())
    record.settle()


def _run(proven: Proven, environment: str, source: str) -> Run:
    return Run(
        stacks={proven.name: proven.stack},
        runbooks={proven.name: proven.runbook},
        environments={proven.name: [environment]},
        sources=(source,),
        terraform={},
        recorded={source: recorded(proven, environment, source)} if source in SORTS else {},
        concurrency=1,
        shared=Path(),
        operations=source == "live",
        checkouts={proven.name: (Checkout(proven.stack.checkout(proven.repository)),)},
        writes=source == "live",
    )
