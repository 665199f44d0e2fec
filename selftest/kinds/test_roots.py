"""What a root's variable accepts is tried with names that are no environment of the stack at hand."""

from pathlib import Path

import pytest

from plumbline.kinds.terraform import Root
from plumbline.terraform.evaluation import evaluate

VARIABLE = """
variable "environment" {
  type    = string
  default = "%s"
  validation {
    condition     = contains(%s, %s)
    error_message = "No such environment."
  }
}
"""


@pytest.mark.parametrize(
    ("names", "accepts", "value", "accepted"),
    [
        (["staging", "production"], ["staging", "production"], "var.environment", ["staging", "production"]),
        (["test"], ["test"], "var.environment", ["test"]),
        (["LIVE"], ["LIVE"], "var.environment", ["LIVE"]),
        (["dev"], ["dev", "staging"], "var.environment", ["dev", "staging"]),
        (["dev"], ["dev", ""], "var.environment", ["dev", ""]),
        (["dev"], ["dev"], "lower(var.environment)", ["dev", "DEV"]),
        (["dev", "sit"], ["dev"], "var.environment", ["dev"]),
    ],
)
def test_only_what_is_no_environment_is_accepted_besides(
    tmp_path: Path, names: list[str], accepts: list[str], value: str, accepted: list[str]
) -> None:
    listed = "[" + ", ".join(f'"{it}"' for it in accepts) + "]"
    (tmp_path / "main.tf").write_text(VARIABLE % (accepts[0], listed, value))
    root = Root.find(evaluate(tmp_path), "data", "main.tf")
    assert root.accepted_of({"environment": names}) == {"environment": accepted}


RULED = """
variable "environment" {
  type     = string
  default  = "dev"
  nullable = %s
  validation {
    condition     = %s
    error_message = "No such environment."
  }
}
locals {
  names  = ["dev", "sit", "prod"]
  more   = concat(local.names, ["perf"])
  places = { dev = 1, sit = 2, prod = 3, loadtest = 4 }
}
"""
NAMES = ["dev", "sit", "prod"]
ONLY_THESE = [
    'contains(["dev", "sit", "prod"], var.environment)',
    "contains(local.names, var.environment)",
    'var.environment == "dev" || var.environment == "sit" || var.environment == "prod"',
    "anytrue([for name in local.names : name == var.environment])",
    'can(regex("^(dev|sit|prod)$", var.environment))',
    'can(regex("\\\\A(?:dev|sit|prod)\\\\z", var.environment))',
    'regex("^(dev|sit|prod)$", var.environment) != null',
    "length(setintersection(toset(local.names), [var.environment])) == 1",
    "can({ dev = 1, sit = 2, prod = 3 }[var.environment])",
    "try(index(local.names, var.environment), -1) >= 0",
    'contains([{ name = "dev" }, { name = "sit" }, { name = "prod" }][*].name, var.environment)',
    'contains(split(",", "dev,sit,prod"), var.environment) && length(var.environment) > 2',
]
OTHERS_TOO = {
    r'can(regex("^(dev|sit|prod|pr-[0-9]+)$", var.environment))': "pr-0",
    'contains(["dev", "sit", "prod"], split(":", var.environment)[0])': "dev:x",
    'contains(["dev", "sit", "prod"], var.environment) || can(regex("^[0-9]{12}$", var.environment))': 12
    * "0",
    'contains(["dev", "sit", "prod", "Prod"], var.environment)': "Prod",
    'contains(["dev", "sit", "prod", "blue-17"], var.environment)': "blue-17",
    "contains(local.more, var.environment)": "perf",
    "contains(keys(local.places), var.environment)": "loadtest",
    'contains(split(",", "dev,sit,prod,canary"), var.environment)': "canary",
    "contains(local.names, lower(var.environment))": "DEV",
    "contains(local.names, trimspace(var.environment))": "dev ",
    'can(regex("^(dev|sit|prod)", var.environment))': "production",
    'can(regex("(dev|sit|prod)$", var.environment))': "preprod",
    'can(regex("^dev|sit|prod$", var.environment))': "preprod",
    'can(regex("^(dev|sit|prod|canary)$", var.environment))': "canary",
    'can(regex("^(dev|sit|prod)(-eu)?$", var.environment))': "dev-eu",
    'can(regex("^(dev|s[iy]t|prod)$", var.environment))': "syt",
    'can(regex("^(dev|sit|prod?)$", var.environment))': "pro",
    'can(regex("(?i)^(dev|sit|prod)$", var.environment))': "DEV",
    'can(regex("^[a-z]{3,4}$", var.environment))': "test",
    'startswith(var.environment, "dev") || contains(local.names, var.environment)': "devx",
    'substr(var.environment, 0, 3) == "dev" || contains(local.names, var.environment)': "devx",
    "length(var.environment) < 5": "",
    'var.environment != "canary"': "",
}


