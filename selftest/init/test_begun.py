"""A stranger's Terraform: two files are written, every sentence holds, and a fault is noticed."""

import json
import re
import shutil

import pytest

from plumbline.__main__ import main
from plumbline.expectations.runbook import Runbook
from plumbline.kinds.inventory import OfWhat
from selftest.front_door import REPOSITORY
from selftest.init.repository import FILES, FOLDER, MAIN, PLAN, STRANGERS, Repository
from selftest.input.test_small_stacks import TERRAFORM

FOREIGN = REPOSITORY / "selftest/stacks/bbws/foreign"


BROKEN = (
    ('"${local.name}-orders"', '"${local.name}-order"', "dynamodb.exists inventory.named alarms.metric"),
    ("{ enabled = true }", "{ enabled = false }", "dynamodb.point-in-time-recovery"),
    ('var.stage == "prod"\n', "false\n", "dynamodb.deletion-protection"),
    ("? 10", "? 11", "dynamodb.no-provisioned-capacity"),
    ('"books", stage', '"records", stage', "dynamodb.tags s3.tags"),
    ('"Enabled"', '"Suspended"', "s3.versioning"),
    ("block_public_policy     = true", "block_public_policy = false", "s3.public-access-block"),
    ("threshold           = 10", "threshold = 11", "alarms.metric"),
    ('= "Sum"', '= "Average"', "alarms.metric"),
    ("period              = 300", "period = 60", "alarms.metric"),
    ('protocol  = "email"', 'protocol = "email"\n  count = 0', "alarms.heard"),
    (
        'resource "aws_sqs_queue" "main" { name = "books" }',
        'resource "aws_s3_bucket" "more" { bucket = "${local.name}-more" }',
        "inventory.named",
    ),
)
"""What is broken in the stranger's Terraform, and the sentences that notice it."""


def test_every_sentence_holds_at_once_in_every_environment_on_hcl_and_moto(begun: Repository) -> None:
    run = begun.run()
    assert run.exit_code == 0, run.output
    assert "undetermined" not in run.verdict
    assert {it.source for it in run.those("passed")} == {"hcl", "moto"}
    assert {it.properties["environment"] for it in run.those("passed")} == {"dev", "prod"}


def test_what_moto_refuses_is_asked_of_source_in_every_environment(repository: Repository) -> None:
    """Two environments in two accounts have a bucket of one name, which S3 gives away once."""
    repository.write(FILES)
    repository.edit(
        MAIN,
        'resource "aws_sqs_queue"',
        'resource "aws_s3_bucket" "one" { bucket = "of-both" }\n\nresource "aws_sqs_queue"',
    )
    ended = repository.init(
        *("books", "--terraform", "infra/app"),
        *("--account", "dev=111111111111", "--account", "prod=222222222222"),
    )
    assert ended.code == 0, ended.complained
    assert (
        "asked of source alone, since it could not be read otherwise: moto refuses to create" in ended.printed
    )
    stack = repository.text("stacks", "books")
    assert stack.count("environments:") == 1
    assert "name: of-both" in stack
    assert "evidence: [hcl]" in repository.text("runbooks", "books")
    run = repository.run()
    assert run.exit_code == 0, run.output


def test_environments_are_told_apart_by_files_of_variables_and_names_have_a_placeholder(
    begun: Repository,
) -> None:
    stack = begun.stack("books")
    assert list(stack.environments) == ["dev", "prod"]
    assert stack.environments["prod"].production
    assert stack.region == "eu-central-1"
    assert stack.terraform.var_files == ["../envs/{env}.tfvars"]
    assert 'name: "books-{env}-orders"' in begun.text("stacks", "books")
    assert stack.subjects("dev")["orders"].name == "books-dev-orders"
    assert stack.subjects("prod")["throttled"].related == {"topic": "alerts"}


