"""The reference Terraform of every stack is well formed, applies as it stands, and has nothing left to do."""

import shutil
import subprocess

import pytest

from selftest.applied.environment import Applied
from selftest.stacks.proven import Proven, every_stack

needs_terraform = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on the PATH")
pytestmark = pytest.mark.heavy


@needs_terraform
@every_stack
def test_the_source_is_formatted(proven: Proven) -> None:
    check = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-diff", proven.reference],
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stdout


def test_each_root_is_valid_and_a_second_plan_has_nothing_to_do(applied: Applied) -> None:
    assert applied.roots
    for root in applied.roots:
        plan = applied.with_variables(root, "plan", "-detailed-exitcode", "-lock=false")
        assert plan.returncode == 0, applied.explain(plan)  # a plan validates first, and warns of the same
        assert "Warning" not in plan.stdout
