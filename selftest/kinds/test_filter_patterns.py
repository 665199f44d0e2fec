"""Filter patterns of CloudWatch Logs against lines, most of them from its user guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.kinds.filter_pattern import counts, value_in
from plumbline.kinds.log_groups import MetricFilter
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Undetermined

BAD, UNAUTHORIZED = "[ERROR 400] BAD REQUEST", "[ERROR 401] UNAUTHORIZED REQUEST"
INVALID, WARNED = "[ERROR 419] MISSING ARGUMENTS", "[WARN] 420 INVALID ARGUMENTS"
EVENT = """{"eventType": "UpdateTrail", "sourceIPAddress": "111.111.111.111", "arrayKey": ["value", "b"],
  "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}], "SomeObject": null, "cluster.name": "c",
  "bandwidth": 1.5, "Flag": true, "latency": 0.25}"""
REQUEST = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "line", "counted"),
    [
        ("", BAD, True),
        ("ERROR", BAD, True),
        ("ERROR", WARNED, False),
        ("error", BAD, False),
        ("ERROR ARGUMENTS", INVALID, True),
        ("ERROR ARGUMENTS", BAD, False),
        ("?ERROR ?ARGUMENTS", WARNED, True),
        ("?ERROR ?WARN", "[INFO]", False),
        ("?ERROR ARGUMENTS", WARNED, True),  # beside a plain term ? is disregarded
        ('"INTERNAL SERVER ERROR"', "[ERROR 500] INTERNAL SERVER ERROR", True),
        ('"SERVER INTERNAL"', "[ERROR 500] INTERNAL SERVER ERROR", False),
        ("ERROR -ARGUMENTS", BAD, True),
        ("ERROR -ARGUMENTS", INVALID, False),
        ('-"BAD REQUEST"', UNAUTHORIZED, True),
        ("%AUTHORIZED%", UNAUTHORIZED, True),
        ("%40[15]%", BAD, False),
        ("can't find NoSuchKey", "can't find it: NoSuchKey", True),
        ("can't find NoSuchKey", "[ERROR] NoSuchKey", False),
        (r'"a \"b\""', 'say a "b"', True),
        ('{ $.eventType = "UpdateTrail" }', EVENT, True),
        ('{ $.eventType = "CreateTrail" }', EVENT, False),
        ('{$.eventType="Update*"}', EVENT, True),
        ("{ $.eventType = UpdateTrail }", EVENT, True),
        ("{ $.eventType = %Trail$% }", EVENT, True),
        ("{ $.sourceIPAddress != 123.123.* }", EVENT, True),
        ('{ $.arrayKey[0] = "value" }', EVENT, True),
        ('{ $.arrayKey[7] = "value" }', EVENT, False),
        ("{ $.objectList[1].id = 2 }", EVENT, True),
        ("{ $.bandwidth > 1 && $.latency <= 2.5e-1 }", EVENT, True),
        ("{ $.bandwidth > 2 }", EVENT, False),
        ("{ $.SomeObject IS NULL }", EVENT, True),
        ("{ $.eventType IS NULL }", EVENT, False),
        ("{ $.SomeOtherObject NOT EXISTS }", EVENT, True),
        ("{ $.Flag IS TRUE }", EVENT, True),
        ("{ $.Flag IS FALSE }", EVENT, False),
        ("{ $.['cluster.name'] = \"c\" }", EVENT, True),
        ('{ ($.eventType = "x" || $.Flag IS TRUE) && $.bandwidth = 1.5 }', EVENT, True),
        ('{ $.eventType = "UpdateTrail" || $.Flag IS TRUE && $.bandwidth = 9 }', EVENT, True),
        ("{ $.user.name = a }", EVENT, False),
        ("{ $.eventType = UpdateTrail }", BAD, False),
        ("[ip, user, username, timestamp, request, status_code, bytes]", REQUEST, True),
        ("[ip, user, username, timestamp, request, status_code = 4*, bytes]", REQUEST, True),
        ("[ip, user, username, timestamp, request, status_code = 404, bytes > 1000]", REQUEST, True),
        ("[..., request = *html*, status_code = 4*, bytes]", REQUEST, True),
        ("[..., status_code = 5*, bytes]", REQUEST, False),
        ("[ip, ..., status_code = 404 || status_code = 410, bytes < 2000]", REQUEST, True),
        ('[ip != "127.0.0.1", ...]', REQUEST, False),
        ("[ip, user]", REQUEST, False),
        ("[level, code = NoSuchKey]", "[ERROR] NoSuchKey", True),
        ("[level = %ERR%, code]", "[ERROR] NoSuchKey", True),
    ],
)
def test_line_is_counted_or_not(pattern: str, line: str, counted: bool) -> None:
    assert counts(pattern, line) is counted


REFUSED = (
    *('"open', "{ $.a = }", "{ $.a", "[a, b", "{ $.a ~ 1 }", "?a -b", "{ a = 1 }", "%(a)%", "{ $.a IS }"),
    *("%a*a*a*a*a*a*a*b%", "{ ($.a = 1 }", "{}", "[a, ..., b, ...]", "{ $.a > b }", "{ $.none != a }"),
    "{ " + "(" * 5000 + " }",
)


@pytest.mark.parametrize("pattern", REFUSED)
def test_pattern_that_is_not_evaluated_is_undetermined(pattern: str) -> None:
    with pytest.raises(Undetermined):
        counts(pattern, EVENT)


def test_value_of_a_field_is_counted() -> None:
    assert value_in("{ $.latency = * }", EVENT, "$.latency") == 0.25
    assert value_in("[ip, ..., bytes]", REQUEST, "$bytes") == "1534"
    assert value_in("{ $.latency = * }", EVENT, "$.none") is None


def test_what_a_filter_publishes() -> None:
    told = MetricFilter(name="f", pattern="{ $.latency = * }", metric_value="$.latency", default_value=0)
    sized = MetricFilter(
        name="f", pattern="[ip, ..., bytes]", metric_value="$bytes", metric_dimensions={"Ip": "$ip"}
    )
    assert told.published([EVENT]).values == [0.25]
    assert told.published(["{}"]).values == [0]
    assert sized.published([REQUEST]).values == [1534]
    assert sized.published([BAD]).values == [None]
    assert sized.dimensions_of([REQUEST]) == {"Ip": "127.0.0.1"}
    assert MetricFilter(name="f", pattern="", metric_value="0").published([BAD]).values == [0]


def test_line_of_text_says_nothing_of_a_filter_of_json() -> None:
    with pytest.raises(Undetermined, match="lines of JSON"):
        MetricFilter(name="f", pattern="{ $.code = NoSuchKey }").counts(["[ERROR] NoSuchKey"])


# Source: Lambda developer guide, "Working with Lambda function logs".
IGNORED = [
    "[INFO] order confirmed",
    "[ERROR] AccessDenied",
    "START RequestId: 79104EXAMPLEB723 Version: $LATEST",
    "REPORT RequestId: 79104EXAMPLEB723 Duration: 12.34 ms Billed Duration: 13 ms",
]


@pytest.mark.parametrize(
    ("pattern", "counted", "ignored"),
    [
        ("?NoSuchKey ?NoSuchBucket", True, True),
        ("ERROR -AccessDenied", True, True),
        ("NoSuchKey", False, True),
        ("ERROR", True, False),
        ("-INFO", True, False),
        ('-"order confirmed"', True, False),
        ("", True, False),
    ],
)
def test_each_line_is_counted_and_none_of_the_others(pattern: str, counted: bool, ignored: bool) -> None:
    found = MetricFilter(name="f", pattern=pattern)
    assert found.counts(["[ERROR] NoSuchKey", "[ERROR] NoSuchBucket"]) is counted
    assert found.ignores(IGNORED) is ignored


def test_lines_that_are_not_counted_alike_are_undetermined() -> None:
    found = MetricFilter(
        name="f", pattern="[level, bytes]", metric_value="$bytes", metric_dimensions={"Level": "$level"}
    )
    assert found.dimensions_of(["a 1", "a 2"]) == {"Level": "a"}
    with pytest.raises(Undetermined, match="differs"):
        found.published(["a 1", "a 2"])
    with pytest.raises(Undetermined, match="differs"):
        found.dimensions_of(["a 1", "b 1"])


# Source: CloudWatch Logs user guide, "Log classes": metric filters are supported in the standard class alone.
@pytest.mark.parametrize(
    ("argument", "counted"),
    [
        ("", True),
        ('log_group_class = "STANDARD"', True),
        ('log_group_class = "INFREQUENT_ACCESS"', False),
        ("log_group_class = terraform_data.x.output", None),
    ],
)
def test_filter_counts_nothing_in_a_group_of_another_class(
    tmp_path: Path, argument: str, counted: bool | None
) -> None:
    text = """
resource "terraform_data" "x" {
  input = timestamp()
}
resource "aws_cloudwatch_log_group" "g" {
  name = "g"
  %s
}
resource "aws_cloudwatch_log_metric_filter" "f" {
  name           = "f"
  log_group_name = aws_cloudwatch_log_group.g.name
  pattern        = "NoSuchKey"
  metric_transformation {
    namespace = "n"
    name      = "m"
    value     = "1"
  }
}
"""
    (tmp_path / "main.tf").write_text(text % argument, "utf-8")
    found = MetricFilter.find(evaluate(tmp_path), "f", "here")
    if counted is None:
        with pytest.raises(Undetermined):
            found.counts(["NoSuchKey"])
    else:
        assert found.counts(["NoSuchKey"]) is counted
