"""What is there and no stack names is a finding, on every source; what is not known is never green."""

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from plumbline.values.files import MOST_BYTES
from selftest.applied.server import MotoServer, moto_server
from selftest.front_door import SuiteRun, neutral_variables, run_suite, variables_of_server
from selftest.input.tree import Tree, assert_refused

STACK = "fixtures/stacks/small.yaml"
RUNBOOK = "fixtures/runbooks/small.yaml"
WAIVERS = "fixtures/waivers/small.yaml"
MAIN = "terraform/small/data/main.tf"

THE_STACK = """\
format: 2
stack: small
title: Tables and buckets
region: eu-west-1
environments: {test: {account: "123456789012"}}
terraform: {directory: terraform/small}
tables:
  orders: {name: "orders-{env}", root: data, expect: {point_in_time_recovery: true}}
buckets:
  invoices: {name: "invoices-{env}", root: data, expect: {versioning: Enabled}}
topics:
  alerts: {name: "alerts-{env}", root: data}
alarms:
  throttled: {name: "throttled-{env}", root: data, related: {topic: alerts}}
inventories:
  all-tables: {name: "tables of {env}", asks: {of: tables, prefixes: [orders-]}}
  all-buckets: {name: "buckets of {env}", asks: {of: buckets, prefixes: [invoices-]}}
  all-alarms: {name: "alarms of {env}", asks: {of: alarms, prefixes: [throttled-]}}
  all-topics: {name: "topics of {env}", asks: {of: topics, prefixes: [alerts-]}}
"""
THE_RUNBOOK = """\
format: 2
stack: small
title: A runbook of what there is
source: small.md
sections: {'1': Everything}
invariants:
  small-01:
    test: dynamodb.point-in-time-recovery
    section: '1'
    statement: Every table has point-in-time recovery.
    severity: P2
    evidence: [hcl, aws]
  small-02:
    test: s3.versioning
    section: '1'
    statement: Every bucket keeps versions.
    severity: P2
    evidence: [hcl, aws]
  small-03:
    test: alarms.heard
    section: '1'
    statement: Somebody hears every alarm.
    severity: P2
    evidence: [hcl, aws]
  small-inv-01:
    test: inventory.named
    section: '1'
    statement: Nothing of the stack is unnamed.
    quantified: every
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: ['name {unnamed} in the stack, or remove it'], account: ['aws dynamodb list-tables']}
"""
NEIGHBOUR = """\
format: 2
stack: other
title: A table
region: eu-west-1
environments: {test: {}}
terraform: {directory: terraform/small}
tables:
  other: {name: "other-{env}", root: web, expect: {point_in_time_recovery: true}}
"""
ITS_RUNBOOK = f"{THE_RUNBOOK.replace('small', 'other').partition('  other-02')[0]}"
TABLE = """
resource "aws_dynamodb_table" "NAME" {
  name         = "NAME-test"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = ENABLED
  }
}
"""
ALARM = """
resource "aws_cloudwatch_metric_alarm" "NAME" {
  alarm_name          = "NAME-test"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReadThrottleEvents"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  actions_enabled     = ENABLED
  alarm_actions       = [aws_sns_topic.alerts.arn]
}
"""
BUCKET = """
resource "aws_s3_bucket" "NAME" {
  bucket = "NAME-test"
}
"""
PUBLIC = """
resource "aws_s3_bucket_acl" "NAME" {
  bucket = aws_s3_bucket.NAME.id
  acl    = "public-read-write"
}
"""
VERSIONS = """
resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_sns_topic" "alerts" {
  name = "alerts-test"
}
resource "aws_sns_topic_subscription" "alerts" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "ops@example.org"
}
"""


def unwrapped(run: SuiteRun) -> str:
    """Return what was printed with the lines that were too long in one."""
    return run.printed.replace("\n    ", " ")


def resource(text: str, name: str, enabled: str = "true") -> str:
    return text.replace("NAME", name).replace("ENABLED", enabled)


