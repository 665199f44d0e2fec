"""What a policy leaves undenied over plain HTTP: every action, everybody, the bucket and its objects."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.aws.authorization import actions
from plumbline.kinds.s3 import Bucket
from plumbline.policy import WITHOUT_TLS, Policy, undenied
from plumbline.values.unknown import Undetermined, Unknown

BUCKET, OBJECTS = "arn:aws:s3:::lake", "arn:aws:s3:::lake/*"
ROLE, ROOT = "arn:aws:iam::123456789012:role/load", "arn:aws:iam::123456789012:root"
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


def deny(*left_out: str, **stated: Any) -> dict[str, Any]:
    """A statement that denies everything over plain HTTP, but for what is stated otherwise."""
    whole = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, OBJECTS]}
    return {
        name: value for name, value in {**whole, "Condition": PLAIN, **stated}.items() if name not in left_out
    }


def under(**conditions: Any) -> dict[str, Any]:
    """The same under other conditions."""
    return deny(Condition=conditions)


def besides(**conditions: Any) -> dict[str, Any]:
    """The same under these conditions, too."""
    return deny(Condition={**PLAIN, **conditions})


def left(*statements: dict[str, Any]) -> list[str]:
    policy = Policy.read({"Statement": list(statements)}, "here")
    return undenied(policy, [BUCKET, OBJECTS], "s3", actions("s3"), WITHOUT_TLS)


WHOLE = {
    "as AWS writes it": [deny()],
    "of every service": [deny(Action="*", Resource="*")],
    "by its principal": [deny(Principal={"AWS": "*"})],
    "whether it is given or not": [under(BoolIfExists={"aws:SecureTransport": "false"})],
    "in other letters": [under(Bool={"AWS:securetransport": False})],
    "as a text": [under(StringEquals={"aws:SecureTransport": "false"})],
    "as a pattern": [under(StringLike={"aws:SecureTransport": "f*"})],
    "as what it is not": [under(StringNotEquals={"aws:SecureTransport": "true"})],
    "whatever it is": [deny("Condition")],
    "in two statements": [deny(Resource=BUCKET), deny(Resource=OBJECTS)],
    "all but some, and these": [deny("Action", NotAction="s3:Get*"), deny(Action="s3:G*")],
    "of one organisation, and of all others": [
        besides(StringEquals={"aws:PrincipalOrgID": "o-1"}),
        besides(StringNotEquals={"aws:PrincipalOrgID": "o-1"}),
    ],
    "of some addresses, and of all others": [
        besides(IpAddress={"aws:SourceIp": "10.0.0.0/8"}),
        besides(NotIpAddress={"aws:SourceIp": "10.0.0.0/8"}),
    ],
    "of whoever it is": [besides(StringLikeIfExists={"aws:PrincipalArn": "*"})],
    "besides old versions of TLS": [deny(), under(NumericLessThan={"s3:TlsVersion": "1.2"})],
}


@pytest.mark.parametrize("case", WHOLE)
def test_what_denies_everything_leaves_nothing(case: str) -> None:
    assert left(*WHOLE[case]) == []


EVERYTHING = [f"s3:* on {BUCKET}", f"s3:* on {OBJECTS}"]
PARTS = {
    "no statement": ([], EVERYTHING),
    "allowed over TLS": (
        [deny(Effect="Allow", Condition={"Bool": {"aws:SecureTransport": "true"}})],
        EVERYTHING,
    ),
    "denied over TLS": ([under(Bool={"aws:SecureTransport": "true"})], EVERYTHING),
    "old versions of TLS alone": ([under(NumericLessThan={"s3:TlsVersion": "1.2"})], EVERYTHING),
    "old versions over TLS": ([besides(NumericLessThan={"s3:TlsVersion": "1.2"})], EVERYTHING),
    "the objects alone": ([deny(Resource=OBJECTS)], [f"s3:* on {BUCKET}"]),
    "the bucket alone": ([deny(Resource=BUCKET)], [f"s3:* on {OBJECTS}"]),
    "another bucket": ([deny(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])], EVERYTHING),
    "some objects": ([deny(Resource=[BUCKET, f"{BUCKET}/raw/*"])], [f"s3:* on {OBJECTS}"]),
    "all objects but some": (
        [deny("Resource", NotResource=f"{BUCKET}/open/*")],
        [f"s3:* on {BUCKET}/open/*"],
    ),
    "objects of that name": ([deny("Resource", NotResource="arn:aws:s3:::l*/a")], [f"s3:* on {BUCKET}/a"]),
    "some actions": ([deny(Action=["s3:GetObject", "s3:PutObject"])], EVERYTHING),
    "all actions but one": (
        [deny("Action", NotAction="s3:GetObject")],
        [f"s3:GetObject on {BUCKET}", f"s3:GetObject on {OBJECTS}"],
    ),
    "one account": ([deny(Principal={"AWS": ROOT})], EVERYTHING),
    "everybody but one": (
        [deny("Principal", NotPrincipal={"AWS": [ROLE, ROOT]})],
        [f"{it} by {ROLE}" for it in EVERYTHING],
    ),
    "everybody but one by a condition": ([besides(StringNotEquals={"aws:PrincipalArn": ROLE})], EVERYTHING),
    "all but some addresses": ([besides(NotIpAddress={"aws:SourceIp": "10.0.0.0/8"})], EVERYTHING),
    "all but a network": ([besides(StringNotEquals={"aws:SourceVpce": "vpce-1"})], EVERYTHING),
    "who shows a second factor": ([besides(Bool={"aws:MultiFactorAuthPresent": "true"})], EVERYTHING),
    "what is no service of AWS": ([besides(Bool={"aws:PrincipalIsAWSService": "false"})], EVERYTHING),
}


@pytest.mark.parametrize("case", PARTS)
def test_what_leaves_something_out_is_told(case: str) -> None:
    statements, told = PARTS[case]
    assert left(*statements) == told


OPEN = {
    "whether a version of TLS is given": [under(NumericLessThanIfExists={"s3:TlsVersion": "1.2"})],
    "what day it is": [besides(DateGreaterThan={"aws:CurrentTime": "2020-01-01T00:00:00Z"})],
    "which objects a pattern leaves out": [deny("Resource", NotResource="arn:aws:s3:::*open*")],
    "who asks": [deny(Resource=[BUCKET, f"{BUCKET}/${{aws:username}}/*", OBJECTS[:-1] + "${aws:userid}"])],
    "too many conditions": [
        besides(StringEquals={f"aws:PrincipalTag/{n}": [f"{m}" for m in range(9)] for n in range(9)})
    ],
}


@pytest.mark.parametrize("case", OPEN)
def test_what_hangs_on_what_is_not_known_is_undetermined(case: str) -> None:
    with pytest.raises(Undetermined):
        left(*OPEN[case])


def test_a_resource_that_is_not_known_is_undetermined_and_one_that_is_decides() -> None:
    policy = Policy.read({"Statement": deny()}, "here")
    [statement] = policy.statements
    unknown = statement.model_copy(update={"resources": [Unknown("aws_s3_bucket.x.arn")]})
    bucket = Bucket(name="lake", region="eu-west-1", account="123456789012")
    with pytest.raises(Undetermined):
        _ = bucket.model_copy(update={"policy": Policy(statements=[unknown])}).allowed_without_tls
    both = bucket.model_copy(update={"policy": Policy(statements=[unknown, statement])})
    assert both.allowed_without_tls == []


def test_a_bucket_of_china_is_meant_by_its_own_partition() -> None:
    bucket = Bucket(
        name="lake",
        region="cn-north-1",
        account="123456789012",
        policy=Policy.read({"Statement": deny()}, "here"),
    )
    assert bucket.allowed_without_tls == ["s3:* on arn:aws-cn:s3:::lake", "s3:* on arn:aws-cn:s3:::lake/*"]
