"""Holding sentences against what was found, before anything is written: what does not hold is not written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from plumbline.expectations.invariant import Invariant
from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.differences import Reading
from plumbline.suite.reads import noun_of, read_set
from plumbline.suite.record import Misread, Record
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Missing, ReadError, Undetermined

Function = Callable[..., None]
_ANY = Invariant(section="1", statement="It is tried.", severity="P4", evidence=["hcl"])


class Verdict(Enum):
    """What came of a sentence."""

    HOLDS = "it holds"
    FAILS = "it does not hold"
    UNREAD = "it could not be read"
    UNKNOWN = "nobody knows"


@dataclass(frozen=True)
class Outcome:
    """What came of a sentence, and why."""

    verdict: Verdict
    reason: str = ""


def tried(
    sentence: str, function: Function, source: str, arguments: Mapping[str, tuple[Subject, Reading]]
) -> Outcome:
    """Return what comes of a sentence on a source, of these resources by argument, as a run would tell it."""
    for _, reading in arguments.values():
        if not isinstance(reading, Kind):
            return _without(reading)
    reads = read_set(function)
    examination = Examination(
        id=sentence,
        invariant=_ANY,
        subject=arguments[noun_of(reads)][0],
        source=source,
        arguments={name: subject for name, (subject, _) in arguments.items()},
        reads=reads,
        operational=False,
        probes=False,
        rank=0,
        severity="P4",
        function=function,
    )
    models = {name: it for name, (_, it) in arguments.items() if isinstance(it, Kind)}
    record = Record(examination, models=models)
    try:
        with record.hearing():
            function(**record.arguments())
        record.settle()
    except AssertionError:
        return Outcome(Verdict.FAILS, "what was found is otherwise")
    except Misread as misread:
        return Outcome(Verdict.FAILS, str(misread.msg))
    except Exception as reason:
        return _without(reason)
    return Outcome(Verdict.HOLDS)


def _without(reason: object) -> Outcome:
    match reason:
        case Undetermined():
            return Outcome(Verdict.UNKNOWN, reason.reason)
        case ReadError():
            return Outcome(Verdict.UNREAD, reason.message)
        case Missing():
            return Outcome(Verdict.UNREAD, str(reason))
    return Outcome(Verdict.UNREAD, f"{type(reason).__name__}: {reason}")


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """Return what comes of a sentence on several sources: a failure decides, then where it holds.

    What one of them cannot read, as moto what it refuses to create, another one may.
    """
    found = list(outcomes)
    for verdict in (Verdict.FAILS, Verdict.HOLDS, Verdict.UNREAD, Verdict.UNKNOWN):
        if one := next((it for it in found if it.verdict is verdict), None):
            return one
    return Outcome(Verdict.HOLDS)  # it is asked of nothing that was found, and so not tried