REFERENCE = resource(TABLE, "orders") + resource(ALARM, "throttled") + resource(BUCKET, "invoices") + VERSIONS
OFFENDERS = {
    "tables": ("returns-test in eu-west-1", resource(TABLE, "returns", "false")),
    "buckets": ("uploads-test", resource(BUCKET + PUBLIC, "uploads")),
    "alarms": ("sixth-test in eu-west-1", resource(ALARM, "sixth", "false")),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def small(tree: Tree) -> Tree:
    """The suite with a small stack beside the others."""
    write(tree.path / STACK, THE_STACK)
    write(tree.path / RUNBOOK, THE_RUNBOOK)
    write(tree.path / MAIN, REFERENCE)
    return tree


def adding(small: Tree, text: str, file: str = MAIN) -> int:
    """Add to a file and return the line at which what is added begins."""
    path = small.path / file
    before = path.read_text() if path.exists() else ""
    write(path, before + text)
    return before.count("\n") + 2


def ends(run: SuiteRun, *verdicts: str) -> set[tuple[str, str]]:
    """Return which inventories ended so, on which sources."""
    return {(it.resource, it.source) for it in run.those(*verdicts) if it.invariant == "small-inv-01"}  # type: ignore[arg-type]


def test_what_is_all_named_is_green(small: Tree) -> None:
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    assert len(ends(run, "passed")) == 8


@pytest.mark.parametrize("kind", OFFENDERS)
def test_what_is_declared_and_not_named_fails_and_nothing_else_does(small: Tree, kind: str) -> None:
    told, text = OFFENDERS[kind]
    line = adding(small, text)
    run = small.run("--stack=small")
    assert run.exit_code == 1
    assert ends(run, "failed") == {(f"{kind} of test", "hcl"), (f"{kind} of test", "moto")}
    assert len(run.those("failed")) == 2
    messages = {it.source: it.message for it in run.those("failed")}
    assert f"finding   the stack does not name {told}" in messages["hcl"]
    assert f"where     {MAIN}:{line + 1}" in messages["hcl"]
    assert f"type      name {told.partition(' ')[0]} in the stack, or remove it" in messages["hcl"]
    assert "where     " in messages["moto"]


def test_an_alarm_on_other_alarms_is_an_alarm(small: Tree) -> None:
    adding(small, COMPOSITE)
    run = small.run("--stack=small", "tests/inventory")
    assert ends(run, "failed") == {("alarms of test", "hcl")}
    assert "finding   the stack does not name any-test in eu-west-1" in run.those("failed")[0].message
    assert ends(run, "skipped") == {("alarms of test", "moto")}


RULES = """
resource "aws_cloudwatch_event_bus" "own" {
  name = "own"
}
resource "aws_cloudwatch_event_rule" "other" {
  name           = "other-test"
  event_bus_name = aws_cloudwatch_event_bus.own.name
  event_pattern  = jsonencode({ source = ["aws.s3"] })
}
"""


def test_a_rule_of_another_bus_is_found_there(small: Tree) -> None:
    rules = "  all-rules: {name: rules, asks: {of: event_rules}}\n"
    small.edit(STACK, "inventories:\n", f"inventories:\n{rules}")
    adding(small, RULES)
    run = small.run("--stack=small", "tests/inventory")
    assert ends(run, "failed") == {("rules", "hcl"), ("rules", "moto")}, run.output
    for failure in run.those("failed"):
        assert "the stack does not name own/other-test in eu-west-1" in failure.message


ROLE = """
resource "aws_iam_role" "other" {
  name               = "stacksets-exec-other"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"""


def test_what_moto_was_given_and_does_not_list_is_undetermined(small: Tree) -> None:
    """A list of roles leaves those out that are called as AWS calls its own."""
    roles = "  all-roles: {name: roles, asks: {of: roles}}\n"
    small.edit(STACK, "inventories:\n", f"inventories:\n{roles}")
    adding(small, ROLE)
    run = small.run("--stack=small", "tests/inventory")
    assert ends(run, "failed") == {("roles", "hcl")}, run.output
    assert ends(run, "skipped") == {("roles", "moto")}
    assert "moto does not list stacksets-exec-other, which it was given" in unwrapped(run)


def test_several_processes_end_as_one_does(small: Tree) -> None:
    adding(small, OFFENDERS["tables"][1])
    run = small.run("--stack=small", "-n", "2")
    assert ends(run, "failed") == {("tables of test", "hcl"), ("tables of test", "moto")}


def test_what_lies_in_another_region_is_not_what_is_named(small: Tree) -> None:
    adding(small, 'provider "aws" {\n  alias  = "far"\n  region = "eu-north-1"\n}\n')
    adding(small, resource(TABLE, "orders").replace('"orders" {', '"far" {\n  provider = aws.far'))
    run = small.run("--stack=small")
    assert ends(run, "failed") == {("tables of test", "hcl"), ("tables of test", "moto")}
    assert all("does not name orders-test in eu-north-1" in it.message for it in run.those("failed"))


MODULE = '\nmodule "more" {\n  source  = "example/tables/aws"\n  version = "1.0.0"\n}\n'
UNKNOWN_NAME = resource(TABLE, "other").replace('"other-test"', "aws_sns_topic.alerts.beginning_archive_time")
UNKNOWN_NUMBER = resource(TABLE, "other").replace(
    "{\n", "{\n  count = length(aws_sns_topic.alerts.beginning_archive_time)\n", 1
)
PREFIXED = resource(BUCKET, "other").replace("bucket =", "bucket_prefix =")
COMPOSITE = """
resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name      = "any-test"
  alarm_rule      = "ALARM(throttled-test)"
  actions_enabled = false
}
"""
NOT_KNOWN = {
    "a module": (MODULE, "tables", "module.more (example/tables/aws) of root data may declare"),
    "a name": (UNKNOWN_NAME, "tables", "the name of aws_dynamodb_table.other"),
    "a number": (UNKNOWN_NUMBER, "tables", "how many aws_dynamodb_table.other there are"),
    "a prefix": (PREFIXED, "buckets", "the name of aws_s3_bucket.other"),
}


@pytest.mark.parametrize("what", NOT_KNOWN)
def test_what_is_not_known_is_never_green(small: Tree, what: str) -> None:
    text, kind, said = NOT_KNOWN[what]
    adding(small, text)
    run = small.run("--stack=small")
    assert not run.those("failed", "error"), run.output
    undetermined = {it.source: it.message for it in run.those("skipped") if it.resource == f"{kind} of test"}
    assert said in undetermined["hcl"]
    assert set(undetermined) == {"hcl", "moto"}


@pytest.mark.parametrize("what", NOT_KNOWN)
def test_what_is_known_decides_whatever_is_not(small: Tree, what: str) -> None:
    text, kind, _ = NOT_KNOWN[what]
    adding(small, text + OFFENDERS[kind][1])
    assert ends(small.run("--stack=small"), "failed") == {(f"{kind} of test", it) for it in ("hcl", "moto")}


def test_a_root_that_is_not_given_leaves_it_open(small: Tree) -> None:
    small.edit(
        STACK,
        "buckets:\n",
        "  sessions: {name: s, root: web, expect: {point_in_time_recovery: true}}\nbuckets:\n",
    )
    run = small.run("--stack=small", f"--terraform=data={small.path}/terraform/small/data")
    assert ends(run, "passed", "failed") == set()
    assert "root web, which is not given, may declare aws_dynamodb_table" in run.output


ANOTHER_ACCOUNT = """
provider "aws" {
  alias = "shared"
  assume_role { role_arn = "arn:aws:iam::999999999999:role/deployer" }
}
"""
NAMED_THERE = """\
  shared: {name: "orders-{env}", account: "999999999999", root: data, expect: {point_in_time_recovery: true}}
"""


@pytest.mark.parametrize(("text", "of"), [(TABLE, "tables of test"), (BUCKET, "buckets of test")])
def test_what_is_another_accounts_is_not_what_the_stack_names(small: Tree, text: str, of: str) -> None:
    """Two tables of one name may be there, and moto has one account."""
    called = "orders" if text is TABLE else "invoices"
    shared = resource(text, called).replace(f'"{called}" {{', '"shared" {\n  provider = aws.shared')
    adding(small, ANOTHER_ACCOUNT + shared)
    run = small.run("--stack=small")
    assert run.exit_code == 1, run.output
    assert not run.those("error")
    assert ends(run, "failed") == {(of, "hcl")}
    assert (of, "moto") in ends(run, "skipped")
    told = rf"does not name {called}-test(?: in eu-west-1)? of account 999999999999"
    assert re.search(told, unwrapped(run))


def test_what_the_stack_names_in_another_account_is_named(small: Tree) -> None:
    shared = resource(TABLE, "orders").replace('"orders" {', '"shared" {\n  provider = aws.shared')
    adding(small, ANOTHER_ACCOUNT + shared)
    small.edit(STACK, "buckets:\n", f"{NAMED_THERE}buckets:\n")
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    assert ("tables of test", "hcl") in ends(run, "passed")
    assert {it.source for it in run.those("passed") if it.resource == "orders-test"} == {"hcl", "moto"}
    assert "it is in account 999999999999, and moto is given one account" in unwrapped(run)


def test_moto_knows_whose_is_what_it_has_once(small: Tree) -> None:
    small.edit(MAIN, '"orders" {', '"orders" {\n  provider = aws.shared')
    adding(small, ANOTHER_ACCOUNT)
    run = small.run("--stack=small")
    assert ends(run, "failed") == {("tables of test", "hcl"), ("tables of test", "moto")}


def test_a_root_that_is_not_the_resources_own_counts(small: Tree) -> None:
    small.edit(
        STACK,
        "buckets:\n",
        "  sessions: {name: web-test, root: web, expect: {point_in_time_recovery: true}}\nbuckets:\n",
    )
    line = adding(small, resource(TABLE, "web") + resource(TABLE, "hidden"), "terraform/small/web/main.tf")
    run = small.run("--stack=small", "--source=hcl")
    [failed] = run.those("failed")
    assert "does not name hidden-test in eu-west-1" in failed.message
    assert line


IN_JSON = '{"resource": {"aws_dynamodb_table": {"hidden": {"name": "hidden-test", "hash_key": "id"}}}}'
COMMENTED = '# module "t" {\n#   source = "../web"\n# }\n'
STACKED = 'resource "aws_cloudformation_stack" "it" {\n  name = "it"\n}\n'
BY_CLOUD_CONTROL = 'resource "awscc_dynamodb_global_table" "it" {\n  table_name = "hidden"\n}\n'
BY_A_TYPE = """\
resource "aws_cloudcontrolapi_resource" "it" {
  type_name     = "AWS::DynamoDB::GlobalTable"
  desired_state = "{}"
}
"""
BY_ANYBODYS_TYPE = BY_A_TYPE.replace("AWS::DynamoDB::GlobalTable", "Shop::Data::Store")
ELSEWHERE = {
    "made by CloudFormation": ("web/main.tf", STACKED),
    "made by another provider": ("web/main.tf", BY_CLOUD_CONTROL),
    "made of another type": ("web/main.tf", BY_A_TYPE),
    "made of a type of anybody's": ("web/main.tf", BY_ANYBODYS_TYPE),
    "for OpenTofu alone": ("web/main.tofu", ""),
    "that does not parse": ("web/main.tf", "{"),
    "beside, with a provider": ("web/main.tf", 'provider "aws" {}'),
    "beside, without one": ("web/main.tf", ""),
    "further below": ("deep/er/main.tf", ""),
    "in a root's own folder": ("data/sub/main.tf", ""),
    "above the roots": ("main.tf", ""),
    "in JSON": ("web/main.tf.json", IN_JSON),
}


@pytest.mark.parametrize(("place", "more"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_terraform_that_no_stack_names_leaves_open_what_it_declares(
    small: Tree, place: str, more: str
) -> None:
    path = small.path / "terraform/small" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    alone = more in (IN_JSON, STACKED, BY_CLOUD_CONTROL, BY_A_TYPE, BY_ANYBODYS_TYPE)
    path.write_text(more if alone else resource(TABLE, "hidden") + more)
    adding(small, COMMENTED)
    run = small.run("--stack=small")
    assert not run.those("failed", "error"), run.output
    opened = {it for it, _ in ends(run, "skipped")}
    assert "tables of test" in opened
    assert more in (STACKED, BY_ANYBODYS_TYPE) or opened == {"tables of test"}
    place = re.sub(r"\s+", " ", run.output)
    if path.suffix == ".tofu":
        assert (
            f"{path.parent.relative_to(small.path)}, where *.tofu lies that Terraform passes over," in place
        )
        return
    assert f"{path.parent.relative_to(small.path)}, which the stack names no root of, may declare" in place


def opened(run: SuiteRun, folder: str) -> bool:
    """Return whether a run leaves the tables open for a folder that nothing names."""
    said = f"{folder}, which the stack names no root of, may declare aws_dynamodb_table"
    return said in re.sub(r"\s+", " ", run.output) and ("tables of test", "hcl") in ends(run, "skipped")


def test_a_linked_folder_is_seen(small: Tree) -> None:
    elsewhere = small.path / "terraform/elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main.tf").write_text(resource(TABLE, "hidden"))
    (small.path / "terraform/small/web").symlink_to(elsewhere, target_is_directory=True)
    (elsewhere / "round").symlink_to(small.path / "terraform/small", target_is_directory=True)
    assert opened(small.run("--stack=small", "--source=hcl"), "terraform/small/web")


@pytest.mark.parametrize("linked", ["web", "web/main.tf"])
def test_what_is_linked_from_elsewhere_is_not_followed_and_leaves_it_open(
    small: Tree, tmp_path_factory: pytest.TempPathFactory, linked: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "main.tf").write_text("# holds no table\n")
    place = small.path / "terraform/small" / linked
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(elsewhere / Path(linked).name if linked.endswith(".tf") else elsewhere)
    (small.path / ".git").mkdir(exist_ok=True)
    run = small.run("--stack=small", "--source=hcl")
    assert ("tables of test", "hcl") in ends(run, "skipped")
    assert (
        f"terraform/small/{linked} is a link that leads out of {small.path}, and is not followed"
        in unwrapped(run)
    )
    run = small.run("--stack=small", "--source=hcl", "--allow-outside-files")
    assert ("tables of test", "hcl") in ends(run, "passed"), run.output


def too_long(at: Path) -> None:
    at.mkdir()
    with (at / "main.tf").open("wb") as file:
        file.truncate(MOST_BYTES + 1)


def a_link_to_nothing(at: Path) -> None:
    at.mkdir()
    (at / "main.tf").symlink_to("gone.tf")


def deeper_than_can_be_opened(at: Path) -> None:
    """Make more folders in one another than the path of one may name: nobody may read the last ones."""
    inside = os.open(at.parent, os.O_RDONLY)
    for name in (at.name, *["deep" * 60] * 20):
        os.mkdir(name, dir_fd=inside)
        inside, above = os.open(name, os.O_RDONLY, dir_fd=inside), inside
        os.close(above)
    os.close(inside)


UNREADABLE: list[tuple[Callable[[Path], None], str]] = [
    (too_long, "/main.tf cannot be read: it is longer"),
    (a_link_to_nothing, "/main.tf cannot be read: No such file"),
    (deeper_than_can_be_opened, "/deepdeep"),
]


@pytest.mark.parametrize(("make", "told"), UNREADABLE)
def test_what_cannot_be_read_beside_the_roots_leaves_it_open(
    small: Tree, make: Callable[[Path], None], told: str
) -> None:
    make(small.path / "terraform/small/web")
    run = small.run("--stack=small", "--source=hcl")
    assert ends(run, "failed", "error") == set(), run.output
    assert ("tables of test", "hcl") in ends(run, "skipped")
    assert f"terraform/small/web{told}" in unwrapped(run)


def test_what_cannot_be_read_beside_a_renamed_root_leaves_it_open(small: Tree) -> None:
    (small.path / "terraform/small/data").rename(small.path / "terraform/small/renamed")
    too_long(small.path / "terraform/small/web")
    run = small.run("--stack=small", "--source=hcl", "--terraform=data=terraform/small/renamed")
    assert ends(run, "failed", "error") == set(), run.output
    assert ("tables of test", "hcl") in ends(run, "skipped")


def test_a_root_under_another_name_has_siblings(small: Tree) -> None:
    (small.path / "terraform/small/data").rename(small.path / "terraform/small/renamed")
    adding(small, resource(TABLE, "hidden"), "terraform/small/web/main.tf")
    run = small.run("--stack=small", "--source=hcl", "--terraform=data=terraform/small/renamed")
    assert opened(run, "terraform/small/web")


def test_what_opentofu_alone_reads_of_a_root_leaves_it_open(small: Tree) -> None:
    adding(small, resource(TABLE, "hidden"), "terraform/small/data/more.tofu")
    run = small.run("--stack=small", "--source=hcl")
    assert "terraform/small/data, where *.tofu lies that Terraform passes over," in unwrapped(run)
    assert ("tables of test", "hcl") in ends(run, "skipped")


def test_below_a_root_that_is_the_folder_itself_is_seen(small: Tree) -> None:
    small.edit(STACK, "directory: terraform/small", "directory: terraform/small/data")
    text = (small.path / STACK).read_text()
    (small.path / STACK).write_text(text.replace("root: data", 'root: "."'))
    assert small.run("--stack=small", "--source=hcl").exit_code == 0
    adding(small, resource(TABLE, "hidden"), "terraform/small/data/web/main.tf")
    assert opened(small.run("--stack=small", "--source=hcl"), "terraform/small/data/web")


@pytest.mark.parametrize(
    "way", ["--terraform=terraform/../terraform/small", "--terraform=data=./terraform/small/data/"]
)
def test_however_the_folder_is_written_what_is_all_named_is_green(small: Tree, way: str) -> None:
    run = small.run("--stack=small", "--source=hcl", way)
    assert ends(run, "skipped", "failed", "error") == set(), run.output


def test_the_root_of_a_stack_that_is_not_chosen_is_no_stranger(small: Tree) -> None:
    write(small.path / "fixtures/stacks/other.yaml", NEIGHBOUR)
    write(small.path / "fixtures/runbooks/other.yaml", ITS_RUNBOOK)
    adding(small, resource(TABLE, "other"), "terraform/small/web/main.tf")
    run = small.run("--stack=small", "--source=hcl")
    assert ends(run, "skipped", "failed", "error") == set(), run.output


def test_a_module_that_a_root_calls_and_terraform_of_something_else_leave_nothing_open(small: Tree) -> None:
    (small.path / "terraform/small/modules/table").mkdir(parents=True)
    (small.path / "terraform/small/modules/table/main.tf").write_text(resource(TABLE, "orders2"))
    (small.path / "terraform/small/network").mkdir()
    (small.path / "terraform/small/network/main.tf").write_text(
        'provider "aws" {}\nresource "aws_vpc" "it" {}\n'
    )
    text = 'module "more" {\n  source = "../modules/table"\n  count  = 0\n}\n'
    adding(small, text)
    assert ends(small.run("--stack=small"), "skipped", "failed", "error") == set()


@pytest.mark.parametrize(
    "text",
    [
        'resource "aws_cloudformation_stack" "it" {\n  name = "it"\n  template_body = "{}"\n}\n',
        'resource "awscc_dynamodb_table" "it" {\n  table_name = "hidden"\n}\n',
        BY_A_TYPE,
        BY_A_TYPE.replace("AWS::DynamoDB::GlobalTable", "AWS::CloudFormation::Stack"),
        BY_A_TYPE.replace("DynamoDB::GlobalTable", "SSM::Parameter::MODULE"),
        BY_A_TYPE.replace('"AWS::DynamoDB::GlobalTable"', "aws_dynamodb_table.orders.arn"),
        'resource "aws_cloudformation_stack_instances" "it" {\n  stack_set_name = "it"\n}\n',
        'resource "aws_servicecatalog_provisioned_product" "it" {\n  name = "it"\n}\n',
        'resource "aws_elastic_beanstalk_environment" "it" {\n  name = "it"\n  application = "it"\n}\n',
    ],
)
def test_what_makes_resources_that_terraform_does_not_show_leaves_them_open(small: Tree, text: str) -> None:
    adding(small, text)
    run = small.run("--stack=small")
    assert ends(run, "skipped") >= {("tables of test", "hcl"), ("tables of test", "moto")}
    assert any("may make aws_dynamodb_table" in it.message for it in run.those("skipped"))


def test_what_makes_something_else_leaves_nothing_open(small: Tree) -> None:
    adding(small, BY_A_TYPE.replace("AWS::DynamoDB::GlobalTable", "AWS::SSM::Parameter"))
    assert len(ends(small.run("--stack=small"), "passed")) == 8


UNLIKE = """\
  small-04:
    test: inventory.none-like
    section: '1'
    statement: Nothing is called so.
    quantified: none
    severity: P4
    evidence: [hcl, aws]
  small-inv-01:"""


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("orders-* in eu-nroth-1", "is looked for in eu-west-1 alone"),
        ("orders-* in eu-north-1", "is looked for in eu-west-1 alone"),
        ("returns-*", "an account lists only what begins with orders-, and returns-* does not"),
        ("orders-old in eu-west-*", ""),
        ("*-old", ""),
    ],
)
def test_names_that_no_account_would_tell_are_refused(small: Tree, pattern: str, told: str) -> None:
    small.edit(STACK, "prefixes: [orders-]}}", f'prefixes: [orders-]}}, expect: {{none_of: ["{pattern}"]}}}}')
    small.edit(RUNBOOK, "  small-inv-01:", UNLIKE)
    run = small.run("--stack=small", "-k", "small-04")
    if told:
        assert_refused(run, told)
    else:
        assert run.exit_code == 0, run.output


