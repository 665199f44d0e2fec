"""The name of a resource may be an output of Terraform: it is found by that on every source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.applied.server import moto_server, session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.tree import Tree, assert_refused

ACCOUNT, REGION = "210987654321", "eu-west-1"
STACK, RUNBOOK, MAIN = (
    "fixtures/stacks/lake.yaml",
    "fixtures/runbooks/lake.yaml",
    "terraform/lake/dev/main.tf",
)
THE_STACK = """\
format: 2
stack: lake
title: A lake
region: eu-west-1
environments: {dev: {account: "210987654321"}}
terraform: {directory: terraform/lake}
buckets:
  raw:
    output: raw_bucket
    root: "{env}"
    expect: {versioning: Enabled}
"""
THE_RUNBOOK = """\
format: 2
stack: lake
title: Runbook
source: lake.md
sections: {'1': Zones}
invariants:
  lake-01:
    test: s3.versioning
    section: '1'
    statement: The raw zone keeps versions.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: ['versioning of {name}'], account: ['aws s3api get-bucket-versioning --bucket {name}']}
"""
ZONES = """\
resource "random_id" "lake" {
  byte_length = 4
}
resource "aws_s3_bucket" "zone" {
  for_each = toset(["raw", "clean"])
  bucket   = NAME
}
resource "aws_s3_bucket_versioning" "raw" {
  bucket = aws_s3_bucket.zone["raw"].id
  versioning_configuration {
    status = "Enabled"
  }
}
"""
MADE_UP = '"lake-${each.key}-${random_id.lake.hex}"'
GIVEN = '"lake-${each.key}"'
MODULE = 'module "zones" {\n  source = "./zones"\n}\n'


ARN = "the ARN arn:aws:s3:::lake-raw; write an output that is aws_s3_bucket.NAME.bucket"


def output(value: str, name: str = "raw_bucket") -> str:
    return f'output "{name}" {{\n  value = {value}\n}}\n'


def write(tree: Tree, terraform: str, **more: str) -> None:
    """Write the stack, its runbook, and this Terraform; `more` are files of a module."""
    files = {STACK: THE_STACK, RUNBOOK: THE_RUNBOOK, MAIN: terraform}
    files |= {f"terraform/lake/dev/zones/{name}.tf": text for name, text in more.items()}
    for path, text in files.items():
        (tree.path / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / path).write_text(text)


def run(tree: Tree, *arguments: str) -> SuiteRun:
    return tree.run("--stack=lake", *arguments)


def verdicts(run: SuiteRun) -> dict[str, str]:
    return {it.source: it.verdict for it in run.outcomes.values()}


def test_a_name_that_source_gives_is_found_in_source_and_moto(tree: Tree) -> None:
    write(tree, ZONES.replace("NAME", GIVEN) + output('aws_s3_bucket.zone["raw"].bucket'))
    found = run(tree)
    assert verdicts(found) == {"hcl": "passed", "moto": "passed"}, found.output
    assert {it.resource for it in found.outcomes.values()} == {"lake-raw"}
    write(tree, ZONES.replace("NAME", GIVEN) + output('aws_s3_bucket.zone["clean"].bucket'))
    assert verdicts(run(tree)) == {"hcl": "failed", "moto": "failed"}


INDIRECT = {
    "id": output('aws_s3_bucket.zone["raw"].id'),
    "local": 'locals {\n  raw = aws_s3_bucket.zone["raw"].bucket\n}\n' + output("local.raw"),
}


@pytest.mark.parametrize("declared", INDIRECT.values(), ids=INDIRECT)
def test_a_name_that_only_apply_decides_leads_to_its_resource(tree: Tree, declared: str) -> None:
    write(tree, ZONES.replace("NAME", MADE_UP) + declared)
    assert verdicts(run(tree)) == {"hcl": "passed", "moto": "passed"}
    write(tree, ZONES.replace("NAME", MADE_UP) + declared.replace('"raw"]', '"clean"]'))
    assert verdicts(run(tree)) == {"hcl": "failed", "moto": "failed"}


LISTED = """\
  lake-02:
    test: inventory.named
    of: [all]
    section: '1'
    statement: No bucket is unnamed.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: ['name {unnamed} in the stack, or remove it'], account: ['aws s3api list-buckets']}
