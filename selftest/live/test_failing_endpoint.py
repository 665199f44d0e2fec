"""A read that fails is an error of the tests that need it, never a verdict and never a traceback."""

import itertools
import re

import pytest

from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.live.endpoint import (
    Answer,
    Request,
    answered,
    half_an_answer,
    on,
    refused,
    reset,
)
from selftest.live.meetings import assert_unreadable, meeting
from selftest.stacks.bbws import BBWS

TENANTS = "arn:aws:dynamodb:af-south-1:815856636111:table/bbws-tenants-sit"
TEMPLATES = "arn:aws:s3:::bbws-templates-sit"
INVOICE = f"{TEMPLATES}/billing/invoice.html"
ENCRYPTION = {"bbws-s3-09", "bbws-s3-10", "bbws-tf-03"}
RECOVERY = {"bbws-ddb-15", "bbws-ddb-16"}
TABLES = {"bbws-tenants-sit", "bbws-products-sit", "bbws-campaigns-sit"}
OF_A_TABLE = {f"bbws-ddb-{number}" for number in ("01", "02", "05", "06", "07", "08", "09", "10", "13")} | {
    "bbws-bkp-04",
    "bbws-tf-01",
    "bbws-tf-07",
}
"""What DescribeTable answers; tags and recovery are calls of their own."""


@only(BBWS, "sit")
@pytest.mark.parametrize(
    ("what", "action", "resource", "identifiers"),
    [
        ("?versioning", "s3:GetBucketVersioning", TEMPLATES, {"bbws-s3-08", "bbws-tf-03"}),
        ("?encryption", "s3:GetEncryptionConfiguration", TEMPLATES, ENCRYPTION),
        ("/billing/invoice.html", "s3:GetObject", INVOICE, {"bbws-s3-12", "bbws-s3-13", "bbws-s3-16"}),
        ("DescribeContinuousBackups", "dynamodb:DescribeContinuousBackups", TENANTS, RECOVERY),
        ("ListTagsOfResource", "dynamodb:ListTagsOfResource", TENANTS, {"bbws-ddb-17"}),
        ("DescribeTable", "dynamodb:DescribeTable", TENANTS, OF_A_TABLE),
    ],
    ids=["versioning", "encryption", "a template", "recovery", "tags", "a table"],
)
def test_a_denied_read_names_the_action_and_the_resource(
    applied: Applied, what: str, action: str, resource: str, identifiers: set[str]
) -> None:
    denied = (403, "AccessDenied") if action.startswith("s3:") else (400, "AccessDeniedException")
    run = meeting(applied, on(what, refused(*denied)))
    assert_unreadable(run, identifiers)
    told = [" ".join(it.message.split()) for it in run.those("error") if it.resource in resource]
    assert any(f"denied: {action} on {resource} " in message for message in told)
    assert any(f"Allow {action} on {resource} to the caller" in message for message in told)
    for outcome in run.those("error"):
        assert outcome.resource in outcome.message


@only(BBWS, "sit")
def test_a_call_throttled_for_ever_is_given_up_after_the_attempts_allowed(applied: Applied) -> None:
    requests: list[Request] = []
    throttled = on("DescribeContinuousBackups", refused(400, "ThrottlingException", "Rate exceeded"))

    def recording(request: Request) -> Answer | None:
        requests.append(request)
        return throttled(request)

    run = meeting(applied, recording, attempts=2)
    assert_unreadable(run, RECOVERY)
    assert {outcome.resource for outcome in run.those("error")} == TABLES
    attempts = [request for request in requests if request.asks("DescribeContinuousBackups")]
    assert len(attempts) == 2 * len(set(attempts))
    assert "throttled until the retries ran out" in run.printed


@only(BBWS, "sit")
def test_a_call_throttled_once_is_repeated_and_all_passes(applied: Applied) -> None:
    run = meeting(applied, on("GetRole", refused(400, "Throttling", "Rate exceeded"), times=1), attempts=3)
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) == len(run.outcomes) > 0


@only(BBWS, "sit")
@pytest.mark.parametrize("what", ["DescribeTable", "?versioning"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reset, id="the connection is reset"),
        pytest.param(half_an_answer, id="half the answer"),
        pytest.param(answered("<!DOCTYPE html><title>Sign in</title>"), id="a web page"),
        pytest.param(refused(500, "InternalError"), id="an internal error"),
    ],
)
def test_a_broken_answer_is_an_error_of_what_was_asked(applied: Applied, what: str, answer: Answer) -> None:
    run = meeting(applied, on(what, answer))
    assert_unreadable(run, OF_A_TABLE if what == "DescribeTable" else {"bbws-s3-08", "bbws-tf-03"})


@only(BBWS, "sit")
def test_an_answer_with_nothing_in_it_is_no_verdict(applied: Applied) -> None:
    run = meeting(applied, on("DescribeTable", answered("{}")))
    assert run.those("failed") == []
    assert run.invariants("error") >= OF_A_TABLE


@only(BBWS, "sit")
def test_an_object_for_a_list_is_no_list_with_nothing_in_it(applied: Applied) -> None:
    run = meeting(applied, on("/backup/plans/", answered('{"BackupPlansList": {}}')))
    assert_unreadable(run, {"bbws-bkp-01", "bbws-bkp-03", "bbws-bkp-04", "bbws-bkp-05", "bbws-inv-03"})
    assert "BackupPlansList of another type than the operation's" in run.printed


@only(BBWS, "sit")
@pytest.mark.parametrize("answer", [answered(""), refused(404, "")], ids=["there", "not there"])
def test_somebody_else_says_nothing_of_an_object(applied: Applied, answer: Answer) -> None:
    run = meeting(applied, on("/billing/invoice.html", answer))
    assert_unreadable(run, {"bbws-s3-12", "bbws-s3-13", "bbws-s3-16"})
    assert "was answered by something else than AWS" in run.printed


@only(BBWS, "sit")
def test_an_object_that_breaks_off_is_an_error_of_what_it_holds(applied: Applied) -> None:
    run = meeting(applied, on(".tfstate", half_an_answer))
    assert_unreadable(run, {"bbws-tf-04"})
    assert "AWS's answer to s3:GetObject breaks off" in run.printed


@only(BBWS, "sit")
def test_a_token_that_expires_on_the_way_is_one_card(applied: Applied) -> None:
    asked = itertools.count()

    def expiring(request: Request) -> Answer | None:
        return refused(400, "ExpiredTokenException") if next(asked) > 20 else None

    run = meeting(applied, expiring)
    assert run.exit_code == 1
    assert run.those("failed", "skipped") == []
    assert run.those("passed")
    assert run.those("error")
    assert len(re.findall(r"^! ", run.printed, re.MULTILINE)) == 1, run.output
    assert "credentials are no longer valid" in run.printed
    assert "Traceback" not in run.output
