"""A plan and a state give the resources that the source gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Resource, Settings, TerraformError
from plumbline.terraform.plan import LEFT_OUT, read_plan
from plumbline.terraform.state import read_state
from plumbline.terraform.values import OneOf, Value
from plumbline.values.unknown import Unknown
from selftest.terraform.record import SOURCES, TRUTH

PLAN, STATE, RAW = TRUTH / "plan.json", TRUTH / "state.json", TRUTH / "terraform.tfstate.json"


def by_address(resources: tuple[Resource, ...]) -> dict[str, Resource]:
    """The resources by their addresses."""
    return {resource.address: resource for resource in resources}


@pytest.fixture(scope="module")
def planned() -> dict[str, Resource]:
    return by_address(read_plan(PLAN, Settings()).resources)


@pytest.fixture(scope="module")
def source() -> dict[str, Resource]:
    return by_address(evaluate(SOURCES / "planned").resources)


def test_a_plan_has_the_instances_of_the_source(
    planned: dict[str, Resource], source: dict[str, Resource]
) -> None:
    assert planned.keys() == source.keys()
    assert {r.address: (r.type, r.name, r.module) for r in planned.values()} == {
        r.address: (r.type, r.name, r.module) for r in source.values()
    }


def test_a_plan_has_the_values_of_the_source(
    planned: dict[str, Resource], source: dict[str, Resource]
) -> None:
    for address, resource in source.items():
        assert_includes(planned[address].values, resource.values)


def assert_includes(planned: Value, configured: Value) -> None:
    """A plan has the configured values, and those that the provider adds."""
    if isinstance(configured, dict):
        assert isinstance(planned, dict)
        for name, value in configured.items():
            assert_includes(planned[name], value)
    elif isinstance(configured, list):
        assert isinstance(planned, list)
        for ours, theirs in zip(planned, configured, strict=True):
            assert_includes(ours, theirs)
    elif isinstance(configured, Unknown):
        assert isinstance(planned, Unknown)
    else:
        assert planned == configured


def test_unknown_values_of_a_plan_name_where_they_come_from(planned: dict[str, Resource]) -> None:
    origins = {
        "module.m[0].aws_s3_bucket_versioning.v": ("bucket", "aws_s3_bucket.one.id"),
        "module.m[0].aws_sqs_queue_policy.p": ("queue_url", "module.m[0].aws_sqs_queue.q.id"),
        "aws_s3_bucket.one": ("arn", "aws_s3_bucket.one.arn"),
    }
    for address, (argument, origin) in origins.items():
        value = planned[address].values[argument]
        assert isinstance(value, Unknown)
        assert value.origin == origin
    one_of = planned['aws_s3_bucket_versioning.each["a"]'].values["bucket"]
    assert isinstance(one_of, OneOf)
    assert (one_of.among, one_of.own) == ("aws_s3_bucket.each[*]", 'aws_s3_bucket.each["a"]')


def test_a_plan_carries_providers_and_dependencies(
    planned: dict[str, Resource], source: dict[str, Resource]
) -> None:
    for address, resource in source.items():
        assert planned[address].provider == resource.provider
        assert planned[address].depends_on == resource.depends_on
        assert isinstance(planned[address].lifecycle, Unknown)


def test_what_a_plan_leaves_out_may_declare_anything(tmp_path: Path) -> None:
    """Terraform 1.8 and later say of a plan with -target that it is not complete."""
    targeted = tmp_path / "plan.json"
    targeted.write_text(json.dumps({**json.loads(PLAN.read_text()), "complete": False}))
    assert read_plan(PLAN, Settings()).not_evaluated == ()
    assert read_plan(targeted, Settings()).not_evaluated == (LEFT_OUT,)


def test_what_an_older_terraform_left_out_of_a_plan_is_noticed(tmp_path: Path) -> None:
    """Terraform before 1.8 says nothing of -target: what is configured has then no instance."""
    older, document = tmp_path / "plan.json", json.loads(PLAN.read_text())
    del document["complete"]
    older.write_text(json.dumps(document))
    assert read_plan(older, Settings()).not_evaluated == ()
    once = [it for it in document["resource_changes"] if it["mode"] == "managed" and "[" not in it["address"]]
    for change in once:
        changes = [it for it in document["resource_changes"] if it is not change]
        older.write_text(json.dumps({**document, "resource_changes": changes}))
        assert read_plan(older, Settings()).not_evaluated == (LEFT_OUT,)
    assert once


def test_a_plan_has_the_known_outputs() -> None:
    outputs = read_plan(PLAN, Settings()).outputs
    assert outputs["name"] == "one"
    assert isinstance(outputs["id"], Unknown)


@pytest.mark.parametrize("path", [STATE, RAW], ids=["shown", "raw"])
def test_a_state_has_the_instances_and_values_of_the_source(path: Path) -> None:
    configuration = read_state(path, Settings())
    found = by_address(configuration.resources)
    expected = by_address(evaluate(SOURCES / "applied").resources)
    assert found.keys() == expected.keys()
    assert found['terraform_data.each["b.c"]'].module == ""
    assert found["module.m[1].terraform_data.in"].module == "module.m[1]"
    assert found['terraform_data.each["b.c"]'].depends_on == ("terraform_data.one",)
    assert configuration.outputs.keys() == {"o"}
    assert [r for r in found.values() if not isinstance(r.values["id"], str)] == []


def test_both_forms_of_a_state_agree() -> None:
    shown, raw = (by_address(read_state(path, Settings()).resources) for path in (STATE, RAW))
    assert {address: resource.module for address, resource in shown.items()} == {
        address: resource.module for address, resource in raw.items()
    }


@pytest.mark.parametrize(
    ("read", "content", "reason"),
    [
        (read_plan, "{", "is not JSON"),
        (read_plan, "[]", "holds no JSON object"),
        (read_plan, "{}", "is no plan"),
        (read_plan, STATE.read_text(), "is a state: pass it with --state"),
        (read_plan, RAW.read_text(), "is a state: pass it with --state"),
        (read_plan, '{"format_version": "2.0", "planned_values": {}}', "has the format version 2.0"),
        (read_plan, '{"format_version": "1.2", "planned_values": {}, "errored": true}', "ended with errors"),
        (read_state, PLAN.read_text(), "is a plan, not a state: pass it with --plan"),
        (read_state, '{"version": 3}', "its version is 3"),
        (read_state, '{"format_version": "0.1", "values": {}}', "has the format version 0.1"),
        (read_state, "{}", "is no Terraform state"),
    ],
)  # fmt: skip
def test_a_file_of_another_sort_is_refused_with_a_reason(
    read: Any, content: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"
    path.write_text(content, "utf-8")
    with pytest.raises(TerraformError, match=reason):
        read(path, Settings())


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match="cannot be read"):
        read_plan(tmp_path / "absent", Settings())
    (tmp_path / "plan").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(TerraformError, match="terraform show -json"):
        read_plan(tmp_path / "plan", Settings())


def test_a_plan_is_read_without_a_parser() -> None:
    """The plan and state sources start fast: nothing of the language's parser is imported."""
    code = (
        "import sys, pathlib; from plumbline.terraform.plan import read_plan;"
        "from plumbline.terraform.model import Settings;"
        f"read_plan(pathlib.Path({str(PLAN)!r}), Settings());"
        "print(sorted({'lark', 'hcl2', 'boto3', 'pytest', 'yaml'} & sys.modules.keys()))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout.replace("'", '"')) == []
