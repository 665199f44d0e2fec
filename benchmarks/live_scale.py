"""How a live run grows with tables, latency and accounts: `python -m benchmarks.live_scale`.

The baseline is a script that makes the same calls with boto3, one after another, as somebody does who follows
a runbook by hand. Both ask a stub of DynamoDB and STS on this machine that answers each call after so many
milliseconds: what is measured is the waiting, and what each side adds to it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path

REGION = "eu-west-1"
ASKED = ("DescribeTable", "DescribeContinuousBackups")
"""What is asked of each table."""
STACK = """\
format: 2
stack: depot
title: A depot
region: {region}
environments:
{environments}
terraform: {{directory: terraform}}
tables:
{tables}
"""
RUNBOOK = """\
format: 2
stack: depot
title: Runbook of the depot
source: runbook.md
sections: {'1': Tables}
escalation:
  P1: {first: On-call}
invariants:
  depot-01: {test: dynamodb.exists, statement: Every table is there., %s}
  depot-02: {test: dynamodb.point-in-time-recovery, statement: Every table can be restored., %s}
  depot-03: {test: dynamodb.deletion-protection, statement: No table is deleted by mistake., %s}
"""
MORE = (
    "quantified: every, section: '1', severity: P1, evidence: [aws], causes: [by hand], "
    "remedy: {account: ['aws dynamodb describe-table --table-name {name} --region {region}']}"
)
BASELINE = """
import boto3, sys
accounts, tables = int(sys.argv[1]), int(sys.argv[2])
for account in range(accounts):
    session = boto3.Session(profile_name=f"e{account}", region_name="eu-west-1")
    session.client("sts").get_caller_identity()
    dynamodb = session.client("dynamodb")
    for table in range(tables):
        name = f"depot-e{account}-{table}"
        assert dynamodb.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"]
        dynamodb.describe_continuous_backups(TableName=name)
"""


@dataclass(frozen=True)
class Scale:
    """How much there is, and how long each call takes."""

    accounts: int
    tables: int
    milliseconds: int

    @property
    def calls(self) -> int:
        return self.accounts * (1 + len(ASKED) * self.tables)


SCALES = [
    *(Scale(1, tables, milliseconds) for tables in (10, 100, 500) for milliseconds in (0, 20, 100)),
    Scale(10, 10, 20),
    Scale(100, 10, 20),
]


def main() -> None:
    """Measure, and print what came out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--concurrency", type=int, default=16, help="reads in flight at once (default 16)")
    concurrency = parser.parse_args().concurrency
    print(f"{os.cpu_count()} cores, {concurrency} reads in flight; whole processes, seconds")
    print("accounts  tables of each  ms a call   calls   one after another (baseline)   the suite   ratio")
    for scale in SCALES:
        with tempfile.TemporaryDirectory(prefix="live-scale-") as name, answering(scale.milliseconds) as port:
            folder = Path(name)
            lay_out(scale, folder)
            variables = {**of_others(), "AWS_CONFIG_FILE": str(folder / "aws"), "AWS_ENDPOINT_URL": port}
            whole = (str(scale.accounts), str(scale.tables))
            baseline = seconds([sys.executable, "-c", BASELINE, *whole], folder, variables)
            suite = [
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--live",
                "--concurrency",
                str(concurrency),
            ]
            ours = seconds([sys.executable, *suite], folder, variables)
        print(
            f"{scale.accounts:>8}  {scale.tables:>14}  {scale.milliseconds:>9}  {scale.calls:>6}"
            f"  {baseline:>29.2f}  {ours:>10.2f}  {baseline / ours:>6.1f}",
            flush=True,
        )


