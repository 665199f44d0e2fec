"""A repository of somebody else, with tests, options and a stack of its own."""

from pathlib import Path

from selftest.kinds.outside.test_entry_point import LAKE_KINDS

STACKS = "infra/plumbline"
FILES = {
    "pyproject.toml": """\
[tool.pytest.ini_options]
python_files = "check_*.py"
python_functions = "check_*"
testpaths = ["unit"]
addopts = "--strict-markers --strict-config -W error"
""",
    "conftest.py": """\
import pytest

def pytest_addoption(parser):
    parser.addoption("--env", default="local", help="where the tests of this repository run")

@pytest.fixture
def table(request):
    return f"a table in {request.config.getoption('--env')}"
""",
    "unit/check_tables.py": "def check_own_fixture(table):\n    assert 'None' not in table\n",
    "unit/test_tables.py": "raise SystemExit('a file that this repository does not collect')\n",
    "unit/check_broken.py": "def check_broken():\n    assert False, 'a unit test of this repository'\n",
    f"{STACKS}/stacks/shop.yaml": """\
format: 2
stack: shop
title: A shop
region: eu-west-1
environments: {test: {account: "123456789012"}}
terraform: {directory: infra/terraform, variables: {environment: "{env}"}}
tables:
  orders: {name: "shop-orders-{env}", root: data, expect: {point_in_time_recovery: true}}
buckets:
  invoices:
    name: shop-invoices-{env}
    root: data
    expect: {cors_rules: [{id: shop, origins: ["https://shop.example"], max_age_seconds: 90}]}
""",
    f"{STACKS}/runbooks/shop.yaml": """\
format: 2
stack: shop
title: Runbook of the shop
source: runbook.md
sections: {'1': Recovery, '2': Origins}
invariants:
  shop-01:
    test: dynamodb.point-in-time-recovery
    section: '1'
    statement: The orders can be restored to any second.
    severity: P1
    evidence: [hcl, aws]
    remedy: {source: ['point_in_time_recovery { enabled = true }'], account: ['aws dynamodb list-tables']}
  shop-02:
    test: shop.origins
    section: '2'
    statement: Pages of the shop may ask for invoices.
    severity: P2
    evidence: [hcl, aws]
    remedy: {source: ['see the rule'], account: ['aws s3api list-buckets']}
""",
    f"{STACKS}/tests/s3/test_origins.py": """\
import pytest

@pytest.mark.invariant("shop.origins")
def test_invoices_are_asked_for_by_the_shop(bucket, expected):
    assert bucket.cors_rules == expected.cors_rules
""",
    f"{STACKS}/kinds/lake_kinds.py": LAKE_KINDS.read_text(),
    "infra/terraform/data/main.tf": """\
variable "environment" { type = string }

resource "aws_dynamodb_table" "orders" {
  name         = "shop-orders-${var.environment}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket = "shop-invoices-${var.environment}"
}

resource "aws_s3_bucket_cors_configuration" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  cors_rule {
    id              = "shop"
    allowed_methods = ["GET"]
    allowed_origins = ["https://shop.example"]
    max_age_seconds = 90
  }
}
""",
}
"""Each file and its text."""


def write(folder: Path) -> Path:
    """Write the repository, and return its folder."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