def test_environments_are_told_apart_by_workspaces_where_the_terraform_asks_for_those(
    repository: Repository,
) -> None:
    """A module that is called asks, too; what only one workspace has is found there."""
    repository.write(
        {
            "infra/main.tf": 'module "all" { source = "./all" }\n',
            "infra/all/main.tf": (
                'provider "aws" { region = "eu-central-1" }\n'
                'resource "aws_sns_topic" "no" { name = "no-${terraform.workspace}" }\n'
                'resource "aws_s3_bucket" "all" { bucket = "all-${terraform.workspace}" }\n'
                'resource "aws_s3_bucket" "one" {\n'
                '  count = terraform.workspace == "prod" ? 1 : 0\n'
                '  bucket = "one-of-prod"\n'
                "}\n"
            ),
        }
    )
    ended = repository.init("books", "--terraform", "infra", "--env", "dev", "--env", "prod")
    assert ended.code == 0, ended.complained
    assert "environments: dev, prod, by workspace {env}\n" in ended.printed
    stack = repository.stack("books")
    assert {it.name for it in stack.subjects("dev").values() if it.kind.noun == "bucket"} == {"all-dev"}
    assert "one-of-prod" in {it.name for it in stack.subjects("prod").values()}
    run = repository.run()
    assert run.exit_code == 0, run.output


def test_a_file_of_variables_that_some_environments_have_alone_is_told(repository: Repository) -> None:
    repository.write(FILES)
    words = ("books", "--terraform", "infra/app", "--env", "dev", "--env", "test")
    told = "../envs/{env}.tfvars is not read: dev has one, and test has none\n"
    assert told in repository.init(*words).printed


def test_settings_that_no_sentence_asks_about_are_told(repository: Repository) -> None:
    """Those that no kind reads by Terraform's name, in blocks and of what belongs to it, too; others by the
    field; what is asked of is told nowhere."""
    repository.write(FILES)
    group = 'resource "aws_cloudwatch_log_group" "all" {\n  name = "/books/${var.stage}/all"\n}\n\n'
    repository.edit(MAIN, 'resource "aws_sqs_queue"', f'{group}resource "aws_sqs_queue"')
    repository.edit(MAIN, "{ enabled = true }", "{\n    enabled = true\n    recovery_period_in_days = 7\n  }")
    repository.edit(MAIN, '{ status = "Enabled" }', '{ status = "Enabled" }\n  mfa = "serial 123456"')
    ended = repository.init("books", "--terraform", "infra/app")
    [told] = re.findall("settings that no sentence asks about: (.*)", ended.printed)
    assert "1 aws_dynamodb_table.point_in_time_recovery.recovery_period_in_days" in told
    assert "1 aws_s3_bucket_versioning.mfa" in told
    assert not re.search(r"alarm\.|table\.(billing|tags|point_in_time\w+,)", told)
    [lists] = re.findall("asks: {of: log_groups, (.*)}}", repository.text("stacks", "books"))
    assert "/books/" in lists


def test_what_differs_by_environment_is_expected_there(begun: Repository) -> None:
    carts = {env: begun.stack("books").subjects(env)["carts"].expected for env in ("dev", "prod")}
    assert carts["dev"]["provisioned_capacity"] == {"read_capacity": 1, "write_capacity": 1}
    assert carts["prod"]["provisioned_capacity"] == {"read_capacity": 10, "write_capacity": 1}
    assert "expect_in: {prod: {deletion_protection_enabled: true}}" in begun.text("stacks", "books")


def test_severities_are_those_of_the_page_and_lower_outside_of_production(begun: Repository) -> None:
    runbook: Runbook = begun.runbook("books")
    by_test = {it.test: it.severity for it in runbook.invariants.values()}
    assert by_test["dynamodb.point-in-time-recovery"] == "P1"
    assert by_test["alarms.heard"] == "P2"
    assert by_test["inventory.named"] == "P3"
    assert by_test["dynamodb.tags"] == "P4"
    assert runbook.highest_severity == {"dev": "P3"}


def test_what_does_not_hold_is_told_and_stands_beside_the_entry(repository: Repository) -> None:
    told = repository.write(FILES).init("books", "--terraform", "infra/app").printed
    assert "P1 dynamodb.point-in-time-recovery: Every table can be restored to any second." in told
    assert "Not so: books-dev-carts, books-prod-carts" in told
    assert "P1 dynamodb.deletion-protection" in told
    assert "of types that no kind speaks of: 1 aws_sqs_queue" in told
    assert told.rstrip().endswith(f"next: pytest --stacks {FOLDER} --env dev")
    stack = repository.text("stacks", "books")
    assert "    # found otherwise, so not expected: point_in_time_recovery: true\n" in stack
    assert "    # found otherwise in dev, so not expected: deletion_protection_enabled: true\n" in stack