def root_with(tmp_path: Path, condition: str, nullable: str = "true") -> Root:
    (tmp_path / "main.tf").write_text(RULED % (nullable, condition))
    return Root.find(evaluate(tmp_path), "data", "main.tf")


def accepted_of(root: Root) -> list[str]:
    return root.accepted_of({"environment": NAMES})["environment"]


@pytest.mark.parametrize("condition", ONLY_THESE)
def test_every_way_to_say_only_these_is_right(tmp_path: Path, condition: str) -> None:
    assert accepted_of(root_with(tmp_path, condition)) == NAMES


@pytest.mark.parametrize(("condition", "other"), OTHERS_TOO.items(), ids=OTHERS_TOO)
def test_what_a_rule_lets_through_is_found(tmp_path: Path, condition: str, other: str) -> None:
    assert accepted_of(root_with(tmp_path, condition)) == [*NAMES, other]


def test_null_counts_where_the_variable_takes_it(tmp_path: Path) -> None:
    condition = "var.environment == null ? true : contains(local.names, var.environment)"
    assert accepted_of(root_with(tmp_path, condition)) == [*NAMES, "null (no value)"]
    assert accepted_of(root_with(tmp_path, condition, "false")) == NAMES


INDEXES = """
variable "indexes" {
  type    = %s
  default = %s
  validation {
    condition     = %s
    error_message = "DynamoDB takes 20."
  }
}
"""
ENTRY = '{ name = "email-index", hash_key = "email" }'
LIST, MAP = "list(object({ name = string, hash_key = string }))", "map(object({ hash_key = string }))"


@pytest.mark.parametrize(
    ("type_", "default", "condition", "takes", "takes_more"),
    [
        (LIST, f"[{ENTRY}]", "length(var.indexes) <= 20", True, False),
        (MAP, '{ email-index = { hash_key = "email" } }', "length(keys(var.indexes)) < 21", True, False),
        (MAP, "{}", "length(var.indexes) < 21", True, False),
        ("set(string)", '["email"]', "length(var.indexes) <= 20", True, False),
        (
            LIST,
            f"[{ENTRY}]",
            "length(var.indexes) <= 20 && alltrue([for it in var.indexes : "
            'can(regex("^[a-z-]+$", it.name))])',
            True,
            False,
        ),
        (
            MAP,
            '{ email = { hash_key = "email" } }',
            "length(var.indexes) <= 20 && alltrue([for it in "
            'keys(var.indexes) : can(regex("^[a-z_]+$", it))])',
            True,
            False,
        ),
        (LIST, f"[{ENTRY}]", "length(var.indexes) != 21", True, True),
        (LIST, f"[{ENTRY}]", "length(var.indexes) <= 25", True, True),
        (LIST, f"[{ENTRY}]", "length(var.indexes) <= 19", False, False),
        (MAP, "{}", "length(var.indexes) >= 0", True, True),
    ],
)
def test_indexes_are_counted_in_whatever_holds_them(
    tmp_path: Path, type_: str, default: str, condition: str, takes: bool, takes_more: bool
) -> None:
    (tmp_path / "main.tf").write_text(INDEXES % (type_, default, condition))
    root = Root.find(evaluate(tmp_path), "data", "main.tf")
    assert root.accepts_entries({"indexes": 20}) is takes
    assert root.accepts_more_entries({"indexes": 20}) is takes_more


@pytest.mark.parametrize(
    ("given", "is_known"),
    [
        ('bucket = "state"\n key = "a"\n region = "af-south-1"', True),
        ('bucket = "state"\n key = "a"', True),
        ("", False),
        ('key = "a"', False),
    ],
)
def test_a_backend_that_is_completed_at_init_is_not_judged_by_what_is_missing(
    tmp_path: Path, given: str, is_known: bool
) -> None:
    (tmp_path / "main.tf").write_text(f'terraform {{\n backend "s3" {{\n {given}\n }}\n}}\n')
    backend = Root.find(evaluate(tmp_path), "data", "main.tf").backend
    assert ("dynamodb_table" not in backend) is is_known
