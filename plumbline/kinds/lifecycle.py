"""What becomes of objects by the lifecycle rules of their bucket, as S3 applies these together.

Source: Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle", "Expiring objects" and "How
Amazon S3 handles conflicts in lifecycle configurations".
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plumbline.kinds.lifecycle_rule import ARCHIVES, LifecycleRule, StoredThing
from plumbline.terraform.declared import known
from plumbline.values.unknown import Undetermined

EXPIRED = "expired"
"""What becomes of an object at last; of a versioned bucket it is then hidden by a delete marker."""
_CHEAPER = (
    *("STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA"),
    *("GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
)
"""The storage classes in the order in which objects move, and never back."""
_NO_WAY = {("ONEZONE_IA", "GLACIER_IR")}
NONE_SMALL = "all_storage_classes_128K"
"""Terraform's default of `transition_default_minimum_object_size`, and S3's since September 2024."""
_SMALL = 128 * 1024
"""Bytes below which an object stays where it is, unless a rule speaks of sizes."""
_BIG = 1024**3
_OTHER = "\0"
"""Stands for a text that no rule can name."""
MOST_THINGS = 4096
"""How many sorts of objects are told apart."""


@dataclass(frozen=True)
class Step:
    """What becomes of an object, and how many days after it was created."""

    to: str
    """A storage class, or `expired`."""
    days: int

    def __str__(self) -> str:
        return f"{self.to} after {self.days} days"


@dataclass(frozen=True)
class Lifecycle:
    """The rules of a bucket, and what else decides."""

    rules: Sequence[LifecycleRule]
    versioning: str | None = None
    """Enabled, where what expires is hidden by a delete marker and not gone."""
    smallest: str = NONE_SMALL
    """Terraform's `transition_default_minimum_object_size`."""

    def course(self, thing: StoredThing) -> list[Step]:
        """Return what becomes of an object, in order. Raises `Undetermined` where a rule acts on a date."""
        rules = self._meant(thing)
        for rule in rules:
            dated = [rule.expiration_date, *(it.date for it in rule.transitions)]
            if any(known(it) is not None for it in dated):
                raise Undetermined(f"rule {rule.id} acts on a date, and not on an object's age")
        expires = [days for it in rules if (days := known(it.expiration_days)) is not None]
        ends = min(expires, default=None)
        steps: list[Step] = []
        for days, classes in self._moves(rules, thing):
            if ends is not None and (days > ends or (days == ends and self.versioning != "Enabled")):
                break
            now = steps[-1].to if steps else _CHEAPER[0]
            if possible := [it for it in classes if _leads(now, it)]:
                steps.append(Step(_favoured(possible), days))
        return steps if ends is None else [*steps, Step(EXPIRED, ends)]

    def expires(self, thing: StoredThing) -> bool:
        """Return whether an object expires some day, by its age or on a date."""
        return any(
            known(it.expiration_days) is not None or known(it.expiration_date) is not None
            for it in self._meant(thing)
        )

    def removes_versions(self, thing: StoredThing) -> bool:
        """Return whether old versions of an object are deleted some day, be it but for the newest."""
        return any(known(it.noncurrent_days) is not None for it in self._meant(thing))

    def removes_every_version(self, thing: StoredThing) -> bool:
        """Return whether all old versions of an object are deleted some day."""
        return any(
            known(it.noncurrent_days) is not None and known(it.newer_noncurrent_versions) is None
            for it in self._meant(thing)
        )

    def removes_markers(self, thing: StoredThing) -> bool:
        """Return whether a delete marker goes behind which no version is left; it has no tags and no size."""
        return any(
            it.expired_object_delete_marker or known(it.expiration_days) is not None
            for it in self._meant(thing)
            if not known(it.tags) and not it.has_size
        )

    def aborts_uploads(self, thing: StoredThing) -> bool:
        """Return whether uploads in parts of an object are aborted that nobody completes."""
        return any(known(it.days_after_initiation) is not None for it in self._meant(thing))

    def things(self, prefix: str, *, by_key: bool = False) -> list[StoredThing]:
        """Return the objects below a prefix that rules tell apart; the first is one that none names.

        `by_key` says that their sizes and tags do not matter. Raises `Undetermined` where these are too many.
        """
        rules = [it for it in self.rules if it.is_enabled]
        keys = dict.fromkeys([prefix, *(it.prefix for it in rules if known(it.prefix).startswith(prefix))])
        apart = [] if by_key else rules
        sizes = list(dict.fromkeys((_BIG, *_sizes(apart))))
        tags = sorted({(key, known(value)) for rule in apart for key, value in known(rule.tags).items()})
        if len(keys) * len(sizes) * 2 ** len(tags) > MOST_THINGS:
            raise Undetermined(f"the lifecycle rules tell more than {MOST_THINGS:,} sorts of objects apart")
        return [
            StoredThing(f"{key}{_OTHER}", size, dict(carried), _told(key, size, carried))
            for key, size, carried in itertools.product(keys, sizes, _subsets(tags))
        ]

    def _meant(self, thing: StoredThing) -> list[LifecycleRule]:
        return [it for it in self.rules if it.is_enabled and it.is_for(thing)]

    def _moves(self, rules: Iterable[LifecycleRule], thing: StoredThing) -> list[tuple[int, list[str]]]:
        """Return the storage classes that rules move an object to, by the days after which they do."""
        found: dict[int, list[str]] = {}
        for rule in rules:
            for it in rule.transitions:
                if rule.has_size or not self._stays_small(thing, known(it.storage_class)):
                    found.setdefault(known(it.days) or 0, []).append(it.storage_class)
        return sorted(found.items())

    def _stays_small(self, thing: StoredThing, storage_class: str) -> bool:
        if thing.size >= _SMALL:
            return False
        return self.smallest == NONE_SMALL or storage_class not in ARCHIVES


