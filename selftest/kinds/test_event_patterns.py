"""Event patterns match what EventBridge says they match; moto, which wrote its own, is asked the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from plumbline.kinds.event_pattern import ANYTHING, declared_pattern, held_pattern, pattern_matches
from plumbline.values.unknown import ReadError, Undetermined

EVENT: dict[str, Any] = {
    "source": "aws.ec2",
    "detail-type": "EC2 Instance State-change Notification",
    "time": "2017-10-02T16:24:49Z",
    "region": "us-east-1",
    "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-1", "arn:aws:ec2:us-east-1:1:volume/v"],
    "detail": {
        "c-count": 5,
        "x-limit": 301.8,
        "source-ip": "10.0.0.33",
        "state": "running",
        "path": "dir1/dir2/file.png",
        "name": "Alice",
        "eventVersion": "",
        "responseElements": None,
        "ok": True,
        "tags": {"team": "a"},
        "rules": [{"id": "r1", "on": True}, {"id": "r2", "on": False}],
        "none": [],
    },
}
"""After the events of the EventBridge user guide and of the readme of aws/event-ruler."""
NOT_IN_MOTO = "moto 5 does otherwise"
MATCHES: list[tuple[dict[str, Any], bool, str]] = [
    ({"source": ["aws.ec2"]}, True, ""),
    ({"source": ["aws.s3", "aws.ec2"]}, True, ""),
    ({"source": ["AWS.EC2"]}, False, ""),
    ({"source": ["aws"]}, False, ""),
    ({"source": ["aws.ec2"], "region": ["eu-west-1"]}, False, ""),
    ({"resources": ["arn:aws:ec2:us-east-1:1:volume/v", "x"]}, True, ""),
    ({"resources": ["x"]}, False, ""),
    ({"time": [{"prefix": "2017-10-02"}]}, True, ""),
    ({"time": [{"prefix": "2018"}]}, False, ""),
    ({"source": [{"prefix": {"equals-ignore-case": "AWS."}}]}, True, ""),
    ({"source": [{"suffix": "ec2"}]}, True, ""),
    ({"source": [{"suffix": "ec"}]}, False, ""),
    ({"source": [{"suffix": {"equals-ignore-case": ".EC2"}}]}, True, ""),
    ({"source": [{"equals-ignore-case": "AWS.EC2"}]}, True, ""),
    ({"source": [{"equals-ignore-case": "AWS"}]}, False, ""),
    ({"detail": {"path": [{"wildcard": "dir1/*/file.png"}]}}, True, ""),
    ({"detail": {"path": [{"wildcard": "*.png"}]}}, True, ""),
    ({"detail": {"path": [{"wildcard": "*.jpg"}]}}, False, ""),
    ({"detail": {"path": [{"wildcard": "dir1/*dir2/*/file.png"}]}}, False, ""),
    ({"detail": {"path": [{"wildcard": "dir1/dir2/file.png"}]}}, True, ""),
    ({"detail": {"path": [{"wildcard": "dir1/\\*/file.png"}]}}, False, ""),
    ({"detail": {"path": [{"wildcard": "dir1/dir2/file.png*file.png"}]}}, False, ""),
    ({"detail": {"c-count": [{"wildcard": "*"}]}}, False, ""),
    ({"detail": {"state": [{"anything-but": "initializing"}]}}, True, ""),
    ({"detail": {"state": [{"anything-but": "running"}]}}, False, ""),
    ({"detail": {"state": [{"anything-but": ["stopped", "running"]}]}}, False, ""),
    ({"detail": {"state": [{"anything-but": ["stopped", "overloaded"]}]}}, True, ""),
    ({"detail": {"x-limit": [{"anything-but": [100, 301.8]}]}}, False, ""),
    ({"detail": {"x-limit": [{"anything-but": 123}]}}, True, ""),
    ({"detail": {"state": [{"anything-but": {"prefix": "init"}}]}}, True, ""),
    ({"detail": {"state": [{"anything-but": {"prefix": "run"}}]}}, False, ""),
    ({"detail": {"path": [{"anything-but": {"suffix": ".png"}}]}}, False, ""),
    ({"detail": {"path": [{"anything-but": {"suffix": [".png", ".jpg"]}}]}}, False, ""),
    ({"detail": {"path": [{"anything-but": {"suffix": [".txt", ".jpg"]}}]}}, True, ""),
    ({"detail": {"state": [{"anything-but": {"equals-ignore-case": "RUNNING"}}]}}, False, ""),
    ({"detail": {"state": [{"anything-but": {"equals-ignore-case": ["RUNNING", "x"]}}]}}, False, ""),
    ({"detail": {"path": [{"anything-but": {"wildcard": "*/dir2/*"}}]}}, False, ""),
    ({"detail": {"path": [{"anything-but": {"wildcard": "*/lib/*"}}]}}, True, ""),
    ({"detail": {"gone": [{"anything-but": "x"}]}}, False, ""),
    ({"detail": {"c-count": [{"numeric": [">", 0, "<=", 5]}]}}, True, ""),
    ({"detail": {"c-count": [{"numeric": ["<", 5]}]}}, False, ""),
    ({"detail": {"x-limit": [{"numeric": ["=", 3.018e2]}]}}, True, ""),
    ({"detail": {"state": [{"numeric": ["=", 1]}]}}, False, ""),
    ({"detail": {"c-count": [5]}}, True, ""),
    ({"detail": {"c-count": [5.0]}}, True, ""),
    ({"detail": {"c-count": ["5"]}}, False, ""),
    ({"detail": {"ok": [True]}}, True, ""),
    ({"detail": {"ok": [1]}}, False, NOT_IN_MOTO),
    ({"detail": {"source-ip": [{"cidr": "10.0.0.0/24"}]}}, True, ""),
    ({"detail": {"source-ip": [{"cidr": "10.0.1.0/24"}]}}, False, ""),
    ({"detail": {"source-ip": [{"cidr": "2001:db8::/32"}]}}, False, ""),
    ({"detail": {"state": [{"cidr": "10.0.0.0/24"}]}}, False, ""),
    ({"detail": {"c-count": [{"exists": True}]}}, True, ""),
    ({"detail": {"c-count": [{"exists": False}]}}, False, ""),
    ({"detail": {"errorCode": [{"exists": False}]}}, True, ""),
    ({"detail": {"errorCode": [{"exists": True}]}}, False, ""),
    ({"detail": {"error": {"code": [{"exists": False}]}}}, True, ""),
    ({"detail": {"responseElements": [{"exists": True}]}}, True, ""),
    ({"detail": {"tags": [{"exists": False}]}}, True, ""),
    ({"detail": {"none": [{"exists": False}]}}, True, NOT_IN_MOTO),
    ({"detail": {"eventVersion": [""]}}, True, ""),
    ({"detail": {"state": [""]}}, False, ""),
    ({"detail": {"responseElements": [None]}}, True, ""),
    ({"detail": {"eventVersion": [None]}}, False, ""),
    ({"detail": {"gone": [None]}}, False, ""),
    ({"detail": {"state": [None, "running", {"prefix": "x"}]}}, True, ""),
    ({"detail": {"rules": {"id": ["r2"]}}}, True, NOT_IN_MOTO),
    ({"detail": {"rules": {"id": ["r1"], "on": [False]}}}, False, ""),
    ({"detail": {"state": {"running": ["x"]}}}, False, ""),
    ({"$or": [{"region": ["eu-west-1"]}, {"detail": {"state": ["running"]}}]}, True, ""),
    ({"$or": [{"region": ["eu-west-1"]}, {"detail": {"state": ["stopped"]}}]}, False, ""),
    ({"source": ["aws.s3"], "$or": [{"region": ["us-east-1"]}, {"account": ["1"]}]}, False, ""),
    ({"detail": {"$or": [{"c-count": [{"numeric": [">", 9]}]}, {"name": ["Alice"]}]}}, True, ""),
]
REFUSED: list[tuple[str, str]] = [
    ("", "Expecting value"),
    ("[]", "must be an object that is not empty"),
    ("{}", "must be an object that is not empty"),
    ('{"source": "aws.s3"}', "source must be an object, or an array that is not empty"),
    ('{"source": []}', "source must be an object, or an array"),
    ('{"detail": {}}', "must be an object that is not empty"),
    ('{"source": [["aws.s3"]]}', "source holds an array in an array"),
    ('{"source": [{}]}', "not one of one key"),
    ('{"source": [{"prefix": "a", "suffix": "b"}]}', "not one of one key"),
    ('{"source": [{"sufix": "b"}]}', "sufix of source is no filter"),
    ('{"source": [{"prefix": 5}]}', "prefix of source must be a string"),
    ('{"source": [{"wildcard": "a**b"}]}', "twice in a row"),
    ('{"source": [{"wildcard": "a\\\\b"}]}', "may escape"),
    ('{"source": [{"anything-but": []}]}', "strings only, or numbers only"),
    ('{"source": [{"anything-but": ["a", 1]}]}', "strings only, or numbers only"),
    ('{"source": [{"anything-but": null}]}', "strings only, or numbers only"),
    ('{"source": [{"anything-but": {"prefix": ""}}]}', "takes no empty prefix"),
    ('{"source": [{"anything-but": {"numeric": ["=", 1]}}]}', "prefix, suffix, equals-ignore-case or"),
    ('{"source": [{"numeric": ["<", 5, ">", 0]}]}', "a range by > or >= and then"),
    ('{"source": [{"numeric": ["<"]}]}', "an array of one comparison"),
    ('{"source": [{"numeric": ["<", 6e9]}]}', "numbers from"),
    ('{"source": [{"numeric": ["!=", 6]}]}', "must compare by"),
    ('{"source": [{"exists": "true"}]}', "exists of source must be true or false"),
    ('{"source": [{"cidr": "10.0.0.0/40"}]}', "a range of addresses"),
    ('{"$or": [{"source": ["a"]}]}', "at least two objects"),
    ('{"$or": [{"source": ["a"]}, {"source": "b"}]}', "source must be an object"),
]
WHATEVER: list[tuple[Any, bool]] = [
    ({"exists": True}, True),
    ({"wildcard": "*"}, True),
    ({"prefix": ""}, True),
    ("Root", False),
    ("*", False),
    ({"anything-but": "Root"}, False),
    ({"exists": False}, False),
]


@pytest.mark.parametrize(("pattern", "expected", "in_moto"), MATCHES, ids=lambda it: json.dumps(it))
def test_a_pattern_matches_what_eventbridge_says(
    pattern: dict[str, Any], expected: bool, in_moto: str
) -> None:
    assert pattern_matches(declared_pattern(json.dumps(pattern), "here"), EVENT) is expected
    agrees = EventPattern.load(json.dumps(pattern)).matches_event(EVENT) is expected  # type: ignore[arg-type]
    assert agrees == (not in_moto), "moto agrees but where that is said"


@pytest.mark.parametrize(("text", "told"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_eventbridge_refuses_is_an_error_in_source_and_not_understood_in_an_account(
    text: str, told: str
) -> None:
    with pytest.raises(ReadError, match=f"^here: EventBridge refuses the event pattern: .*({told})"):
        declared_pattern(text, "here")
    with pytest.raises(Undetermined, match=told):
        held_pattern(text)


@pytest.mark.parametrize(("wanted", "expected"), WHATEVER, ids=str)
def test_what_differs_from_event_to_event_is_matched_by_what_takes_anything(
    wanted: Any, expected: bool
) -> None:
    assert pattern_matches({"detail": {"by": [wanted]}}, {"detail": {"by": ANYTHING}}) is expected


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ({"type": ["Root"]}, False),
        ({"type": [{"prefix": "R"}]}, False),
        ({"type": [{"exists": True}], "name": ["Root"]}, False),
        ({"$or": [{"type": ["Root"]}, {"name": ["x"]}]}, False),
        ({"type": [{"exists": True}]}, None),
        ({"invokedBy": [{"exists": False}]}, None),
        ({"invokedBy": ["x", {"exists": False}]}, None),
        ({"type": [{"anything-but": "AWSService"}]}, None),
        ({"session": {"type": [{"wildcard": "*"}]}}, None),
        ({"$or": [{"type": ["Root"]}, {"type": [{"exists": True}]}]}, None),
    ],
    ids=str,
)
def test_what_lies_below_what_differs_is_known_only_where_a_value_is_wanted(
    by: dict[str, Any], expected: bool | None
) -> None:
    event = {"detail": {"name": "a", "by": ANYTHING}}
    if expected is None:
        with pytest.raises(Undetermined, match="may or may not lie below"):
            pattern_matches({"detail": {"by": by}}, event)
    else:
        assert pattern_matches({"detail": {"by": by}}, event) is expected
    assert not pattern_matches({"detail": {"by": by, "name": ["b"]}}, event)
    either = {"$or": [{"by": by}, {"name": ["a"]}]}
    assert pattern_matches({"detail": either}, event)


def test_a_hostile_wildcard_costs_no_more_than_its_size() -> None:
    pattern = {"a": [{"wildcard": "*a" * 2000 + "*b"}]}
    assert not pattern_matches(pattern, {"a": "a" * 100_000})