@pytest.mark.parametrize(("old", "new"), [("[orders-]", "[ordesr-]"), ("[orders-]", '["x", "y-"]')])
def test_prefixes_that_nothing_named_begins_with_are_refused(small: Tree, old: str, new: str) -> None:
    small.edit(STACK, old, new)
    line = small.line(STACK, "  all-tables")
    assert_refused(
        small.run("--stack=small"), f"{STACK}:{line}: none of the tables that the stack names begins"
    )


def test_beside_its_own_a_stack_may_look_for_other_names(small: Tree) -> None:
    other = "  old-tables: {name: old, asks: {of: tables, prefixes: [legacy-]}}\n"
    small.edit(STACK, "  all-buckets:", f"{other}  all-buckets:")
    assert small.run("--stack=small", "--source=hcl").exit_code == 0


def state(*resources: tuple[str, str, dict[str, object]]) -> str:
    """Return a state file with these resources."""
    listed = [
        {
            "address": f"{type_}.{name}",
            "mode": "managed",
            "type": type_,
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "schema_version": 0,
            "values": values,
        }
        for type_, name, values in resources
    ]
    return json.dumps(
        {
            "format_version": "1.0",
            "terraform_version": "1.9.0",
            "values": {"root_module": {"resources": listed}},
        }
    )


