"""Terraform in a style that nobody here chose: no false red, and each fault noticed as exactly what it is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from selftest.applied.environment import cannot_apply
from selftest.front_door import SuiteRun, run_suite
from selftest.mutations.edits import Replaced
from selftest.mutations.worlds import declared, suite
from selftest.stacks.bbws import BBWS

FOREIGN = Path(__file__).parent / "foreign"
ROOTS = ("dynamodb", "s3", "state")
TABLE = "modules/table/main.tf"
BUCKET = "modules/bucket/main.tf"
BACKUP = "modules/backup/main.tf"
BUCKETS = "s3/main.tf"


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A copy of the foreign roots, with the templates where they expect them."""
    folder = tmp_path / "infrastructure"
    shutil.copytree(FOREIGN, folder)
    shutil.copytree(BBWS.reference / "templates", folder / "s3" / "templates")
    return folder


def test_everything_passes_in_every_environment_and_on_every_source(foreign: Path) -> None:
    run = run_suite(f"--terraform={foreign}")
    assert run.exit_code == 0, run.output
    held = ("passed", "waived")
    others = [it.message for it in run.outcomes.values() if it.properties["outcome"] not in held]
    assert all("not given" in message for message in others)
    assert on_source(run) == on_source(run_suite("--source=hcl"))


def on_source(run: SuiteRun) -> set[str]:
    return {test for test, outcome in run.outcomes.items() if outcome.source == "hcl"}


@pytest.mark.skipif(cannot_apply() is not None, reason=str(cannot_apply()))
@pytest.mark.parametrize("root", ROOTS)
def test_terraform_accepts_it(foreign: Path, root: str) -> None:
    plugins = os.environ["TF_PLUGIN_DIR"]
    for arguments in (["init", "-backend=false", f"-plugin-dir={plugins}"], ["validate"]):
        said = subprocess.run(["terraform", *arguments], cwd=foreign / root, capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "fallen"),
    [
        ("dynamodb/main.tf", '"bbws-%s-%s"', '"bbws-%s.%s"', ["bbws-ddb-01", "bbws-inv-01"]),
        (TABLE, "PAY_PER_REQUEST", "PROVISIONED", ["bbws-ddb-06"]),
        (TABLE, "= index.key", '= "by-${index.key}"', ["bbws-ddb-08", "bbws-ddb-13"]),
        ("dynamodb/main.tf", 'partition = "email" }', 'partition = "mail" }', ["bbws-ddb-08"]),
        ("dynamodb/main.tf", "< 21", "< 22", ["bbws-ddb-11"]),
        (
            TABLE,
            "for_each = local.keys",
            'for_each = concat(local.keys, ["x"])',
            ["bbws-ddb-12", "bbws-tf-01 terraform.lock-table"],
        ),
        (TABLE, 'var.recovery ? ["on"] : []', "[]", ["bbws-ddb-15"]),
        ("dynamodb/terraform.tf", '"Tebogo"', '"nobody"', ["bbws-ddb-17"]),
        ("dynamodb/terraform.tf", "    tags = local.labels\n", "", ["bbws-ddb-17"]),
        (TABLE, "prevent_destroy = true", "prevent_destroy = false", ["bbws-ddb-19"]),
        ("dynamodb/main.tf", "= local.production\n", "= false\n", ["bbws-ddb-20"]),
        (BACKUP, "bbws-dynamodb-backup", "bbws-backup", ["bbws-bkp-01", "bbws-inv-03"]),
        (BACKUP, "bbws-backup-vault", "bbws-vault", ["bbws-bkp-02", "bbws-inv-04"]),
        (BACKUP, "for_each = var.schedules", "for_each = {}", ["bbws-bkp-03"]),
        (BUCKETS, "disposable = !local.production", "disposable = true", ["bbws-s3-04"]),
        (BUCKET, "block_public_policy     = true", "", ["bbws-rep-09", "bbws-s3-05"]),
        (BUCKETS, "closed    = true", "closed    = false", ["bbws-s3-06"]),
        (BUCKETS, "name = each.value\n", "name = each.value\n  versioned = false\n", ["bbws-rep-04"]),
        (BUCKET, '"AES256"', '"aws:kms"', ["bbws-rep-09", "bbws-s3-09"]),
        (BUCKET, "bucket_key_enabled = true", "", ["bbws-s3-10"]),
        ("s3/terraform.tf", "    tags = local.labels\n", "", ["bbws-s3-11"]),
        (BUCKETS, 'html = "text/html"', 'html = "text/plain"', ["bbws-s3-13"]),
        (BUCKETS, "  source_hash  =", "  metadata = {} \n  cache_control =", ["bbws-s3-14"]),
        (BUCKETS, '"**/*.html"', '"*/*e.html"', ["bbws-s3-14"]),
        (BUCKETS, 'status = "Enabled"', 'status = "Disabled"', ["bbws-rep-01"]),
        (BUCKETS, 'prefix = ""', 'prefix = "receipts/"', ["bbws-rep-02"]),
        ("s3/terraform.tf", '"eu-west-1"', '"eu-west-2"', ["bbws-rep-03"]),
        (BUCKETS, '"s3.amazonaws.com", ', "", ["bbws-rep-05"]),
        (BUCKETS, "  depends_on = [module.templates, module.replica]\n", "", ["bbws-rep-08"]),
        ("state/main.tf", '"LockID"', '"Lock"', ["bbws-tf-01 terraform.lock-table"]),
        ("s3/terraform.tf", '= "bbws-terraform-locks"', '= "locks"', ["bbws-tf-02 terraform.backend"]),
        ("dynamodb/terraform.tf", "(dev|sit|prod)", "(dev|sit|prod|test)", ["bbws-tf-10"]),
        ("s3/terraform.tf", '"~> 1.6"', '"~> 1.7"', ["bbws-tf-11"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_single_edit_is_noticed_as_exactly_what_it_breaks(
    foreign: Path, file: str, old: str, new: str, fallen: list[str]
) -> None:
    Replaced(file, old, new).apply(foreign)
    found = suite(BBWS, "prod", "hcl").fallen(declared(BBWS, foreign))
    assert sorted(found) == fallen, found


def test_a_selection_that_a_root_which_is_not_given_may_hold_is_not_called_missing(foreign: Path) -> None:
    Replaced("dynamodb/main.tf", '= "daily"', "= null").apply(foreign)
    tests, evidence = suite(BBWS, "prod", "hcl"), declared(BBWS, foreign)
    assert tests.fallen(evidence) == {}
    assert "bbws-bkp-04" in tests.undetermined(evidence)
