"""The runbook is entered by an error message: each that it prints leads to the section that prints it."""

import subprocess
import sys

import pytest

from selftest.front_door import REPOSITORY
from selftest.stacks.bbws import BBWS

PRINTED = [
    ("ResourceNotFoundException: Requested resource not found: Table: bbws-tenants-dev not found", "3.1.1"),
    ("An error occurred (ValidationException) when calling the CreateTable operation", "3.1.2"),
    ("PointInTimeRecoveryStatus: DISABLED", "3.1.3"),
    ("No backup plan found for table: bbws-tenants-dev", "3.1.4"),
    ("Tag validation failed: Missing required tag 'Environment'", "3.1.5"),
    ("AccessDeniedException: User: developer is not authorized to perform: dynamodb:PutItem", "3.1.6"),
    ("NoSuchBucket: The specified bucket does not exist", "3.2.1"),
    ("S3 bucket bbws-templates-dev does not have public access blocked", "3.2.2"),
    ("S3 bucket bbws-templates-dev does not have versioning enabled", "3.2.3"),
    ("NoSuchKey: The specified key does not exist. Key: receipts/payment_received.html", "3.2.4"),
    ("Replication configuration validation failed: Objects not replicating to eu-west-1", "3.2.5"),
    ("ServerSideEncryptionConfigurationNotFoundError: The server side encryption", "3.2.6"),
    ("Line 25: invalid value for 'runs-on': ubuntu-latest-8-cores", "3.3.1"),
    ("Error: Error acquiring the state lock", "3.3.2"),
    ("Error message: ConditionalCheckFailedException: The conditional request failed", "3.3.2"),
    ("creating DynamoDB Table (bbws-tenants-dev): LimitExceededException:", "3.3.3"),
    ("ResourceInUseException: Table already exists: bbws-tenants-dev", "3.3.3"),
    ("Error: Approval timed out after 6 hours", "3.3.4"),
    ("Error acquiring the state lock: resource temporarily unavailable", "3.3.5"),
    ("Error creating S3 bucket: BucketAlreadyExists", "4.1.2"),
    ("[ERROR] AccessDeniedException: User is not authorized to perform: dynamodb:PutItem", "4.2.1"),
]


@pytest.mark.parametrize(("message", "section"), PRINTED)
def test_a_message_leads_to_its_section(message: str, section: str) -> None:
    assert section in BBWS.runbook.sections_about(message)


def test_every_symptom_is_of_some_message_and_a_refused_s3_call_is_none_of_dynamodb() -> None:
    found = {section for message, _ in PRINTED for section in BBWS.runbook.sections_about(message)}
    assert {section for sections in BBWS.runbook.symptoms.values() for section in sections} - found == {
        "4.2.2"
    }
    assert BBWS.runbook.sections_about("AccessDenied: Access Denied") == ["3.2.1", "4.2.2"]


def test_a_message_of_something_else_leads_nowhere() -> None:
    assert BBWS.runbook.sections_about("Segmentation fault") == []


def explain(text: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "plumbline", "explain", text]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)


def test_explain_prints_the_sections_of_a_message_and_their_invariants() -> None:
    run = explain("LimitExceededException: Subscriber limit exceeded")
    assert run.returncode == 0
    assert run.stdout.startswith(f"bbws: {BBWS.runbook.titled('3.3.3')}\n  bbws-ddb-06 ")


def test_explain_prints_an_invariant_with_its_severity_in_each_environment() -> None:
    run = explain("bbws-ddb-01")
    assert run.returncode == 0
    for words in ("3.1.1 Table Not Found", "dev: P4", "sit: P3", "prod: P1", "aws dynamodb list-tables"):
        assert words in run.stdout


def test_explain_says_when_nobody_knows() -> None:
    run = explain("bbws-ddb-1")
    assert run.returncode == 1
    assert "(did you mean bbws-ddb-" in run.stderr
    assert run.stdout == ""


def test_explain_finds_words_of_titles_and_the_names_of_sentences() -> None:
    assert explain("pitr").stdout.startswith(f"bbws: {BBWS.runbook.titled('3.1.3')}\n")
    assert explain("inventory.named").stdout.startswith("bbws-inv-01")
    assert explain("nonsense").returncode == 1
