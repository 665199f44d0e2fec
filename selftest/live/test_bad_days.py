"""What AWS does on a bad day is no verdict about the account: one clear message, and the rest is tested."""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.front_door import SuiteRun
from selftest.live.endpoint import (
    Answer,
    Interference,
    Request,
    death,
    on,
    paged,
    passed_on,
    refused,
    silence,
)
from selftest.live.meetings import assert_unreadable, meeting
from selftest.stacks.bbws import BBWS
from selftest.stacks.bbws.faults import backup_plan

OF_THE_REPLICA = {"bbws-rep-03", "bbws-rep-04", "bbws-rep-07", "bbws-rep-09", "bbws-s3-07", "bbws-s3-11"}
OF_TABLES_THERE = {"bbws-ddb-03", "bbws-ddb-04", "bbws-inv-01"}
pytestmark = pytest.mark.heavy
SECONDS_OF_SILENCE = 45
"""A read that is not answered is given up after 20 s; what else a run does is done in the meantime."""


def unanswering(run: SuiteRun) -> list[str]:
    """What the run says does not answer."""
    return re.findall(r"(\w+ in [\w-]+) does not answer$", run.printed, re.MULTILINE)


def first(*interferences: Interference) -> Interference:
    """Let the first of these that wants to answer a request do so."""

    def interfere(request: Request) -> Answer | None:
        return next((answer for it in interferences if (answer := it(request))), None)

    return interfere


def of_table(name: str, interference: Interference) -> Interference:
    """Meet only what is asked about this table."""
    return lambda request: interference(request) if name.encode() in request.body else None


@only(BBWS, "sit")
def test_an_endpoint_that_dies_in_the_middle_is_one_message_for_each_service(applied: Applied) -> None:
    asked: list[Request] = []

    def dying(request: Request) -> Answer | None:
        asked.append(request)
        return death if len(asked) > 30 else None

    run = meeting(applied, dying)
    assert run.exit_code == 1
    assert run.those("failed", "skipped") == []
    assert run.those("passed")
    assert len(run.cards) == len(set(unanswering(run))) > 0, run.printed
    assert "Traceback" not in run.output


@only(BBWS, "prod")
def test_a_region_that_does_not_answer_leaves_the_other_one_tested(applied: Applied) -> None:
    asked: Counter[Request] = Counter()

    def silent(request: Request) -> Answer | None:
        asked[request] += request.region == "eu-west-1"
        return silence if request.region == "eu-west-1" else None

    run = meeting(applied, silent, attempts=1)
    assert_unreadable(run, OF_THE_REPLICA | OF_TABLES_THERE)
    assert max(asked.values()) == 1
    assert len(run.cards) == 2
    assert sorted(unanswering(run)) == ["dynamodb in eu-west-1", "s3 in eu-west-1"]


@only(BBWS, "prod")
def test_a_late_answer_holds_no_other_read_up(applied: Applied) -> None:
    others_are_asked = threading.Event()

    def late(handler: BaseHTTPRequestHandler, request: Request) -> None:
        if others_are_asked.wait(SECONDS_OF_SILENCE):
            passed_on(applied.endpoint)(handler, request)

    def interfere(request: Request) -> Answer | None:
        if request.region == "eu-west-1" and request.service == "s3":
            others_are_asked.set()
        return late if request.region == "eu-west-1" and request.asks("ListTables") else None

    run = meeting(applied, interfere, attempts=1)
    assert run.exit_code == 0, run.output


@only(BBWS, "dev")
def test_a_read_that_is_never_answered_is_given_up_alone(applied: Applied) -> None:
    run = meeting(applied, of_table("bbws-tenants-dev", on("DescribeContinuousBackups", silence)), attempts=1)
    assert_unreadable(run, {"bbws-ddb-15", "bbws-ddb-16"})
    assert {outcome.resource for outcome in run.those("error")} == {"bbws-tenants-dev"}


