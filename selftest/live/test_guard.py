"""While a sentence of a live run runs, no client of its process asks for what the stack does not name."""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from plumbline.aws.everywhere import guarded
from plumbline.aws.guard import GuardError, refusing_all_but
from plumbline.sources.moto.account import account
from selftest.applied.server import MotoServer, moto_server, session
from selftest.front_door import SuiteRun, run_suite, variables_of_server
from selftest.input.tree import Tree, copy_suite
from selftest.live.endpoint import Answer, Request, answered, endpoint, on, passed_on

pytestmark = pytest.mark.heavy

ACCOUNT, OTHER, REGION = "210987654321", "345678901234", "eu-west-1"
TABLE, LOCKS, BUCKET, COPY, KEY = "orders", "locks", "depot-raw", "depot-copy", "probe.txt"
SECTIONS = {
    "tables": {"orders": {"name": TABLE}},
    "lock_tables": {"locks": {"name": LOCKS, "asks": {"stale_after_minutes": 15, "job_minutes": 30}}},
    "buckets": {"raw": {"name": BUCKET}},
    "alarms": {"late": {"name": "late"}},
    "replication_probes": {
        "probe": {"name": f"{BUCKET}/{COPY}", "asks": {"probe_key": KEY, "waited_seconds": 5}}
    },
    "index_lookups": {"lookup": {"name": f"{TABLE}/by-mail", "asks": {"attribute": "mail", "value": "x@y"}}},
    "backup_probes": {"backup": {"name": f"vault/{TABLE}", "asks": {"role": "backup", "waited_seconds": 5}}},
}
EVIDENCE = {
    "lock_table": "ops",
    "replication_probe": "probe",
    "index_lookup": "live",
    "backup_probe": "probe",
}
NOUNS = ("table", "lock_table", "bucket", "alarm", "replication_probe", "index_lookup", "backup_probe")
HEAD = """\
import boto3, botocore.session, pytest, sys

def client(service):
    return boto3.client(service, region_name="eu-west-1")
"""
SENTENCE = """
@pytest.mark.invariant("own.{noun}", reads=["{noun}.name"])
def test_{noun}({noun}):
    assert {noun}.name
"""
MADE = {
    "TableName": "evil",
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}],
}
CONFTEST = """\
import sys

def pytest_configure(config):
    sys._plumbline_config = config

def pytest_unconfigure(config):
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint
    stands = {it.__module__ for it in (BaseClient._make_api_call, Endpoint.make_request)}
    print("what stands:", *sorted(stands))
"""
STANDS = "what stands: botocore.client botocore.endpoint"
OF_THE_SUITE = """\
from plumbline.suite.live import ACCOUNTS
aws = sys._plumbline_config.stash[ACCOUNTS].of["depot", "dev"]
"""
PAST_THE_CALL = f"""\
g = client("dynamodb")
model = g.meta.service_model.operation_model("CreateTable")
about = dict(client_region="eu-west-1", client_config=g.meta.config, has_streaming_input=False)
about["auth_type"] = "v4"
url, headers, _ = g._resolve_endpoint_ruleset(model, {MADE}, about)
g._make_request(model, g._convert_to_request_dict({MADE}, model, url, about, headers), about)
"""


