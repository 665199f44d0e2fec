"""Which calls are about the resources that a stack names: what kinds declare, with their names filled in."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plumbline.aws.making import is_being_made
from plumbline.kinds.call import Call, granted
from plumbline.values.filling import PLACEHOLDER, fill
from plumbline.values.shown import some, text


@dataclass(frozen=True)
class OfResource:
    """A call about one resource."""

    call: Call
    names: Mapping[str, str]
    """What its placeholders stand for; others are known from answers alone."""
    writes: bool = False
    """Whether a probe makes it: then what an answer tells is no name that anybody may give."""

    def covers(self, parameters: Mapping[str, Any]) -> bool:
        """Return whether a call with these parameters is about this resource and no other."""
        told: dict[str, str] = {}
        if not _fits(dict(self.call.parameters), parameters, self.names, told):
            return False
        of = _filled(self.call.of, {**told, **self.names})
        open_ = [name for name in PLACEHOLDER.findall(self.call.of) if name not in self.names]
        if open_ and of.startswith("arn:") and not self._is_granted(of):
            return False
        if not self.writes or not told:
            return True
        exactly = of.startswith("arn:") and (not open_ or of in granted(self.call, self.names))
        return exactly or is_being_made(self.call.operation, parameters)

    def states(self, parameters: Mapping[str, Any]) -> bool:
        """Return whether a call is made with no more than its probe says, where a probe makes it."""
        return not self.writes or _is_within(parameters, {**self.call.parameters, **dict.fromkeys(_SAFE)})

    def is_in(self, region: str) -> bool:
        """Return whether a client that asks this region finds the resource, and no other one of its name."""
        return self.call.operation.startswith(_EVERYWHERE) or self.names.get("region", region) == region

    def _is_granted(self, arn: str) -> bool:
        """Return whether the permission of the call is granted on an ARN."""
        return any(fnmatch.fnmatchcase(arn, _pattern(it)) for it in granted(self.call, self.names))


_SAFE = ("Body", "ExpectedBucketOwner")
"""What says nothing of how an object can be read, nor whose it may be."""
_EVERYWHERE = ("s3:",)
"""Services whose names are one's own in all regions. Source: Amazon S3 User Guide, "Bucket naming rules"."""
_OF_ALL_REGIONS = "-global"
"""How botocore calls the region of a service that has but one: `aws-global`."""


def _is_within(given: Any, stated: Any) -> bool:
    """Return whether parameters have nothing beside those that are stated."""
    if isinstance(given, Mapping) and isinstance(stated, Mapping):
        return all(name in stated and _is_within(it, stated[name]) for name, it in given.items())
    if isinstance(given, list | tuple) and isinstance(stated, list):
        return all(map(_is_within, given, stated))
    return True


def _pattern(arn: str) -> str:
    """Return an ARN with `*` in it as a pattern in which nothing else stands for another text."""
    return arn.replace("[", "[[]").replace("?", "[?]")


def _filled(template: str, names: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), template)


def _fits(template: Any, given: Any, names: Mapping[str, str], told: dict[str, str]) -> bool:
    """Return whether what is given is what a template says; `told` gets what its other placeholders are.

    Every text that names something must be there. A text that names nothing may be left out, and be no other;
    numbers and switches say of no resource.
    """
    if isinstance(template, str):
        return isinstance(given, str) and _is_text(template, given, names, told)
    if isinstance(template, Mapping):
        if not isinstance(given, Mapping):
            return False
        return all(
            _fits(value, given[key], names, told) if key in given else not _names(value)
            for key, value in template.items()
        )
    if isinstance(template, list):
        return (
            isinstance(given, list | tuple)
            and len(given) == len(template)
            and all(_fits(*pair, names, told) for pair in zip(template, given, strict=True))
        )
    return True


def _names(template: Any) -> bool:
    """Return whether a placeholder stands anywhere in a template."""
    if isinstance(template, Mapping):
        return any(map(_names, template.values()))
    if isinstance(template, list):
        return any(map(_names, template))
    return isinstance(template, str) and PLACEHOLDER.search(template) is not None