def table(name: str) -> tuple[str, str, dict[str, object]]:
    arn = f"arn:aws:dynamodb:eu-west-1:123456789012:table/{name}"
    values: dict[str, object] = {"name": name, "arn": arn, "point_in_time_recovery": [{"enabled": True}]}
    return "aws_dynamodb_table", name.partition("-")[0], values


@pytest.mark.parametrize("more", [(), ("returns-test",)])
def test_what_a_state_holds_and_nothing_names_fails(
    small: Tree, tmp_path: Path, more: tuple[str, ...]
) -> None:
    write(tmp_path / "state.json", state(*map(table, ("orders-test", *more))))
    run = small.run("--stack=small", f"--state={tmp_path}/state.json", "tests/inventory")
    verdict = "failed" if more else "passed"
    assert ("tables of test", "state") in ends(run, verdict), run.output


def raw(*objects: tuple[str, bool]) -> str:
    """A state file with tables of these names, each with whether it is deposed."""
    instances = [
        {
            **({"deposed": "abcd1234"} if is_deposed else {}),
            "attributes": table(name)[2],
            "sensitive_attributes": [[{"type": "get_attr", "value": "arn"}]],
        }
        for name, is_deposed in objects
    ]
    entry = {"mode": "managed", "type": "aws_dynamodb_table", "name": "orders", "instances": instances}
    return json.dumps({"version": 4, "terraform_version": "1.9.0", "resources": [entry]})


