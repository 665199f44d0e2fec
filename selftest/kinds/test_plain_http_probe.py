"""A request over plain HTTP: that it is refused says something only where it is answered over TLS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.core.base_backend import BackendDict

from plumbline.aws.plain_http import leave_tls_out
from plumbline.aws.probing import Probing
from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.plain_http_probe import PlainHttpProbe
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Missing, ReadError, Undetermined
from selftest.mutations.plain_http import refused_by_policy

ACCOUNT, REGION, BUCKET = "123456789013", "eu-west-1", "zone"
DENIES = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


class Asked:
    """An account that a probe may ask, what it announces, and the URLs that it asks."""

    def __init__(self) -> None:
        BackendDict.reset()
        moto, self.announced, self.urls = account(ACCOUNT, REGION), list[str](), list[str]()
        client = moto.client("s3")
        client.meta.events.register("before-call.s3", leave_tls_out)
        client.meta.events.register_first("before-send.s3", refused_by_policy)
        client.meta.events.register_first("before-send.s3", self._note)
        probing = Probing(announce=self.announced.append, pause=lambda _: None)
        self.aws = Aws(lambda *_: client, ACCOUNT, REGION, Answers(), calls=None, probing=probing)
        place = {"LocationConstraint": REGION}
        self.aws.write("s3:CreateBucket", Bucket=BUCKET, CreateBucketConfiguration=place)

    def _note(self, request: Any, **_: Any) -> None:
        self.urls.append(request.url.partition("?")[0])

    def refused(self, name: str = BUCKET) -> bool:
        self.urls.clear()
        return PlainHttpProbe.from_aws(self.aws, name).refused

    def deny(self) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [DENIES]})
        self.aws.write("s3:PutBucketPolicy", Bucket=BUCKET, Policy=policy)


def test_it_is_asked_with_tls_first_and_then_without() -> None:
    asked = Asked()
    assert not asked.refused()
    asked.deny()
    assert asked.refused()
    assert [it.partition(":")[0] for it in asked.urls] == ["https", "http"]
    assert len({it.partition(":")[2] for it in asked.urls}) == 1
    assert asked.announced == [f"asking for a key of s3://{BUCKET} over plain HTTP"] * 2


def test_whoever_may_not_ask_at_all_learns_nothing() -> None:
    asked = Asked()
    asked.deny()
    events = asked.aws.client("s3").meta.events
    events.register_first("before-send.s3", lambda request, **_: refused_by_policy(_plain(request)))
    with pytest.raises(ReadError, match="denied: s3:ListBucket"):
        assert asked.refused()
    assert not asked.announced


def _plain(request: Any) -> Any:
    request.url = request.url.replace("https://", "http://", 1)
    return request


def test_a_bucket_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing):
        assert Asked().refused("gone")


def test_without_leave_nothing_is_sent() -> None:
    asked = Asked()
    asked.aws.probing = None
    with pytest.raises(Undetermined, match="--allow-writes"):
        assert asked.refused()
    assert asked.urls == []


def test_a_place_without_tls_answers_nothing() -> None:
    asked = Asked()
    asked.aws.client("s3").meta._endpoint_url = "http://127.0.0.1:5000"  # as an endpoint in use may be
    with pytest.raises(Undetermined, match="there is no TLS to leave out"):
        assert asked.refused()
    assert asked.urls == []
