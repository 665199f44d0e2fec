"""What a function is given: time, memory, tracing, instances that are ready; what decides that in source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.function_calls import bare_name, qualifier_in
from plumbline.kinds.function_versions import KeptReady
from plumbline.kinds.functions import Function
from plumbline.kinds.log_groups import LogGroup
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.rest_invocations import ApiCall
from plumbline.kinds.terraform import Root
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Undetermined, Unexamined, Unknown

SETTINGS = Settings("123456789012", "eu-west-1")


def evaluated(folder: Path, **files: str) -> Configuration:
    """What a root declares that consists of these files; `_` in a name stands for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('_', '/')}.tf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return evaluate(folder, settings=SETTINGS, computed=computed_attribute)


def function(folder: Path, arguments: str, rest: str = "") -> Function:
    """The function that is declared with these arguments."""
    body = f'function_name = "f"\n role = "arn:aws:iam::123456789012:role/f"\n {arguments}'
    return Function.find(
        evaluated(folder, main=f'resource "aws_lambda_function" "f" {{\n {body}\n}}\n{rest}'), "f", "here"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", (3, 128, "PassThrough")),
        (
            'timeout = 900\n memory_size = 2048\n tracing_config {\n mode = "Active"\n }',
            (900, 2048, "Active"),
        ),
        (
            'dynamic "tracing_config" {\n for_each = []\n content {\n mode = "Active"\n }\n }',
            (3, 128, "PassThrough"),
        ),
    ],
)
def test_what_is_not_said_is_as_lambda_has_it(tmp_path: Path, arguments: str, told: Any) -> None:
    found = function(tmp_path, arguments)
    assert (found.timeout, found.memory_size, found.tracing) == told


def test_a_mode_that_is_not_known_leaves_it_open(tmp_path: Path) -> None:
    rest = 'resource "random_pet" "a" {}\n'
    found = function(tmp_path, "tracing_config {\n mode = random_pet.a.id\n }", rest)
    with pytest.raises(Undetermined):
        _ = found.tracing == "Active"


VARIABLE = """
variable "memory" {
  default = 2048
  validation {
    condition     = var.memory >= 2048 && var.memory <= 10240
    error_message = "Too little, or too much."
  }
}
variable "other" {
  default = 2048
}
"""


@pytest.mark.parametrize(
    ("value", "variables"),
    [
        ("var.memory", ["memory"]),
        ("max(128, var.memory)", ["memory"]),
        ('{ a = { size = var.memory }, b = { size = var.other } }["a"].size', ["memory"]),
        ("2048", []),
        ("var.memory > 0 ? 2048 : 128", []),
        ("min(2048, var.memory)", []),
        ("var.other > 0 ? var.memory : var.other", ["memory"]),
        ("tonumber(var.memory)", ["memory"]),
        ("var.memory / 2", []),
    ],
)
def test_a_setting_is_a_variables_where_it_changes_with_it(
    tmp_path: Path, value: str, variables: list[str]
) -> None:
    found = function(tmp_path, f"memory_size = {value}", VARIABLE)
    assert found.by_variables["memory_size"] == variables
    assert found.not_by({"memory_size": "memory"}) == ([] if variables else ["memory_size: var.memory"])


MODULE = """
variable "memory" {
  default = 1024
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/f"
  memory_size   = var.memory
}
"""


@pytest.mark.parametrize(
    ("passed", "variables"), [("memory = var.memory", ["memory"]), ("memory = 2048", []), ("", [])]
)
def test_a_variable_counts_as_the_call_of_a_module_passes_it(
    tmp_path: Path, passed: str, variables: list[str]
) -> None:
    main = f'module "m" {{\n source = "./m"\n {passed}\n}}\n{VARIABLE}'
    found = Function.find(evaluated(tmp_path, main=main, m_main=MODULE), "f", "here")
    assert found.by_variables == {"timeout": [], "memory_size": variables}


def test_a_variable_that_takes_one_value_alone_leaves_it_open(tmp_path: Path) -> None:
    rule = 'validation {\n condition = var.memory == 5\n error_message = "No."\n }'
    only = f'variable "memory" {{\n default = 5\n {rule}\n}}'
    found = function(tmp_path, "memory_size = var.memory", only)
    with pytest.raises(Undetermined, match="no other value"):
        found.not_by({"memory_size": "memory"})


