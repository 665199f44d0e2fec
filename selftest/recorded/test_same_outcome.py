"""Terraform source, the plan and the state made of it lead to the same outcome for every invariant."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import SuiteRun
from selftest.recorded.files import edited, plan_from_nothing, plans, raw_states, shown_states
from selftest.stacks.bbws import BBWS

pytestmark = pytest.mark.heavy
OF_PLANS = {"tests/terraform/test_roots.py::test_a_plan_shows_no_change"}
"""What only a plan can say."""


def test_a_plan_leads_to_the_outcomes_of_its_source(applied: Applied, tmp_path: Path) -> None:
    assert_same(applied, "plan", plans(applied, tmp_path))


def test_a_shown_state_leads_to_the_outcomes_of_its_source(applied: Applied, tmp_path: Path) -> None:
    assert_same(applied, "state", shown_states(applied, tmp_path))


@only(BBWS, "prod")
def test_a_raw_state_leads_to_the_outcomes_of_its_source(applied: Applied) -> None:
    assert_same(applied, "state", raw_states(applied))


@only(BBWS, "prod")
def test_an_edit_fails_in_the_plan_as_it_does_in_the_source(applied: Applied, tmp_path: Path) -> None:
    changed = edited(applied, tmp_path, "dynamodb/main.tf", "enabled = true", "enabled = false")
    planned = plan_from_nothing(changed, tmp_path)
    for root in changed.roots:  # Terraform keeps a local state for the plan; the suite would tell so
        (changed.folder / root / "test_override.tf").unlink()
    on_plan = changed.run(*(f"--plan={path}" for path in planned.values()))
    on_source = changed.run("--source", "hcl", f"--terraform={changed.folder}")
    assert on_plan.invariants("failed") == on_source.invariants("failed") == {"bbws-ddb-15"}


def assert_same(applied: Applied, source: str, files: Mapping[str, Path]) -> None:
    terraform = f"--terraform={applied.folder}"
    recorded = applied.run(f"--source={source}", *(f"--{source}={it}" for it in files.values()), terraform)
    on_source = verdicts(applied.run("--source", "hcl"))
    on_file = verdicts(recorded)
    assert on_file, recorded.output
    assert {it.partition("[")[0] for it in on_file.keys() - on_source.keys()} <= OF_PLANS
    for name in left_open(applied, recorded) if source == "plan" else ():
        assert on_source[name] == "passed"
        on_source[name] = "skipped"
    assert on_file.items() - on_source.items() == {it for it in on_file.items() if it[0] not in on_source}


def left_open(applied: Applied, recorded: SuiteRun) -> list[str]:
    """Return what a run of a plan does not decide, of what the stack says that no plan of it can."""
    told = {it.partition(" ")[0] for it in applied.proven.explained("OPEN_IN_PLANS")}
    outcomes = recorded.outcomes.items()
    found = {name: it for name, it in outcomes if it.verdict == "skipped" and it.invariant in told}
    assert {it.invariant for it in found.values()} == told
    return [without_source(name) for name in found]


def verdicts(run: SuiteRun) -> dict[str, str]:
    """How each test ended, by its function and what it is about, whatever the source."""
    return {without_source(name): outcome.verdict for name, outcome in run.outcomes.items()}


def without_source(name: str) -> str:
    return name.rpartition("/")[0]
