"""What a plan would change, and what was changed beside Terraform; the latter as far as somebody could."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.root_plan import RootPlan
from plumbline.terraform.model import Configuration, Settings
from plumbline.terraform.plan import read_plan
from plumbline.values.unknown import Undetermined

TABLE = "aws_dynamodb_table"


def change(*actions: str, type_: str = TABLE, **more: Any) -> dict[str, Any]:
    """A resource as a plan has it."""
    mode = more.pop("mode", "managed")
    difference = {"actions": [*actions], "before": {}, "after": {}, "after_unknown": {}, **more}
    told = {"address": f"{type_}.t", "type": type_, "name": "t", "mode": mode}
    return told | {"change": difference}


def plan(folder: Path, *changes: dict[str, Any], applied: bool = False, **more: Any) -> Configuration:
    document = {
        "format_version": "1.2",
        "planned_values": {},
        "complete": True,
        "resource_changes": [*changes],
    } | more
    (folder / "plan.json").write_text(json.dumps(document))
    found = read_plan(folder / "plan.json", Settings())
    assert found.planned is not None
    return replace(found, planned=replace(found.planned, of_what_is_applied=applied))


def read(configuration: Configuration) -> RootPlan:
    return RootPlan.find(configuration, "live", "here")


def test_a_plan_of_nothing_to_do_shows_no_change(tmp_path: Path) -> None:
    outputs = {"url": {"actions": ["no-op"], "after": "x"}}
    held = read(plan(tmp_path, change("no-op"), change("read", mode="data"), output_changes=outputs))
    assert held.changes == []
    assert held.drift == []


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        (["update"], "update aws_dynamodb_table.t"),
        (["delete"], "delete aws_dynamodb_table.t"),
        (["delete", "create"], "delete/create aws_dynamodb_table.t"),
        (["forget"], "forget aws_dynamodb_table.t"),
    ],
)
def test_of_what_is_applied_every_change_is_told(tmp_path: Path, actions: list[str], told: str) -> None:
    assert read(plan(tmp_path, change(*actions), applied=True)).changes == [told]


def test_an_output_and_what_is_left_over_are_changes(tmp_path: Path) -> None:
    outputs = {"url": {"actions": ["create"], "after": "x"}}
    left = change("delete") | {"deposed": "0a1b"}
    held = read(plan(tmp_path, left, applied=True, output_changes=outputs))
    assert held.changes == ["delete aws_dynamodb_table.t (deposed)", "create output url"]


def test_what_is_imported_or_called_otherwise_is_a_change(tmp_path: Path) -> None:
    imported = change("no-op", importing={"id": "t"})
    moved = change("no-op") | {"previous_address": f"{TABLE}.before"}
    both = change("update", importing={"id": "t"})
    held = read(plan(tmp_path, imported, moved, both, applied=True))
    assert held.changes == [f"{it} {TABLE}.t" for it in ("import", "move", "import/update")]
    with pytest.raises(Undetermined, match="--applied"):
        read(plan(tmp_path, moved))


def test_what_new_code_changes_may_be_meant(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="it changes 1 things, which may be meant: --applied"):
        read(plan(tmp_path, change("create")))


CONFIGURED = ("billing_mode", "ttl", "tags")
DRIFTED = {
    "an argument": (change("update", before={"billing_mode": "A"}, after={"billing_mode": "B"}), True),
    "a block": (change("update", before={"ttl": []}, after={"ttl": [{"enabled": True}]}), True),
    "one that was taken away": (change("update", before={"tags": {"a": "b"}}, after={"tags": None}), True),
    "what is empty otherwise": (change("update", before={"tags": None}, after={"tags": {}}), False),
    "a number that is not given": (
        change("update", before={"ttl": [{"enabled": None}]}, after={"ttl": [{"enabled": False}]}),
        False,
    ),
    "what another resource sets": (change("update", before={"policy": ""}, after={"policy": "{}"}), False),
    "what the provider decides": (change("update", before={"arn": "a"}, after={"arn": "b"}), False),
    "both": (change("update", before={"arn": "a", "ttl": []}, after={"arn": "b", "ttl": [{"x": 1}]}), True),
    "gone": (change("delete", before={"name": "t"}, after=None), True),
    "a data source": (change("update", mode="data", before={"ttl": 1}, after={"ttl": 2}), False),
    "the same": (change("no-op", before={"ttl": "t"}, after={"ttl": "t"}), False),
}


def configuration(**resource: Any) -> dict[str, Any]:
    """What a plan says of the code."""
    expressions: dict[str, Any] = {name: {} for name in CONFIGURED}
    own = {"mode": "managed", "type": TABLE, "name": "t", "expressions": expressions} | resource
    return {"root_module": {"module_calls": {"m": {"module": {"resources": [own]}}}, "resources": [own]}}


@pytest.mark.parametrize("case", DRIFTED)
def test_drift_is_another_value_of_what_the_code_gives(tmp_path: Path, case: str) -> None:
    drifted, is_drift = DRIFTED[case]
    for more in ({}, {"module_address": "module.m", "address": f"module.m.{TABLE}.t"}):
        given = plan(
            tmp_path, change("no-op"), resource_drift=[drifted | more], configuration=configuration()
        )
        assert bool(read(given).drift) is is_drift


def test_of_a_plan_that_is_not_complete_there_may_be_more(tmp_path: Path) -> None:
    with pytest.raises(Undetermined, match="there may be more"):
        read(plan(tmp_path, change("no-op"), complete=False))


def test_source_and_a_state_plan_nothing(tmp_path: Path) -> None:
    for source in ("hcl", "state"):
        with pytest.raises(Undetermined, match="only a plan says"):
            read(Configuration(tmp_path, source, ()))