def test_a_root_tells_its_defaults_but_for_those_that_are_sensitive(tmp_path: Path) -> None:
    secret = 'variable "key" {\n default = "hush"\n sensitive = true\n}\n'
    others = 'variable "none" {\n default = null\n}\nvariable "asked" {}\n'
    others += 'variable "told" {\n default = { a = ["a@example.com"] }\n}\n'
    (tmp_path / "main.tf").write_text(VARIABLE + secret + others)
    root = Root.find(evaluate(tmp_path, variables={"asked": "x"}, tree=None), "r", "here")
    assert {*root.defaults} == {"memory", "other", "key", "told"}
    assert root.defaults["memory"] == 2048
    assert root.defaults_below({"memory": 2048}) == []
    assert root.defaults_below({"memory": 2049, "none": 1}) == ["memory: 2048", "none: no default"]
    assert isinstance(root.defaults["key"], Unexamined)
    assert isinstance(root.defaults["told"], Unexamined)
    assert not re.search("hush|example", repr(root))


ALIASED = """
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.f.%s
  function_version = %s
}
resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = %s
  qualifier                         = %s
  provisioned_concurrent_executions = %s
}
"""
CALLS = """
resource "aws_lambda_function_event_invoke_config" "%s" {
  function_name          = "f"
  maximum_retry_attempts = %s
}
"""
READY = """
resource "aws_lambda_provisioned_concurrency_config" "%s" {
  function_name                     = "f"
  qualifier                         = "live"
  provisioned_concurrent_executions = %s
}
"""


@pytest.mark.parametrize(
    ("settings", "of", "told"),
    [(CALLS, "handled", "calls of .LATEST of"), (READY, "kept_ready", "instances of live of")],
)
def test_settings_that_replace_others_leave_open_which_hold(
    tmp_path: Path, settings: str, of: str, told: str
) -> None:
    same = function(tmp_path / "same", "", settings % ("a", 1) + settings % ("b", 1))
    other = function(tmp_path / "other", "", settings % ("a", 1) + settings % ("b", 2))
    assert getattr(same, of) != []
    with pytest.raises(Undetermined, match=rf"\.a and \S+\.b both configure {told}"):
        assert getattr(other, of) != []


VERSION, ALIAS = "aws_lambda_function.f.version", "aws_lambda_alias.live.name"
RESERVED = "reserved_concurrent_executions"
BY_NAME, BY_ARN = "function_name", "arn"
NAMED = "aws_lambda_alias.live.function_name"


@pytest.mark.parametrize(
    ("arguments", "rest", "told"),
    [
        ("publish = true", (BY_NAME, VERSION, NAMED, ALIAS, 1), []),
        ("publish = true", (BY_ARN, VERSION, '"f"', ALIAS, 2), []),
        ("publish = true", (BY_NAME, VERSION, "aws_lambda_alias.live.arn", ALIAS, 1), []),
        ("publish = true", (BY_NAME, VERSION, '"f"', VERSION, 1), []),
        ("publish = true", (BY_NAME, '"$LATEST"', '"f"', '"7"', 1), []),
        ("", (BY_NAME, '"3"', '"f"', ALIAS, 1), []),
        ("publish = true", (BY_NAME, VERSION, '"g"', ALIAS, 1), ["nothing is kept ready"]),
        ("publish = true", (BY_NAME, VERSION, '"f"', ALIAS, 0), ["live: 0 instances"]),
        ("publish = true", (BY_NAME, '"$LATEST"', '"f"', ALIAS, 1), ["live is no published version"]),
        ("publish = true", (BY_NAME, VERSION, '"f"', '"$LATEST"', 1), ["$LATEST is no published version"]),
        (f"publish = true\n{RESERVED} = 2", (BY_NAME, VERSION, '"f"', ALIAS, 2), []),
        (f"publish = true\n{RESERVED} = -1", (BY_NAME, VERSION, '"f"', ALIAS, 2), []),
        (
            f"publish = true\n{RESERVED} = 1",
            (BY_NAME, VERSION, '"f"', ALIAS, 2),
            ["live: of 1 that the function may run at a time"],
        ),
        (
            f"publish = true\n{RESERVED} = 0",
            (BY_NAME, VERSION, '"f"', ALIAS, 1),
            ["live: of 0 that the function may run at a time"],
        ),
    ],
)
def test_instances_are_kept_ready_for_a_published_version(
    tmp_path: Path, arguments: str, rest: Any, told: list[str]
) -> None:
    assert function(tmp_path, arguments, ALIASED % rest).not_provisioned(1) == told


