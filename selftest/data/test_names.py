"""The engine and the sentences name no stack: what is called, sought or typed stands in YAML."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator

import botocore.session
import pytest

from plumbline.kinds.candidates import _OFTEN
from plumbline.kinds.registry import kinds
from plumbline.values.data import Document
from plumbline.values.filling import PLACEHOLDER
from selftest.front_door import REPOSITORY
from selftest.stacks.proven import Proven, every_stack

CODE = {
    str(path.relative_to(REPOSITORY)): path.read_text()
    for folder in ("plumbline", "tests")
    for path in sorted((REPOSITORY / folder).rglob("*"))
    if path.suffix in (".py", ".jinja", ".css", ".js")
}
OF_ITS_OWN = (
    "repository",
    "format",
    "stack",
    "title",
    "region",
    "environments",
    "owners",
    "terraform",
    "shared",
)
"""The keys of a stack's YAML that are no sections of resources."""
NAME = re.compile(r"\w[-/._ ]+\w|[a-z\d][A-Z]")
"""What makes a text somebody's: words that are joined, or one written as a name. A word is everybody's."""
OF_EVERYBODY = {
    "AccessDenied": "an error code of AWS",
    "github/workflows": "where GitHub looks for workflows",
    "NoSuchBucket": "an error code of AWS",
    "NoSuchKey": "an error code of AWS",
    "ResourceNotFoundException": "an error code of AWS",
    "DynamoDB": "a service of AWS",
    "DynamoDBReadCapacityUtilization": "a predefined metric of Application Auto Scaling",
    "DynamoDBWriteCapacityUtilization": "a predefined metric of Application Auto Scaling",
    "TargetValue": "a member of the API of Application Auto Scaling",
    "TLSv1.2_2021": "a version of TLS as CloudFront calls it",
    "python3.13": "a runtime of Lambda",
    "ADMIN_NO_SRP_AUTH": "how users sign in to Cognito",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH": "how users sign in to Cognito",
    "ALLOW_REFRESH_TOKEN_AUTH": "how users sign in to Cognito",
    "ALLOW_USER_SRP_AUTH": "how users sign in to Cognito",
    "AWS/ApiGateway": "a namespace of CloudWatch",
    "AWS/CloudFront": "a namespace of CloudWatch",
    "AWS/Cognito": "a namespace of CloudWatch",
    "AWS/DynamoDB": "a namespace of CloudWatch",
    "AWS/Lambda": "a namespace of CloudWatch",
    "PAY_PER_REQUEST": "a billing mode of AWS",
    "STANDARD_IA": "a storage class of S3",
    "GLACIER_IR": "a storage class of S3",
    "AWS_IAM": "how API Gateway authorizes a route",
    "COGNITO_USER_POOLS": "how API Gateway authorizes a route",
    "SampleCount": "a statistic of CloudWatch",
    "SignInSuccesses": "a metric of Cognito",
    **dict.fromkeys(
        ("AWS/S3", "AWS/WAFV2", "AWS/AmplifyHosting", "AWS/Cognito"), "a namespace of CloudWatch"
    ),
    **dict.fromkeys(
        ("4XXError", "5XXError", "4xxErrors", "5xxErrors", "AllRequests", "OperationsFailedReplication"),
        "a metric of AWS's, of which its documentation says what each sample is",
    ),
    **dict.fromkeys(
        (
            "ReadThrottleEvents",
            "WriteThrottleEvents",
            "ThrottledRequests",
            "AllowedRequests",
            "BlockedRequests",
        ),
        "a metric of AWS's, of which its documentation says what each sample is",
    ),
    "REQUIRED_TAGS": "a managed rule of AWS Config",
    "com.amazonaws": "how AWS names its endpoints",
    "s3.amazonaws.com": "how AWS names a service that assumes a role",
    "eu-west-1": "a region of AWS",
    "us-east-1": "a region of AWS",
    "WEB_COMPUTE": "a platform of Amplify",
    "WEB_DYNAMIC": "a platform of Amplify",
    "DistributionId": "what CloudFront calls the id of a distribution, a dimension of its metrics",
    "GraphQL": "a language of queries",
    "aws_s3_bucket_versioning": "a resource type of Terraform",
    "aws_dynamodb_table": "a resource type of Terraform",
    "aws_s3_bucket_object": "a resource type of Terraform",
    "aws_s3_object": "a resource type of Terraform",
    "inputs.environment": "a reference of GitHub's",
    "global_secondary_index": "a block of Terraform",
    "LockID": "the key of every lock of Terraform's",
    "${{ inputs.environment }}": "an expression of GitHub's",
    "deploy-${{ inputs.environment }}": "an example of how GitHub fills in an expression",
    "HTML document": "what a file is found to hold",
    "IAM policy": "what a file is found to hold",
    "shell script": "what a file is found to hold",
    "dynamodb.amazonaws.com": "how AWS names a service that was asked",
    "kms.amazonaws.com": "how AWS names a service that was asked",
    "README.md": "a file of every repository",
    "pre-commit": "a tool that runs checks before a commit",
    "main.tf": "a file of every Terraform",
    "terraform.lock.hcl": "a file of every Terraform",
    "terraform.tfvars": "a file of every Terraform",
    "terraform.tfvars.json": "a file of every Terraform",
    "5.0": "a number of a version",
    "~> 5.0": "a constraint of a version",
    "Content-Type": "a header of HTTP",
    "x-api-key": "the header in which API Gateway looks for a key",
    "DEFAULT_4XX": "how API Gateway calls its answers",
    "DEFAULT_5XX": "how API Gateway calls its answers",
    "log-group": "a part of an ARN",
    "amazonaws.com": "how AWS names its services",
    "account_id": "what everybody calls a number of AWS's",
    "kms_key_arn": "an argument of the provider",
    "kms_key_id": "an argument of the provider",
    "ManagedBy": "what AWS's answers say of what its services made",
}
OF_THE_ENGINE = {
    "live": "a source of evidence",
    "stage": "what API Gateway calls where an API is served, a key of its answers",
    "test": "what an invariant names, a key of its YAML",
}
"""What an environment may be called, and the engine calls something else."""
MEANS_SOMETHING_ELSE = {
    ("plumbline/kinds/repository.py", 10): "seconds that Git may take",
    ("plumbline/kinds/run_history.py", 10): "how many runs of a workflow are read",
    ("plumbline/kinds/terraform.py", 10): "how many times a number is taken that is tried as too large",
    (
        "plumbline/kinds/upload_script.py",
        10,
    ): "the arguments of a script that a shell tells by one digit, and one more",
    ("plumbline/kinds/alarm_evaluation.py", 10): "seconds: a period that CloudWatch takes",
    ("plumbline/kinds/functions.py", 1000): "milliseconds of a second",
    ("plumbline/kinds/alarm_evaluation.py", 3600): "seconds of an hour",
    ("plumbline/kinds/cognito_sign_ins.py", 3600): "seconds: the steps that sign-ins are counted in",
    ("plumbline/kinds/log_groups.py", 3600): "seconds of an hour, in which lines come unless said",
    ("plumbline/kinds/measurement.py", 10): "seconds: a step that CloudWatch has",
    ("plumbline/kinds/measurement.py", 3600): "seconds: the steps that CloudWatch keeps longest",
    ("plumbline/kinds/metric_series.py", 3600): "seconds of an hour, unless said",
    ("plumbline/kinds/python_values.py", 1000): "how many values of a row are followed",
    ("plumbline/kinds/python_windows.py", 3600): "seconds of an hour",
    ("plumbline/kinds/alarm_evaluation.py", 30): "seconds: a period that CloudWatch takes",
    ("plumbline/kinds/alarm_evaluation.py", 60): "seconds of a minute",
    ("plumbline/kinds/alarm_evaluation.py", 86400): "seconds of a day",
    ("plumbline/kinds/alarm_history.py", 14): "days: how long CloudWatch keeps a history",
    ("plumbline/kinds/alarm_history.py", 1000): "milliseconds of a second",
    ("plumbline/kinds/api_log_lines.py", 60): "seconds: the steps that use is looked for in",
    ("plumbline/kinds/backup.py", 60): "minutes that AWS Backup takes for a start at least",
    ("plumbline/kinds/backup.py", 90): "days: how long cold storage keeps at least",
    ("plumbline/kinds/cognito.py", 60): "how many pools, or clients, Cognito lists at a time",
    (
        "plumbline/kinds/cognito_clients.py",
        30,
    ): "days that a token is good by which others are had, unless said",
    ("plumbline/kinds/cognito_clients.py", 60): "seconds of a minute",
    ("plumbline/kinds/cognito_clients.py", 3600): "seconds of an hour, for which a token is good unless said",
    ("plumbline/kinds/cognito_clients.py", 86400): "seconds of a day",
    ("plumbline/kinds/cognito_identity.py", 60): "how many pools Cognito lists at a time",
    ("plumbline/kinds/cognito_sign_ins.py", 60): "seconds of a minute",
    ("plumbline/kinds/bounds.py", 24): "hours of a day",
    ("plumbline/kinds/bounds.py", 60): "minutes of an hour, and seconds of a minute",
    ("plumbline/kinds/cognito_users.py", 7): "days: how long a temporary password is good, and a week",
    ("plumbline/kinds/cognito_users.py", 1000): "how many users are looked at unless the YAML says",
    ("plumbline/kinds/config.py", 7): "the tags that a managed rule of AWS Config takes",
    ("plumbline/kinds/event_history.py", 15): "minutes: how late CloudTrail may be",
    ("plumbline/kinds/event_history.py", 90): "days: how long CloudTrail keeps a history",
    ("plumbline/kinds/event_history.py", 1000): "how many events are looked at unless the YAML says",
    ("plumbline/kinds/item_sample.py", 1000): "how many items may be looked at",
    ("plumbline/kinds/kms.py", 30): "days: how long KMS waits before it deletes a key, unless said",
    ("plumbline/kinds/lifecycle_rule.py", 30): "days: how long S3 keeps objects before they are moved",
    ("plumbline/kinds/lifecycle_rule.py", 1000): "how many rules S3 takes of a bucket",
    ("plumbline/kinds/log_arrivals.py", 15): "days: how long CloudWatch keeps steps of a minute",
    ("plumbline/kinds/log_arrivals.py", 24): "hours of a day",
    ("plumbline/kinds/log_arrivals.py", 60): "minutes of an hour, and seconds of a minute",
    ("plumbline/kinds/log_query.py", 60): "how often it is looked whether a query has ended",
    ("plumbline/kinds/log_lines.py", 1000): "milliseconds of a second, and how many lines are looked at",
    ("plumbline/kinds/python_windows.py", 60): "seconds of a minute",
    ("plumbline/kinds/python_windows.py", 86400): "seconds of a day",
    ("plumbline/kinds/measurement.py", 15): "days: how long CloudWatch keeps steps of a minute",
    ("plumbline/kinds/measurement.py", 30): "seconds: a step that CloudWatch has",
    ("plumbline/kinds/measurement.py", 60): "seconds of a minute, the step that CloudWatch keeps for days",
    ("plumbline/kinds/measurement.py", 300): "seconds: the steps that CloudWatch is asked for, unless said",
    ("plumbline/kinds/metric_series.py", 60): "seconds between two values of a metric, unless said",
    ("plumbline/kinds/measurement.py", 24): "hours of a day",
    ("plumbline/kinds/object_arrivals.py", 24): "hours of a day",
    ("plumbline/kinds/object_arrivals.py", 300): "seconds: the steps that use is looked for in",
    ("plumbline/kinds/object_arrivals.py", 1000): "how many objects are looked at unless the YAML says",
    ("plumbline/kinds/probes.py", 15): "seconds between two looks, and for what arrives late",
    ("plumbline/kinds/secret_use.py", 7): "parts of an ARN, and characters that a secret's has at its end",
    ("plumbline/kinds/secretsmanager.py", 7): "characters that a secret's ARN has at its end",
    ("plumbline/kinds/secretsmanager.py", 30): "days: how moto is told that a secret is renewed",
    ("plumbline/kinds/tool_run.py", 60): "seconds that a tool may take",
}
BY_PRECAUTION = {
    **{("plumbline/kinds/candidates.py", name): "is tried where it is no environment" for name in _OFTEN},
    ("plumbline/suite/choices.py", "prod"): "no probe writes in what is called so, whatever its YAML says",
}


