"""What changed between two runs, as the files tell that they left behind: verdicts, and what was read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from plumbline.sources.differences import Comparison, of_values, shown
from plumbline.sources.saved import Fact, SavedEvidence
from plumbline.suite.results_file import Ended, ResultsFile
from plumbline.values.files import content
from plumbline.values.mistakes import DataError
from plumbline.values.redaction import is_left_out
from plumbline.values.unknown import Identity, Unexamined, Unknown

Sort = Literal["new", "fixed", "changed", "otherwise"]
SORTS: tuple[Sort, ...] = ("new", "changed", "otherwise", "fixed")
"""What can have happened to a verdict: it fails and did not before, it fails for another reason, it ended in
another way without a failure, or it holds where it failed before."""
_FORMAT = 1
NOT_ASKED = "not asked"
"""How a test ended that a run did not have."""
_HELD = ("passed", "waived")
_UNAPPLIED = (Unknown.__name__, Identity.__name__)
_PLACEHOLDER = re.compile(r"(?P<type>\w+)\((?P<quote>['\"])(?P<reason>.*)(?P=quote)\)", re.DOTALL)
File = SavedEvidence | ResultsFile
Facts = Mapping[tuple[str, str, str], Any]
"""What was read, by the resource, `shop/sit/live orders`, where it lies, and the field, `table.status`."""


@dataclass(frozen=True)
class Changed:
    """A test that ended otherwise than before."""

    sort: Sort
    what: str
    """`shop-ddb-15 orders (shop/sit on hcl)`."""
    outcomes: tuple[str, str]
    told: str
    """What is wrong now; of what is fixed, what was."""


def read(path: Path) -> File:
    """Return the evidence or the results that a file holds. Raises `DataError` for anything else."""
    try:
        text = content(path)
        data = json.loads(text)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no JSON: {error}") from None
    if not isinstance(data, dict):
        raise DataError(f"{path} is neither what --results nor what --save-evidence writes")
    given = data.get("format", _FORMAT)
    if given != _FORMAT or isinstance(given, bool):
        raise DataError(f"{path} is of format {given!r}, and this Plumbline reads format {_FORMAT}")
    return (ResultsFile if "results" in data else SavedEvidence).of(text, path)


def facts_of(file: File) -> Facts:
    """Return what a run read, as far as its file says that."""
    read: list[tuple[Fact | Ended, Mapping[str, Any]]] = (
        [(it, it.values) for it in file.facts]
        if isinstance(file, SavedEvidence)
        else [(it, it.facts) for it in file.results]
    )
    return {
        (
            f"{it.stack}/{it.environment}/{it.source} {it.resource}",
            " of ".join(filter(None, (it.region, it.account))),
            name,
        ): _known(value)
        for it, values in read
        for name, value in values.items()
    }


def _known(value: Any) -> Any:
    """Return a fact so that what was not known, or left out of the file, is not compared."""
    match value:
        case {"not known": str(reason), **more} if not more:
            return Unexamined(f"not known to a run: {_reason(reason)}")
        case dict():
            return {name: _known(it) for name, it in value.items()}
        case list():
            return [_known(it) for it in value]
    return Unexamined("a secret that the file leaves out") if is_left_out(value) else value


def _reason(written: str) -> str:
    """Return why a value was not known, of what stood for it as Python writes that: `Unknown('a.b')`."""
    found = _PLACEHOLDER.fullmatch(written)
    if not found:
        return written
    reason = found["reason"].replace("\\'", "'")
    return f"known only after apply: {reason}" if found["type"] in _UNAPPLIED else reason


def changed_facts(before: Facts, after: Facts) -> Comparison:
    """Return what differs of what both runs read."""
    places: dict[str, set[str]] = {}
    for what, place, _ in (*before, *after):
        places.setdefault(what, set()).add(place)
    return sum(
        (
            of_values(f"{what} in {place}" if len(places[what]) > 1 else what, field, before[it], after[it])
            for it in sorted(before.keys() & after.keys())
            for what, place, field in [it]
        ),
        Comparison(),
    )


def changed_verdicts(before: ResultsFile, after: ResultsFile) -> Iterator[Changed]:
    """Yield the tests that ended otherwise than before, those that fail now first.

    One that was not asked before and fails now is new; of any other that one of the runs did not ask nothing
    is told.
    """
    old = {it.asked: it for it in before.results}
    found = [it for now in after.results for it in _changed(old.get(now.asked), now)]
    yield from sorted(found, key=lambda it: SORTS.index(it.sort))


def _changed(before: Ended | None, now: Ended) -> Iterator[Changed]:
    sort: Sort | None = ("new" if _fails(now) else None) if before is None else _sort(before, now)
    if sort:
        what = f"{now.invariant or now.test} {now.resource} ({now.stack}/{now.environment} on {now.source})"
        told = before.told if before and sort == "fixed" else now.told
        outcomes = before.outcome if before else NOT_ASKED, now.outcome
        yield Changed(sort, shown(what), outcomes, shown(told))


def _sort(before: Ended, now: Ended) -> Sort | None:
    fails, failed = _fails(now), _fails(before)
    if fails and failed:
        same = before.wrong is now.wrong and before.covers(now) and now.covers(before)
        return None if same else "changed"
    if fails:
        return "new"
    if failed:
        return "fixed" if now.outcome in _HELD else "otherwise"
    return "otherwise" if before.outcome != now.outcome else None


def _fails(it: Ended) -> bool:
    """Whether a test tells of something wrong, be it known before, or that it could not be read."""
    return it.wrong or it.outcome in ("error", "broken")
