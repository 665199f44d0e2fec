"""A repository of a stranger, with 10 resources of Terraform, and what `plumbline init` makes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from plumbline.__main__ import main
from plumbline.commands.schema import schemas
from plumbline.expectations.runbook import Runbook
from plumbline.expectations.stack import Stack
from plumbline.values.data import Document
from selftest.front_door import SuiteRun, run_suite
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import declared
from selftest.stacks.proven import Proven

FOLDER = "infra/plumbline"
MAIN = "infra/app/main.tf"
PLAN = """
resource "aws_backup_vault" "main" { name = "${local.name}-vault" }

resource "aws_backup_plan" "main" {
  name = "${local.name}-plan"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 3 * * ? *)"
  }
}
"""
"""A plan of backups that selects nothing yet."""
STRANGERS = """\
provider "aws" {
  region = "eu-central-1"
  default_tags { tags = { team = "books", stage = var.stage } }
}

variable "stage" { type = string }

locals { name = "books-${var.stage}" }

resource "aws_dynamodb_table" "orders" {
  name                        = "${local.name}-orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = var.stage == "prod"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery { enabled = true }
}

resource "aws_dynamodb_table" "carts" {
  name           = "${local.name}-carts"
  hash_key       = "id"
  read_capacity  = var.stage == "prod" ? 10 : 1
  write_capacity = 1
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_s3_bucket" "invoices" { bucket = "${local.name}-invoices" }

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_public_access_block" "invoices" {
  bucket                  = aws_s3_bucket.invoices.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_sns_topic" "alerts" { name = "${local.name}-alerts" }

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = "ops@books.example"
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "${local.name}-throttled"
  namespace           = "AWS/DynamoDB"
  metric_name         = "ReadThrottleEvents"
  dimensions          = { TableName = aws_dynamodb_table.orders.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 2
  threshold           = 10
  comparison_operator = "GreaterThanOrEqualToThreshold"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_cloudwatch_log_group" "app" { name = "/app/${local.name}" }

resource "aws_sqs_queue" "main" { name = "books" }
"""
FILES = {
    MAIN: STRANGERS,
    "infra/envs/dev.tfvars": 'stage = "dev"\n',
    "infra/envs/prod.tfvars": 'stage = "prod"\n',
}


@dataclass(frozen=True)
class Begun:
    """What the command printed, and how it ended."""

    code: int
    printed: str
    complained: str


class Theirs(Proven):
    """A stack that was begun, as proofs hold it against evidence in this process."""

    @cached_property
    def stack(self) -> Stack:
        """What it consists of."""
        return Stack(self.repository / FOLDER / "stacks" / f"{self.name}.yaml")

    @cached_property
    def runbook(self) -> Runbook:
        """What must be true of it."""
        return Runbook.of(self.stack, self.repository / FOLDER / "runbooks")


def init(folder: Path, *words: str, variables: Mapping[str, str]) -> Begun:
    """Run `plumbline init WORDS` in a folder and a process of its own, with these environment variables."""
    command = [sys.executable, "-m", "plumbline", "init", *words]
    ended = subprocess.run(command, cwd=folder, env=dict(variables), capture_output=True, text=True)
    assert "Traceback" not in ended.stderr
    return Begun(ended.returncode, ended.stdout, ended.stderr)


@dataclass(frozen=True)
class Repository:
    """A checkout, and the command in it."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def write(self, files: dict[str, str]) -> Repository:
        """Write files."""
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        return self

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first `old` in a file by `new`."""
        text = (self.folder / file).read_text()
        assert old in text, f"{file} does not hold {old!r}"
        (self.folder / file).write_text(text.replace(old, new, 1))

    def init(self, *words: str) -> Begun:
        """Run `plumbline init WORDS`."""
        self.capsys.readouterr()
        try:
            code = main(["init", *words])
        except SystemExit as left:  # what argparse refuses
            code = int(str(left.code))
        printed = self.capsys.readouterr()
        assert "Traceback" not in printed.err
        return Begun(code, printed.out, printed.err)

    def text(self, part: str, name: str) -> str:
        """Return the text of a stack or a runbook."""
        return (self.folder / FOLDER / part / f"{name}.yaml").read_text(encoding="utf-8")

    def stack(self, name: str) -> Stack:
        """Return a stack, which is as its schema has it, too."""
        return Stack(self._valid("stacks", name, "stack"))

    def runbook(self, name: str) -> Runbook:
        """Return a runbook, which is as its schema has it, too."""
        path = self._valid("runbooks", name, "runbook")
        return Runbook(path, self.stack(name))

    def fallen(self, name: str, environment: str) -> set[str]:
        """Return the sentences that do not hold of the Terraform as it is now, on hcl."""
        theirs = Theirs(self.folder, self.folder / name)
        fallen = Suite(theirs, environment, "hcl").fallen(declared(theirs))
        return {str(theirs.runbook.invariants[it].test) for it in fallen}

    def run(self, *arguments: str, variables: Mapping[str, str] | None = None) -> SuiteRun:
        """Run the suite on what was written."""
        return run_suite(f"--stacks={FOLDER}", *arguments, tree=self.folder, variables=variables)

    def _valid(self, part: str, name: str, schema: str) -> Path:
        from jsonschema import Draft202012Validator

        path = self.folder / FOLDER / part / f"{name}.yaml"
        held = Draft202012Validator(_schema(schema)).iter_errors(Document(path).data)
        assert not [mistake.message for mistake in held]
        return path


@cache
def _schema(name: str) -> Any:
    return json.loads(schemas()[name])
