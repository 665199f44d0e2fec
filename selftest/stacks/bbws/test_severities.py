"""How bad it is hangs on the environment, and with it who deals with it and who is told."""

import pytest

from selftest.stacks.bbws import BBWS


@pytest.mark.parametrize(
    ("environment", "severities"),
    [
        ("prod", {"P1": "P1", "P2": "P2", "P3": "P3", "P4": "P4"}),
        ("sit", {"P1": "P3", "P2": "P3", "P3": "P3", "P4": "P4"}),
        ("dev", {"P1": "P4", "P2": "P4", "P3": "P4", "P4": "P4"}),
    ],
)
def test_production_alone_has_the_severities_of_the_invariants(
    environment: str, severities: dict[str, str]
) -> None:
    found = {it.severity: BBWS.runbook.severity(it, environment) for it in BBWS.runbook.invariants.values()}
    assert found == severities


def test_a_failure_in_development_wakes_nobody() -> None:
    told = BBWS.runbook.contacts_for("P4", ["dev"])
    assert told == {
        "Slack": "#devops-alerts",
        "E-mail": "devops@kimmyai.com",
        "Owner of the DEV account": "Tebogo",
    }


def test_an_outage_is_told_to_everybody_that_it_escalates_to() -> None:
    told = BBWS.runbook.contacts_for("P1", ["prod"])
    assert "PagerDuty" in told["On-call DevOps Engineer"]
    assert "tebogo@kimmyai.com" in told["Tech Lead"]
    assert told["Product Owner"] == "the runbook names nobody"
    assert "Owner of the PROD account" in told
    assert "Owner of the DEV account" not in told
