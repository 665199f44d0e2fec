"""Access logs arrive where the policy or the ACL of their bucket lets the service in that delivers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.s3 import Bucket
from plumbline.policy import Policy
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Undetermined, Unexamined, Unknown
from selftest.kinds.test_buckets import beside, bucket, declared

ACCOUNT = "123456789012"
LOGS = "arn:aws:s3:::logs"
SOURCE = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::lake"}}


def allow(**stated: Any) -> dict[str, Any]:
    """The statement that lets logs in, with something else stated."""
    service = {"Service": "logging.s3.amazonaws.com"}
    whole = {"Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": f"{LOGS}/*"}
    return {**whole, **stated}


TLS = allow(
    Effect="Deny",
    Principal="*",
    Action="s3:*",
    Resource=[LOGS, f"{LOGS}/*"],
    Condition={"Bool": {"aws:SecureTransport": "false"}},
)
OF_ANOTHER_ACCOUNT = {"StringEquals": {"aws:SourceAccount": "210987654321"}}


def logs(*statements: dict[str, Any], **stated: Any) -> Bucket:
    """A bucket of logs with these statements in its policy."""
    policy = Policy.read({"Statement": list(statements)}, "here") if statements else None
    return Bucket(**{"name": "logs", "region": "eu-west-1", "account": ACCOUNT, "policy": policy, **stated})


TAKEN = {
    "by a policy": [allow()],
    "below the prefix": [allow(Resource=f"{LOGS}/raw/*")],
    "of the bucket": [allow(Condition=SOURCE)],
    "of a pattern": [allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::la*"}})],
    "of the account": [allow(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})],
    "over TLS": [allow(), TLS],
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_the_policy_lets_in_arrives(case: str) -> None:
    assert logs(*TAKEN[case]).refuses_logs_of("lake", "raw/") == []


REFUSED = {
    "no policy": [],
    "another service": [allow(Principal={"Service": "cloudtrail.amazonaws.com"})],
    "another prefix": [allow(Resource=f"{LOGS}/silver/*")],
    "the bucket itself": [allow(Resource=LOGS)],
    "another action": [allow(Action="s3:GetObject")],
    "another bucket": [allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::other"}})],
    "another account": [allow(Condition=OF_ANOTHER_ACCOUNT)],
    "a denial": [allow(), allow(Effect="Deny", Principal="*", Action="s3:Put*", Resource=f"{LOGS}/raw/*")],
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_it_does_not_let_in_is_told(case: str) -> None:
    [told] = logs(*REFUSED[case]).refuses_logs_of("lake", "raw/")
    assert "logging.s3.amazonaws.com" in told


def test_a_key_of_kms_keeps_logs_out() -> None:
    told = ["its default encryption is aws:kms, and logs are delivered with AES256 alone"]
    assert logs(allow(), sse_algorithm="aws:kms").refuses_logs_of("lake", "raw/") == told


@pytest.mark.parametrize(
    ("granted", "ownership", "arrives"),
    [
        (["READ_ACP", "WRITE"], "ObjectWriter", True),
        (["FULL_CONTROL"], "BucketOwnerPreferred", True),
        (["WRITE"], None, True),
        (["READ_ACP"], "ObjectWriter", False),
        (["READ_ACP", "WRITE"], "BucketOwnerEnforced", False),
    ],
)
def test_an_acl_lets_logs_in_where_it_is_in_force(granted: list[str], ownership: Any, arrives: bool) -> None:
    found = logs(log_delivery=granted, object_ownership=ownership)
    assert (found.refuses_logs_of("lake", "raw/") == []) is arrives


OPEN: dict[str, dict[str, Any]] = {
    "an ACL of which nobody knows whether it is in force": {
        "log_delivery": ["WRITE"],
        "object_ownership": Unexamined("it hangs on the day"),
    },
    "a policy": {"policy": Unknown("aws_s3_bucket_policy.x.policy")},
    "an algorithm": {"sse_algorithm": Unknown("var.algorithm")},
    "an account": {
        "policy": Policy.read({"Statement": allow(Condition=OF_ANOTHER_ACCOUNT)}, "here"),
        "account": Unknown("data.aws_caller_identity.x.account_id"),
    },
}


@pytest.mark.parametrize("case", OPEN)
def test_what_hangs_on_what_is_not_known_is_undetermined(case: str) -> None:
    with pytest.raises(Undetermined):
        assert logs(**OPEN[case]).refuses_logs_of("lake", "raw/") == []


CANNED = beside("aws_s3_bucket_acl", 'acl = "log-delivery-write"')
GRANTED = """grant {
  type        = "Group"
  uri         = "http://acs.amazonaws.com/groups/s3/LogDelivery"
  permissions = ["READ_ACP", "WRITE"]
}"""
OWNED = beside("aws_s3_bucket_ownership_controls", 'rule {\n object_ownership = "ObjectWriter"\n}')


@pytest.mark.parametrize(("within", "others"), [("", [CANNED]), (GRANTED, [])])
def test_an_acl_is_read_wherever_it_stands(tmp_path: Path, within: str, others: list[str]) -> None:
    found = bucket(declared(tmp_path / "root", within, *others, OWNED))
    assert found.log_delivery == ["READ_ACP", "WRITE"]
    assert found.object_ownership == "ObjectWriter"
    assert found.public_grantees == []


@pytest.mark.parametrize(
    ("within", "others"),
    [
        ("", [beside("aws_s3_bucket_logging", 'target_bucket = "logs"\ntarget_prefix = "raw/"')]),
        ('logging {\n target_bucket = "logs"\n target_prefix = "raw/"\n}', []),
    ],
)
def test_logging_is_read_wherever_it_stands(tmp_path: Path, within: str, others: list[str]) -> None:
    found = bucket(declared(tmp_path / "root", within, *others))
    assert (found.logs_to, found.log_prefix) == ("logs", "raw/")
    assert bucket(declared(tmp_path / "other")).logs_to is None


RETENTION = 'rule {\n default_retention {\n  mode = "GOVERNANCE"\n  days = 30\n }\n}'
LOCKED = beside("aws_s3_bucket_object_lock_configuration", RETENTION)
LOCKED_WITHIN = f'object_lock_configuration {{\n object_lock_enabled = "Enabled"\n{RETENTION}\n}}'
PAID_FOR = beside("aws_s3_bucket_request_payment_configuration", 'payer = "Requester"')


@pytest.mark.parametrize(
    ("within", "others", "said"),
    [
        ("", [LOCKED], "Object Lock keeps by default (GOVERNANCE) what is put"),
        (LOCKED_WITHIN, [], "Object Lock keeps by default (GOVERNANCE) what is put"),
        ("", [PAID_FOR], "requests are paid for by Requester"),
        ('request_payer = "Requester"', [], "requests are paid for by Requester"),
    ],
)
def test_what_is_locked_or_paid_for_by_others_keeps_logs_out(
    tmp_path: Path, within: str, others: list[str], said: str
) -> None:
    terms = f"{said}, and no logs are delivered then"
    assert terms in bucket(declared(tmp_path / "root", within, *others)).refuses_logs_of("lake", "raw/")
    plain = bucket(declared(tmp_path / "other", "object_lock_enabled = true"))
    assert terms not in plain.refuses_logs_of("lake", "raw/")


COUNTED = beside("aws_s3_bucket_metric", 'name = "EntireBucket"')
NARROW = beside(
    "aws_s3_bucket_metric", 'name = "Raw"\nfilter {\n prefix = "raw/"\n tags = { a = "b" }\n}', "y"
)


def test_only_what_counts_all_requests_is_watched(tmp_path: Path) -> None:
    found = bucket(declared(tmp_path / "root", "", COUNTED, NARROW))
    assert [it.only for it in found.request_metrics] == [[], ["prefix raw/", "tag a=b"]]
    assert found.measured_requests() == [{"BucketName": "b", "FilterId": "EntireBucket"}]


def test_a_configuration_of_the_same_name_replaces_another(tmp_path: Path) -> None:
    other = beside("aws_s3_bucket_metric", 'name = "EntireBucket"\nfilter {\n prefix = "raw/"\n}', "y")
    found = bucket(declared(tmp_path / "root", "", COUNTED, other))
    with pytest.raises(Undetermined, match="both configure metrics EntireBucket of"):
        found.measured_requests()


def test_where_there_may_be_more_that_is_said() -> None:
    some = SomeOf([{"id": "all"}], "a module is not read")
    found = Bucket(name="b", request_metrics=some).measured_requests()
    assert {"BucketName": "b", "FilterId": "all"} in found
    with pytest.raises(Undetermined, match="a module is not read"):
        assert {"BucketName": "b", "FilterId": "other"} in found