def courses(lifecycle: Lifecycle, prefix: str) -> tuple[list[Step], list[str]]:
    """Return what becomes of the objects below a prefix, and of which of them something else does."""
    first, *others = lifecycle.things(prefix)
    course = lifecycle.course(first)
    found: list[str] = []
    for thing in others:
        other = lifecycle.course(thing)
        if other != course and not (thing.size <= _SMALL and _only_stays(other, course)):
            found.append(f"but {thing}: {', '.join(map(str, other)) or 'nothing'}")
    return course, found


def _only_stays(small: Sequence[Step], course: Sequence[Step]) -> bool:
    """Return whether a small object fares as the others do, but for moves that S3 leaves out."""
    ends = [[it for it in steps if it.to == EXPIRED] for steps in (small, course)]
    return ends[0] == ends[1] and all(it in course for it in small)


def _leads(now: str, to: str) -> bool:
    """Return whether S3 moves an object from one storage class to another."""
    if not {now, to} <= {*_CHEAPER}:
        raise Undetermined(f"whether S3 moves objects from {now} to {to} is not known here")
    return _CHEAPER.index(to) > _CHEAPER.index(now) and (now, to) not in _NO_WAY


def _favoured(classes: Collection[str]) -> str:
    """Return the storage class that S3 chooses where an object may move to several on one day."""
    archives = [it for it in classes if it in ARCHIVES]
    if not archives and "INTELLIGENT_TIERING" in classes:
        return "INTELLIGENT_TIERING"
    return max(archives or classes, key=_CHEAPER.index)


def _sizes(rules: Iterable[LifecycleRule]) -> Iterator[int]:
    """Yield sizes on both sides of each bound."""
    for rule in rules:
        for bound in (known(rule.object_size_greater_than), known(rule.object_size_less_than)):
            if bound is not None:
                yield from (it for it in (bound - 1, bound, bound + 1) if it >= 0)


def _subsets(tags: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield what an object can carry of some tags: of each key one value at most."""
    for number in range(len(tags) + 1):
        for some in itertools.combinations(tags, number):
            if len({key for key, _ in some}) == number:
                yield some


def _told(key: str, size: int, tags: Iterable[tuple[str, str]]) -> str:
    parts = [f"objects below {key}" if key else "objects"]
    parts += [f"of {size:,} bytes"] if size != _BIG else []
    parts += [f"with the tag {name}={value}" for name, value in tags]
    return " ".join(parts)
