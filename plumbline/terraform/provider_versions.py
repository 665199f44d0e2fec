"""Which versions of a provider a constraint admits: `~> 5.0, != 5.3.1`.

A prerelease is admitted only where a constraint names just that one. Sources: Terraform language, "Version
Constraints" and "Provider Requirements"; Semantic Versioning 2.0.0, section 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import total_ordering

_WRITTEN = re.compile(
    r"(?P<numbers>\d{1,18}(?:\.\d{1,18}){0,2})(?:-(?P<prerelease>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_PART = re.compile(rf"(?P<operator>=|!=|>=|<=|~>|>|<)?\s*(?P<version>{_WRITTEN.pattern})")


@total_ordering
@dataclass(frozen=True)
class Version:
    """A version: a release, or a prerelease of it."""

    numbers: tuple[int, int, int]
    prerelease: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> Version:
        """Read a version, or its beginning: `5.1` is `5.1.0`. Raises `ValueError`."""
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a version")
        numbers = [*map(int, match["numbers"].split(".")), 0, 0][:3]
        return cls(
            (numbers[0], numbers[1], numbers[2]),
            tuple((match["prerelease"] or "").split(".")) if match["prerelease"] else (),
        )

    @property
    def _order(self) -> tuple[tuple[int, int, int], bool, list[tuple[bool, int, str]]]:
        steps = [(not it.isdigit(), int(it) if it.isdigit() else 0, it) for it in self.prerelease]
        return self.numbers, not self.prerelease, steps

    def __lt__(self, other: Version) -> bool:
        """Return whether it comes before another one."""
        return self._order < other._order

    def after(self) -> Version:
        """Return the least release that comes after it."""
        major, minor, patch = self.numbers
        return Version((major, minor, patch if self.prerelease else patch + 1))

    def __str__(self) -> str:
        release = ".".join(map(str, self.numbers))
        return f"{release}-{'.'.join(self.prerelease)}" if self.prerelease else release


@dataclass(frozen=True)
class _Bound:
    """A part of a constraint."""

    operator: str
    version: Version
    steps: int
    """How many numbers its version is written with."""

    def holds(self, version: Version) -> bool:
        match self.operator:
            case "!=":
                return version != self.version
            case ">":
                return version > self.version
            case ">=":
                return version >= self.version
            case "<":
                return version < self.version
            case "<=":
                return version <= self.version
            case "~>":
                return self.version <= version < self.ceiling
        return version == self.version

    @property
    def least_release(self) -> Version:
        """The least release that it does not exclude from below."""
        if self.operator not in (">", ">=", "~>"):
            return Version((0, 0, 0))
        if self.operator == ">" or self.version.prerelease:
            return self.version.after()
        return self.version

    @property
    def ceiling(self) -> Version:
        """The first release that `~>` does not admit any more."""
        major, minor, _ = self.version.numbers
        return Version((major, minor + 1, 0) if self.steps == 3 else (major + 1, 0, 0))


def admits(constraint: str, version: str) -> bool:
    """Return whether a version fulfils a constraint. Raises `ValueError` for what is neither."""
    found, bounds = Version.of(version), [*_bounds(constraint)]
    is_named = any(it.operator == "=" and it.version == found for it in bounds)
    return (is_named or not found.prerelease) and all(it.holds(found) for it in bounds)


def least(constraint: str) -> Version | None:
    """Return the least version that fulfils a constraint, published or not; None where none does.

    Releases are well-ordered, so that there is a least one wherever there is one. Raises `ValueError` for
    what is no constraint.
    """
    bounds = [*_bounds(constraint)]
    named = [it.version for it in bounds if it.operator == "="]
    excluded = {it.version for it in bounds if it.operator == "!="}
    candidate = named[0] if named else max((it.least_release for it in bounds), default=Version((0, 0, 0)))
    while not named and candidate in excluded:
        candidate = candidate.after()
    return candidate if all(it.holds(candidate) for it in bounds) else None


def alike(one: str, other: str) -> bool:
    """Return whether two constraints admit the same releases. Raises `ValueError` for what is none.

    Between two bounds nothing changes: it is enough to try each, and the release after it.
    """
    bounds = [*_bounds(one)], [*_bounds(other)]
    ends = {end for some in bounds for it in some for end in (it.version, it.ceiling)}
    tried = {Version((0, 0, 0))} | ends | {it.after() for it in ends}
    return all(
        all(it.holds(version) for it in bounds[0]) is all(it.holds(version) for it in bounds[1])
        for version in tried
    )


def _bounds(constraint: str) -> Iterator[_Bound]:
    for part in constraint.split(","):
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{constraint!r} is not a version constraint")
        numbers = match["numbers"].count(".") + 1
        yield _Bound(match["operator"] or "=", Version.of(match["version"]), numbers)