def test_one_thing_broken_is_red_as_what_it_is(begun: Repository) -> None:
    whole = (begun.folder / MAIN).read_text()
    for old, new, noticed in BROKEN:
        begun.edit(MAIN, old, new)
        assert begun.fallen("books", "prod") == {*noticed.split()}, (old, new)
        begun.write({MAIN: whole})


def test_a_card_says_what_is_wrong_with_which_resource(begun: Repository) -> None:
    begun.edit(MAIN, "{ enabled = true }", "{ enabled = false }")
    run = begun.run("--env=prod", "-v")
    assert run.exit_code == 1
    assert re.search(r"✗ P1  books-\d+  .*books-prod-orders", run.printed)
    assert "type      point_in_time_recovery { enabled = true }" in run.printed


def test_terraform_in_modules_in_another_style_is_green_at_once_and_red_when_broken(
    repository: Repository,
) -> None:
    shutil.copytree(FOREIGN, repository.folder / "infra")
    shutil.copytree(REPOSITORY / "terraform/bbws/templates", repository.folder / "infra/s3/templates")
    environments = [word for it in ("dev", "sit", "prod") for word in ("--env", it)]
    ended = repository.init("shop", "--terraform", "infra", *environments)
    assert ended.code == 0, ended.complained
    run = repository.run()
    assert run.exit_code == 0, run.output
    repository.edit("infra/modules/table/main.tf", 'var.recovery ? ["on"] : []', "[]")
    assert repository.fallen("shop", "sit") == {"dynamodb.point-in-time-recovery"}


def test_modules_are_read_as_a_run_reads_them_where_there_is_no_checkout(repository: Repository) -> None:
    (repository.folder / ".git").rmdir()
    shutil.copytree(FOREIGN, repository.folder / "infra")
    shutil.copytree(REPOSITORY / "terraform/bbws/templates", repository.folder / "infra/s3/templates")
    ended = repository.init("shop", "--terraform", "infra", "--env", "sit")
    assert ended.code == 0, ended.complained
    assert "it is not read" not in ended.printed
    run = repository.run()
    assert run.exit_code == 0, run.output


def test_files_outside_of_the_checkout_are_read_where_that_is_allowed(repository: Repository) -> None:
    group = 'resource "aws_cloudwatch_log_group" "app" { name = "shop-app" }\n'
    outside = repository.folder.parent / "modules/group"
    outside.mkdir(parents=True)
    (outside / "main.tf").write_text(group)
    repository.write({"infra/main.tf": 'module "group" { source = "../../modules/group" }\n'})
    words = ("shop", "--terraform", "infra", "--region", "eu-west-1")
    assert "--allow-outside-files reads it" in repository.init(*words).complained
    ended = repository.init(*words, "--allow-outside-files")
    assert ended.printed.rstrip().endswith("--env default --allow-outside-files")
    run = repository.run("--allow-outside-files")
    assert run.exit_code == 0, run.output


def test_one_table_of_one_environment_is_enough(repository: Repository) -> None:
    main = "terraform/small/data/main.tf"
    repository.write({main: TERRAFORM.replace("ENABLED", "true")})
    ended = repository.init("small", "--terraform", "terraform/small", "--region", "eu-west-1")
    assert ended.code == 0, ended.complained
    assert "environments: one, called default; give --env NAME for each" in ended.printed
    assert 'tags: {Account: "{account}"}' in repository.text("stacks", "small")
    assert repository.run().exit_code == 0
    repository.edit(main, "enabled = true", "enabled = false")
    assert repository.fallen("small", "default") == {"dynamodb.point-in-time-recovery"}


def test_what_aws_chooses_where_nothing_is_written_keeps_nothing_from_moto(repository: Repository) -> None:
    pool = 'resource "aws_cognito_user_pool" "readers" { name = "readers" }\n'
    repository.write({"infra/main.tf": 'provider "aws" { region = "eu-west-1" }\n' + pool})
    assert repository.init("pool", "--terraform", "infra").code == 0
    run = repository.run("--source", "moto")
    assert run.exit_code == 0
    assert "undetermined" not in run.verdict


