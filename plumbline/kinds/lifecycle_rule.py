"""The rules of a bucket's lifecycle: which objects each is for, and why S3 takes none of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from plumbline.terraform.declared import known
from plumbline.values.model import Model, Text

_INFREQUENT_ACCESS = ("STANDARD_IA", "ONEZONE_IA")
_DAYS_BEFORE_THESE = 30
ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
_MOST_RULES = 1000
_MOST_VERSIONS = 100


class Transition(Model):
    """A move to another storage class."""

    storage_class: str
    days: int | None = None
    """Days after the object was created, or was replaced by a newer version; None where `date` is given."""
    date: str | None = None
    newer_noncurrent_versions: int | None = None
    """How many newer noncurrent versions there must be, of a move of old versions."""


@dataclass(frozen=True)
class StoredThing:
    """An object as lifecycle rules see it, or all that are like it."""

    key: str
    size: int
    """Bytes."""
    tags: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    """What it is, to people."""

    def __str__(self) -> str:
        return self.told


class LifecycleRule(Model):
    """One rule. Source: Amazon S3 User Guide, "Lifecycle configuration elements"."""

    id: Text | None = None
    status: Literal["Enabled", "Disabled"]
    has_filter: bool = True
    """Whether a block of its own says which objects it is for: `filter`, in S3's answer `Filter`."""
    prefix: Text = ""
    tags: dict[str, Text] = {}
    """Tags of which an object must carry all."""
    object_size_greater_than: int | None = None
    """Bytes."""
    object_size_less_than: int | None = None
    """Bytes."""
    transitions: list[Transition] = []
    expiration_days: int | None = None
    """Days after which a current version is deleted, or in a versioned bucket hidden by a delete marker."""
    expiration_date: str | None = None
    expired_object_delete_marker: bool = False
    """Whether a delete marker goes behind which no version is left."""
    noncurrent_version_transitions: list[Transition] = []
    noncurrent_days: int | None = None
    """Days after which a version is deleted that a newer one replaced."""
    newer_noncurrent_versions: int | None = None
    """How many of the newest of them are kept all the same."""
    days_after_initiation: int | None = None
    """Days after which an upload in parts is aborted that nobody completed."""

    @property
    def is_enabled(self) -> bool:
        """Whether S3 applies it."""
        return self.status == "Enabled"

    @property
    def has_size(self) -> bool:
        """Whether the size of an object decides."""
        return any(
            known(it) is not None for it in (self.object_size_greater_than, self.object_size_less_than)
        )

    def reaches(self, prefix: str) -> bool:
        """Return whether some object below a prefix may be one that the rule is for."""
        own = known(self.prefix)
        return own.startswith(prefix) or prefix.startswith(own)

    def is_for(self, thing: StoredThing) -> bool:
        """Return whether an object is one that the rule is for."""
        more, less = known(self.object_size_greater_than), known(self.object_size_less_than)
        return (
            thing.key.startswith(known(self.prefix))
            and all(thing.tags.get(key) == known(value) for key, value in known(self.tags).items())
            and (more is None or thing.size > more)
            and (less is None or thing.size < less)
        )


def refused(rules: list[LifecycleRule]) -> list[str]:
    """Return why S3 takes none of some rules. Raises `Undetermined` where that is not known.

    Source: Amazon S3 API reference, PutBucketLifecycleConfiguration; Amazon S3 User Guide, "Transitioning
    objects using Amazon S3 Lifecycle", "Constraints and considerations for transitions".
    """
    if len(rules) > _MOST_RULES:
        return [f"S3 takes {_MOST_RULES:,} lifecycle rules, and there are {len(rules):,}"]
    named = Counter(it.id for it in rules if isinstance(it.id, str))
    twice = (f"S3 refuses two rules with the id {name}" for name, times in named.items() if times > 1)
    return [*twice, *(f"S3 refuses rule {_called(it)}: {why}" for it in rules for why in _mistakes(it))]


def _called(rule: LifecycleRule) -> str:
    return rule.id if isinstance(rule.id, str) else f"for {known(rule.prefix) or 'all objects'}"


def _mistakes(rule: LifecycleRule) -> Iterator[str]:
    yield from _too_early(rule.transitions, known(rule.expiration_days), "Days")
    yield from _too_early(rule.noncurrent_version_transitions, known(rule.noncurrent_days), "NoncurrentDays")
    ends = (rule.expiration_days, rule.expiration_date, rule.noncurrent_days, rule.days_after_initiation)
    moves = bool(rule.transitions) or bool(rule.noncurrent_version_transitions)
    if not moves and not rule.expired_object_delete_marker and all(known(it) is None for it in ends):
        yield "it does nothing"
    for name in ("expiration_days", "noncurrent_days", "days_after_initiation"):
        if known(days := getattr(rule, name)) is not None and days < 1:
            yield f"{name} is {days}, and must be positive"
    if rule.expired_object_delete_marker and known(rule.expiration_days) is not None:
        yield "it has both Days and ExpiredObjectDeleteMarker"
    kept = known(rule.newer_noncurrent_versions)
    if kept is not None and not 1 <= kept <= _MOST_VERSIONS:
        yield f"NewerNoncurrentVersions is {kept}, and must be 1 to {_MOST_VERSIONS}"
    if known(rule.tags) or rule.has_size:
        if rule.expired_object_delete_marker:
            yield "ExpiredObjectDeleteMarker goes with neither tags nor sizes"
        if known(rule.days_after_initiation) is not None:
            yield "AbortIncompleteMultipartUpload goes with neither tags nor sizes"


def _too_early(moves: Iterable[Transition], ends: int | None, what: str) -> Iterator[str]:
    """Yield why some moves come before they may, or after the end."""
    days = {known(it.storage_class): known(it.days) for it in moves if known(it.days) is not None}
    infrequent = [(it, days[it]) for it in _INFREQUENT_ACCESS if it in days]
    for name, after in infrequent:
        if after < _DAYS_BEFORE_THESE:
            yield f"{what} of {name} is {after}, and must be {_DAYS_BEFORE_THESE} or more"
        for archive in (it for it in ARCHIVES if it in days):
            if after <= days[archive] < after + _DAYS_BEFORE_THESE:
                yield (
                    f"{what} of {archive} is {days[archive]}, and must be {_DAYS_BEFORE_THESE} "
                    f"more than the {after} of {name}"
                )
    for name, after in days.items():
        if ends is not None and ends <= after:
            yield f"{what} of the expiration is {ends}, and must be more than the {after} of {name}"