def _is_text(template: str, given: str, names: Mapping[str, str], told: dict[str, str]) -> bool:
    pattern, end = "", 0
    for found in PLACEHOLDER.finditer(template):
        name = found[1]
        known = names.get(name, told.get(name))
        again = f"(?P={name})" if f"(?P<{name}>" in pattern else f"(?P<{name}>.+)"
        pattern += re.escape(template[end : found.start()]) + (again if known is None else re.escape(known))
        end = found.end()
    match = re.fullmatch(pattern + re.escape(template[end:]), given, re.DOTALL)
    told |= match.groupdict() if match else {}
    return match is not None


Place = tuple[str | int, ...]
"""Where a text stands among parameters."""


def _texts(template: Any, names: Mapping[str, str], path: Place = ()) -> Iterator[tuple[Place, str | None]]:
    """Yield where parameters name something, and what; None where only an answer tells."""
    if isinstance(template, str) and PLACEHOLDER.search(template):
        known = all(name in names for name in PLACEHOLDER.findall(template))
        yield path, _filled(template, names) if known else None
    elif isinstance(template, Mapping):
        for key, value in template.items():
            yield from _texts(value, names, (*path, key))
    elif isinstance(template, list):
        for position, value in enumerate(template):
            yield from _texts(value, names, (*path, position))


def _at(parameters: Any, path: Place) -> Any:
    """Return what stands somewhere among parameters; None where nothing does."""
    for step in path:
        try:
            parameters = parameters[step]
        except (KeyError, IndexError, TypeError):
            return None
    return parameters


class Permitted:
    """All that a run may call: by the operation, and by the texts in which it names a resource."""

    def __init__(self, calls: Iterable[OfResource]) -> None:
        self._calls: dict[str, dict[tuple[Place, ...], dict[tuple[Any, ...], list[OfResource]]]] = {}
        for it in calls:
            known = {path: told for path, told in _texts(it.call.parameters, it.names) if told is not None}
            by_paths = self._calls.setdefault(it.call.operation, {}).setdefault(tuple(known), {})
            by_paths.setdefault(tuple(known.values()), []).append(it)

    def _named_by(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[OfResource]:
        """Yield the calls whose texts these parameters hold: one look per form, not per resource."""
        for paths, by_texts in self._calls.get(operation, {}).items():
            given = tuple(_at(parameters, path) for path in paths)
            if all(isinstance(it, str) for it in given):
                yield from by_texts.get(given, [])

    def refuses(self, operation: str, parameters: Mapping[str, Any], region: str = "") -> str:
        """Return why a call is not made: nothing that the stack names is read by it; empty where it is.

        `region` is which one a client asks that is none of the run's own: those ask where the stack says.
        """
        about = [it for it in self._named_by(operation, parameters) if it.covers(parameters)]
        if about and not region:
            return ""
        if about and not any(it.states(parameters) for it in about):
            return text(f"{operation} was refused: it says more than the probe that makes it", None)
        if about and (region.endswith(_OF_ALL_REGIONS) or any(it.is_in(region) for it in about)):
            return ""
        forms = self._calls.get(operation, {}).values()
        there = [it for by_texts in forms for same in by_texts.values() for it in same]
        asked = ", ".join(f"{name}={value!r}" for name, value in _naming(there, parameters)) or "nothing"
        why = (
            f"a live run calls it only of {_each(there)}"
            if there
            else "nothing that the stack names is read so"
        )
        where = f" in {region}" if about else ""
        return text(f"{operation} of {asked}{where} was refused: {why}", None)


MOST = 3
"""How many resources a refusal names."""


def _naming(calls: Iterable[OfResource], parameters: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parameters that say which resource is meant."""
    declared = {name for it in calls for name, value in it.call.parameters.items() if _names(value)}
    yield from ((name, value) for name, value in parameters.items() if not declared or name in declared)


def _each(calls: Iterable[OfResource]) -> str:
    """Return of what some calls are, as far as that is known before one is made."""
    return some(dict.fromkeys(fill(it.call.of, _Left(it.names)) for it in calls), MOST)


class _Left(dict[str, str]):
    """Leaves what is not known as it stands."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"