def lay_out(scale: Scale, folder: Path) -> None:
    """Write a stack of so many environments, each an account with a profile of its own."""
    numbers = range(scale.accounts)
    of_each = (f"  e{it}: {{account: '{account(it)}', profile: e{it}}}" for it in numbers)
    tables = (
        f"  t{it}: {{name: 'depot-{{env}}-{it}', expect: "
        "{point_in_time_recovery: true, deletion_protection_enabled: true}}"
        for it in range(scale.tables)
    )
    stack = STACK.format(region=REGION, environments="\n".join(of_each), tables="\n".join(tables))
    for place, text in (
        ("stacks/depot.yaml", stack),
        ("runbooks/depot.yaml", RUNBOOK % (MORE, MORE, MORE)),
        ("pytest.ini", "[pytest]\nplumbline_stacks = .\n"),
    ):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(text)
    keys = (
        f"[profile e{it}]\naws_access_key_id = AKIA{account(it)}\naws_secret_access_key = x\n"
        for it in numbers
    )
    (folder / "aws").write_text("\n".join(keys))


def account(number: int) -> str:
    return f"{100_000_000_000 + number}"


def of_others() -> dict[str, str]:
    """Return this process's variables without what says whom AWS is asked as."""
    return {name: it for name, it in os.environ.items() if not name.startswith("AWS_")}


def seconds(command: Sequence[str], folder: Path, variables: dict[str, str]) -> float:
    """Return how long a command takes that must succeed."""
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    took = time.perf_counter() - began
    if ended.returncode:
        sys.exit(f"{' '.join(command[:4])} ended in {ended.returncode}:\n{ended.stdout}{ended.stderr}")
    return took


@contextmanager
def answering(milliseconds: int) -> Iterator[str]:
    """Let a process of its own answer as AWS would, each call after so long; yield its address."""
    apart = get_context("spawn")  # nothing of this process is its: no handlers of signals
    ports: Queue[int] = apart.Queue()
    process = apart.Process(target=_answer, args=(ports, milliseconds), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ports.get()}"
    finally:
        process.terminate()


def _answer(ports: Queue[int], milliseconds: int) -> None:
    handler = type("Late", (_Stub,), {"seconds": milliseconds / 1000})
    with _Many(("127.0.0.1", 0), handler) as server:
        ports.put(server.server_port)
        server.serve_forever()


class _Many(ThreadingHTTPServer):
    request_queue_size = 1024


class _Stub(BaseHTTPRequestHandler):
    """DynamoDB and STS, of any account: its number stands in the access key."""

    protocol_version = "HTTP/1.1"
    seconds = 0.0

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"]))
        owner = re.search(r"Credential=AKIA(\d+)/", self.headers["Authorization"])
        assert owner is not None
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        body = _of_table(target, json.loads(asked), owner[1]) if target else _identity(owner[1])
        time.sleep(self.seconds)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0" if target else "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _of_table(operation: str, asked: dict[str, str], owner: str) -> bytes:
    name = asked["TableName"]
    recovery = {"PointInTimeRecoveryStatus": "ENABLED"}
    answers = {
        "DescribeTable": {
            "Table": {
                "TableName": name,
                "TableArn": f"arn:aws:dynamodb:{REGION}:{owner}:table/{name}",
                "TableStatus": "ACTIVE",
                "DeletionProtectionEnabled": True,
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
                "ItemCount": 0,
                "CreationDateTime": 1_700_000_000,
            }
        },
        "DescribeContinuousBackups": {
            "ContinuousBackupsDescription": {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": recovery,
            }
        },
    }
    return json.dumps(answers[operation]).encode()


def _identity(owner: str) -> bytes:
    arn = f"arn:aws:iam::{owner}:user/benchmark"
    told = f"<Arn>{arn}</Arn><UserId>U</UserId><Account>{owner}</Account>"
    inner = f"<GetCallerIdentityResult>{told}</GetCallerIdentityResult>"
    metadata = "<ResponseMetadata><RequestId>0</RequestId></ResponseMetadata>"
    space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    return f"<GetCallerIdentityResponse {space}>{inner}{metadata}</GetCallerIdentityResponse>".encode()


if __name__ == "__main__":
    main()
