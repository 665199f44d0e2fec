"""Resources that are not there, and values that nobody can know: one failure, or a counted skip."""

import re

from selftest.input.tree import DYNAMODB, Tree

OF_TERRAFORM = ("--source=hcl", "--source=moto")
MONITORING = "terraform/bbws/monitoring"
MAIN = f"{DYNAMODB}/main.tf"
PRODUCTS = 'resource "aws_dynamodb_table" "products" {\n'
RECOVERY = "  point_in_time_recovery {\n    enabled = true\n"
INVENTORIES = {"tables of sit", "tables of sit elsewhere", "tables of other environments in sit"}
"""What cannot be told where a table is not known: it may be any of them."""
SETTING = 'data "aws_ssm_parameter" "recovery" {\n  name = "/bbws/recovery"\n}\n\n'


def undeclare_products(tree: Tree) -> None:
    """Declare the products table zero times, and take out what refers to it."""
    tree.edit(MAIN, PRODUCTS, f"{PRODUCTS}  count = 0\n")
    tree.edit(f"{DYNAMODB}/backup.tf", "    aws_dynamodb_table.products.arn,\n", "")
    line = "    (aws_dynamodb_table.products.name)  = aws_dynamodb_table.products.arn\n"
    tree.edit(f"{DYNAMODB}/outputs.tf", line, "")


def test_a_table_that_is_declared_zero_times_is_one_failure(tree: Tree) -> None:
    undeclare_products(tree)
    run = tree.run("--env=sit", *OF_TERRAFORM)
    [failure] = run.those("failed")
    assert (failure.invariant, failure.resource, failure.source) == (
        "bbws-ddb-01",
        "bbws-products-sit",
        "hcl",
    )
    assert "table bbws-products-sit does not exist in terraform/bbws/dynamodb for sit" in failure.message
    skipped = run.those("skipped")
    assert {skip.resource for skip in skipped} == {"bbws-products-sit"}
    assert all(skip.message.startswith("missing: ") for skip in skipped)
    assert not run.those("error")
    assert run.exit_code == 1


def test_a_selected_test_speaks_for_the_missing_table_where_the_first_one_is_not_selected(tree: Tree) -> None:
    undeclare_products(tree)
    run = tree.run("--env=sit", "--source=hcl", "-k", "recovery")
    [failure] = run.those("failed")
    assert (failure.invariant, failure.resource) == ("bbws-ddb-15", "bbws-products-sit")
    assert "does not exist" in failure.message


def test_what_is_missing_fails_though_another_argument_of_its_speaker_is_not_known(tree: Tree) -> None:
    name = '"bbws-missing-templates-${var.environment}"'
    tree.edit(f"{MONITORING}/logs.tf", name, "terraform_data.later.id")
    tree.edit(f"{MONITORING}/logs.tf", "resource ", 'resource "terraform_data" "later" {}\n\nresource ')
    metric = "aws_cloudwatch_log_metric_filter.missing_templates.metric_transformation[0].name"
    tree.edit(f"{MONITORING}/alarms.tf", f"{metric}\n", '"Elsewhere"\n')
    run = tree.run("--env=sit", *OF_TERRAFORM, "-k", "missing_templates")
    [failure] = run.those("failed")
    assert failure.source == "hcl"
    assert re.search("alarm .*MissingTemplates.* does not exist", failure.message)
    assert run.exit_code == 1


def test_a_value_from_a_data_source_is_a_counted_skip_and_never_a_pass(tree: Tree) -> None:
    recovery = RECOVERY.replace("true", 'data.aws_ssm_parameter.recovery.value == "on"')
    tree.edit(MAIN, RECOVERY, recovery)
    tree.edit(MAIN, "locals {", f"{SETTING}locals {{")
    run = tree.run("--env=sit", *OF_TERRAFORM)
    undetermined = [skip for skip in run.those("skipped") if skip.invariant == "bbws-ddb-15"]
    assert {(skip.resource, skip.source) for skip in undetermined} == {
        ("bbws-tenants-sit", "hcl"),
        ("bbws-tenants-sit", "moto"),
    }
    assert "known only after apply: data.aws_ssm_parameter.recovery" in undetermined[0].message
    assert not run.those("failed", "error")
    assert "undetermined" in run.verdict
    assert run.exit_code == 0