def test_a_root_for_each_environment_is_one_root(repository: Repository) -> None:
    root = '{0}resource "aws_sns_topic" "alerts" {{ name = "shop-{1}-alerts" }}\n'
    group = 'resource "aws_cloudwatch_log_group" "app" {{ name = "shop-{0}" }}\n'
    region = 'provider "aws" { region = "eu-west-1" }\n'
    for env in ("staging", "prod"):  # whatever the order of their folders
        repository.write({f"infra/envs/{env}/main.tf": root.format(region, env) + group.format(env)})
    assert repository.init("shop", "--terraform", "infra").code == 0
    assert '{name: "shop-{env}", root: "envs/{env}"}' in repository.text("stacks", "shop")
    assert repository.run().exit_code == 0


def test_environments_in_regions_of_their_own_have_all_that_they_have(repository: Repository) -> None:
    provider = 'variable "environment" {}\nvariable "region" {}\nprovider "aws" { region = var.region }\n'
    repository.write(
        {
            "infra/main.tf": provider + TERRAFORM.replace("ENABLED", 'var.environment != "nowhere"'),
            "infra/dev.tfvars": 'environment = "dev"\nregion = "eu-west-1"\n',
            "infra/prod.tfvars": 'environment = "prod"\nregion = "us-east-1"\n',
        }
    )
    of_both = ("--env", "dev", "--env", "prod", "--var-file", "infra/{env}.tfvars")
    assert repository.init("shop", "--terraform", "infra", *of_both).code == 0
    stack = repository.stack("shop")
    regions = {env: {it.region for it in stack.subjects(env).values()} for env in stack.environments}
    assert regions == {"dev": {"eu-west-1"}, "prod": {"us-east-1"}}
    assert repository.run().exit_code == 0
    repository.edit("infra/main.tf", '!= "nowhere"', '== "prod"')
    assert repository.fallen("shop", "dev") == {"dynamodb.point-in-time-recovery"}


def test_names_that_shorten_the_environment_are_one_name(repository: Repository) -> None:
    short = 'variable "environment" {}\nlocals { short = { dev = "d", prod = "p" }[var.environment] }\n'
    table = TERRAFORM.replace("orders-test", "shop-${local.short}-orders")
    every = 'toset(["shop-${local.short}-b"])'
    table += f'resource "aws_s3_bucket" "b" {{\n for_each = {every}\n bucket = each.key\n}}\n'
    repository.write(
        {
            "infra/main.tf": f'{short}provider "aws" {{ region = "eu-west-1" }}\n'
            + table.replace("ENABLED", "true"),
            "infra/dev.tfvars": 'environment = "dev"\n',
            "infra/prod.tfvars": 'environment = "prod"\n',
        }
    )
    of_both = ("--env", "dev", "--env", "prod", "--var-file", "infra/{env}.tfvars")
    of_one_account = ("--account", "123456789012")
    assert repository.init("shop", "--terraform", "infra", *of_both, *of_one_account).code == 0
    stack = repository.stack("shop")
    lists = stack.subjects("prod")["all-tables"].question
    assert isinstance(lists, OfWhat)
    assert lists.holds("shop-p-more")
    assert not lists.holds("shop-d-orders")
    assert "shop-p-orders in eu-west-1" in stack.subjects("dev")["all-tables"].expected["named"]
    called = {env: {it.name for it in stack.subjects(env).values()} for env in stack.environments}
    assert "shop-d-orders" in called["dev"]
    assert "shop-p-orders" in called["prod"]
    assert [*stack.subjects("dev")] == [*stack.subjects("prod")]
    assert repository.run().exit_code == 0
    repository.edit("infra/main.tf", "enabled = true", 'enabled = var.environment == "dev"')
    assert repository.fallen("shop", "prod") == {"dynamodb.point-in-time-recovery"}


