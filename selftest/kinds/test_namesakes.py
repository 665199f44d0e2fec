"""Two declarations of one name: AWS holds what was applied last, whichever roots they stand in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.kinds.kind import Kind
from plumbline.kinds.log_groups import MetricFilter
from plumbline.kinds.registry import computed_attribute, kinds
from plumbline.kinds.selection import Selection
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Undetermined
from selftest.kinds.models import ACCOUNT, REGION

NEEDED = {
    "config_rule": 'source {\n    owner = "AWS"\n    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"\n  }',
    "metric_filter": 'metric_transformation {\n    name = "n"\n    namespace = "Shop"\n    value = "1"\n  }',
    "alarm": 'comparison_operator = "GreaterThanThreshold"\n  evaluation_periods = 1',
    "event_rule": 'event_pattern = "{}"',
    "table": 'hash_key = "PK"\n  attribute {\n    name = "PK"\n    type = "S"\n  }',
}
"""What such a resource must say to be one."""
PROVIDER = 'provider "aws" {\n  alias = "there"\n  region = "us-east-1"\n}\n'
FIRST = {
    "alarm": {"alarm_name": "x", "namespace": "Shop", "threshold": 1},
    "event_rule": {"name": "x", "state": "ENABLED", "event_bus_name": "default"},
    "config_rule": {"name": "x", "description": "ours"},
    "topic": {"name": "x", "display_name": "ours"},
    "table": {"name": "x", "billing_mode": "PAY_PER_REQUEST"},
    "metric_filter": {"name": "x", "log_group_name": "a", "pattern": "ERROR"},
}
"""Of some kinds that are selected or named, what one resource says."""
OTHERWISE = {
    "alarm": {"threshold": 2},
    "event_rule": {"state": "DISABLED", "event_bus_name": None},
    "config_rule": {"description": "theirs"},
    "topic": {"display_name": "theirs"},
    "table": {"billing_mode": "PROVISIONED"},
    "metric_filter": {"pattern": "WARN"},
}
"""What another one of the name says instead."""
APART = {"event_rule": {"event_bus_name": "orders"}}
"""What makes it another resource all the same."""
each_kind = pytest.mark.parametrize("noun", FIRST)


def declared(root: Path, noun: str, *resources: dict[str, object]) -> Configuration:
    """A root with resources of a kind."""
    root.mkdir()
    type_, text = kinds()[noun].terraform_type, PROVIDER
    for number, values in enumerate(resources):
        said = {name: value for name, value in values.items() if value is not None}
        written = (f"  {it} = {value if it == 'provider' else _quoted(value)}" for it, value in said.items())
        first = f'resource "{type_}" "r{number}" {{'
        text += "\n".join([first, *written, f"  {NEEDED.get(noun, '')}", "}\n"])
    (root / "main.tf").write_text(text, "utf-8")
    return evaluate(root, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def found(noun: str, here: Configuration, *others: Configuration) -> list[Kind]:
    """The resource of the name, as it is named and as it is selected."""
    kind, own = kinds()[noun], replace(here, others=lambda: others)
    named = kind.find_in(REGION, own, "x", "here", frozenset())
    selected = Selection(kind, {}).in_source([replace(own, resources=own.resources[:1])], REGION, "here", ())
    return [named, selected]


@each_kind
def test_one_that_says_otherwise_makes_both_unknown(tmp_path: Path, noun: str) -> None:
    here = declared(tmp_path / "here", noun, FIRST[noun])
    there = declared(tmp_path / "there", noun, FIRST[noun] | OTHERWISE[noun])
    both = declared(tmp_path / "both", noun, FIRST[noun], FIRST[noun] | OTHERWISE[noun])
    for roots in ((here, there), (both,)):
        with pytest.raises(Undetermined, match=rf"both configure {noun.replace('_', ' ')} x, and differ"):
            found(noun, *roots)


@each_kind
def test_one_that_says_the_same_or_is_another_takes_nothing_from_it(tmp_path: Path, noun: str) -> None:
    here = declared(tmp_path / "here", noun, FIRST[noun])
    elsewhere = {**FIRST[noun], **OTHERWISE[noun], "provider": "aws.there"}
    of_another = FIRST[noun] | OTHERWISE[noun] | APART.get(noun, {"provider": "aws.there"})
    for number, it in enumerate((FIRST[noun], elsewhere, of_another)):
        assert found(noun, here, declared(tmp_path / str(number), noun, it))


def test_a_filter_of_another_log_group_leaves_open_which_one_a_name_means(tmp_path: Path) -> None:
    other = FIRST["metric_filter"] | OTHERWISE["metric_filter"] | {"log_group_name": "b"}
    here = declared(tmp_path / "here", "metric_filter", FIRST["metric_filter"])
    there = declared(tmp_path / "there", "metric_filter", other)
    both = declared(tmp_path / "both", "metric_filter", FIRST["metric_filter"], other)
    for roots in ((here, there), (there, here), (both,)):
        with pytest.raises(Undetermined, match="filters of a and of b are called x, and nothing says which"):
            found("metric_filter", *roots)


def test_it_is_open_in_an_account_too() -> None:
    empty_all()
    aws = account(ACCOUNT, REGION)
    for group in "ab":
        aws.write("logs:CreateLogGroup", logGroupName=group)
        aws.write(
            "logs:PutMetricFilter",
            logGroupName=group,
            filterName="x",
            filterPattern="ERROR",
            metricTransformations=[{"metricName": "n", "metricNamespace": "Shop", "metricValue": "1"}],
        )
        if group == "a":
            assert MetricFilter.from_aws(aws, "x").log_group_name == "a"
    with pytest.raises(Undetermined, match="filters of a and of b are called x"):
        assert MetricFilter.from_aws(account(ACCOUNT, REGION), "x").log_group_name