def texts(proven: Proven, *below: str) -> Iterator[str]:
    """Yield the texts that a stack's YAML gives of its resources under such keys."""
    for place, text in Document(proven.stack.path).strings():
        if place[0] not in OF_ITS_OWN and place[2] in below:
            yield text


def names(proven: Proven) -> set[str]:
    """Return what a stack calls its resources, asks and expects of them, without what it fills in."""
    said = texts(proven, "asks", "expect", "expect_in")
    pieces = {it.strip("-/., ") for text in said for it in PLACEHOLDER.split(text)[::2]}
    words = {word for text in texts(proven, "name") for word in re.split(r"[\s,]+", text)}
    parts = {
        it.strip("-/.") for word in words if not _is_action(word) for it in re.split(r":|\{[a-z_]+\}", word)
    }
    said_so = {it for it in pieces | parts if NAME.search(it) and not _is_action(it)}
    return said_so - OF_EVERYBODY.keys() - _operations() - _kinds()


def typed(proven: Proven) -> set[str]:
    """Return the first four words of what remedies type: these say what it is about."""
    remedies = [it.remedy for it in proven.runbook.invariants.values()]
    lines = [line for it in remedies for line in (*it.source, *it.account)]
    return {" ".join(words[:4]) for line in lines if len(words := line.split()) >= 4}


