"""What the reference Terraform deploys passes the post-deployment tests of its runbook."""

from selftest.applied.environment import Applied


def test_an_applied_environment_passes_and_the_verdict_says_so(applied: Applied) -> None:
    run = applied.run("--live")
    number = len(run.outcomes)
    assert number > len(applied.proven.stack.subjects(applied.environment)) / 2, run.output
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) == number
    assert run.verdict == f"✓ Post-deployment tests passed ({number}/{number})"
    assert {outcome.source for outcome in run.outcomes.values()} == {"live"}
    assert {outcome.properties["environment"] for outcome in run.outcomes.values()} == {applied.environment}
