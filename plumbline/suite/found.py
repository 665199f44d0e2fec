"""What is expected of a resource once others are found that nobody names: their names belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.kinds.selection import Several
from plumbline.values.unknown import Missing, Placeholder, Undetermined


def completed(subject: Subject, read: Callable[[Subject], Kind]) -> Subject:
    """Return a subject with what is expected of it by the names of what it is held against.

    Raises what finding these raises, but where there is no such thing, or several: then nothing has its name.
    """
    found: list[Subject] = []
    undecided: list[str] = []
    for it in subject.held_against:
        try:
            found.append(replace(it, name=_name(read(it))))
        except Several as several:
            undecided.append(str(several))
        except Missing:
            continue
    more = subject.kind.also_expected(subject.question, found) if found else {}
    together = {name: sorted([*subject.expected[name], *values]) for name, values in more.items()}
    return replace(subject, expected={**subject.expected, **together}, undecided=tuple(undecided))


def _name(model: Kind) -> str:
    """Return the name of what was found, or what stands for one that is not known, with why."""
    if not isinstance(model.name, Placeholder):
        return model.name
    try:
        model.name.refuse()
    except Undetermined as unknown:
        return f"{model.known_as}: {unknown}"
