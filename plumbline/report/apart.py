"""How two sides that were compared are told: as text, as Markdown for a pull request, as JSON."""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from plumbline.report.compared import SORTS, Changed, Sort
from plumbline.report.markdown import code, row
from plumbline.sources.differences import Comparison, NotCompared, by_reason
from plumbline.values.shown import some

FORMAT = 1
"""The format of the JSON."""
SAME, DIFFERENT, NOT_KNOWN = 0, 1, 2
"""How a command ends: nothing differs, something does, nothing could be compared or not all was read."""
_SIGNS: Mapping[Sort, str] = {"new": "✗", "changed": "✗", "otherwise": "?", "fixed": "✓"}
MOST_NAMED = 4
"""How many of those are named that one reason keeps from being compared."""
MOST_OF_A_TABLE = 12_000
"""How many characters each of five tables of a comment has at most: GitHub takes 65,536 in all."""


@dataclass(frozen=True)
class Told:
    """A comparison, and what it is one of."""

    title: str
    """`drift of shop/sit`."""
    sides: tuple[str, str]
    """What the two are called: `code`, `account`."""
    alone: tuple[str, str]
    """What is told of that which only the first, or only the second side has."""
    comparison: Comparison
    meant: Comparison | None = None
    """What is meant to differ, where anything is."""
    changes: tuple[Changed, ...] = ()
    """The tests that ended otherwise, where runs were compared."""
    tests: int = 0
    """How many tests both runs have."""
    examined: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What the comparison says nothing of."""

    @property
    def exit_code(self) -> int:
        """Return how the command ends."""
        if self.comparison.differs or self.changes:
            return DIFFERENT
        unread = any(it.unread for it in self.comparison.open)
        # Resources that only one side is meant to have say nothing of what both should have alike.
        meant = self.meant is not None and (self.meant.compared or self.meant.differences)
        determined = self.comparison.determined or meant or self.tests
        return NOT_KNOWN if unread or not determined else SAME

    @property
    def verdict(self) -> str:
        """The comparison in one line."""
        it, meant = self.comparison, self.meant
        sign = {SAME: "✓", DIFFERENT: "✗", NOT_KNOWN: "?"}[self.exit_code]
        known = {SAME: "nothing differs", DIFFERENT: "", NOT_KNOWN: self._not_known}[self.exit_code]
        sorts = [sum(1 for change in self.changes if change.sort == sort) for sort in SORTS]
        counted = [
            *(_counted(number, _SORTED[sort]) for number, sort in zip(sorts, SORTS, strict=True)),
            _counted(self.tests, "test compared", "tests compared"),
            _counted(len(it.differences), "field differs", "fields differ"),
            *(_counted(sum(1 for one in it.alone if one.side == side), *two) for side, two in self._only),
            _counted(len(meant.differences) + len(meant.alone) if meant else 0, "meant to differ"),
            f"{it.compared + (meant.compared if meant else 0)} fields compared",
            _counted(sum(1 for one in it.open if not one.unread), "not compared"),
            _counted(sum(1 for one in it.open if one.unread), "could not be read"),
            _counted(it.never, "that one side never gives"),
        ]
        return f"{sign} {self.title}: " + ", ".join(filter(None, [known, *counted]))

    @property
    def _not_known(self) -> str:
        compared = self.comparison.determined or self.tests
        return "nothing differs in what could be read" if compared else "there is nothing to compare"

    @property
    def _only(self) -> Iterable[tuple[int, tuple[str, ...]]]:
        return ((side, (f"only in {self.sides[side]}",)) for side in (0, 1))


_SORTED: Mapping[Sort, str] = {
    "new": "new",
    "changed": "changed",
    "otherwise": "ended otherwise",
    "fixed": "fixed",
}
"""How a sort of change is told."""


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number} {several if several and number > 1 else one}" if number else ""


def text(told: Told) -> Iterator[str]:
    """Yield the comparison for people, the verdict last."""
    yield told.title
    yield from (f"examined: {it}" for it in told.examined)
    yield ""
    for change in told.changes:
        yield f"{_SIGNS[change.sort]} {_SORTED[change.sort]}: {change.what}: {' -> '.join(change.outcomes)}"
        yield f"    {change.told}"
    yield from _differing(told, told.comparison, "✗")
    if told.meant and (told.meant.differs or told.meant.open):
        yield "meant to differ:"
        yield from _differing(told, told.meant, "~")
    for reason, those in by_reason(told.comparison.open):
        yield f"{'!' if any(it.unread for it in those) else '?'} {len(those)} x {reason}"
        yield f"    {named(those)}"
    if told.comparison.neither:
        yield f"- on neither side: {', '.join(told.comparison.neither)}"
    yield from told.notes
    yield told.verdict


def _differing(told: Told, comparison: Comparison, sign: str) -> Iterator[str]:
    width = max(map(len, told.sides))
    for what, those in itertools.groupby(comparison.differences, lambda it: it.what):
        yield f"{sign} {what}"
        for it in those:
            yield f"    {it.field}"
            for side, value, where in zip(told.sides, it.values, it.where, strict=True):
                yield f"        {side:<{width}}  {value}" + (f"  ({where})" if where else "")
    for alone in comparison.alone:
        where = f" ({alone.where})" if alone.where else ""
        yield f"{sign} {alone.what}: {told.alone[alone.side]}{where}"


def named(those: list[NotCompared]) -> str:
    """Return what is not compared, in short."""
    return some(dict.fromkeys(f"{it.what}: {it.field}" if it.field else it.what for it in those), MOST_NAMED)


def markdown(told: Told) -> Iterator[str]:
    """Yield the comparison as a comment of a pull request; what was read stands in code spans."""
    yield f"### {told.verdict[0]} {code(told.verdict[2:])}"
    yield ""
    changes = [row(code(it.what), _SORTED[it.sort], *it.outcomes, code(it.told)) for it in told.changes]
    yield from _table(("test", "", "before", "now", "what is wrong"), changes)
    sides = ("resource", "field", *map(code, told.sides))
    yield from _table(sides, _rows(told, told.comparison))
    if told.meant and told.meant.differs:
        yield from _folded("meant to differ", _table(sides, _rows(told, told.meant)))
    if told.comparison.open:
        reasons = [
            row(str(len(those)), code(reason), code(named(those)))
            for reason, those in by_reason(told.comparison.open)
        ]
        yield from _folded("not compared", _table(("number", "reason", "of"), reasons))
    if told.comparison.neither:
        yield from _folded(
            "on neither side", _table(("resource",), [row(code(it)) for it in told.comparison.neither])
        )
    for it in (*told.examined, *told.notes):
        yield f"{code(it)}  "


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<details><summary>{summary}</summary>"
    yield ""
    yield from lines
    yield "</details>"
    yield ""


def _table(heads: Sequence[str], rows: Sequence[str]) -> Iterator[str]:
    """Yield a table with as many of its rows as fit into a comment together with others."""
    if not rows:
        return
    yield row(*heads)
    yield row(*["---"] * len(heads))
    lengths = itertools.accumulate(map(len, rows))
    fitting = [it for it, length in zip(rows, lengths, strict=True) if length <= MOST_OF_A_TABLE]
    yield from fitting
    yield ""
    if len(rows) > len(fitting):
        yield f"{len(rows) - len(fitting)} more."
        yield ""


def _rows(told: Told, comparison: Comparison) -> list[str]:
    return [
        *(row(code(it.what), code(it.field), *map(code, it.values)) for it in comparison.differences),
        *(_row_of(told, it.what, it.side) for it in comparison.alone),
    ]


def _row_of(told: Told, what: str, side: int) -> str:
    there = [code(told.alone[side]), ""]
    return row(code(what), "", *(there if side == 0 else reversed(there)))


def as_json(told: Told) -> str:
    """Return the comparison as JSON, for machines."""
    return json.dumps(
        {
            "format": FORMAT,
            "title": told.title,
            "sides": told.sides,
            "verdict": told.verdict,
            "exit_code": told.exit_code,
            "examined": told.examined,
            "notes": told.notes,
            "tests": told.tests,
            "changes": [asdict(it) for it in told.changes],
            **asdict(told.comparison),
            "meant": asdict(told.meant) if told.meant else None,
        },
        indent=1,
        ensure_ascii=False,
    )


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Add the options that say in which form a comparison is printed."""
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print JSON instead of text")
    forms.add_argument("--markdown", action="store_true", help="print Markdown for a pull request")


def printed(told: Told, option: argparse.Namespace) -> int:
    """Print a comparison in the form that was asked for, and return how the command ends."""
    if option.json:
        print(as_json(told))
    else:
        print("\n".join(markdown(told) if option.markdown else text(told)))
    return told.exit_code