"""


def test_what_an_output_names_is_named_though_only_apply_decides_how_it_is_called(tree: Tree) -> None:
    raw, clean = (output(f'aws_s3_bucket.zone["{it}"].bucket', f"{it}_bucket") for it in ("raw", "clean"))
    write(tree, ZONES.replace("NAME", MADE_UP) + raw + clean)
    asked = "inventories:\n  all: {name: all, asks: {of: buckets}}\n"
    its = '  clean: {output: clean_bucket, root: "{env}", expect: {versioning: null}}\n'
    (tree.path / RUNBOOK).write_text(THE_RUNBOOK + LISTED)
    (tree.path / STACK).write_text(THE_STACK + its + asked)
    assert verdicts(run(tree, "-k", "lake-02")) == {"hcl": "passed", "moto": "passed"}
    (tree.path / STACK).write_text(THE_STACK + asked)
    found = run(tree, "-k", "lake-02")
    assert verdicts(found) == {"hcl": "skipped", "moto": "failed"}
    [told] = [it.message for it in found.outcomes.values() if it.verdict == "skipped"]
    assert 'the name of aws_s3_bucket.zone["clean"], which the stack may not name' in told


KEYS = """\
resource "aws_kms_key" "its" {
  for_each = toset(["raw", "clean"])
}
resource "aws_kms_alias" "its" {
  for_each      = aws_kms_key.its
  name          = "alias/${each.key}"
  target_key_id = each.value.key_id
}
"""


@pytest.mark.parametrize("attribute", ["id", "key_id", "arn"])
def test_a_key_is_what_an_output_says_of_it(tree: Tree, attribute: str) -> None:
    entries = "keys:\n  its: {output: its_key, root: dev, related: {aliased_key: named}}\n"
    stack = THE_STACK.partition("buckets:")[0] + entries + "  named: {output: its_alias, root: dev}\n"
    runbook = THE_RUNBOOK.replace("test: s3.versioning", "test: kms.alias\n    of: [its]")

    def given(key: str, alias: str) -> dict[str, str]:
        outputs = output(f'aws_kms_key.its["{key}"].{attribute}', "its_key")
        write(tree, KEYS + outputs + output(f'aws_kms_alias.its["{alias}"].name', "its_alias"))
        for path, text in ((STACK, stack), (RUNBOOK, runbook)):
            (tree.path / path).write_text(text)
        return verdicts(run(tree))

    assert given("raw", "raw") == {"hcl": "passed", "moto": "passed"}
    assert given("raw", "clean") == {"hcl": "failed", "moto": "failed"}


def test_a_name_leads_through_the_outputs_of_modules(tree: Tree) -> None:
    zones = ZONES.replace("NAME", MADE_UP) + output('aws_s3_bucket.zone["raw"].id', "raw")
    write(tree, MODULE + output("module.zones.raw"), main=zones)
    assert verdicts(run(tree, "--source=hcl")) == {"hcl": "passed"}
    write(tree, MODULE + output("module.zones.raw"), main=zones.replace('"Enabled"', '"Suspended"'))
    assert verdicts(run(tree, "--source=hcl")) == {"hcl": "failed"}


@pytest.mark.parametrize(
    "value", ['"${aws_s3_bucket.zone["raw"].id}-x"', 'aws_s3_bucket.zone["raw"].arn', "random_id.lake.hex"]
)
def test_what_is_made_of_a_name_is_no_name(tree: Tree, value: str) -> None:
    write(tree, ZONES.replace("NAME", MADE_UP) + output(value))
    found = run(tree, "--source=hcl")
    assert verdicts(found) == {"hcl": "skipped"}
    [line] = [it.message for it in found.outcomes.values()]
    assert "its name is output raw_bucket of root dev, which is known only after apply" in line


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (output('"x"', "raw_buckets"), "there is none (did you mean raw_buckets?)"),
        (output("null"), "it is null"),
        (output("[1]"), "it is [1]"),
        (output('aws_s3_bucket.zone["raw"].arn'), f"it is {ARN}"),
    ],
)
def test_an_output_that_is_no_name_is_an_error(tree: Tree, declared: str, said: str) -> None:
    write(tree, ZONES.replace("NAME", GIVEN) + declared)
    found = run(tree)
    assert verdicts(found) == {"hcl": "error", "moto": "error"}
    told = " ".join(found.output.split())
    assert f"output raw_bucket of root dev is no name of a bucket: {said}" in told


def test_a_plan_that_may_be_of_several_places_is_taken_for_none(tree: Tree, tmp_path: Path) -> None:
    """An output is called alike in each environment and stack: values of variables say whose it is."""
    write(tree, "")
    both = THE_STACK.replace('"210987654321"}', '"210987654321"}, live: {account: "123456789012"}')
    both = both.replace("directory: terraform/lake", 'directory: terraform/lake, variables: {env: "{env}"}')
    (tree.path / STACK).write_text(both)
    (tree.path / "terraform/lake/live").mkdir()
    (tree.path / "terraform/lake/live/main.tf").write_text("")
    for kind in ("stacks", "runbooks"):
        text = (tree.path / f"fixtures/{kind}/lake.yaml").read_text()
        (tree.path / f"fixtures/{kind}/pond.yaml").write_text(text.replace("stack: lake", "stack: pond"))
    (tree.path / "fixtures/runbooks/pond.yaml").write_text(
        THE_RUNBOOK.replace("stack: lake", "stack: pond").replace("lake-01", "pond-01")
    )
    plan = {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [],
        "output_changes": {"raw_bucket": {"actions": ["create"], "after": "raw-0a"}},
    }
    of_live, of_nobody = tmp_path / "live.json", tmp_path / "nobody.json"
    of_nobody.write_text(json.dumps(plan))
    of_live.write_text(json.dumps(plan | {"variables": {"env": {"value": "live"}}}))

    told = run(tree, f"--plan={of_live}")
    assert "examined: plan live.json of lake/live, root live" in told.printed, told.output
    assert_refused(run(tree, f"--plan={of_nobody}"), "may be of lake/dev/dev or lake/live/live", "alike")
    assert_refused(
        run(tree, "--env=lake/dev", f"--plan={of_live}"),
        f"--plan {of_live} is of lake/live/live, which this run does not examine: --env lake/live",
        f"or say that it is meant: --plan lake/dev/dev={of_live}",
    )
    assert "of lake/dev, root dev" in run(tree, "--env=lake/dev", f"--plan=lake/dev/dev={of_live}").printed
    of_two = tree.run("--stack=lake,pond", f"--plan={of_live}")
    assert_refused(of_two, "may be of lake/live/live or pond/live/live", f"--plan lake/live/live={of_live}")


def test_it_is_found_in_a_state(tree: Tree) -> None:
    write(tree, "")
    bucket = {"bucket": "lake-raw-0a", "arn": "arn:aws:s3:::lake-raw-0a", "region": REGION}
    kept = {"bucket": "lake-raw-0a", "versioning_configuration": [{"status": "Enabled", "mfa_delete": ""}]}
    resources = [
        {
            "mode": "managed",
            "type": type_,
            "name": "raw",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 0, "attributes": values}],
        }
        for type_, values in (("aws_s3_bucket", bucket), ("aws_s3_bucket_versioning", kept))
    ]
    whole = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "0a"}
    for name, ends in (("lake-raw-0a", "passed"), ("lake-raw-0b", "failed")):
        outputs = {"raw_bucket": {"value": name, "type": "string"}}
        (tree.path / "state.json").write_text(
            json.dumps({**whole, "outputs": outputs, "resources": resources})
        )
        found = run(tree, "--state=state.json" if ends == "passed" else "--state=dev=state.json")
        assert verdicts(found) == {"state": ends}, found.output


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An account with two buckets, one of which keeps versions."""
    with moto_server(ACCOUNT) as server:
        s3 = session().client("s3", region_name=REGION, endpoint_url=server.endpoint)
        for name in ("lake-raw-0a", "lake-clean-0a"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="lake-raw-0a", VersioningConfiguration={"Status": "Enabled"})
        yield server.endpoint