def shown(*objects: tuple[str, bool]) -> str:
    """The same as `terraform show -json` prints it."""
    document = json.loads(state(*(table(name) for name, _ in objects)))
    for entry, (_, is_deposed) in zip(document["values"]["root_module"]["resources"], objects, strict=True):
        entry.update(address="aws_dynamodb_table.orders", name="orders")
        entry.update({"deposed_key": "abcd1234"} if is_deposed else {})
    return json.dumps(document)


@pytest.mark.parametrize("form", [raw, shown])
@pytest.mark.parametrize(
    ("objects", "found", "named"),
    [
        ((("orders-test", False),), "passed", "passed"),
        ((("orders-test", False), ("returns-test", True)), "failed", "passed"),
        ((("orders-test", True),), "passed", "failed"),
    ],
)
def test_what_was_replaced_and_is_not_destroyed_yet_is_there_and_is_nothing_else(
    small: Tree,
    tmp_path: Path,
    form: Callable[..., str],
    objects: tuple[tuple[str, bool], ...],
    found: str,
    named: str,
) -> None:
    write(tmp_path / "state.json", form(*objects))
    given = ("--stack=small", f"--state={tmp_path}/state.json", "--source=state")
    run = small.run(*given, "tests/inventory", "tests/dynamodb")
    assert ("tables of test", "state") in ends(run, found), run.output
    assert "orders-test" in {it.resource for it in run.those(named)}, run.output  # type: ignore[arg-type]
    if "failed" in (found, named):
        assert f"{tmp_path}/state.json" in run.printed
    assert "get_attr" not in run.output