def test_a_root_that_says_no_region_lies_in_that_of_its_environment(repository: Repository) -> None:
    variables = 'variable "environment" {}\nvariable "region" {}\n'
    group = 'resource "aws_cloudwatch_log_group" "a" { name = "a-${data.aws_region.here.name}" }\n'
    repository.write(
        {
            "infra/data/main.tf": f'{variables}provider "aws" {{ region = var.region }}\n'
            + TERRAFORM.replace("ENABLED", "true"),
            "infra/more/main.tf": variables + 'data "aws_region" "here" {}\n' + group,
            "infra/dev.tfvars": 'environment = "dev"\nregion = "eu-west-1"\n',
            "infra/prod.tfvars": 'environment = "prod"\nregion = "us-east-1"\n',
        }
    )
    of_both = ("--env", "dev", "--env", "prod", "--var-file", "infra/{env}.tfvars")
    assert repository.init("shop", "--terraform", "infra", *of_both).code == 0
    stack = repository.stack("shop")
    assert {it.region for it in stack.subjects("prod").values()} == {"us-east-1"}
    assert "a-us-east-1" in {it.name for it in stack.subjects("prod").values()}
    assert repository.run().exit_code == 0


def test_a_name_that_is_an_output_is_said_as_that(repository: Repository) -> None:
    text = (
        'provider "aws" { region = "eu-west-1" }\nresource "aws_s3_bucket" "raw" { bucket_prefix = "raw-" }\n'
    )
    repository.write({"infra/main.tf": text})
    told = repository.init("shop", "--terraform", "infra")
    assert told.code == 2
    assert "its name is known only after apply: make it an output of the root" in told.complained
    repository.write({"infra/main.tf": text + 'output "raw" { value = aws_s3_bucket.raw.id }\n'})
    assert repository.init("shop", "--terraform", "infra").code == 0
    assert "output: raw" in repository.text("stacks", "shop")
    assert repository.run().exit_code == 0


KEYS = """
resource "aws_kms_key" "main" { enable_key_rotation = true }

resource "aws_kms_alias" "main" {
  name          = "alias/${local.name}-main"
  target_key_id = aws_kms_key.main.key_id
}

resource "aws_kms_key" "second" { enable_key_rotation = true }

resource "aws_kms_key" "off" { is_enabled = false }

resource "aws_kms_alias" "off" {
  name          = "alias/${local.name}-off"
  target_key_id = aws_kms_key.off.key_id
}

resource "aws_vpc_endpoint" "tables" {
  vpc_id       = "vpc-0a1b2c3d"
  service_name = "com.amazonaws.eu-central-1.dynamodb"
}

output "second" { value = aws_kms_key.second.arn }
"""


def test_a_key_goes_by_its_alias_or_an_output_and_what_is_only_read_with_others_is_told(
    repository: Repository,
) -> None:
    repository.write(FILES | {MAIN: FILES[MAIN] + KEYS})
    told = repository.init("books", "--terraform", "infra/app").printed
    assert re.search(r"read with what they belong to, .* 1 aws_vpc_endpoint", told)
    assert re.search("settings that no sentence asks about: .*1 key.enabled", told)
    keys = {it.key: it for it in repository.stack("books").subjects("prod").values() if it.kind.noun == "key"}
    assert {key: it.expected for key, it in keys.items()} == {
        "main": {"enabled": True, "state": "Enabled", "rotation": True},
        "second": {"enabled": True, "state": "Enabled", "rotation": True},
        "off": {"rotation": False},
    }
    assert keys["main"].name == "alias/books-prod-main"
    run = repository.run()
    assert run.exit_code == 0, run.output
    repository.edit(MAIN, "enable_key_rotation = true", "enable_key_rotation = false")
    assert repository.fallen("books", "prod") == {"kms.rotation"}


def test_an_output_that_is_another_attribute_of_a_resource_is_not_its_name(repository: Repository) -> None:
    bucket = 'resource "aws_s3_bucket" "raw" { bucket_prefix = "raw-" }\n'
    repository.write({"infra/main.tf": bucket + 'output "raw" { value = aws_s3_bucket.raw.arn }\n'})
    told = repository.init("shop", "--terraform", "infra")
    assert "its name is known only after apply: make it an output of the root" in told.complained


ALIKE = """
provider "aws" { region = "eu-west-1" }
resource "aws_security_group" "web" {
  for_each = toset(["vpc-0a1b2c3d", "vpc-1a2b3c4d"])
  name     = "web"
  vpc_id   = each.key
}
resource "aws_cloudwatch_log_group" "app" { name = "app" }
"""