def test_a_setting_that_moto_cannot_hold_leaves_the_bucket_and_its_objects_alone(tree: Tree) -> None:
    bucket = "terraform/bbws/s3/main.tf"
    tree.edit(bucket, 'status = "Enabled"', "status = terraform_data.later.output")
    tree.edit(
        bucket,
        'resource "aws_s3_bucket" ',
        'resource "terraform_data" "later" {\n  input = 1\n}\n\nresource "aws_s3_bucket" ',
    )
    run = tree.run("--env=sit", "--source=moto")
    [undetermined] = run.those("skipped")
    assert (undetermined.resource, undetermined.invariant) == ("bbws-templates-sit", "bbws-s3-08")
    assert "terraform_data.later.output" in undetermined.message
    assert {"bbws-templates-sit", "bbws-templates-sit/billing/invoice.html"} <= {
        it.resource for it in run.those("passed")
    }
    assert not run.those("failed", "error")


def test_a_run_that_determines_nothing_is_no_success(tree: Tree) -> None:
    tree.edit(MAIN, RECOVERY, RECOVERY.replace("true", 'data.aws_ssm_parameter.recovery.value == "on"'))
    tree.edit(MAIN, "locals {", f"{SETTING}locals {{")
    run = tree.run("--env=sit", "--source=hcl", "-k", "recovery_is_enabled and tenants")
    assert {outcome.verdict for outcome in run.outcomes.values()} == {"skipped"}
    assert run.exit_code == 5
    assert "determined nothing" in run.printed


def test_a_table_whose_name_is_unknown_is_not_called_missing(tree: Tree) -> None:
    tree.edit(MAIN, '"bbws-products-${var.environment}"', "data.aws_ssm_parameter.recovery.value")
    tree.edit(MAIN, "locals {", f"{SETTING}locals {{")
    run = tree.run("--env=sit", "--source=hcl")
    about_products = [it for it in run.outcomes.values() if it.resource == "bbws-products-sit"]
    assert {it.verdict for it in about_products} == {"skipped"}
    messages = {it.invariant: it.message for it in about_products}
    assert "may be bbws-products-sit: its name is known only after apply" in messages["bbws-ddb-01"]
    others = {it.resource for it in run.those("skipped", "failed", "error")}
    assert others == {"bbws-products-sit", *INVENTORIES}


def test_a_table_whose_name_begins_otherwise_is_another_one(tree: Tree) -> None:
    """A random suffix says nothing of how a name begins: no other table becomes unknown by it."""
    other = '"bbws-goods-${data.aws_ssm_parameter.recovery.value}"'
    tree.edit(MAIN, '"bbws-products-${var.environment}"', other)
    tree.edit(MAIN, "locals {", f"{SETTING}locals {{")
    run = tree.run("--env=sit", "--source=hcl")
    about_products = [it for it in run.outcomes.values() if it.resource == "bbws-products-sit"]
    [failure] = [it for it in about_products if it.verdict == "failed"]
    assert failure.invariant == "bbws-ddb-01"
    assert {it.verdict for it in about_products} == {"failed", "skipped"}
    assert "bbws-products-sit does not exist" in failure.message


def test_a_table_that_moto_refuses_to_create_is_an_error_about_that_table_alone(tree: Tree) -> None:
    unused = '  attribute {\n    name = "colour"\n    type = "S"\n  }\n'
    tree.edit(MAIN, PRODUCTS, f"{PRODUCTS}{unused}")
    run = tree.run("--env=sit", *OF_TERRAFORM)
    [failure] = run.those("failed")
    assert (failure.invariant, failure.source) == ("bbws-ddb-12", "hcl")
    assert {(it.resource, it.source) for it in run.those("error")} == {("bbws-products-sit", "moto")}
    assert run.printed.count("moto refuses to create table bbws-products-sit as declared") == 1
    assert {it.resource for it in run.those("skipped")} == INVENTORIES