def _kinds() -> frozenset[str]:
    """Return what kinds and their sections are called, of whatever stack."""
    return frozenset(name for kind in kinds().values() for name in (kind.noun, kind.plural))


@functools.cache
def _operations() -> frozenset[str]:
    """Return what AWS calls the operations of the services whose calls are spoken of."""
    session = botocore.session.Session()
    models = (session.get_service_model(service) for service in ("dynamodb", "s3", "cloudtrail"))
    return frozenset(name for model in models for name in model.operation_names)


def _is_action(word: str) -> bool:
    return re.fullmatch(r"[a-z\d-]+:\w+", word) is not None


def holding(said: str) -> list[str]:
    """Return the files of the engine and the sentences that say this."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(said)}(?!-?\w)")
    return [path for path, text in CODE.items() if said in text and pattern.search(text)]


def told(said: Iterable[str]) -> dict[str, list[str]]:
    """Return what is said somewhere, with where."""
    return {it: files for it in sorted(said) if (files := holding(it))}


@every_stack
def test_what_a_stack_calls_its_resources_and_asks_of_them_is_in_its_yaml_alone(proven: Proven) -> None:
    assert told(names(proven)) == {}


@pytest.mark.parametrize(
    "said",
    ["bbws-tenants", "test-replication.txt", "service-role/AWSBackupDefaultServiceRole", "email-index"],
)
def test_a_name_and_a_text_that_is_asked_are_both_looked_for(said: str) -> None:
    [bbws] = [it for it in every_stack.args[1] if it.name == "bbws"]
    assert said in names(bbws)
    assert len(typed(bbws)) > 5


@every_stack
def test_its_name_its_accounts_and_its_environments_are_in_its_yaml_alone(proven: Proven) -> None:
    assert told(filter(None, proven.accounts.values())) == {}
    constants = {(path, value) for path in CODE for value in _constants(path, str)}
    of_its_own = {*proven.environments} - OF_THE_ENGINE.keys()
    assert {it for it in constants if it[1] in of_its_own} <= BY_PRECAUTION.keys()
    if proven.name != "example":  # everybody's word
        assert [path for path, text in CODE.items() if re.search(proven.name, text, re.IGNORECASE)] == []


@every_stack
def test_what_its_runbook_says_is_in_its_yaml_alone(proven: Proven) -> None:
    runbook = proven.runbook
    phrases = {it.statement for it in runbook.invariants.values()}
    phrases |= {cause for it in runbook.invariants.values() for cause in it.causes if len(cause.split()) > 2}
    phrases |= {title for title in runbook.sections.values() if len(title.split()) > 2}
    phrases |= {it.reach.removeprefix("#") for it in runbook.contacts.values() if it.reach}
    phrases -= {runbook.title}
    cited = {f"{word} {number}" for number in runbook.sections for word in ("section", "Section", "Sections")}
    assert told(phrases | cited) == {}


@every_stack
def test_what_its_runbook_types_is_in_its_yaml_alone(proven: Proven) -> None:
    assert told(typed(proven)) == {}


@every_stack
def test_how_long_and_how_often_is_in_its_yaml_alone(proven: Proven) -> None:
    asked = {number for it in _of_resources(proven) for number in _numbers(it.get("asks"))}
    found = {
        (path, value)
        for path in CODE
        if path.startswith(("plumbline/kinds/", "tests/"))
        for value in _constants(path, int)
        if value in asked - {0, 1}
    }
    assert found <= MEANS_SOMETHING_ELSE.keys()


def test_a_sentence_holds_no_number_but_of_none_and_of_one() -> None:
    numbers = {path: _constants(path, int) for path in CODE if path.startswith("tests/")}
    assert {path: more for path, its in numbers.items() if (more := its - {0, 1})} == {}


def test_a_sentence_holds_no_text_but_the_name_of_a_service_of_aws() -> None:
    said = {path: {*_said(ast.parse(text))} for path, text in CODE.items() if path.startswith("tests/")}
    of_aws = re.compile(r"[a-z\d]+\.amazonaws\.com")
    others = {path: {it for it in its if not of_aws.fullmatch(it)} for path, its in said.items()}
    assert {path: its for path, its in others.items() if its} == {}


def _said(node: ast.AST) -> Iterator[str]:
    """Yield the texts of a module besides its docstrings and what its markers name."""
    for it in ast.iter_child_nodes(node):
        if isinstance(it, ast.Constant) and isinstance(it.value, str) and not isinstance(node, ast.Expr):
            yield it.value
        elif not (isinstance(node, ast.FunctionDef) and it in node.decorator_list):
            yield from _said(it)


def _of_resources(proven: Proven) -> list[dict[str, object]]:
    sections = Document(proven.stack.path).data
    return [it for key, section in sections.items() if key not in OF_ITS_OWN for it in section.values()]


def _numbers(value: object) -> Iterator[int]:
    """Yield the numbers in data, however deep."""
    if isinstance(value, dict | list):
        for it in value.values() if isinstance(value, dict) else value:
            yield from _numbers(it)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


@functools.cache
def _constants(path: str, of: type) -> frozenset[object]:
    """Return the constants of this type in a module of Python; other files have none."""
    nodes = ast.walk(ast.parse(CODE[path])) if path.endswith(".py") else ()
    return frozenset(it.value for it in nodes if isinstance(it, ast.Constant) and type(it.value) is of)
