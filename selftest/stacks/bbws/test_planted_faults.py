"""One thing wrong in an account turns exactly the right tests red, and leaves the others green."""

import pytest

from selftest.applied.environment import Applied
from selftest.front_door import run_suite
from selftest.mutations.all import on_each_source
from selftest.stacks.bbws import BBWS
from selftest.stacks.bbws.faults import FAULTS, Fault


@pytest.mark.sampled(one_in=8)
@pytest.mark.heavy
@pytest.mark.parametrize(
    ("applied", "fault"),
    [
        pytest.param(f"bbws/{fault.environment}", fault, id=f"{fault.environment}: {fault.name}")
        for fault in FAULTS
    ],
    indirect=["applied"],
)
def test_exactly_the_tests_that_a_fault_concerns_fail(applied: Applied, fault: Fault) -> None:
    with fault.planted(applied) as endpoint:
        variables = applied.variables | {"AWS_ENDPOINT_URL": endpoint}
        run = run_suite(f"--env=bbws/{fault.environment}", "--live", variables=variables)
    assert {(outcome.invariant, outcome.resource) for outcome in run.those("failed")} == fault.fails, (
        run.output
    )
    assert run.those("error") == []
    assert "<unexpected>" not in run.output
    for outcome in run.those("skipped"):
        missing = fault.gone and outcome.message.startswith("missing: ") and fault.gone in outcome.message
        undetermined = outcome.invariant in fault.leaves_open and outcome.message.startswith("undetermined: ")
        assert missing or undetermined, f"{outcome.test} was skipped: {outcome.message}"
    assert run.exit_code == 1


def test_every_invariant_of_a_deployed_account_is_felled_by_a_fault_or_a_mutation() -> None:
    asserted = {
        identifier
        for identifier, invariant in BBWS.runbook.invariants.items()
        if any("live" in sources for sources in invariant.tests.values()) and not invariant.advisory
    }
    felled = {identifier for fault in FAULTS for identifier, _ in fault.fails}
    killed = {mutation.kills.split()[0] for mutation, source in on_each_source(BBWS) if source == "live"}
    assert asserted - felled - killed == set()


def test_a_fault_that_fells_several_invariants_says_why_it_must() -> None:
    assert [
        fault.name for fault in FAULTS if len({it for it, _ in fault.fails}) > 1 and not fault.because
    ] == []
