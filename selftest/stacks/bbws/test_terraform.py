"""The reference Terraform of bbws refuses what it must, and its state moves into its own bucket."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from selftest.applied.environment import LOCAL_STATE, Applied
from selftest.applied.fixtures import only
from selftest.stacks.bbws import BBWS

pytestmark = pytest.mark.heavy


@only(BBWS, "sit")
def test_credentials_of_another_account_are_refused(applied: Applied) -> None:
    plan = applied.terraform("state", "plan", "-input=false", "-lock=false", "-var=environment=prod")
    assert plan.returncode == 1
    assert "AWS account ID not allowed" in plan.stderr


@only(BBWS, "sit")
@pytest.mark.parametrize(
    ("root", "variable", "message"),
    [
        ("state", "environment=test", "must be dev, sit or prod"),
        ("s3", "dr_region=Ireland", "written like eu-west-1"),
        ("dynamodb", "backup_retention_days=0", "kept for 1 to 36500 days"),
        (
            "dynamodb",
            "global_secondary_indexes="
            + json.dumps([{"name": f"index-{n}", "hash_key": "email"} for n in range(21)]),
            "DynamoDB tables support a maximum of 20 GSIs.",
        ),
        (
            "dynamodb",
            "global_secondary_indexes=" + json.dumps([{"name": "twice", "hash_key": "email"}] * 2),
            "Each index needs a name of its own.",
        ),
    ],
    ids=["environment", "region", "retention", "too many indexes", "index twice"],
)
def test_a_wrong_variable_is_refused(applied: Applied, root: str, variable: str, message: str) -> None:
    plan = applied.with_variables(root, "plan", "-lock=false", "-refresh=false", f"-var={variable}")
    assert plan.returncode == 1
    assert message in plan.stderr


@only(BBWS, "prod")
def test_destroying_a_table_or_a_bucket_is_refused(applied: Applied) -> None:
    for root in ("state", "dynamodb", "s3", "monitoring"):
        plan = applied.with_variables(root, "plan", "-destroy", "-lock=false", "-refresh=false")
        assert "Instance cannot be destroyed" in plan.stderr, root


@only(BBWS, "dev")
def test_the_state_moves_into_the_bucket_that_it_describes(applied: Applied, tmp_path: Path) -> None:
    moved = replace(applied, folder=tmp_path / "bbws")
    shutil.copytree(applied.folder, moved.folder, symlinks=True)
    override = moved.folder / "state" / "test_override.tf"
    override.write_text(override.read_text().replace(LOCAL_STATE, ""))
    move = moved.terraform(
        "state",
        "init",
        "-migrate-state",
        "-force-copy",
        f"-plugin-dir={os.environ['TF_PLUGIN_DIR']}",
        "-backend-config=backends/dev.s3.tfbackend",
        "-backend-config=use_path_style=true",
    )
    assert move.returncode == 0, moved.explain(move)
    listed = applied.client("s3").list_objects_v2(Bucket="bbws-terraform-state-dev")
    assert "state/terraform.tfstate" in [each["Key"] for each in listed["Contents"]]
    plan = moved.with_variables("state", "plan", "-detailed-exitcode")
    assert plan.returncode == 0, moved.explain(plan)