def outputs(tree: Tree, **values: object) -> str:
    """Write what Terraform prints of outputs, and return the file."""
    printed = {name: {"sensitive": False, "type": "string", "value": it} for name, it in values.items()}
    (tree.path / "outputs.json").write_text(json.dumps(printed))
    return "outputs.json"


def live(tree: Tree, endpoint: str, *arguments: str) -> SuiteRun:
    variables = variables_of_server(endpoint) | {"PATH": "/usr/bin:/bin"}
    return run_suite("--stack=lake", "--env=dev", "--live", *arguments, variables=variables, tree=tree.path)


def test_an_account_needs_to_be_told_the_outputs(tree: Tree, endpoint: str) -> None:
    write(tree, "")
    untold = live(tree, endpoint)
    assert verdicts(untold) == {"live": "skipped"}
    assert "--outputs dev=FILE" in untold.output
    for name, ends in (("lake-raw-0a", "passed"), ("lake-clean-0a", "failed"), ("lake-gone", "failed")):
        found = live(tree, endpoint, f"--outputs={outputs(tree, raw_bucket=name, other='secret')}")
        assert verdicts(found) == {"live": ends}, found.output
        assert "outputs of lake/dev, root dev" in found.printed
    found = live(tree, endpoint, f"--outputs={outputs(tree, raw_bucket='arn:aws:s3:::lake-raw')}")
    assert verdicts(found) == {"live": "error"}
    assert ARN in " ".join(found.output.split())