def test_nodes_of_one_group_are_each_told(repository: Repository) -> None:
    group = """
resource "aws_elasticache_replication_group" "all" {
  replication_group_id = "books-${var.stage}"
  description          = "all"
  num_cache_clusters   = 2
}
"""
    repository.write(FILES | {MAIN: STRANGERS + group})
    printed = repository.init("books", "--terraform", "infra/app").printed
    nodes = "books-dev-001, books-prod-001, books-dev-002, books-prod-002"
    assert f"{nodes}: no sentence that holds is about this cache cluster" in printed


def test_a_name_with_braces_that_all_have_tells_no_environment(repository: Repository) -> None:
    repository.write(FILES)
    repository.edit(
        MAIN, '"aws_sqs_queue" "main" { name = "books" }', '"aws_sns_topic" "x" { name = "a{b}c" }'
    )
    assert repository.init("books", "--terraform", "infra/app").code == 0
    assert "tail" not in repository.text("stacks", "books")


def test_what_several_are_called_alike_is_left_out_and_told(repository: Repository) -> None:
    """Groups of two networks, and what two roots declare: no stack could say which one it means."""
    root = ALIKE.replace("app", "of-{0}") + 'resource "aws_secretsmanager_secret" "key" { name = "key" }\n'
    for it in ("one", "two"):
        repository.write({f"infra/{it}/main.tf": root.replace("{0}", it)})
    ended = repository.init("shop", "--terraform", "infra")
    assert ended.code == 0, ended.complained
    assert "web in default: several security groups are called so" in ended.printed
    assert "key in default: several secrets are called so" in ended.printed
    assert "of: log_groups" in repository.text("stacks", "shop")
    assert "of: security_groups" not in repository.text("stacks", "shop")
    run = repository.run()
    assert run.exit_code == 0, run.output


LOCAL = """
  attribute {
    name = "day"
    type = "S"
  }
  attribute {
    name = "who"
    type = "S"
  }
  local_secondary_index {
    name            = "by-who"
    range_key       = "who"
    projection_type = "ALL"
  }
"""


def test_a_table_has_its_local_indexes_in_moto_too(repository: Repository) -> None:
    repository.write(FILES)
    repository.edit(MAIN, '"id"\n  deletion', '"id"\n  range_key = "day"\n  deletion')
    repository.edit(MAIN, "  point_in_time_recovery {", f"{LOCAL}  point_in_time_recovery {{")
    ended = repository.init("books", "--terraform", "infra/app")
    assert ended.code == 0, ended.complained
    assert "only-declared-indexes" not in ended.printed
    assert "moto refuses" not in ended.printed
    assert "index_names: [by-who]" in repository.text("stacks", "books")
    run = repository.run("--source", "moto")
    assert run.exit_code == 0, run.output
    repository.edit(MAIN, '"by-who"', '"by-whom"')
    assert repository.fallen("books", "prod") == {"dynamodb.only-declared-indexes"}


def test_an_alarm_on_a_percentile_has_its_threshold(repository: Repository) -> None:
    repository.write(FILES)
    repository.edit(MAIN, 'statistic           = "Sum"', 'extended_statistic = "p99"')
    repository.edit(MAIN, '"ReadThrottleEvents"', '"SuccessfulRequestLatency"')
    ended = repository.init("books", "--terraform", "infra/app")
    assert "alarms.metric" not in ended.printed
    run = repository.run("--env", "prod")
    assert run.exit_code == 0, run.output
    whole = (repository.folder / MAIN).read_text()
    for old, new in (("threshold           = 10", "threshold = 11"), ("GreaterThanOrEqualTo", "LessThan")):
        repository.edit(MAIN, old, new)
        assert repository.fallen("books", "prod") == {"alarms.metric"}
        repository.write({MAIN: whole})


def test_without_accounts_each_environment_has_one_of_its_own(repository: Repository) -> None:
    """What two of them call the same is not one thing in moto."""
    text = 'variable "env" { type = string }\nresource "aws_cloudwatch_log_group" "app" { name = "app" }\n'
    repository.write({"infra/main.tf": text})
    assert repository.init("shop", "--terraform", "infra", "--env", "dev", "--env", "prod").code == 0
    run = repository.run()
    assert run.exit_code == 0, run.output
    assert "shop gives none of dev, prod; 123456789012, 123456789013 stand for them" in run.printed


