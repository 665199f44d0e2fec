"""Findings that no run came to: for what is too many, too long or too strange to be run."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

from plumbline.github.checkout import Checkout
from plumbline.report.results import Results
from plumbline.suite.finding import About, Advice, Difference, Finding, What
from plumbline.suite.run import Run
from selftest.stacks.bbws import BBWS

FAILED: dict[str, object] = {
    "outcome": "failed",
    "differences": [Difference("point_in_time_recovery", "true", "false")],
    "remedy": ["aws dynamodb update-continuous-backups --table-name t --region af-south-1 " + "x" * 80],
    "causes": ["not set at creation", "switched off in the console"],
    "escalation": "DevOps Engineer; after 30 minutes Tech Lead, then Product Owner",
}


def results(findings: list[Finding]) -> Results:
    """What a run over one environment would have come to."""
    run = Run(
        stacks={"bbws": BBWS.stack},
        runbooks={"bbws": BBWS.runbook},
        environments={"bbws": ["sit"]},
        sources=("hcl",),
        terraform={},
        recorded={},
        concurrency=1,
        shared=Path(),
    )
    return Results(run, datetime.now(UTC), findings)


def of_a_checkout(folder: Path, *findings: Finding) -> Results:
    """What a run over a checkout that was given would have come to; it has a file of Terraform."""
    (folder / "docs").mkdir()
    (folder / "docs/a.md").write_text("# Words\n")
    (folder / "main.tf").write_text('resource "x" "y" {}\n')
    made = results([*findings])
    checkouts = {"bbws": (Checkout(folder),)}
    return replace(made, run=replace(made.run, checkouts=checkouts, given={"repository": [str(folder)]}))


def finding(number: int, **more: object) -> Finding:
    """A finding of the length that they have; it passed unless `more` says otherwise."""
    function = "tests/dynamodb/test_tables.py::test_point_in_time_recovery_is_enabled"
    told: dict[str, object] = {
        "outcome": "passed",
        "test": f"{function}[bbws/sit/t{number}/hcl]",
        "id": "bbws-ddb-15",
        "statement": "Point-in-time recovery is enabled on every application table, in code and account.",
        "sections": ["3.1.3 Point-in-Time Recovery (PITR) Not Enabled"],
        "severity": "P2",
        "stack": "bbws",
        "environment": "sit",
        "source": "hcl",
        "resource": f"bbws-t{number}-sit",
        "arn": f"arn:aws:dynamodb:af-south-1:815856636111:table/bbws-t{number}-sit",
        "where": ["terraform/bbws/dynamodb/main.tf:46"],
    }
    given = told | more
    parts = (
        part(**{it.name: given.pop(it.name) for it in fields(part) if it.name in given})
        for part in (What, About, Advice)
    )
    made = Finding(*parts)
    assert not given, f"a finding has no {', '.join(given)}"
    return made