def write(tree: Tree, own: str = "", before: str = "") -> None:
    """Write a stack each of whose resources is asked for its name; `own` is what the first test does, too."""
    given = {"format": 2, "stack": "depot", "title": "A depot"}
    more = {
        "region": REGION,
        "environments": {"dev": {"account": ACCOUNT, "production": False}},
        "terraform": {"directory": "t"},
    }
    asked = {
        f"depot-{noun.replace('_', '-')}": {
            "test": f"own.{noun}",
            "section": "1",
            "statement": "It is there.",
            "severity": "P3",
            "evidence": [EVIDENCE.get(noun, "aws")],
        }
        for noun in NOUNS
    }
    files = {
        "fixtures/stacks/depot.yaml": json.dumps({**given, **more, **SECTIONS}, indent=1),
        "fixtures/runbooks/depot.yaml": json.dumps(
            {**given, "source": "d.md", "sections": {"1": "Depot"}, "invariants": asked}, indent=1
        ),
        "tests/own/conftest.py": CONFTEST,
    }
    sentences = [SENTENCE.format(noun=noun) for noun in NOUNS]
    sentences[0] += textwrap.indent(own, "    ")
    files["tests/own/test_own.py"] = HEAD + before + "".join(sentences)
    for path, text in files.items():
        (tree.path / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.path / path).write_text(text)


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return copy_suite(tmp_path_factory.mktemp("depot"))


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    """The account that the stack describes, and in it a table, a bucket and a key that it does not name."""
    with moto_server(ACCOUNT) as account:
        of = {
            it: session().client(it, region_name=REGION, endpoint_url=account.endpoint)
            for it in ("dynamodb", "s3", "cloudwatch")
        }
        for name in (TABLE, LOCKS, "customers"):
            of["dynamodb"].create_table(**{**MADE, "TableName": name})
        for name in (BUCKET, COPY, "depot-private"):
            of["s3"].create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        of["cloudwatch"].put_metric_alarm(
            AlarmName="late",
            ComparisonOperator="GreaterThanThreshold",
            EvaluationPeriods=1,
            MetricName="Late",
            Namespace="Depot",
            Period=60,
            Statistic="Sum",
            Threshold=1,
        )
        yield account


def live(
    depot: Tree, address: str, *arguments: str, own: str = "", before: str = "", **variables: str
) -> SuiteRun:
    write(depot, own, before)
    given = variables_of_server(address) | {"PATH": "/usr/bin:/bin"} | variables
    chosen = ("--stack=depot", "--env=dev", "--live", "tests/own", *arguments)
    return run_suite(*chosen, variables=given, tree=depot.path)


REFUSED = {
    "a client of its own": (f'client("dynamodb").create_table(**{MADE})', "dynamodb:CreateTable was refused"),
    "a resource": (f'boto3.resource("dynamodb", "eu-west-1").create_table(**{MADE})', "dynamodb:CreateTable"),
    "botocore alone": (
        f'botocore.session.get_session().create_client("dynamodb", "eu-west-1").create_table(**{MADE})',
        "dynamodb:CreateTable was refused",
    ),
    "a client without handlers": (
        OF_THE_SUITE
        + f'g = aws.client("dynamodb")\ng.meta.events._emitter.__init__()\ng.create_table(**{MADE})',
        "dynamodb:CreateTable was refused",
    ),
    "a request past the call": (PAST_THE_CALL, "dynamodb:CreateTable was refused: it is sent past the call"),
    "an upload": (
        'import io\nclient("s3").upload_fileobj(io.BytesIO(b"x"), "depot-raw", "a")',
        "s3:PutObject",
    ),
    "a thread": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        f'ThreadPoolExecutor(1).submit(client("dynamodb").create_table, **{MADE}).exception()',
        "dynamodb:CreateTable was refused",
    ),
    "a refusal that is passed over": (
        f'try:\n    client("dynamodb").create_table(**{MADE})\nexcept Exception:\n    pass',
        "dynamodb:CreateTable was refused",
    ),
    "a scan of another table": (
        'client("dynamodb").scan(TableName="customers")',
        "dynamodb:Scan of TableName='customers' was refused: a live run calls it only of "
        "arn:aws:dynamodb:eu-west-1:210987654321:table/locks",
    ),
    "a scan by the suite's own client": (
        OF_THE_SUITE + 'aws.client("dynamodb").scan(TableName="customers")',
        "dynamodb:Scan of TableName='customers' was refused",
    ),
    "a table by its ARN": (
        'client("dynamodb").describe_table(TableName="arn:aws:dynamodb:eu-west-1:345678901234:table/orders")',
        "dynamodb:DescribeTable of TableName=",
    ),
    "another bucket": (
        'client("s3").get_bucket_versioning(Bucket="depot-private")',
        "s3:GetBucketVersioning of Bucket='depot-private' was refused",
    ),
    "a role for oneself": (
        'client("sts").assume_role(RoleArn="arn:aws:iam::210987654321:role/x", RoleSessionName="x")',
        "sts:AssumeRole was refused",
    ),
    "what is set up for it": ("", "dynamodb:CreateTable was refused"),
    "a table of its name in another region": (
        'boto3.client("dynamodb", region_name="us-east-1").scan(TableName="locks")',
        "dynamodb:Scan of TableName='locks' in us-east-1 was refused",
    ),
    "another place": (
        'boto3.client("dynamodb", region_name="eu-west-1", endpoint_url="http://127.0.0.1:9")'
        '.scan(TableName="locks")',
        "dynamodb was not asked at http://127.0.0.1:9",
    ),
    "who one is at another place": (
        'boto3.client("sts", region_name="eu-west-1", endpoint_url="http://127.0.0.1:9")'
        ".get_caller_identity()",
        "sts was not asked at http://127.0.0.1:9",
    ),
}
BEFORE = {
    "what is set up for it": "@pytest.fixture(autouse=True)\ndef made():\n    try:\n"
    f'        client("dynamodb").create_table(**{MADE})\n    except Exception:\n        pass\n'
}