def test_what_was_told_is_kept_with_the_evidence_and_nothing_else_of_it(tree: Tree, endpoint: str) -> None:
    write(tree, "")
    given = f"--outputs={outputs(tree, raw_bucket='lake-raw-0a', other='s3cr3t')}"
    kept = live(tree, endpoint, given, "--save-evidence=kept.json", "-n", "2")
    assert verdicts(kept) == {"live": "passed"}, kept.output
    assert "s3cr3t" not in (tree.path / "kept.json").read_text()
    again = run(tree, "--evidence=kept.json")
    assert verdicts(again) == {"live": "passed"}, again.output


def test_a_failure_says_how_to_look_again(tree: Tree, endpoint: str) -> None:
    write(tree, "")
    failed = live(tree, endpoint, f"--outputs=dev={outputs(tree, raw_bucket='lake-clean-0a')}")
    assert "--live --outputs=dev=outputs.json" in failed.output
    assert "aws s3api get-bucket-versioning --bucket lake-clean-0a" in failed.output


UNUSABLE = {
    "nowhere.json": "nowhere.json cannot be read: No such file",
    "dve=x.json": "unknown root in --outputs 'dve' (did you mean dev?)",
    "terraform/lake/dev/main.tf": "is no JSON",
    "list.json": "is not what Terraform prints: terraform output -json > FILE",
    "raw.json": "is not what Terraform prints: terraform output -json > FILE",
}


@pytest.mark.parametrize(("given", "said"), UNUSABLE.items(), ids=UNUSABLE)
def test_what_is_no_file_of_outputs_is_refused(tree: Tree, given: str, said: str) -> None:
    write(tree, "#")
    (tree.path / "list.json").write_text("[1]")
    (tree.path / "raw.json").write_text('{"raw_bucket": "lake-raw-0a"}')
    assert_refused(run(tree, "--env=dev", "--live", f"--outputs={given}"), said)


def test_outputs_are_for_deployed_accounts_alone(tree: Tree) -> None:
    write(tree, output('"x"'))
    assert_refused(run(tree, f"--outputs={outputs(tree)}"), "this run examines hcl", "--live")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('    root: "{env}"\n', "", "`output` is one of a Terraform root: say which as `root`"),
        ("    output: raw_bucket\n", "", "give one of `name`, `output`"),
        ("output: raw_bucket", "name: x\n    output: raw_bucket", "give one of `name`, `output`"),
        ("output: raw_bucket", 'output: "{zone}"', "unknown placeholder {zone} in dev"),
    ],
)
def test_a_name_is_said_in_one_way(tree: Tree, old: str, new: str, said: str) -> None:
    write(tree, "")
    tree.edit(STACK, old, new)
    assert_refused(run(tree), STACK, said)