def test_what_it_asks_about_can_be_listed(small: Tree) -> None:
    small.edit(STACK, "of: tables", "of: tabels")
    assert_refused(
        small.run("--stack=small"), f"{STACK}:", "'tabels' is no kind that can be listed (did you mean"
    )


def test_nothing_is_silenced_by_naming_it(small: Tree) -> None:
    small.edit(STACK, "buckets:\n", '  returns: {name: "returns-{env}", root: data}\nbuckets:\n')
    assert_refused(small.run("--stack=small"), "no sentence asks anything of returns")


GRANTED = """\
format: 2
stack: small
waivers:
  - {invariant: small-inv-01, resource: "returns-*", of: tables, owner: Lead, reason: over, until: 2999-12-31}
"""


def test_a_waiver_excuses_what_it_names(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED)
    adding(small, OFFENDERS["tables"][1])
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    assert "2 waived" in run.printed
    assert "the stack does not name returns-test in eu-west-1 (waived until 2999-12-31 by Lead" in unwrapped(
        run
    )


@pytest.mark.parametrize("answered", ["waived", "known"])
def test_what_answers_for_something_leaves_the_rest_undetermined(small: Tree, answered: str) -> None:
    adding(small, OFFENDERS["tables"][1])
    results, source = small.path / "results.json", "--source=hcl"
    given = (source, "-k", "all-tables")
    if answered == "waived":
        write(small.path / WAIVERS, GRANTED)
    else:
        assert small.run("--stack=small", *given, f"--results={results}").exit_code == 1
        given = (*given, f"--baseline={results}")
    assert not ends(small.run("--stack=small", *given, "--fail-on=undetermined"), "failed")
    adding(small, MODULE)
    run = small.run("--stack=small", *given, "--fail-on=undetermined", f"--results={results}")
    assert run.exit_code == 1
    assert "1 undetermined (which fails the run)" in run.verdict
    [found] = run.those("skipped")
    assert found.message.startswith("undetermined: module.more (example/tables/aws) of root data may declare")
    assert f"beside what is {answered}: the stack does not name returns-test in eu-west-1" in found.message
    if answered == "known":  # and so it is by the results of this run
        again = small.run("--stack=small", *given[:3], f"--baseline={results}")
        assert not again.those("failed"), again.output


def test_what_is_let_pass_leaves_the_rest_undetermined(small: Tree) -> None:
    adding(small, OFFENDERS["tables"][1])
    given = ("--stack=small", "--source=hcl", "-k", "all-tables", "--fail-on=P1", "--fail-on=undetermined")
    assert small.run(*given).exit_code == 0
    adding(small, MODULE)
    assert small.run(*given).exit_code == 1


def test_what_is_called_alike_is_a_cause_for_each_kind(small: Tree) -> None:
    for type_ in (TABLE, ALARM):
        adding(small, resource(type_, "returns", "false"))
    run = small.run("--stack=small", "--source=hcl", "-q")
    assert run.printed.count("does not name returns-test") == 2, run.output
    for which in ("tables of test", "alarms of test"):
        assert f"{which}: the stack does not name returns-test" in run.printed


def test_a_waiver_excuses_one_kind_of_what_is_called_alike(small: Tree) -> None:
    for kind in ("tables", "buckets"):
        adding(small, OFFENDERS[kind][1])
    pattern = GRANTED.replace('"returns-*"', '"*"')
    write(small.path / WAIVERS, pattern)
    run = small.run("--stack=small", "--source=hcl")
    assert {resource for resource, _ in ends(run, "failed")} == {"buckets of test"}, run.output
    write(small.path / WAIVERS, pattern.replace("of: tables, ", ""))
    run = small.run("--stack=small", "--source=hcl")
    assert run.exit_code == 1
    told = "small-inv-01 speaks of alarms, buckets, tables, topics, and all that are called * would be waived"
    assert re.sub(r"\s+", " ", run.printed).count(told) == 1, run.output
    write(small.path / WAIVERS, pattern.replace("of: tables", "of: tabels"))
    refused = small.run("--stack=small")
    assert_refused(refused, f"{WAIVERS}:4: no inventory of small is of tabels (did you mean tables?)")


def test_what_no_waiver_names_fails_alone(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED)
    adding(small, OFFENDERS["tables"][1])
    line = adding(small, resource(TABLE, "refunds"))
    failed = small.run("--stack=small", "--source=hcl").those("failed")
    assert len(failed) == 1
    assert "the stack does not name refunds-test in eu-west-1\n" in failed[0].message
    assert f"where     {MAIN}:{line + 1}\n" in failed[0].message


