"""The lifecycle configuration of a bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, Fields, Requests, request
from plumbline.kinds.lifecycle import NONE_SMALL, Lifecycle, courses
from plumbline.kinds.lifecycle_rule import LifecycleRule, StoredThing, Transition, refused
from plumbline.kinds.s3_call import of_bucket
from plumbline.terraform.declared import Beside, Declaration, block, blocks, given, known
from plumbline.values.unknown import Placeholder, Unexamined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_MADE_UP = Unexamined("the provider makes the id of the rule up")


class LifecycleConfiguration(Facet):
    """What becomes of objects, old versions, delete markers and uploads that nobody completes.

    What is asked of objects is asked of all below each of some prefixes, the empty one for every object.
    """

    call = of_bucket(
        "s3:GetBucketLifecycleConfiguration",
        "NoSuchLifecycleConfiguration",
        action="s3:GetLifecycleConfiguration",
    )
    beside = Beside("aws_s3_bucket_lifecycle_configuration", "bucket")
    arguments: ClassVar = dict.fromkeys(
        (
            *("lifecycle_rules", "stages_of", "course_of", "rules_for", "expires"),
            *("keeps_versions", "keeps_markers", "keeps_uploads", "enabled_rules", "unfiltered_rules"),
        ),
        "rule",
    )

    if TYPE_CHECKING:
        versioning: Literal["Enabled", "Suspended"] | None

    lifecycle_rules: list[LifecycleRule] = []
    transition_default_minimum_object_size: Literal["all_storage_classes_128K", "varies_by_storage_class"] = (
        "all_storage_classes_128K"
    )
    """Whether S3 leaves each object below 128 KB where it is, or moves it to Glacier's classes."""

    @property
    def enabled_rules(self) -> list[str]:
        """The ids of the rules that S3 applies: none where it takes none of them."""
        refusing = refused(self.lifecycle_rules)
        return [] if refusing else [str(it.id) for it in self.lifecycle_rules if it.is_enabled]

    @property
    def unfiltered_rules(self) -> list[str]:
        """The ids of the rules without a filter of their own, enabled or not."""
        return [str(it.id) for it in self.lifecycle_rules if not known(it.has_filter)]

    def stages_of(self, prefixes: Iterable[str]) -> dict[str, list[str]]:
        """Return what becomes of objects, in order: storage classes, and `expired`.

        Of those that fare otherwise than the others below their prefix it is told how; of rules that S3
        refuses, why.
        """
        return self._told(prefixes, lambda step: step.to)

    def course_of(self, prefixes: Iterable[str]) -> dict[str, list[str]]:
        """Return the same with its days: `GLACIER after 120 days`."""
        return self._told(prefixes, str)

    def rules_for(self, prefixes: Iterable[str]) -> list[str]:
        """Return the ids of the rules that do anything below the prefixes, be it to old versions."""
        if reasons := refused(self.lifecycle_rules):
            return reasons
        rules = [it for it in self.lifecycle_rules if it.is_enabled]
        return [str(it.id) for it in rules if any(it.reaches(prefix) for prefix in prefixes)]

    def expires(self, prefixes: Iterable[str]) -> list[str]:
        """Return which objects below the prefixes expire some day."""
        return self._left(prefixes, lambda thing: not self._lifecycle.expires(thing))

    def keeps_versions(self, prefixes: Iterable[str]) -> list[str]:
        """Return of which objects old versions are kept for ever, but for a number of the newest."""
        return self._left(prefixes, self._lifecycle.removes_versions)

    def keeps_any_version(self, prefixes: Iterable[str]) -> list[str]:
        """Return of which objects an old version is kept for ever, be it the newest alone."""
        return self._left(prefixes, self._lifecycle.removes_every_version)

    def keeps_markers(self, prefixes: Iterable[str]) -> list[str]:
        """Return of which objects a delete marker stays for ever behind which no version is left."""
        return self._left(prefixes, self._lifecycle.removes_markers, by_key=True)

    def keeps_uploads(self, prefixes: Iterable[str]) -> list[str]:
        """Return of which objects uploads in parts stay for ever that nobody completes."""
        return self._left(prefixes, self._lifecycle.aborts_uploads, by_key=True)

    def _told(self, prefixes: Iterable[str], told: Callable[[Any], str]) -> dict[str, list[str]]:
        if reasons := refused(self.lifecycle_rules):
            return dict.fromkeys(prefixes, reasons)
        found = {prefix: courses(self._lifecycle, prefix) for prefix in prefixes}
        return {prefix: [*map(told, course), *others] for prefix, (course, others) in found.items()}

    def _left(
        self, prefixes: Iterable[str], is_removed: Callable[[StoredThing], bool], *, by_key: bool = False
    ) -> list[str]:
        if reasons := refused(self.lifecycle_rules):
            return reasons
        things = (thing for prefix in prefixes for thing in self._lifecycle.things(prefix, by_key=by_key))
        return list(dict.fromkeys(str(it) for it in things if not is_removed(it)))

    @property
    def _lifecycle(self) -> Lifecycle:
        return Lifecycle(self.lifecycle_rules, self.versioning, self.transition_default_minimum_object_size)

    @classmethod
    def within(cls, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return what the blocks `lifecycle_rule` say."""
        if not given(rules := values.get("lifecycle_rule")):
            return None
        return {
            "rule": rules if isinstance(rules, Placeholder) else [_of_old(known(it)) for it in known(rules)]
        }

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        smallest = declaration.at("transition_default_minimum_object_size")
        return {
            "lifecycle_rules": [_declared(it) for it in declaration.blocks("rule")],
            "transition_default_minimum_object_size": _set(smallest, NONE_SMALL),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "lifecycle_rules": [_described(it) for it in answer.get("Rules", [])],
            "transition_default_minimum_object_size": answer.get(
                "TransitionDefaultMinimumObjectSize", NONE_SMALL
            ),
        }

    def requested(self) -> Requests:
        if self.lifecycle_rules:
            yield request(
                "s3:PutBucketLifecycleConfiguration",
                Bucket=self.name,
                LifecycleConfiguration={"Rules": [_requested(it) for it in self.lifecycle_rules]},
                TransitionDefaultMinimumObjectSize=self.transition_default_minimum_object_size,
            )


def _of_old(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block `lifecycle_rule` of a bucket as the resource of its own would say it."""
    enabled = rule.get("enabled")
    days = rule.get("abort_incomplete_multipart_upload_days")
    scope = {"prefix": rule.get("prefix"), "tags": rule.get("tags")}
    old = {
        name: [{**it, "noncurrent_days": it.get("days")} for it in blocks(rule, name)]
        for name in ("noncurrent_version_transition", "noncurrent_version_expiration")
    }
    return {
        "id": _set(rule.get("id"), _MADE_UP),
        "status": enabled if isinstance(enabled, Placeholder) else "Enabled" if enabled else "Disabled",
        "filter": [{"and": [scope]}],
        "transition": rule.get("transition"),
        "expiration": rule.get("expiration"),
        "abort_incomplete_multipart_upload": [{"days_after_initiation": days}] if given(days) else [],
        **old,
    }


def _declared(rule: Mapping[str, Any]) -> dict[str, Any]:
    scopes = [rule, *(it for one in blocks(rule, "filter") for it in (one, *blocks(one, "and")))]
    tags = [scope["tags"] for scope in scopes if given(scope.get("tags"))]
    single = {known(it.get("key")): it.get("value") for scope in scopes for it in blocks(scope, "tag")}
    ends, old = block(rule, "expiration"), block(rule, "noncurrent_version_expiration")
    return {
        "id": rule.get("id"),
        "status": rule.get("status"),
        "has_filter": _is_there(rule.get("filter")),
        "prefix": _first(scopes, "prefix", ""),
        "tags": tags[0] if tags else single,
        "object_size_greater_than": _number(_first(scopes, "object_size_greater_than")),
        "object_size_less_than": _number(_first(scopes, "object_size_less_than")),
        "transitions": [_declared_move(it, "days") for it in blocks(rule, "transition")],
        "expiration_days": _number(ends.get("days")),
        "expiration_date": _set(ends.get("date")),
        "expired_object_delete_marker": _set(ends.get("expired_object_delete_marker"), default=False),
        "noncurrent_version_transitions": [
            _declared_move(it, "noncurrent_days") for it in blocks(rule, "noncurrent_version_transition")
        ],
        "noncurrent_days": _number(old.get("noncurrent_days")),
        "newer_noncurrent_versions": _number(old.get("newer_noncurrent_versions")),
        "days_after_initiation": _number(
            block(rule, "abort_incomplete_multipart_upload").get("days_after_initiation")
        ),
    }


def _declared_move(move: Mapping[str, Any], days: str) -> dict[str, Any]:
    date = _set(move.get("date"))
    return {
        "storage_class": move.get("storage_class"),
        "days": move.get(days) if date is None else None,
        "date": date,
        "newer_noncurrent_versions": _number(move.get("newer_noncurrent_versions")),
    }


def _set(value: Any, default: Any = None) -> Any:
    """Return what an argument says; where it says nothing, its default."""
    return value if given(value) else default


def _number(value: Any) -> Any:
    """Return a number that an argument says; a state has 0 where it says none."""
    return None if not given(value) or (not isinstance(value, Placeholder) and not int(value)) else value


def _is_there(blocks: Any) -> Any:
    """Return whether there is a block; a state has an empty list where there is none."""
    return blocks if isinstance(blocks, Placeholder) else bool(blocks)


def _first(scopes: Iterable[Mapping[str, Any]], name: str, default: Any = None) -> Any:
    return next((scope[name] for scope in scopes if given(scope.get(name))), default)


def _described(rule: Mapping[str, Any]) -> dict[str, Any]:
    scope = rule.get("Filter") or {}
    both = {**scope, **(scope.get("And") or {})}
    tags = [*([scope["Tag"]] if scope.get("Tag") else []), *both.get("Tags", [])]
    ends, old = rule.get("Expiration") or {}, rule.get("NoncurrentVersionExpiration") or {}
    return {
        "id": rule.get("ID"),
        "status": rule["Status"],
        "has_filter": "Filter" in rule,
        "prefix": rule.get("Prefix") or both.get("Prefix") or "",
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
        "object_size_greater_than": both.get("ObjectSizeGreaterThan"),
        "object_size_less_than": both.get("ObjectSizeLessThan"),
        "transitions": [_described_move(it, "Days") for it in rule.get("Transitions", [])],
        "expiration_days": ends.get("Days"),
        "expiration_date": _date(ends.get("Date")),
        "expired_object_delete_marker": ends.get("ExpiredObjectDeleteMarker", False),
        "noncurrent_version_transitions": [
            _described_move(it, "NoncurrentDays") for it in rule.get("NoncurrentVersionTransitions", [])
        ],
        "noncurrent_days": old.get("NoncurrentDays"),
        "newer_noncurrent_versions": old.get("NewerNoncurrentVersions"),
        "days_after_initiation": (rule.get("AbortIncompleteMultipartUpload") or {}).get(
            "DaysAfterInitiation"
        ),
    }


def _described_move(move: Mapping[str, Any], days: str) -> dict[str, Any]:
    return {
        "storage_class": move["StorageClass"],
        "days": move.get(days),
        "date": _date(move.get("Date")),
        "newer_noncurrent_versions": move.get("NewerNoncurrentVersions"),
    }


def _date(value: Any) -> str | None:
    """Return a time of an answer as Terraform writes it."""
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _requested(rule: LifecycleRule) -> dict[str, Any]:
    ends = {
        "Days": rule.expiration_days,
        "Date": rule.expiration_date,
        "ExpiredObjectDeleteMarker": rule.expired_object_delete_marker or None,
    }
    old = {"NoncurrentDays": rule.noncurrent_days, "NewerNoncurrentVersions": rule.newer_noncurrent_versions}
    uploads = {"DaysAfterInitiation": rule.days_after_initiation}
    asked = {
        "ID": None if isinstance(rule.id, Placeholder) else rule.id,
        "Status": rule.status,
        "Transitions": [_requested_move(it, "Days") for it in rule.transitions],
        "Expiration": _said(ends),
        "NoncurrentVersionTransitions": [
            _requested_move(it, "NoncurrentDays") for it in rule.noncurrent_version_transitions
        ],
        "NoncurrentVersionExpiration": _said(old),
        "AbortIncompleteMultipartUpload": _said(uploads),
    }
    scope = {"Filter": _requested_filter(rule)} if rule.has_filter else {"Prefix": rule.prefix}
    return {**{name: value for name, value in asked.items() if value}, **scope}


def _requested_move(move: Transition, days: str) -> dict[str, Any]:
    return _said(
        {
            days: move.days,
            "Date": move.date,
            "StorageClass": move.storage_class,
            "NewerNoncurrentVersions": move.newer_noncurrent_versions,
        }
    )


def _requested_filter(rule: LifecycleRule) -> dict[str, Any]:
    """Return what a rule is for: one thing as itself, several under `And`."""
    tags = [{"Key": key, "Value": value} for key, value in rule.tags.items()]
    scope = _said(
        {
            "Prefix": rule.prefix or None,
            "ObjectSizeGreaterThan": rule.object_size_greater_than,
            "ObjectSizeLessThan": rule.object_size_less_than,
        }
    )
    if len(scope) + len(tags) > 1:
        return {"And": {**scope, **({"Tags": tags} if tags else {})}}
    return {"Tag": tags[0]} if tags else scope or {"Prefix": ""}


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