@pytest.mark.parametrize("how", REFUSED)
def test_nothing_else_is_asked_however_the_client_is_made(depot: Tree, server: MotoServer, how: str) -> None:
    own, told = REFUSED[how]
    with endpoint(server.endpoint) as stands:
        run = live(depot, stands.url, "-k", "test_table or test_bucket", own=own, before=BEFORE.get(how, ""))
    assert run.exit_code == 1, run.output
    assert STANDS in run.printed
    assert "depot-table" in run.invariants("error", "failed")
    assert told in " ".join(run.printed.split()), run.printed
    asked = {it.operation or it.target for it in stands.requests}
    assert not asked & {"CreateTable", "Scan", "AssumeRole"}
    assert not any("private" in it.target or it.method == "PUT" for it in stands.requests)


LET = {
    "what the suite reads": 'assert client("dynamodb").describe_table(TableName="orders")',
    "who it is": f'assert client("sts").get_caller_identity()["Account"] == "{ACCOUNT}"',
    "an address that is signed": 'assert client("s3").generate_presigned_url("list_buckets")',
    "a scan of the lock table": 'assert "Items" in client("dynamodb").scan(TableName="locks")',
}


@pytest.mark.parametrize("how", LET)
def test_what_the_stack_names_may_be_read_by_any_client(depot: Tree, server: MotoServer, how: str) -> None:
    run = live(depot, server.endpoint, "-k", "test_table", own=LET[how])
    assert run.exit_code == 0, run.output


@pytest.mark.parametrize(
    "ends", ["raise KeyboardInterrupt", "pytest.exit('enough')", "assert False", "1 / 0"]
)
def test_the_guard_is_gone_however_a_sentence_ends(depot: Tree, server: MotoServer, ends: str) -> None:
    stood = (
        "from botocore.client import BaseClient as it\nassert it._make_api_call.__module__[:4] == 'plum'\n"
    )
    run = live(depot, server.endpoint, "-k", "test_table", own=f"{stood}{ends}")
    assert run.exit_code in (1, 2), run.output
    assert STANDS in run.printed


ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
GIVEN = {
    "AccessKeyId": "testing",
    "SecretAccessKey": "testing",
    "Token": "t",
    "Expiration": "2100-01-01T00:00:00Z",
}
OF_SSO = {
    "accessKeyId": "testing",
    "secretAccessKey": "testing",
    "sessionToken": "t",
    "expiration": 4102444800000,
}
PROVIDERS = {
    "assumed": f"role_arn = {ROLE}\nsource_profile = base",
    "web": f"role_arn = {ROLE}\nweb_identity_token_file = HOME/token",
    "sso": f"sso_start_url = https://x.awsapps.com/start\nsso_region = {REGION}\nsso_account_id = {ACCOUNT}\n"
    "sso_role_name = reader",
    "container": "",
}
CALLED = {
    "assumed": "AssumeRole",
    "web": "AssumeRoleWithWebIdentity",
    "sso": "/federation/",
    "container": "/given",
}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_credentials_are_fetched_in_the_middle_of_a_sentence(
    depot: Tree, server: MotoServer, tmp_path: Path, provider: str
) -> None:
    text = PROVIDERS[provider].replace("HOME", str(tmp_path))
    base = "[profile base]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
    (tmp_path / "config").write_text(f"{base}[profile it]\n{text}\n")
    (tmp_path / "token").write_text("token")
    cached = tmp_path / ".aws/sso/cache" / f"{hashlib.sha1(b'https://x.awsapps.com/start').hexdigest()}.json"
    cached.parent.mkdir(parents=True)
    cached.write_text(json.dumps({"accessToken": "t", "expiresAt": "2100-01-01T00:00:00Z"}))

    def gives(request: Request) -> Answer | None:
        if request.asks("/federation/credentials"):
            return answered(json.dumps({"roleCredentials": OF_SSO}))
        return answered(json.dumps(GIVEN)) if request.asks("/given") else None

    with endpoint(server.endpoint, gives) as stands:
        chosen = "" if provider == "container" else 'profile_name="it"'
        own = f"""
import os
for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
    del os.environ[name]
os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "{stands.url}/given"
g = boto3.Session({chosen}).client("dynamodb", region_name="{REGION}")
assert g.describe_table(TableName="{TABLE}")
"""
        config = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "HOME": str(tmp_path)}
        run = live(depot, stands.url, "-k", "test_table", own=own, **config)
        assert any(it.asks(CALLED[provider]) for it in stands.requests), run.output
    assert run.exit_code == 0, run.output


