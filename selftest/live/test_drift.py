"""`python -m plumbline drift`: five things broken in an account are told, and nothing else."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from plumbline.__main__ import main
from selftest.applied.environment import Applied
from selftest.applied.fixtures import only
from selftest.live.endpoint import endpoint, on, refused
from selftest.stacks.bbws import BBWS

pytestmark = only(BBWS, "sit")
KEY = {
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}
OWNER = "| `x` @somebody <b>"


@pytest.fixture
def account(applied: Applied, monkeypatch: pytest.MonkeyPatch) -> Applied:
    """The account that the commands of this process meet."""
    for name, value in applied.variables.items():
        monkeypatch.setenv(name, value)
    return applied


@contextmanager
def broken(applied: Applied) -> Iterator[None]:
    """Five things that are otherwise than declared, for as long as the block runs."""
    dynamodb, s3, alarms = (applied.client(it) for it in ("dynamodb", "s3", "cloudwatch"))
    products = dynamodb.describe_table(TableName="bbws-products-sit")["Table"]["TableArn"]
    [alarm] = alarms.describe_alarms(AlarmNames=["bbws-missing-templates-sit"])["MetricAlarms"]
    try:
        recover(dynamodb, False)
        applied.tag_table(products, {"Key": "Owner", "Value": OWNER})
        s3.put_bucket_versioning(Bucket="bbws-templates-sit", VersioningConfiguration={"Status": "Suspended"})
        alarms.delete_alarms(AlarmNames=[alarm["AlarmName"]])
        dynamodb.create_table(TableName="bbws-orders-sit", **KEY)
        yield
    finally:
        recover(dynamodb, True)
        applied.tag_table(products, {"Key": "Owner", "Value": "Tebogo"})
        s3.put_bucket_versioning(Bucket="bbws-templates-sit", VersioningConfiguration={"Status": "Enabled"})
        known = alarms.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
        alarms.put_metric_alarm(
            **{name: it for name, it in alarm.items() if name in known and it not in ([], None)}
        )
        dynamodb.delete_table(TableName="bbws-orders-sit")


def recover(dynamodb: Any, enabled: bool) -> None:
    dynamodb.update_continuous_backups(
        TableName="bbws-tenants-sit",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
    )


def test_an_account_as_applied_does_not_differ(account: Applied, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--env", "bbws/sit", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["differences"] == told["alone"] == told["open"] == []
    assert told["compared"] > 300
    assert told["never"] > 0
    assert any(it.startswith("Not listed: ") for it in told["notes"])


def test_a_bucket_policy_that_nothing_declares_is_told(
    account: Applied, capsys: pytest.CaptureFixture[str]
) -> None:
    s3, bucket = account.client("s3"), "bbws-templates-sit"
    reading = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Action": "s3:*"}
    statement = {**reading, "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    try:
        main(["drift", "--env", "bbws/sit", "--json"])
    finally:
        s3.delete_bucket_policy(Bucket=bucket)
    told = json.loads(capsys.readouterr().out)
    differing = [it for it in told["differences"] if it["what"] == f"bucket {bucket}"]
    assert [it["field"].partition(".")[0] for it in differing] == ["policy"]


def test_states_as_applied_do_not_differ_and_the_policy_allows_all_that_is_asked(
    account: Applied, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    states = [f"--state={root}={account.folder}/{root}/terraform.tfstate" for root in account.roots]
    with endpoint(account.endpoint) as stands:
        monkeypatch.setenv("AWS_ENDPOINT_URL", stands.url)
        assert main(["drift", "--env", "sit", *states, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []
    assert main(["policy", "--stack", "bbws", "--env", "sit", "--drift"]) == 0
    statements = json.loads(capsys.readouterr().out)["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    asked = {f"dynamodb:{it.operation}" for it in stands.requests if it.service == "dynamodb"}
    assert asked
    assert asked <= allowed


def test_what_is_broken_is_told_and_nothing_else(
    account: Applied, capsys: pytest.CaptureFixture[str]
) -> None:
    with broken(account):
        assert main(["drift", "--env", "sit", "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert main(["drift", "--env", "sit", "--markdown"]) == 1
        comment = capsys.readouterr().out
    assert {(it["what"], it["field"], *it["values"]) for it in told["differences"]} == {
        ("table bbws-tenants-sit", "point_in_time_recovery", "true", "false"),
        ("table bbws-products-sit", "tags.Owner", '"Tebogo"', f'"{OWNER}"'),
        ("bucket bbws-templates-sit", "versioning", '"Enabled"', '"Suspended"'),
    }
    assert all(all(it["where"]) for it in told["differences"])
    assert {(it["what"], it["side"]) for it in told["alone"]} == {
        ("alarm bbws-missing-templates-sit", 0),
        ("table bbws-orders-sit", 1),
    }
    assert '``"\\| `x` @somebody <b>"``' in comment


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--env", "bbws/prod"], "belong to account"),
        ([], "say which environment with --env: dev, bbws/dev, sit"),
        (["--env", "sitt"], "unknown --env 'sitt' (did you mean sit?)"),
        (["--env", "sit", "--stack", "bbw"], "did you mean bbws?"),
        (["--env", "sit", "--terraform", "nowhere"], "there is no folder nowhere"),
        (["--env", "sit", "--plan", "nowhere"], "there is no file nowhere"),
        (["--env", "sit", "--plan", "a", "--state", "b"], "give one of them"),
        (["--env", "sit", "--concurrency", "0"], "at least 1 read"),
        (["--env", "sit", "--endpoint", "s3"], "write SERVICE=URL"),
        (["--env", "sit", "--stacks", "nowhere"], "there is no folder"),
    ],
)
def test_wrong_usage_is_one_message(
    account: Applied, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["drift", *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err
    assert "Traceback" not in printed.err


def test_what_cannot_be_read_is_named_and_no_success(
    account: Applied, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint(account.endpoint, on("DescribeTable", refused(400, "AccessDeniedException"))) as stands:
        monkeypatch.setenv("AWS_ENDPOINT_URL", stands.url)
        assert main(["drift", "--env", "sit"]) == 2
    told = capsys.readouterr().out
    assert "could not be read" in told.splitlines()[-1]
    assert "dynamodb:DescribeTable" in told
    assert "table bbws-tenants-sit" in told
