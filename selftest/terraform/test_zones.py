"""Companions chained by for_each: Terraform's plan and state give what the source gives.

Three zone buckets with one key, and buckets in repeated modules; what belongs to each names it by
`each.value.id`, `x[each.key].id`, a variable of a repeated module, an output of one, `count.index`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.s3 import Bucket
from plumbline.sources.recorded import followed
from plumbline.terraform.companions import companions
from plumbline.terraform.declared import tags
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Resource, Settings
from plumbline.terraform.plan import read_plan
from plumbline.terraform.state import read_state
from plumbline.terraform.values import OneOf
from plumbline.values.unknown import Identity, Undetermined, Unknown
from selftest.terraform.record import ACCOUNT, SOURCES, TRUTH

SETTINGS = Settings(ACCOUNT, "eu-west-3")
DYNAMIC = "aws_s3_bucket_server_side_encryption_configuration.counted"
"""Its key stands in a dynamic block, of which a plan has nothing."""
PARTS = (
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
)


def _created(type_: str, name: str, after: Any, unknown: Any) -> dict[str, Any]:
    change = {"actions": ["create"], "after": after, "after_unknown": unknown}
    identity = {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name}
    return {**identity, "change": change}


_RULE = {"destination": [{"bucket": {"references": ["aws_s3_bucket.a", "local.key"]}}]}
_REPLICATION = {"mode": "managed", "type": "aws_s3_bucket_replication_configuration", "name": "r"}
TWO_RULES: dict[str, Any] = {
    "format_version": "1.2",
    "planned_values": {},
    "resource_changes": [
        _created("aws_s3_bucket", "a", {"bucket": "a"}, {"arn": True}),
        _created("aws_s3_bucket", "b", {"bucket": "b"}, {"arn": True}),
        _created(
            _REPLICATION["type"],
            "r",
            {"bucket": "x", "rule": [{"destination": [{}]}, {"destination": [{}]}]},
            {"rule": [{"destination": [{"bucket": True}]}, {"destination": [{"bucket": True}]}]},
        ),
    ],
    "configuration": {"root_module": {"resources": [{**_REPLICATION, "expressions": {"rule": [_RULE]}}]}},
}


@pytest.fixture(scope="module")
def source() -> Configuration:
    return evaluate(SOURCES / "zones", computed=computed_attribute, settings=SETTINGS)


@pytest.fixture(scope="module")
def planned() -> Configuration:
    return replace(followed(read_plan(TRUTH / "zones-plan.json", SETTINGS)), settings=SETTINGS)


@pytest.fixture(scope="module")
def applied() -> Configuration:
    return followed(read_state(TRUTH / "zones-state.json", SETTINGS))


def by_address(configuration: Configuration) -> dict[str, Resource]:
    """The resources by their addresses."""
    return {resource.address: resource for resource in configuration.resources}


def leaves(value: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value inside that is no collection, with the names and positions that lead there."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, *path, name)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from leaves(item, *path, position)
    else:
        yield path, value


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path."""
    for step in path:
        value = value[step]
    return value


def test_a_plan_gives_what_the_source_gives(source: Configuration, planned: Configuration) -> None:
    theirs = by_address(planned)
    for resource in source.resources:
        for path, value in leaves(resource.values):
            found = at(theirs[resource.address].values, path)
            if isinstance(value, Identity) and not resource.address.startswith(DYNAMIC):
                assert isinstance(found, Identity), (resource.address, path)
                assert found.address == value.address
            elif isinstance(value, Unknown):
                assert isinstance(found, Unknown)
            elif isinstance(found, OneOf):
                assert theirs[found.own].values["bucket"] == value, (resource.address, path)
            elif path[-1] != "policy":
                assert found == value, (resource.address, path)


def test_what_a_plan_does_not_show_is_no_identity(planned: Configuration) -> None:
    rule = by_address(planned)[f"{DYNAMIC}[0]"].values["rule"]
    key = at(rule, (0, "apply_server_side_encryption_by_default", 0, "kms_master_key_id"))
    assert isinstance(key, Unknown)
    assert not isinstance(key, Identity)
    with pytest.raises(Undetermined, match="whose expression a plan does not show"):
        assert key == "a key"


def test_a_block_is_not_made_from_what_a_written_one_beside_it_is_made_from(tmp_path: Path) -> None:
    """One rule is written and one is dynamic: of neither does a plan say which bucket it names."""
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(TWO_RULES))
    configuration = followed(replace(read_plan(plan, SETTINGS), settings=SETTINGS))
    rules = by_address(configuration)["aws_s3_bucket_replication_configuration.r"].values["rule"]
    for position in (0, 1):
        assert isinstance(at(rules, (position, "destination", 0, "bucket")), Unknown)


@pytest.mark.parametrize("part", PARTS)
def test_every_bucket_has_the_companions_of_the_source(
    source: Configuration, planned: Configuration, applied: Configuration, part: str
) -> None:
    assert named(planned, part) == named(applied, part) == named(source, part)
    assert any(named(source, part).values())


def named(configuration: Configuration, part: str) -> dict[str, list[str]]:
    """The addresses of what belongs to each bucket."""
    return {
        bucket.address: [
            it.address
            for it in companions(bucket, configuration, part, "bucket", bucket.values.get("bucket"))
        ]
        for bucket in configuration.of_type("aws_s3_bucket")
    }


def test_the_kind_is_the_same_in_all_three(
    source: Configuration, planned: Configuration, applied: Configuration
) -> None:
    fields = ("versioning", "sse_algorithm", "bucket_key_enabled", "public_access_block", "tags")
    for bucket in source.of_type("aws_s3_bucket"):
        models = [
            Bucket.from_terraform(by_address(it)[bucket.address], it) for it in (source, planned, applied)
        ]
        for field in fields:
            first, *others = [getattr(model, field) for model in models]
            assert others == [first, first], (bucket.address, field)


def test_names_of_one_address_are_one_thing_after_apply(
    source: Configuration, applied: Configuration
) -> None:
    """Terraform, applied: what is an Identity in source is the value that its address has then."""
    real = by_address(applied)
    seen: dict[str, str] = {}
    for resource in source.resources:
        for path, value in leaves(resource.values):
            if isinstance(value, Identity):
                name = at(real[resource.address].values, path)
                assert name == real[value.address].values[value.attribute]
                seen[f"{value.address}.{value.attribute}"] = name
    assert len(seen) > 2
    assert len(set(seen.values())) == len(seen)


def test_default_tags_of_a_local_value_are_known_in_a_plan(planned: Configuration) -> None:
    assert tags(by_address(planned)['aws_s3_bucket.zone["raw"]']) == {"Project": "lake"}


def test_a_part_that_cannot_be_followed_is_told_once(planned: Configuration) -> None:
    """The reason stands in the field once, and says whose argument it is."""
    bucket = by_address(planned)['aws_s3_bucket.zone["raw"]']
    part = by_address(planned)['aws_s3_bucket_versioning.zone["raw"]']
    lost = replace(part, values={**part.values, "bucket": Unknown("local.elsewhere")})
    others = tuple(it for it in planned.resources if it.type != part.type)
    model = Bucket.from_terraform(bucket, replace(planned, resources=(*others, lost)))
    with pytest.raises(Undetermined) as refused:
        assert model.versioning == "Enabled"
    assert refused.value.reason.count("known only after apply") == 1
    assert part.address in refused.value.reason
    assert "local.elsewhere" in refused.value.reason
