"""A plan of what is applied shows no change until somebody changes something by hand, or in the code."""

import os
from pathlib import Path

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import SuiteRun
from selftest.stacks.proven import STACKS

pytestmark = pytest.mark.heavy
THREAT_INTEL = next(it for it in STACKS if it.name == "threat-intel")
FUNCTION = "threat-intel-processor-dev"


def examined(applied: Applied, folder: Path, *arguments: str) -> SuiteRun:
    """The run on a plan that Terraform makes now."""
    [root] = applied.roots
    saved = folder / "now.tfplan"
    planned = applied.with_variables(root, "plan", f"-out={saved}", "-lock=false")
    assert planned.returncode == 0, applied.explain(planned)
    shown = applied.terraform(root, "show", "-json", os.fspath(saved))
    assert shown.returncode == 0, applied.explain(shown)
    (folder / "plan.json").write_text(shown.stdout)
    return applied.run(f"--plan={folder / 'plan.json'}", "-k", "tf-08", *arguments)


@only(THREAT_INTEL, "dev")
def test_a_plan_says_whether_the_account_is_as_the_code(applied: Applied, tmp_path: Path) -> None:
    clean = examined(applied, tmp_path, "--applied")
    assert {it.verdict for it in clean.outcomes.values()} == {"passed"}, clean.output

    functions = applied.client("lambda")
    functions.update_function_configuration(FunctionName=FUNCTION, Timeout=60)
    try:
        by_hand = examined(applied, tmp_path, "--applied")
        assert {it.verdict for it in by_hand.outcomes.values()} == {"failed"}, by_hand.output
        assert "aws_lambda_function.this" in by_hand.output
        meant = examined(applied, tmp_path)
        assert {it.verdict for it in meant.outcomes.values()} == {"skipped"}, meant.output
    finally:
        functions.update_function_configuration(FunctionName=FUNCTION, Timeout=900)
