"""What environments declare and no comparison of them holds, in lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds, known_types
from plumbline.kinds.unread_arguments import unread_arguments
from plumbline.suite.opening import Readings
from plumbline.terraform.model import Configuration
from plumbline.values.shown import some, text

Place = tuple[str, str]
"""Stack and environment."""
_MOST = 10
"""How many types or settings are named in a line."""


def untold(readings: Readings, source: str, places: Sequence[Place]) -> Iterator[str]:
    """Yield what is declared and in no comparison: of types, resources and settings that nothing reads."""
    source = "hcl" if source == "moto" else source  # moto is given what that declares
    declared = {place: readings.declared(source, *place) for place in places}

    def line(why: str, named: Callable[[Place], Iterable[str]]) -> Iterator[str]:
        counted = {"/".join(place): Counter(named(place)) for place in places}
        if any(counted.values()):
            yield text(f"Not compared, as {why}: {_told(counted)}", None)

    yield from line("no kind speaks of such types", lambda it: _unknown(declared[it]))
    yield from line(
        "the stack does not name them, and nothing lists such",
        lambda it: _unnamed(readings, source, it, declared[it]),
    )
    yield from line("no kind reads such settings", lambda it: _unread(declared[it]))


def _unknown(roots: Iterable[Configuration]) -> Iterator[str]:
    return (it.type for root in roots for it in root.resources if it.type not in known_types())


def _unread(roots: Sequence[Configuration]) -> Iterator[str]:
    return (f"{it.type}.{path}" for unread in unread_arguments(roots) for it, path in unread)


def _unnamed(readings: Readings, source: str, place: Place, roots: Iterable[Configuration]) -> Iterator[str]:
    """Yield the types of what is of a kind that nothing lists, and that the stack does not name."""
    stack, environment = place
    subjects = readings.run.stacks[stack].subjects(environment).values()
    for kind in (it for it in kinds().values() if it.terraform_type and not it.listing):
        own = [it for it in subjects if it.kind is kind]
        if own and kind.shows:
            continue
        read = readings.read(source, own).values()
        named = {it.where() for it in read if isinstance(it, Kind)}
        for resource in (it for root in roots for it in kind.declared_in(root)):
            if str(resource.location) not in named:
                yield resource.type


def _told(counted: Mapping[str, Counter[str]]) -> str:
    """Return how many there are of each, and where that is not the same everywhere, in which environment."""
    together = sum(counted.values(), Counter[str]())
    numbers = {name: {it[name] for it in counted.values()} for name in together}
    names = sorted(together, key=lambda it: (-len(numbers[it]), -together[it]))  # first what is not the same
    return some((_number(name, {place: it[name] for place, it in counted.items()}) for name in names), _MOST)


def _number(name: str, numbers: Mapping[str, int]) -> str:
    alike = {*numbers.values()}
    if len(alike) == 1:
        return f"{alike.pop()} {name}" + (" in each" if len(numbers) > 1 else "")
    return f"{name} ({', '.join(f'{number} in {place}' for place, number in numbers.items())})"