ROLE = (
    PLAN
    + """
resource "aws_iam_role" "backup" {
  name = "${local.name}-backup"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = var.stage == "prod" ? "backup.amazonaws.com" : "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_backup_selection" "main" {
  name         = "all"
  plan_id      = aws_backup_plan.main.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [aws_dynamodb_table.orders.arn]
}
"""
)


def test_environments_of_one_account_list_what_begins_with_their_own_names(repository: Repository) -> None:
    repository.write(FILES | {MAIN: FILES[MAIN] + ROLE})
    ended = repository.init("books", "--terraform", "infra/app", "--account", "123456789012")
    assert ended.code == 0, ended.complained
    stack = repository.stack("books")
    lists = {it.key: it.question for it in stack.subjects("prod").values() if it.kind.noun == "inventory"}
    assert isinstance(lists["all-tables"], OfWhat)
    assert lists["all-tables"].holds("books-prod-orders")
    assert not lists["all-tables"].holds("books-dev-orders")
    assert {it.name for it in stack.subjects("dev").values() if it.kind.noun == "authorization"} == {
        "books-dev-*"
    }


TRUST = """
locals {
  trust = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""
STAGE = 'variable "stage" {}\nprovider "aws" { region = "eu-west-1" }\n'


def a_role(name: str) -> str:
    """A role of the stranger."""
    return f'''
resource "aws_iam_role" "{name}" {{
  name               = "books-${{var.stage}}-{name}"
  assume_role_policy = local.trust
}}
'''


@pytest.mark.parametrize(
    "added",
    [
        a_role("forgotten"),
        'resource "aws_iam_policy" "p" {\n  name = "books-${var.stage}-p"\n  policy = local.trust\n}\n',
    ],
)
@pytest.mark.parametrize("roots", [["app"], ["app", "jobs"]])
def test_a_role_or_policy_that_nobody_named_is_noticed(
    repository: Repository, roots: list[str], added: str
) -> None:
    """Whatever the roots, and be there one role alone: a list of the names that there are would miss it."""
    for it in roots:
        repository.write({f"infra/{it}/main.tf": STAGE + TRUST + a_role(it)})
        repository.write({f"infra/{it}/{env}.tfvars": f'stage = "{env}"\n' for env in ("dev", "prod")})
    assert repository.init("books", "--terraform", "infra").code == 0
    assert repository.fallen("books", "dev") == set()
    repository.edit(f"infra/{roots[-1]}/main.tf", "locals {", f"{added}\nlocals {{")
    assert "iam.declared" in repository.fallen("books", "dev")


def test_a_role_that_production_alone_has_keeps_nobody_from_being_noticed(repository: Repository) -> None:
    alone = (
        a_role("alone")
        .replace("books-${var.stage}-", "")
        .replace("{\n", '{\n  count = var.stage == "prod" ? 1 : 0\n', 1)
    )
    repository.write({"infra/main.tf": STAGE + TRUST + a_role("app") + a_role("jobs") + alone})
    repository.write({f"infra/{env}.tfvars": f'stage = "{env}"\n' for env in ("dev", "prod")})
    assert repository.init("books", "--terraform", "infra").code == 0
    assert [repository.fallen("books", env) for env in ("dev", "prod")] == [set(), set()]
    repository.edit("infra/main.tf", 'var.stage == "prod" ? 1 : 0', "1")
    assert "iam.declared" in repository.fallen("books", "dev")


def test_a_role_of_an_environment_that_is_named_last_is_told_by_that(repository: Repository) -> None:
    role = a_role("app").replace("books-${var.stage}-app", "books-app-${var.stage}")
    repository.write({"infra/main.tf": STAGE + TRUST + role})
    repository.write({f"infra/{env}.tfvars": f'stage = "{env}"\n' for env in ("dev", "prod")})
    assert repository.init("books", "--terraform", "infra", "--account", "123456789012").code == 0
    assert 'name: "books-*-{env}"' in repository.text("stacks", "books")


def test_names_below_a_folder_are_listed_below_it(repository: Repository) -> None:
    secret = 'resource "aws_secretsmanager_secret" "db" { name = "books/${var.stage}/db" }\n'
    repository.write({"infra/main.tf": STAGE + secret})
    repository.write({f"infra/{env}.tfvars": f'stage = "{env}"\n' for env in ("dev", "prod")})
    accounts = ("--account", "dev=111111111111", "--account", "prod=222222222222")
    assert repository.init("books", "--terraform", "infra", *accounts).code == 0
    assert "asks: {of: secrets, prefixes: [books/]}" in repository.text("stacks", "books")


def test_what_is_related_in_one_environment_alone_is_left_out_of_the_other(repository: Repository) -> None:
    repository.write(FILES | {MAIN: FILES[MAIN] + ROLE})
    ended = repository.init("books", "--terraform", "infra/app")
    assert ended.code == 0, ended.complained
    assert "books-dev-backup: no sentence that holds is about this role" in ended.printed
    run = repository.run()
    assert run.exit_code == 0, run.output


def test_files_that_are_there_are_left_as_they_are(begun: Repository) -> None:
    before = begun.text("stacks", "books")
    ended = begun.init("books", "--terraform", "infra/app")
    assert ended.code == 2
    assert f"{FOLDER}/stacks/books.yaml exists, and nothing is overwritten: --add" in ended.complained
    assert begun.text("stacks", "books") == before


@pytest.mark.parametrize("holding", ["", "ops/checks", "ops/checks/stacks"])
def test_the_folder_that_the_configuration_of_pytest_names_is_written_to(
    repository: Repository, holding: str
) -> None:
    """Whether it is there already, or not yet."""
    repository.write(FILES | {"pytest.ini": "[pytest]\nplumbline_stacks = ops/checks\n"})
    (repository.folder / holding).mkdir(parents=True, exist_ok=True)
    ended = repository.init("books", "--terraform", "infra/app")
    assert ended.code == 0, ended.complained
    assert "wrote ops/checks/stacks/books.yaml" in ended.printed
    assert ended.printed.rstrip().endswith("next: pytest --env dev")
    again = repository.init("more", "--terraform", "infra/app")
    assert "wrote ops/checks/stacks/more.yaml" in again.printed


@pytest.mark.parametrize(
    ("name", "in_dev", "in_prod"),
    [
        ("${local.lead}orders", "dev-orders", "orders"),
        ("shop-${local.lead}orders", "shop-dev-orders", "shop-orders"),
        ("shop-orders${local.tail}", "shop-orders-dev", "shop-orders"),
    ],
)
def test_production_without_a_word_has_one_name_with_the_others(
    repository: Repository,
    name: str,
    in_dev: str,
    in_prod: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What differs between them is told, be it only that it is meant to."""
    parts = {"lead": "${var.env}-", "tail": "-${var.env}"}
    told = "".join(f'  {it} = var.env == "prod" ? "" : "{what}"\n' for it, what in parts.items())
    table = TERRAFORM.replace("orders-test", name).replace("ENABLED", 'var.env == "dev"')
    repository.write(
        {
            "infra/main.tf": f'variable "env" {{}}\nlocals {{\n{told}}}\n{table}',
            "infra/dev.tfvars": 'env = "dev"\n',
            "infra/prod.tfvars": 'env = "prod"\n',
        }
    )
    of_both = ("--env", "prod", "--env", "dev", "--var-file", "infra/{env}.tfvars")
    assert repository.init("shop", "--terraform", "infra", *of_both).code == 0
    subjects = {env: repository.stack("shop").subjects(env) for env in ("dev", "prod")}
    assert [*subjects["dev"]] == [*subjects["prod"]]
    [table] = [it for it in subjects["dev"] if subjects["dev"][it].kind.noun == "table"]
    assert (subjects["dev"][table].name, subjects["prod"][table].name) == (in_dev, in_prod)
    assert repository.run().exit_code == 0
    monkeypatch.chdir(repository.folder)
    assert main(["parity", "dev", "prod", "--stacks", FOLDER, "--json"]) == 0
    [differs] = json.loads(capsys.readouterr().out)["meant"]["differences"]
    assert differs["field"] == "point_in_time_recovery"