@pytest.mark.parametrize(
    ("arguments", "rest"),
    [
        ("", (BY_NAME, VERSION, '"f"', ALIAS, 1)),
        ("publish = true", (BY_NAME, VERSION, '"f"', ALIAS, "tonumber(random_pet.a.id)")),
        ("publish = true", (BY_NAME, VERSION, "random_pet.a.id", ALIAS, 1)),
        ("publish = true", (BY_NAME, "random_pet.a.id", '"f"', ALIAS, 1)),
    ],
)
def test_what_apply_alone_decides_leaves_it_open(tmp_path: Path, arguments: str, rest: Any) -> None:
    found = function(tmp_path, arguments, ALIASED % rest + 'resource "random_pet" "a" {}\n')
    with pytest.raises(Undetermined):
        found.not_provisioned(1)


READY = KeptReady(qualifier="live", instances=2, allocated=2, status="READY")


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ([READY], []),
        ([KeptReady(qualifier="1", instances=1, allocated=0, status="IN_PROGRESS"), READY], []),
        ([READY.model_copy(update={"allocated": 1})], ["live: 1 of 2 instances are there, READY"]),
        ([READY.model_copy(update={"status": "FAILED"})], ["live: 2 of 2 instances are there, FAILED"]),
        ([], ["nothing is kept ready"]),
    ],
)
def test_instances_are_there_once_lambda_says_so(kept: list[KeptReady], told: list[str]) -> None:
    assert Function(name="f", aliases={"live": "1"}, kept_ready=kept).not_ready(2) == told


OWN = "arn:aws:lambda:eu-west-1:123456789012:function:f"
NEWEST = Unknown("aws_lambda_function.it.version")


def calling(function: str) -> ApiCall:
    return ApiCall(route="GET /a", stage="v1", function=function, role="", sources=(), method="POST")


@pytest.mark.parametrize(
    ("called", "kept", "told"),
    [
        ("live", "live", []),
        ("live", "1", []),
        ("1", "live", []),
        ("live", "same", []),
        ("newest", "also", []),
        ("live", "next", ["GET /a of stage v1: calls live, of which nothing is kept ready"]),
        ("2", "1", ["GET /a of stage v1: calls 2, of which nothing is kept ready"]),
        (
            "",
            "live",
            ["GET /a of stage v1: calls no version or alias, and nothing is kept ready for what it calls"],
        ),
    ],
)
def test_instances_are_ready_for_what_is_called(called: str, kept: str, told: list[str]) -> None:
    aliases = {"live": "1", "same": "1", "next": "2", "newest": NEWEST, "also": NEWEST}
    ready = [KeptReady(qualifier=kept, instances=1), KeptReady(qualifier="9", instances=0)]
    function = Function(
        name="f", arn=OWN, address="aws_lambda_function.it", publish=True, aliases=aliases, kept_ready=ready
    )
    arn = f"{OWN}:{called}" if called else OWN
    assert function.kept_cold([calling(arn), calling(f"{OWN}-other")], 1) == told
    assert function.kept_cold([calling(f"{OWN}-other")], 1) == ["the API calls it for no request"]


def test_whether_the_newest_version_is_a_certain_one_is_left_open() -> None:
    ready = [KeptReady(qualifier="newest", instances=1)]
    function = Function(name="f", arn=OWN, aliases={"newest": NEWEST}, kept_ready=ready)
    with pytest.raises(Undetermined):
        function.kept_cold([calling(f"{OWN}:7")], 1)


@pytest.mark.parametrize(
    ("called", "name", "qualifier"),
    [
        ("f", "f", ""),
        ("f:live", "f", "live"),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f", "f", ""),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f:$LATEST", "f", "$LATEST"),
        ("123456789012:function:f:7", "f", "7"),
        ("function:f", "f", ""),
    ],
)
def test_a_function_is_called_by_its_name_and_by_more(called: str, name: str, qualifier: str) -> None:
    assert (bare_name(called), qualifier_in(called)) == (name, qualifier)


@pytest.mark.parametrize(("days", "for_ever"), [(None, True), (1, False), (3653, False)])
def test_lines_are_kept_for_ever_where_no_days_are_said(days: int | None, for_ever: bool) -> None:
    assert LogGroup(name="g", retention_in_days=days).kept_for_ever is for_ever


def test_days_that_are_not_known_are_not_for_ever() -> None:
    with pytest.raises(Undetermined):
        _ = LogGroup(name="g", retention_in_days=Unknown("var.days")).kept_for_ever


@pytest.mark.parametrize(
    ("aliases", "told"),
    [
        ({"live": "1"}, []),
        ({"live": "1", "next": "$LATEST"}, []),
        ({"live": "$LATEST"}, ["live is no published version"]),
        ({"next": "1"}, ["there is no alias live"]),
        ({}, ["there is no alias live"]),
    ],
)
def test_an_alias_stands_for_a_published_version(aliases: dict[str, str], told: list[str]) -> None:
    assert Function(name="f", aliases=aliases).unpublished(["live"]) == told
