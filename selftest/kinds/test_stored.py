"""What S3 holds: objects that should be in two buckets alike, and buckets that refuse every call."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.reads import Answers, Aws, Refusal
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import kinds
from plumbline.kinds.replication import Replicated, Replication
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Missing, ReadError
from selftest.mutations.removals import remove_bucket

ACCOUNT, REGION, THERE = "123456789012", "af-south-1", "eu-west-1"
NAME = "letters/copies"
KEYS = ["a.html", "b.html"]
QUESTION = Replicated(probe_key="probe.txt", keys=KEYS)
RULE = {
    "ID": "all",
    "Priority": 1,
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "DeleteMarkerReplication": {"Status": "Disabled"},
    "Destination": {"Bucket": "arn:aws:s3:::copies"},
}


@pytest.fixture
def aws() -> Aws:
    """An account in which both keys are replicated from one bucket to the other."""
    BackendDict.reset()
    made = account(ACCOUNT, REGION)
    for bucket, region in (("letters", REGION), ("copies", THERE)):
        place = {"LocationConstraint": region}
        made.within(region).write("s3:CreateBucket", Bucket=bucket, CreateBucketConfiguration=place)
        versioning = {"Status": "Enabled"}
        made.within(region).write("s3:PutBucketVersioning", Bucket=bucket, VersioningConfiguration=versioning)
    rules = {"Role": f"arn:aws:iam::{ACCOUNT}:role/r", "Rules": [RULE]}
    made.write("s3:PutBucketReplication", Bucket="letters", ReplicationConfiguration=rules)
    for key in KEYS:
        made.write("s3:PutObject", Bucket="letters", Key=key, Body=key.encode())
    return made


def unreplicated(aws: Aws) -> dict[str, str]:
    """What is not replicated."""
    return Replication.from_aws(aws, NAME, None, QUESTION).unreplicated


def test_what_is_in_both_alike_is_replicated(aws: Aws) -> None:
    assert unreplicated(aws) == {}


@pytest.mark.parametrize(
    ("operation", "where", "parameters", "told"),
    [
        ("s3:DeleteObject", REGION, {"Bucket": "letters", "Key": "a.html"}, "not in the source"),
        ("s3:DeleteObject", THERE, {"Bucket": "copies", "Key": "a.html"}, "not in the destination"),
        (
            "s3:PutObject",
            THERE,
            {"Bucket": "copies", "Key": "a.html", "Body": b"other"},
            "another content in the destination",
        ),
        (
            "s3:PutObject",
            THERE,
            {"Bucket": "copies", "Key": "a.html", "Body": b"a.html"},
            "no replica in the destination: put there by itself",
        ),
    ],
)
def test_one_object_that_is_not(aws: Aws, operation: str, where: str, parameters: Any, told: str) -> None:
    aws.within(where).write(operation, **parameters)
    assert unreplicated(aws) == {"a.html": told}


def test_all_objects_gone_is_every_key_gone(aws: Aws) -> None:
    for key in KEYS:
        aws.write("s3:DeleteObject", Bucket="letters", Key=key)
    assert unreplicated(aws) == dict.fromkeys(KEYS, "not in the source")


def test_what_was_put_before_the_rule_and_is_named_nowhere_is_found(aws: Aws) -> None:
    aws.write("s3:DeleteBucketReplication", Bucket="letters")
    aws.write("s3:PutObject", Bucket="letters", Key="c.html", Body=b"c")
    assert unreplicated(aws) == {"c.html": "never replicated"}


@pytest.mark.parametrize(("gone", "where"), [("letters", REGION), ("copies", THERE)])
def test_a_bucket_that_is_gone_is_missing(aws: Aws, gone: str, where: str) -> None:
    remove_bucket(aws.within(where), gone)
    with pytest.raises(Missing, match=gone):
        Replication.from_aws(aws, NAME, None, QUESTION)


def refusing(*allowed: str) -> Aws:
    """An account in which S3 refuses all calls but some, as it does for a bucket of another account."""
    denied = Refusal("403", "Forbidden")

    class Closed(Answers):
        def ask(self, key: Any, call: Any) -> Any:
            if key[2] not in allowed:
                self.known[key] = denied
            return super().ask(key, call)

    return Aws(
        lambda service, region: account(ACCOUNT, region).client(service), ACCOUNT, REGION, Closed(), None
    )


@pytest.mark.parametrize(("noun", "name"), [("bucket", "taken"), ("stored_object", "taken/key")])
def test_a_bucket_that_refuses_every_call_is_told_once(noun: str, name: str) -> None:
    kind: type[Kind] = kinds()[noun]
    model = kind.from_aws(refusing(), name)
    causes = set()
    for field in kind.model_fields:
        try:
            getattr(model, field).refuse()
        except ReadError as error:
            causes.add((error.cause, error.message, error.command))
        except Exception:  # what the account never says
            continue
    [(cause, message, command)] = causes
    assert cause == "denied s3:ListBucket arn:aws:s3:::taken"
    assert "may belong to another account" in message
    assert command == "aws s3api list-buckets --query 'Buckets[?Name==`taken`]'"