ALLOWED = "--allow-writes"
PROBED = {
    "its object": (f's3.put_object(Bucket="{BUCKET}", Key="{KEY}", Body=b"x")', ""),
    "its copy": (f's3.head_object(Bucket="{COPY}", Key="{KEY}")', ""),
    "its object for everybody": (
        f's3.put_object(Bucket="{BUCKET}", Key="{KEY}", Body=b"x", ACL="public-read")',
        "s3:PutObject was refused: it says more",
    ),
    "its object that leads elsewhere": (
        f's3.put_object(Bucket="{BUCKET}", Key="{KEY}", WebsiteRedirectLocation="https://evil.example")',
        "s3:PutObject was refused: it says more",
    ),
    "another key": (
        f's3.put_object(Bucket="{BUCKET}", Key="other.txt", Body=b"x")',
        "s3:PutObject of Bucket=",
    ),
    "the key elsewhere": (f's3.put_object(Bucket="depot-private", Key="{KEY}")', "s3:PutObject of Bucket="),
    "the key in the copy": (f's3.put_object(Bucket="{COPY}", Key="{KEY}")', "s3:PutObject of Bucket="),
    "another version": (
        's3.delete_object(Bucket="depot-private", Key="a", VersionId="1")',
        "s3:DeleteObject",
    ),
    "what is stored": (f's3.get_object(Bucket="{BUCKET}", Key="{KEY}")', "s3:GetObject of Bucket="),
    "another table": ('db.query(TableName="customers", IndexName="by-mail", **asked)', "dynamodb:Query of"),
    "another index": (f'db.query(TableName="{TABLE}", IndexName="by-name", **asked)', "dynamodb:Query of"),
    "another value": (
        f'asked["ExpressionAttributeValues"][":value"]["S"] = "a@b"\n'
        f'db.query(TableName="{TABLE}", IndexName="by-mail", **asked)',
        "dynamodb:Query of",
    ),
    "a backup of another table": (
        'client("backup").start_backup_job(BackupVaultName="vault", '
        f'ResourceArn="arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/customers", IdempotencyToken="plumbline-1", '
        f'IamRoleArn="arn:aws:iam::{ACCOUNT}:role/backup")',
        "backup:StartBackupJob of BackupVaultName='vault'",
    ),
    "a backup that was there": (
        'client("backup").delete_recovery_point(BackupVaultName="vault", '
        f'RecoveryPointArn="arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:1")',
        "backup:DeleteRecoveryPoint of",
    ),
}
CLIENTS = """
s3, db = client("s3"), client("dynamodb")
asked = dict(KeyConditionExpression="#attribute = :value", ExpressionAttributeNames={"#attribute": "mail"},
             Select="COUNT", ExpressionAttributeValues={":value": {"S": "x@y"}})
try:
    WHAT
except s3.exceptions.ClientError:
    pass
"""


