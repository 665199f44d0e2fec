"""A live session makes the operations that the kinds declare, of all that AWS has, and no others."""

from concurrent.futures import Future, ThreadPoolExecutor

import botocore.session
import pytest

from plumbline.aws.guard import WHO_AM_I, GuardError, refusing_all_but
from plumbline.aws.reads import Answer, Answers, Refusal
from plumbline.aws.session import connect
from plumbline.expectations.stack import Environment
from plumbline.kinds.registry import operations
from selftest.applied.server import moto_server
from selftest.live.endpoint import endpoint
from selftest.stacks.bbws import BBWS

READ = (
    "AdminGet",
    "BatchGet",
    "Describe",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
    "Select",
    "Simulate",
)
ASKS = {"logs:StartQuery", "logs:StopQuery"}
"""What starts a question and what ends it: CloudWatch Logs answers a query of Logs Insights later alone."""
DECLARED = operations() | {WHO_AM_I}


def test_exactly_the_operations_that_the_kinds_declare_are_allowed() -> None:
    session, refuse = botocore.session.Session(), refusing_all_but(operations())
    allowed = set()
    for service in session.get_available_services():
        model = session.get_service_model(service)
        for operation in model.operation_names:
            try:
                refuse(model=model.operation_model(operation))
            except GuardError:
                continue
            allowed.add(f"{service}:{operation}")
    assert allowed == DECLARED


def test_no_kind_declares_an_operation_that_changes_something() -> None:
    assert {name for name in DECLARED if not name.partition(":")[2].startswith(READ)} <= ASKS


def test_a_write_through_a_live_session_never_reaches_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        moto_server(BBWS.accounts["dev"]) as server,
        endpoint(server.endpoint) as stands,
        ThreadPoolExecutor(1) as calls,
    ):
        variables = {
            "AWS_ENDPOINT_URL": stands.url,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        aws = connect(
            "dev",
            Environment(account=BBWS.accounts["dev"]),
            BBWS.stack.region,
            Answers(),
            calls,
            operations(),
        )
        with pytest.raises(GuardError, match="dynamodb:DeleteTable was refused"):
            aws.write("dynamodb:DeleteTable", TableName="bbws-tenants-dev")
        with pytest.raises(GuardError, match="s3:PutBucketVersioning was refused"):
            aws.write(
                "s3:PutBucketVersioning",
                Bucket="bbws-templates-dev",
                VersioningConfiguration={"Status": "Suspended"},
            )
        with pytest.raises(GuardError, match="iam:CreateUser was refused"):
            aws.write("iam:CreateUser", UserName="somebody")
    assert [str(request.operation) for request in stands.requests] == ["GetCallerIdentity"]


def test_what_is_refused_to_one_leaves_what_others_were_answered() -> None:
    answers, called = Answers(), ("123456789012", "eu-west-1", "s3:ListBuckets", "[]")
    refused: Future[Answer | Refusal] = Future()
    refused.set_exception(GuardError("sns:GetTopicAttributes was refused"))
    answered: Future[Answer | Refusal] = Future()
    answered.set_result({"Buckets": []})
    answers.ask((*called[:2], "sns:GetTopicAttributes", "[]"), lambda: refused)
    answers.ask(called, lambda: answered)
    assert answers.settle() == {called: {"Buckets": []}}
