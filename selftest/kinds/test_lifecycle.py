"""What becomes of objects by the lifecycle rules of their bucket, as S3 documents it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.lifecycle import Lifecycle
from plumbline.kinds.lifecycle_rule import LifecycleRule, StoredThing
from plumbline.kinds.s3 import Bucket
from plumbline.values.unknown import Undetermined, Unknown
from selftest.kinds.test_buckets import beside, bucket, declared

IA = {"storage_class": "STANDARD_IA", "days": 30}
GLACIER = {"storage_class": "GLACIER", "days": 90}
DEEP = {"storage_class": "DEEP_ARCHIVE", "days": 200}
MOVED = ["STANDARD_IA after 30 days", "GLACIER after 90 days"]
LARGE = 128 * 1024


def rule(number: int, stated: dict[str, Any]) -> LifecycleRule:
    return LifecycleRule(**{"id": f"r{number}", "status": "Enabled", **stated})


def lake(*rules: dict[str, Any], **stated: Any) -> Bucket:
    """A bucket with these rules."""
    return Bucket(name="lake", lifecycle_rules=[rule(*it) for it in enumerate(rules)], **stated)


COURSES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "no rule": ([], []),
    "moved, moved and gone": (
        [{"transitions": [IA, GLACIER], "expiration_days": 365}],
        [*MOVED, "expired after 365 days"],
    ),
    "of several rules": (
        [{"expiration_days": 365}, {"transitions": [GLACIER]}, {"transitions": [IA]}],
        [*MOVED, "expired after 365 days"],
    ),
    "of a rule that is disabled": ([{"status": "Disabled", "expiration_days": 3}], []),
    "the earlier of two expirations": (
        [{"expiration_days": 30}, {"expiration_days": 10}],
        ["expired after 10 days"],
    ),
    "the earlier of two moves to one class": (
        [{"transitions": [IA]}, {"transitions": [IA | {"days": 60}]}],
        ["STANDARD_IA after 30 days"],
    ),
    "never back": (
        [{"transitions": [GLACIER | {"days": 10}]}, {"transitions": [IA]}],
        ["GLACIER after 10 days"],
    ),
    "Glacier before infrequent access on one day": (
        [{"transitions": [IA]}, {"transitions": [GLACIER | {"days": 30}]}],
        ["GLACIER after 30 days"],
    ),
    "tiering before infrequent access on one day": (
        [{"transitions": [IA]}, {"transitions": [{"storage_class": "INTELLIGENT_TIERING", "days": 30}]}],
        ["INTELLIGENT_TIERING after 30 days"],
    ),
    "Glacier before tiering on one day": (
        [{"transitions": [GLACIER]}, {"transitions": [{"storage_class": "INTELLIGENT_TIERING", "days": 90}]}],
        ["GLACIER after 90 days"],
    ),
    "the last of three": ([{"transitions": [IA, GLACIER, DEEP]}], [*MOVED, "DEEP_ARCHIVE after 200 days"]),
    "not between classes that have no way": (
        [
            {"transitions": [{"storage_class": "ONEZONE_IA", "days": 30}]},
            {"transitions": [{"storage_class": "GLACIER_IR", "days": 90}]},
        ],
        ["ONEZONE_IA after 30 days"],
    ),
    "nothing after its end": (
        [{"transitions": [GLACIER]}, {"expiration_days": 60}],
        ["expired after 60 days"],
    ),
    "another prefix": (
        [{"transitions": [IA, GLACIER]}, {"prefix": "tmp/", "expiration_days": 7}],
        [*MOVED, "but objects below tmp/: expired after 7 days"],
    ),
    "a tag": (
        [{"transitions": [IA, GLACIER]}, {"tags": {"keep": "no"}, "expiration_days": 7}],
        [*MOVED, "but objects with the tag keep=no: expired after 7 days"],
    ),
    "all tags": (
        [{"tags": {"a": "1", "b": "2"}, "expiration_days": 7}],
        ["but objects with the tag a=1 with the tag b=2: expired after 7 days"],
    ),
    "large ones alone": (
        [{"transitions": [IA, GLACIER], "object_size_greater_than": LARGE}, {"expiration_days": 365}],
        [*MOVED, "expired after 365 days"],
    ),
    "larger ones alone": (
        [{"expiration_days": 7, "object_size_greater_than": 1_000_000}],
        [
            "expired after 7 days",
            "but objects of 999,999 bytes: nothing",
            "but objects of 1,000,000 bytes: nothing",
        ],
    ),
    "infrequent access too early": (
        [{"transitions": [IA | {"days": 29}]}],
        ["S3 refuses rule r0: Days of STANDARD_IA is 29, and must be 30 or more"],
    ),
    "an archive too early": (
        [{"transitions": [IA, GLACIER | {"days": 59}]}],
        ["S3 refuses rule r0: Days of GLACIER is 59, and must be 30 more than the 30 of STANDARD_IA"],
    ),
    "an archive too early by another rule": (
        [{"transitions": [IA]}, {"transitions": [GLACIER | {"days": 59}]}],
        ["STANDARD_IA after 30 days", "GLACIER after 59 days"],
    ),
    "an end before a move": (
        [{"transitions": [GLACIER], "expiration_days": 90}],
        ["S3 refuses rule r0: Days of the expiration is 90, and must be more than the 90 of GLACIER"],
    ),
    "a refused rule beside a good one": (
        [{"transitions": [IA, GLACIER]}, {"status": "Disabled", "noncurrent_days": -1}],
        ["S3 refuses rule r1: noncurrent_days is -1, and must be positive"],
    ),
    "nothing at all": ([{}], ["S3 refuses rule r0: it does nothing"]),
    "two of one name": (
        [{"id": "r", "expiration_days": 7}, {"id": "r", "noncurrent_days": 7}],
        ["S3 refuses two rules with the id r"],
    ),
    "uploads by tag": (
        [{"tags": {"a": "b"}, "days_after_initiation": 7}],
        ["S3 refuses rule r0: AbortIncompleteMultipartUpload goes with neither tags nor sizes"],
    ),
}


@pytest.mark.parametrize("case", COURSES)
def test_what_becomes_of_objects_is_what_s3_documents(case: str) -> None:
    rules, course = COURSES[case]
    assert lake(*rules).course_of([""]) == {"": course}


def test_an_object_that_is_gone_is_not_moved_and_one_that_is_hidden_is() -> None:
    rules = [{"transitions": [GLACIER]}, {"expiration_days": 90}]
    assert lake(*rules).course_of([""]) == {"": ["expired after 90 days"]}
    hidden = ["GLACIER after 90 days", "expired after 90 days"]
    assert lake(*rules, versioning="Enabled").course_of([""]) == {"": hidden}


def test_each_prefix_is_asked_by_itself() -> None:
    found = lake({"prefix": "raw/", "transitions": [IA]}, {"prefix": "exports/", "expiration_days": 365})
    asked = ("raw/", "raw/2026/", "exports/", "qr/")
    assert found.stages_of(asked) == {
        "raw/": ["STANDARD_IA"],
        "raw/2026/": ["STANDARD_IA"],
        "exports/": ["expired"],
        "qr/": [],
    }


@pytest.mark.parametrize(
    ("smallest", "stated", "course"),
    [
        ("all_storage_classes_128K", {}, []),
        ("varies_by_storage_class", {}, ["GLACIER after 90 days"]),
        ("all_storage_classes_128K", {"object_size_greater_than": 10}, MOVED),
    ],
)
def test_a_small_object_stays_where_it_is_unless_it_is_said(
    smallest: str, stated: dict[str, Any], course: list[str]
) -> None:
    rules = [rule(0, {"transitions": [IA, GLACIER], **stated})]
    thing = StoredThing("a", 1000)
    assert [str(it) for it in Lifecycle(rules, smallest=smallest).course(thing)] == course


LEFT: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "versions, by an expiration": ("keeps_versions", {"expiration_days": 7}, ["objects"]),
    "versions": ("keeps_versions", {"noncurrent_days": 7}, []),
    "versions but the newest": ("keeps_versions", {"noncurrent_days": 7, "newer_noncurrent_versions": 3}, []),
    "any version": ("keeps_any_version", {"noncurrent_days": 7}, []),
    "any version but the newest": (
        "keeps_any_version",
        {"noncurrent_days": 7, "newer_noncurrent_versions": 1},
        ["objects"],
    ),
    "versions below a prefix": ("keeps_versions", {"noncurrent_days": 7, "prefix": "a/"}, ["objects"]),
    "versions that are moved": ("keeps_versions", {"noncurrent_version_transitions": [GLACIER]}, ["objects"]),
    "versions, by a disabled rule": (
        "keeps_versions",
        {"noncurrent_days": 7, "status": "Disabled"},
        ["objects"],
    ),
    "markers": ("keeps_markers", {"expired_object_delete_marker": True}, []),
    "markers, by an expiration": ("keeps_markers", {"expiration_days": 7}, []),
    "markers, by one of tags": ("keeps_markers", {"expiration_days": 7, "tags": {"a": "b"}}, ["objects"]),
    "markers, by old versions": ("keeps_markers", {"noncurrent_days": 7}, ["objects"]),
    "uploads": ("keeps_uploads", {"days_after_initiation": 7}, []),
    "uploads, by an expiration": ("keeps_uploads", {"expiration_days": 7}, ["objects"]),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_stays_for_ever_is_told(case: str) -> None:
    asked, stated, left = LEFT[case]
    assert getattr(lake(stated), asked)([""]) == left


@pytest.mark.parametrize(
    "stated",
    [
        {"expiration_days": Unknown("var.days")},
        {"expiration_days": 7, "prefix": Unknown("var.prefix")},
        {"expiration_days": 7, "status": Unknown("var.status")},
        {"expiration_date": "2030-01-01T00:00:00Z"},
        {"transitions": [{"storage_class": "SNOW", "days": 7}]},
    ],
    ids=["days", "prefix", "status", "a date", "a class that nobody knows"],
)
def test_what_hangs_on_what_is_not_known_is_undetermined(stated: dict[str, Any]) -> None:
    with pytest.raises(Undetermined):
        lake(stated).course_of([""])


CONFIGURATION = beside(
    "aws_s3_bucket_lifecycle_configuration",
    """  rule {
    id     = "all"
    status = "Enabled"
    filter {
      and {
        prefix = "raw/"
        tags   = { a = "b" }
        object_size_greater_than = 500
      }
    }
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    expiration {
      days = 365
    }
    noncurrent_version_transition {
      noncurrent_days           = 40
      storage_class             = "GLACIER"
      newer_noncurrent_versions = 2
    }
    noncurrent_version_expiration {
      noncurrent_days           = 60
      newer_noncurrent_versions = 3
    }
  }
  rule {
    id     = "uploads"
    status = "Disabled"
    prefix = "tmp/"
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
  rule {
    id     = "one tag"
    status = "Enabled"
    filter {
      tag {
        key   = "c"
        value = "d"
      }
    }
    expiration {
      expired_object_delete_marker = true
    }
  }
""",
)


def test_a_configuration_is_read_whole(tmp_path: Path) -> None:
    found = bucket(declared(tmp_path / "root", "", CONFIGURATION))
    old = {"storage_class": "GLACIER", "days": 40, "newer_noncurrent_versions": 2}
    assert found.lifecycle_rules == [
        LifecycleRule(
            id="all",
            status="Enabled",
            prefix="raw/",
            tags={"a": "b"},
            object_size_greater_than=500,
            transitions=[IA],
            expiration_days=365,
            noncurrent_version_transitions=[old],
            noncurrent_days=60,
            newer_noncurrent_versions=3,
        ),
        LifecycleRule(
            id="uploads", status="Disabled", has_filter=False, prefix="tmp/", days_after_initiation=7
        ),
        LifecycleRule(id="one tag", status="Enabled", tags={"c": "d"}, expired_object_delete_marker=True),
    ]


WITHIN = """lifecycle_rule {
  enabled = true
  prefix  = "raw/"
  tags    = { a = "b" }
  transition {
    days          = 30
    storage_class = "STANDARD_IA"
  }
  expiration {
    days = 365
  }
  noncurrent_version_expiration {
    days = 60
  }
}
lifecycle_rule {
  id                                     = "uploads"
  enabled                                = false
  abort_incomplete_multipart_upload_days = 7
}"""


def test_blocks_within_the_bucket_say_the_same(tmp_path: Path) -> None:
    found = bucket(declared(tmp_path / "root", WITHIN))
    first, second = found.lifecycle_rules
    assert (first.status, first.prefix, first.tags) == ("Enabled", "raw/", {"a": "b"})
    assert found.course_of(["raw/"]) == {
        "raw/": ["but objects below raw/ with the tag a=b: STANDARD_IA after 30 days, expired after 365 days"]
    }
    assert first.noncurrent_days == 60
    assert second == LifecycleRule(id="uploads", status="Disabled", days_after_initiation=7)


def test_two_configurations_that_differ_are_neither(tmp_path: Path) -> None:
    other = beside(
        "aws_s3_bucket_lifecycle_configuration",
        'rule {\n id = "x"\n status = "Enabled"\n filter {}\n expiration {\n days = 1\n }\n}',
    )
    found = bucket(declared(tmp_path / "root", WITHIN, other))
    with pytest.raises(Undetermined, match="both configure"):
        found.course_of([""])


def test_a_rule_is_told_that_has_no_filter_of_its_own(tmp_path: Path) -> None:
    assert bucket(declared(tmp_path / "root", "", CONFIGURATION)).unfiltered_rules == ["uploads"]
    assert bucket(declared(tmp_path / "other", WITHIN)).unfiltered_rules == []
    made = CONFIGURATION.replace('prefix = "tmp/"', 'filter {\n prefix = ""\n }')
    assert bucket(declared(tmp_path / "third", "", made)).unfiltered_rules == []


def test_a_filter_that_may_not_be_there_is_undetermined() -> None:
    held = lake({"has_filter": Unknown("var.filters"), "expiration_days": 3})
    with pytest.raises(Undetermined, match=r"var\.filters"):
        assert held.unfiltered_rules == []


def test_a_rule_is_enabled_that_s3_applies() -> None:
    ends, off = {"expiration_days": 3}, {"status": "Disabled"}
    assert lake(ends, {**ends, **off}).enabled_rules == ["r0"]
    assert lake({**ends, **off}).enabled_rules == []
    assert lake().enabled_rules == []
    assert lake(ends, {"expiration_days": 0}).enabled_rules == []