@pytest.mark.parametrize("what", PROBED)
def test_leave_to_write_opens_what_the_probes_name_and_nothing_else(
    depot: Tree, server: MotoServer, what: str
) -> None:
    own, told = PROBED[what]
    whole = CLIENTS.replace("    WHAT", textwrap.indent(own, "    "))
    with endpoint(server.endpoint) as stands:
        run = live(depot, stands.url, "-k", "test_table", "--allow-writes", own=whole)
        sent = [it for it in stands.requests if it.service != "sts" and it.operation != "DescribeTable"]
    assert run.exit_code == (1 if told else 0), run.output
    assert told in " ".join(run.printed.split())
    assert bool(sent) is not bool(told)


def of_another_account(body: bytes) -> bytes:
    return body.replace(ACCOUNT.encode(), OTHER.encode())


@pytest.mark.parametrize(
    ("noun", "operation"),
    [("table", "DescribeTable"), ("alarm", "DescribeAlarms")],
)
def test_what_carries_another_account_is_an_error(
    depot: Tree, server: MotoServer, noun: str, operation: str
) -> None:
    with endpoint(server.endpoint, on(operation, passed_on(server.endpoint, of_another_account))) as stands:
        run = live(depot, stands.url, "-k", f"test_{noun}")
    assert run.invariants("error") == {f"depot-{noun}"}, run.output
    told = " ".join(run.printed.split())
    assert f"is of account {OTHER} (arn:aws:" in told
    assert f'account: "{OTHER}"' in told


def test_its_account_may_be_another_one_if_the_stack_says_so(depot: Tree, server: MotoServer) -> None:
    edit = on("DescribeTable", passed_on(server.endpoint, of_another_account))
    SECTIONS["tables"]["orders"]["account"] = OTHER
    try:
        with endpoint(server.endpoint, edit) as stands:
            run = live(depot, stands.url, "-k", "test_table")
    finally:
        del SECTIONS["tables"]["orders"]["account"]
    assert run.exit_code == 0, run.output


def test_a_bucket_of_another_account_is_asked_for_as_its(depot: Tree, server: MotoServer) -> None:
    SECTIONS["buckets"]["raw"]["account"] = OTHER
    try:
        with endpoint(server.endpoint) as stands:
            live(depot, stands.url, "-k", "test_bucket")
    finally:
        del SECTIONS["buckets"]["raw"]["account"]
    owners = {it.headers.get("x-amz-expected-bucket-owner") for it in stands.requests if BUCKET in it.target}
    assert owners == {OTHER}


def test_what_it_refers_to_may_be_of_another_account(depot: Tree, server: MotoServer) -> None:
    def told_elsewhere(body: bytes) -> bytes:
        member = f"<AlarmActions><member>arn:aws:sns:{REGION}:{OTHER}:late</member></AlarmActions>".encode()
        told = json.dumps([f"arn:aws:sns:{REGION}:{OTHER}:late"]).encode()
        return body.replace(b"<AlarmActions/>", member).replace(
            b'"AlarmActions": []', b'"AlarmActions": ' + told
        )

    edit = on("DescribeAlarms", passed_on(server.endpoint, told_elsewhere))
    with endpoint(server.endpoint, edit) as stands:
        run = live(depot, stands.url, "-k", "test_alarm")
    assert run.exit_code == 0, run.output


def test_the_accounts_of_moto_are_filled_behind_the_guard() -> None:
    aws = account(ACCOUNT, REGION)
    with guarded(refusing_all_but(())) as refused:
        aws.write("sqs:CreateQueue", QueueName="depot")
        assert aws.write("sqs:ListQueues")["QueueUrls"]
        with pytest.raises(GuardError, match="sqs:ListQueues was refused"):
            boto3.client("sqs", region_name=REGION).list_queues()
    assert len(refused) == 1
