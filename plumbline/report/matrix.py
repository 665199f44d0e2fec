"""What each environment, and each service of it, came to on each source: the table of a run over several.

Environments are its rows, however many there are, so that it is as wide as there are sources. A cell counts
each outcome by its own sign, without fractions: `✗ 3 ? 2 ✓ 31`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plumbline.report.outcomes import BY_WEIGHT, Outcomes
from plumbline.suite.finding import SIGNS, WRONG, Finding, Outcome


@dataclass(frozen=True)
class Cell:
    """What was asked on one source came to."""

    counts: Counter[Outcome]

    @property
    def worst(self) -> Outcome | None:
        """The outcome that matters most; None where nothing was asked."""
        return next((outcome for outcome in BY_WEIGHT if self.counts[outcome]), None)

    def __str__(self) -> str:
        by_sign: Counter[str] = Counter()
        for outcome in BY_WEIGHT:
            by_sign[SIGNS[outcome]] += self.counts[outcome]
        return " ".join(f"{sign} {number}" for sign, number in by_sign.items() if number)


@dataclass(frozen=True)
class Row:
    """An environment (`shop/sit`) or one of its services (`dynamodb`), with a cell for each source."""

    name: str
    cells: list[Cell]

    @property
    def weight(self) -> int:
        """How much it matters; what matters most has the least."""
        return min(BY_WEIGHT.index(cell.worst) for cell in self.cells if cell.worst)

    @property
    def wrong(self) -> bool:
        """Whether something of it is wrong."""
        return BY_WEIGHT[self.weight] in WRONG

    @property
    def shown(self) -> list[str]:
        """Its cells as text."""
        return [str(cell) for cell in self.cells]


@dataclass(frozen=True)
class Place(Row):
    """An environment of a stack, and its services, what matters most first."""

    stack: str
    environment: str
    services: list[Row]


@dataclass(frozen=True)
class Matrix:
    """Environments, in the order of the run, against the sources that were asked."""

    sources: list[str]
    places: list[Place]

    @property
    def worst_first(self) -> list[Place]:
        """The environments, what matters most first."""
        return sorted(self.places, key=lambda it: it.weight)

    @property
    def lines(self) -> Iterator[str]:
        """Yield it as text where there are several environments; of their services what is wrong."""
        if len(self.places) < 2:
            return
        rows = [("", self.sources)]
        for name, place in self._folded():
            rows.append((name, place.shown))
            rows.extend((f"  {it.name}", it.shown) for it in place.services if it.wrong)
        widths = [
            max(map(len, column)) for column in zip(*([name, *cells] for name, cells in rows), strict=True)
        ]
        yield ""
        for name, cells in rows:
            texts = zip([name, *cells], widths, strict=True)
            yield "  ".join(f"{text:<{width}}" for text, width in texts).rstrip()

    def _folded(self) -> Iterator[tuple[str, Place]]:
        """Yield those that differ, what matters most last, each with the name of all that are as it is."""
        alike: dict[tuple[object, ...], list[Place]] = {}
        for it in sorted(self.places, key=lambda it: it.weight, reverse=True):
            services = tuple((row.name, *row.shown) for row in it.services if row.wrong)
            alike.setdefault((it.stack, *it.shown, services), []).append(it)
        for places in alike.values():
            yield _name(places), places[0]


def _name(places: list[Place]) -> str:
    """Return the name of environments of one stack: `shop/dev, sit`, or how many they are."""
    named = f"{places[0].stack}/{', '.join(it.environment for it in places)}"
    return named if len(places) <= _MOST_NAMED else f"{places[0].stack}: {len(places)} environments"


_MOST_NAMED = 3


def matrix(results: Outcomes) -> Matrix:
    """Return what each environment, and each of its services, came to on each source."""
    by_place: dict[tuple[str, str], list[Finding]] = {}
    for it in results.findings:
        if it.about.id:
            by_place.setdefault((it.about.stack, it.about.environment), []).append(it)
    asked = {it.about.source for findings in by_place.values() for it in findings}
    sources = [source for source in results.sources if source in asked]
    return Matrix(
        sources,
        [
            _place(stack, environment, by_place[stack, environment], sources)
            for stack, environments in results.environments.items()
            for environment in environments
            if (stack, environment) in by_place
        ],
    )


def _place(stack: str, environment: str, findings: list[Finding], sources: list[str]) -> Place:
    by_service: dict[str, list[Finding]] = {}
    for it in findings:
        by_service.setdefault(it.about.service, []).append(it)
    services = [Row(name, _cells(of, sources)) for name, of in sorted(by_service.items())]
    services.sort(key=lambda it: it.weight)
    return Place(f"{stack}/{environment}", _cells(findings, sources), stack, environment, services)


def _cells(findings: Iterable[Finding], sources: list[str]) -> list[Cell]:
    counts: dict[str, Counter[Outcome]] = {source: Counter() for source in sources}
    for it in findings:
        counts[it.about.source][it.what.outcome] += 1
    return [Cell(counts[source]) for source in sources]