def asked_on(small: Tree, evidence: str) -> None:
    """Have the inventories asked on this evidence alone."""
    text = (small.path / RUNBOOK).read_text()
    before, _, after = text.partition("  small-inv-01:")
    write(small.path / RUNBOOK, f"{before}  small-inv-01:{after.replace('[hcl, aws]', evidence, 1)}")


def test_a_waiver_of_what_is_named_is_not_needed(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED.replace("returns-*", "orders-*"))
    run = small.run("--stack=small")
    assert run.exit_code == 0, run.output
    told = f"{WAIVERS}:4: small-inv-01 holds of orders-* in the code; whether the account needs the waiver"
    assert f"{told}, this run does not say" in unwrapped(run)
    asked_on(small, "[hcl]")
    files = {
        name: small.path / f"out.{name}" for name in ("html", "sarif", "incident", "results", "junitxml")
    }
    summary = small.path / "summary.md"
    run = run_suite(
        "--stack=small",
        *(f"--{name}={path}" for name, path in files.items()),
        variables=neutral_variables() | {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)},
        tree=small.path,
    )
    told = "small-inv-01 holds of orders-*; the waiver is not needed any more"
    assert f"Waivers: {WAIVERS}:4: {told}" in unwrapped(run)
    for path in (*files.values(), summary):
        assert told in html.unescape(path.read_text("utf-8")), path.name


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_a_waiver_that_covers_nothing_of_what_is_there_fails(small: Tree, more: tuple[str, ...]) -> None:
    write(small.path / WAIVERS, GRANTED.replace("returns-*", "retruns-*"))
    run = small.run("--stack=small", "--source=hcl", *more)
    assert run.exit_code == 1, run.output
    [failed] = run.those("failed")
    assert (
        "nothing is there that is called retruns-*: the waiver of small-inv-01 covers nothing" in run.printed
    )
    assert f"{WAIVERS}:4" in failed.message


def test_no_waiver_takes_an_inventory_whole(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED.replace('"returns-*"', '"tables of test"'))
    adding(small, OFFENDERS["tables"][1])
    run = small.run("--stack=small", "--source=hcl")
    assert run.exit_code == 1, run.output
    assert "does not name returns-test" in run.printed


def test_a_table_whose_region_is_not_known_leaves_it_open(small: Tree) -> None:
    text = (
        'data "aws_ssm_parameter" "dr" {\n  name = "dr"\n}\n'
        'provider "aws" {\n  alias  = "dr"\n  region = data.aws_ssm_parameter.dr.value\n}\n'
    )
    copy = resource(TABLE, "orders").replace('"orders" {', '"copy" {\n  provider = aws.dr')
    adding(small, text + copy)
    run = small.run("--stack=small", "--source=hcl")
    assert ("tables of test", "hcl") in ends(run, "skipped")
    assert "the region of aws_dynamodb_table.copy" in run.printed


def test_without_any_root_nothing_is_all(small: Tree) -> None:
    small.edit(STACK, "environments: {test: ", "environments: {next: {}, test: ")
    text = (small.path / STACK).read_text()
    (small.path / STACK).write_text(text.replace("root: data", "root: data, environments: [next]"))
    run = small.run("--stack=small", "--env=test")
    assert ends(run, "passed", "failed") == set()
    assert "no Terraform root is said to declare anything of test" in unwrapped(run)


def test_kinds_of_which_nothing_is_listed_are_named(small: Tree) -> None:
    adding(small, 'resource "aws_iam_role" "open" {\n  name = "open"\n  assume_role_policy = "{}"\n}\n')
    told = small.run("--stack=small", "--source=hcl").printed
    assert re.search(
        r"^Not listed: [a-z ]+, [a-z ]+, [a-z ]+, and \d\d more kinds of small; ", told, re.MULTILINE
    )
    small.edit(
        STACK, '  all-topics: {name: "topics of {env}", asks: {of: topics, prefixes: [alerts-]}}\n', ""
    )
    assert "Not listed: topics, " in small.run("--stack=small", "--source=hcl").printed


UNASKED = """\
  small-04:
    test: dynamodb.time-to-live
    section: '1'
    statement: What is old is deleted.
    severity: P4
    evidence: [hcl, aws]
  small-inv-01:"""


def test_the_commands_that_are_told_find_the_stacks(small: Tree) -> None:
    """Typed as they stood, they ended in "unrecognized arguments" and "no stacks are named"."""
    (small.path / "pytest.ini").unlink()
    given = ("-p", "plumbline.plugin", "--stacks=fixtures", "--stack=small")
    run = small.run(*given, "--source=hcl")
    assert run.exit_code == 0, run.output
    for command in ("coverage --not-asked listed", "pytest --env small/test --live"):
        assert f"{command} --stacks=fixtures\n" in run.printed
    assert "plumbline explain nosuch --stacks=fixtures\n" in small.run(*given, "-k", "nosuch").printed
    small.edit(RUNBOOK, "  small-inv-01:", UNASKED)
    assert_refused(small.run(*given), "coverage --not-asked small-04 --stacks=fixtures says which")


def test_whether_a_waiver_covers_something_is_open_where_more_may_be_there(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED)
    adding(small, resource(TABLE, "hidden"), "terraform/small/web/main.tf")
    assert small.run("--stack=small", "--source=hcl").exit_code == 0


def test_a_waiver_of_it_ends(small: Tree) -> None:
    write(small.path / WAIVERS, GRANTED.replace("2999", "2020"))
    adding(small, OFFENDERS["tables"][1])
    run = small.run("--stack=small", "--source=hcl")
    assert len(run.those("failed")) == 2
    assert "the waiver of small-inv-01 for returns-* ended on 2020-12-31" in run.printed