@pytest.mark.parametrize("size", [1, 3])
@only(BBWS, "dev")
def test_a_long_list_is_read_to_its_end(applied: Applied, size: int) -> None:
    tags = on("ListTagsOfResource", paged(applied.endpoint, "Tags", size))
    selections = of_path("/selections/", paged(applied.endpoint, "BackupSelectionsList", size))
    with one_selection_for_each_table(applied):
        run = meeting(applied, first(tags, selections, plans_after_others(applied, size)))
    assert run.exit_code == 0, run.output


@only(BBWS, "dev")
def test_a_page_that_is_refused_is_not_the_end_of_the_list(applied: Applied) -> None:
    second = on("nextToken=", refused(403, "AccessDeniedException"))
    run = meeting(applied, first(second, plans_after_others(applied, size=2)))
    assert_unreadable(run, {"bbws-bkp-01", "bbws-bkp-03", "bbws-bkp-04", "bbws-bkp-05", "bbws-inv-03"})
    assert len(run.cards) == 1
    assert "denied: backup:ListBackupPlans" in run.printed


@only(BBWS, "sit")
def test_a_table_that_is_being_created_is_told_as_just_that(applied: Applied) -> None:
    """AWS describes such a table, and says of everything else about it that there is no such table."""
    created = of_table("bbws-tenants-sit", on("DescribeTable", passed_on(applied.endpoint, being_created)))
    recovery = on("DescribeContinuousBackups", refused(400, "TableNotFoundException"))
    tags = on("ListTagsOfResource", refused(400, "ResourceNotFoundException"))
    others = of_table("bbws-tenants-sit", first(recovery, tags))
    run = meeting(applied, first(created, others))
    assert {outcome.resource for outcome in run.those("failed", "error")} == {"bbws-tenants-sit"}
    assert run.invariants("failed") == {"bbws-ddb-02", "bbws-ddb-09"}
    assert run.invariants("error") == {"bbws-ddb-15", "bbws-ddb-16", "bbws-ddb-17"}
    assert run.those("skipped") == []


@only(BBWS, "sit")
def test_a_bucket_that_not_every_server_knows_yet_is_not_called_unversioned(applied: Applied) -> None:
    run = meeting(applied, on("?versioning", refused(404, "NoSuchBucket")))
    assert_unreadable(run, {"bbws-s3-08", "bbws-tf-03"})


def being_created(body: bytes) -> bytes:
    """Describe the table and its indexes as DynamoDB does before it has created them."""
    table = json.loads(body)["Table"] | {"TableStatus": "CREATING"}
    for index in table.get("GlobalSecondaryIndexes", []):
        index |= {"IndexStatus": "CREATING", "Backfilling": True}
    return json.dumps({"Table": table}).encode()


def of_path(end: str, answer: Answer) -> Interference:
    """Give this answer to what asks for a path with this end."""
    return lambda request: answer if request.target.partition("?")[0].endswith(end) else None


def plans_after_others(account: Applied, size: int) -> Interference:
    """Answer pages of backup plans, of which those of the stack come last."""
    return of_path("/backup/plans/", paged(account.endpoint, "BackupPlansList", size, others_first))


def others_first(plans: list[dict[str, str]]) -> list[dict[str, str]]:
    """Put the plans of seven other stacks before these."""
    others = [f"other-{number}" for number in range(7)]
    return [{**plans[0], "BackupPlanName": other, "BackupPlanId": other} for other in others] + plans


@contextmanager
def one_selection_for_each_table(account: Applied) -> Iterator[None]:
    """Select every table by a selection of its own, instead of all by one."""
    backup, plan, whole = backup_plan(account)
    selection = backup.get_backup_selection(BackupPlanId=plan, SelectionId=whole)["BackupSelection"]
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=whole)
    parts = [
        {**selection, "SelectionName": arn.rpartition("/")[2], "Resources": [arn]}
        for arn in selection["Resources"]
    ]
    made = [backup.create_backup_selection(BackupPlanId=plan, BackupSelection=part) for part in parts]
    try:
        yield
    finally:
        for one in made:
            backup.delete_backup_selection(BackupPlanId=plan, SelectionId=one["SelectionId"])
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
