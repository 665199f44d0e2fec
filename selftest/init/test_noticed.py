"""The reference Terraform: of its mutations what is begun misses those that nobody can find out."""

import shutil
from pathlib import Path

import pytest

from selftest.init.repository import Repository, Theirs
from selftest.mutations.all import on_each_source
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import edited_source
from selftest.stacks.bbws import BBWS

ONLY_YOU = {
    "bbws-ddb-18": "which tags are the same everywhere",
    "bbws-iam-03 iam.permissions": "what a role must be allowed",
    "bbws-iam-07": "which role uses a table",
    "bbws-inv-08": "an inventory of metric filters: no sentence is about them",
    "bbws-mon-04": "which lines a metric filter must count",
    "bbws-rep-06 iam.permissions": "what a role must be allowed",
    "bbws-rep-06 replication.let-in": "what the role that replicates needs",
    "bbws-rep-07 iam.permissions": "what a role must be allowed",
    "bbws-rep-07 replication.let-in": "what the role that replicates needs",
    "bbws-rep-13": "which rule of a bucket an alarm is to watch",
}
"""What of the reference no Terraform tells, by what its own runbook has of it."""


@pytest.fixture
def portal(repository: Repository) -> Repository:
    """The reference Terraform in a repository of its own, with a stack that was begun of it."""
    shutil.copytree(BBWS.reference, repository.folder / "terraform/bbws")
    ended = repository.init("portal", "--terraform", "terraform/bbws")
    assert ended.code == 0, ended.complained
    return repository


def test_it_is_green_at_once_in_every_environment_on_hcl_and_moto(portal: Repository) -> None:
    run = portal.run()
    assert run.exit_code == 0, run.output
    assert "undetermined" not in run.verdict
    assert len(run.those("passed")) > 900
    assert portal.stack("portal").environments["sit"].account == BBWS.accounts["sit"]


@pytest.mark.heavy
def test_every_mutation_is_noticed_but_for_what_nobody_can_find_out(
    portal: Repository, tmp_path: Path
) -> None:
    theirs = Theirs(portal.folder, portal.folder / "portal")
    suites = {env: Suite(theirs, env, "hcl") for env in theirs.environments}
    missed = set()
    for number, (mutation, source) in enumerate(on_each_source(BBWS)):
        if source == "hcl":
            edited = edited_source(theirs, mutation.edits, portal.folder / f"edited-{number}")
            if not suites[mutation.environment].fallen(edited):
                missed.add(mutation.kills)
            shutil.rmtree(portal.folder / f"edited-{number}")
    assert missed == {*ONLY_YOU}