BY_ID = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def deployed() -> Iterator[MotoServer]:
    """An account that holds what the small stack names, and things of others."""
    with moto_server("123456789012") as server:
        dynamodb = client(server, "dynamodb")
        for name in ("orders-test", "of-others"):
            dynamodb.create_table(TableName=name, **BY_ID)
        dynamodb.update_continuous_backups(
            TableName="orders-test",
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
        s3 = client(server, "s3")
        s3.create_bucket(
            Bucket="invoices-test", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        s3.put_bucket_versioning(Bucket="invoices-test", VersioningConfiguration={"Status": "Enabled"})
        topic = client(server, "sns").create_topic(Name="alerts-test")["TopicArn"]
        client(server, "sns").subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=topic.replace(":sns:", ":sqs:")
        )
        alarm(server, "throttled-test", AlarmActions=[topic])
        yield server


def client(server: MotoServer, service: str, region: str = "eu-west-1") -> Any:
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")
    return session.client(service, region_name=region, endpoint_url=server.endpoint)


def alarm(server: MotoServer, name: str, **more: Any) -> None:
    client(server, "cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/DynamoDB",
        MetricName="ReadThrottleEvents",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        **more,
    )


def live(small: Tree, server: MotoServer, *arguments: str) -> SuiteRun:
    variables = {**os.environ, **variables_of_server(server.endpoint)}
    return run_suite("--env=small/test", "--live", *arguments, tree=small.path, variables=variables)


def test_what_an_account_holds_and_nothing_names_fails(small: Tree, deployed: MotoServer) -> None:
    small.edit(STACK, "prefixes: [orders-]", "prefixes: [orders-], regions: [eu-north-1]")
    before = live(small, deployed)
    assert before.exit_code == 0, before.output
    assert "repository" not in before.printed  # nothing of one is read
    assert len(ends(before, "passed")) == 4
    for number in range(120):  # more than a page
        client(deployed, "dynamodb").create_table(TableName=f"another-{number}", **BY_ID)
    client(deployed, "dynamodb").create_table(TableName="orders-zz", **BY_ID)
    client(deployed, "dynamodb", "eu-north-1").create_table(TableName="orders-test", **BY_ID)
    place = {"LocationConstraint": "eu-west-1"}
    client(deployed, "s3").create_bucket(
        Bucket="invoices-old", ACL="public-read", CreateBucketConfiguration=place
    )
    alarm(deployed, "throttled-sixth", ActionsEnabled=False)
    run = live(small, deployed, "-n", "2")
    messages = {it.resource: it.message for it in run.those("failed")}
    assert set(messages) == {"tables of test", "buckets of test", "alarms of test"}
    assert "does not name orders-zz in eu-west-1, orders-test in eu-north-1\n" in messages["tables of test"]
    assert "where     dynamodb:ListTables tables in eu-west-1\n" in messages["tables of test"]
    assert "does not name invoices-old\n" in messages["buckets of test"]
    assert "does not name throttled-sixth in eu-west-1\n" in messages["alarms of test"]


def test_whether_a_waiver_covers_what_an_account_may_hold_only_the_account_tells(
    small: Tree, deployed: MotoServer, tmp_path: Path
) -> None:
    write(small.path / WAIVERS, GRANTED.replace("returns-*", "orders-zz"))
    code = small.run("--stack=small")
    assert code.exit_code == 0, code.output
    account = live(small, deployed)
    assert ends(account, "failed") == {("tables of test", "live")}, account.output
    assert "nothing is there that is called orders-zz" in account.printed
    assert "    do        where the waiver is of what is still to come, apply" in account.printed
    assert "still to come" not in code.printed
    client(deployed, "dynamodb").create_table(TableName="orders-zz", **BY_ID)
    assert live(small, deployed, f"--save-evidence={tmp_path}/live.json").exit_code == 0
    assert small.run("--env=small/test", f"--evidence={tmp_path}/live.json").exit_code == 0


def test_whether_a_waiver_covers_what_no_account_is_asked_for_only_the_code_tells(
    small: Tree, deployed: MotoServer
) -> None:
    write(small.path / WAIVERS, GRANTED)
    run = live(small, deployed)
    assert run.exit_code == 0, run.output
    assert "holds of returns-* in the account; whether the code needs the waiver, this run" in unwrapped(run)
    assert small.run("--stack=small").exit_code == 1
    asked_on(small, "[live]")
    run = live(small, deployed)
    assert run.exit_code == 1, run.output
    assert "nothing is there that is called returns-*" in run.printed


def test_what_is_kept_of_a_run_says_the_same(small: Tree, deployed: MotoServer, tmp_path: Path) -> None:
    client(deployed, "dynamodb").create_table(TableName="orders-zz", **BY_ID)
    live(small, deployed, f"--save-evidence={tmp_path}/live.json")
    again = small.run("--env=small/test", f"--evidence={tmp_path}/live.json")
    assert ends(again, "failed") == {("tables of test", "live")}, again.output
    adding(small, MODULE + OFFENDERS["tables"][1])
    small.run("--stack=small", f"--save-evidence={tmp_path}/code.json")
    again = small.run("--stack=small", f"--evidence={tmp_path}/code.json")
    assert ends(again, "failed") == {("tables of test", "hcl"), ("tables of test", "moto")}, again.output


def test_the_policy_has_what_lists_them_and_no_other(small: Tree) -> None:
    command = ["policy", "--env", "small/test", "--invariant", "small-inv-01"]
    printed = subprocess.run(
        [sys.executable, "-m", "plumbline", *command], cwd=small.path, capture_output=True, text=True
    )
    granted = {
        action: statement["Resource"]
        for statement in json.loads(printed.stdout)["Statement"]
        for action in statement["Action"]
    }
    assert granted.keys() == {
        "dynamodb:ListTables",
        "s3:ListAllMyBuckets",
        "s3express:ListAllMyDirectoryBuckets",
        "cloudwatch:DescribeAlarms",
        "sns:ListTopics",
    }
    assert granted["cloudwatch:DescribeAlarms"] == ["*"]  # or CloudWatch tells of no composite ones
