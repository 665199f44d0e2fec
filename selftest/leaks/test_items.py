"""What a table holds, and what is logged, is in no report, no log, no evidence and no file left behind."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from plumbline.aws.reads import Answers, Aws
from selftest.applied.environment import variables_of_server
from selftest.applied.server import moto_server, session
from selftest.front_door import run_suite
from selftest.leaks.test_reports import VERBOSE, reports
from selftest.mutations import history

STACK, ACCOUNT, REGION = "threat-intel/dev", "100000000005", "us-east-1"
TABLE, GROUP, ALARM = (
    "threat-intel-dedup-dev",
    "/aws/lambda/threat-intel-enrichment-dev",
    "threat-intel-high-error-rate-dev",
)
WORDS = ("planted-fingerprint", "planted-note", "planted-expiry", "planted-line")


def filled(aws: Aws) -> None:
    """Fill the account with items, lines and an alarm with which everything is wrong."""
    aws.write(
        "dynamodb:CreateTable",
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "fingerprint", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "fingerprint", "AttributeType": "S"}],
    )
    for number, expiry in enumerate(({"S": "planted-expiry"}, history.in_seconds(days=-9))):
        item = {"fingerprint": {"S": f"planted-fingerprint-{number}"}, "note": {"S": "planted-note"}}
        aws.write("dynamodb:PutItem", TableName=TABLE, Item=item | {"expires_at": expiry})
    history.report(aws, GROUP, used=127, of=128, init=9000)
    history.line(aws, GROUP, "[ERROR] planted-line HTTP 401 Task timed out SIGKILL")
    metric = {"Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    rule = {
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:t"],
    }
    aws.write("cloudwatch:PutMetricAlarm", AlarmName=ALARM, **metric, **rule)
    seeds = json.dumps({history.ENDS: "Failed", history.AGE_IN_HOURS: 3})
    told = {"AlarmName": ALARM, "StateReason": "it happened", "StateReasonData": seeds}
    aws.write("cloudwatch:SetAlarmState", StateValue="ALARM", **told)


@pytest.mark.heavy
@pytest.mark.parametrize("processes", ["0", "2"])
def test_no_report_tells_what_a_table_or_a_log_holds(tmp_path: Path, processes: str) -> None:
    with moto_server(ACCOUNT) as server:
        client = session().client
        place = Aws(
            lambda service, region: client(service, region_name=region, endpoint_url=server.endpoint),
            ACCOUNT,
            REGION,
            Answers(),
            None,
        )
        filled(place)
        asked = ("--env", STACK, "--live", "--window", "1h", "-n", processes)
        written = (*reports(tmp_path), f"--alluredir={tmp_path / 'allure'}")
        variables = variables_of_server(server.endpoint) | {"AWS_REGION": REGION, "TMPDIR": str(tmp_path)}
        run = run_suite(*asked, *VERBOSE, *written, variables=variables)
    fallen = set(re.findall(r"✗ P\d  threat-intel-([a-z]+-\d+)", run.output))
    assert fallen >= {"ddb-07", "ddb-08", "lambda-08", "lambda-09", "lambda-16", "ext-04", "mon-05"}, (
        run.output
    )
    left = {str(it): it.read_text(errors="replace") for it in tmp_path.rglob("*") if it.is_file()}
    told = left | {"the terminal": run.output}
    assert any("save_evidence" in it for it in left)
    for word in WORDS:
        assert [it for it in told if word in told[it]] == [], word
