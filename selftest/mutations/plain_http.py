"""S3 as moto is not: a bucket whose policy denies plain HTTP refuses what is asked of it so."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.awsrequest import AWSResponse
from moto.s3.models import s3_backends

from selftest.kinds.stub import Body

_DENIED = b"<Error><Code>AccessDenied</Code><Message>an explicit deny in a policy</Message></Error>"


def refused_by_policy(request: Any, **_: Any) -> AWSResponse | None:
    """Refuse a request without TLS; moto answers all others. For botocore's `before-send.s3`, first."""
    named = re.match(r"http://([^/.]+)\.s3[.-]|http://s3[^/]*/([^/?]+)", request.url)
    bucket = named and (named[1] or named[2])
    for held in s3_backends.values() if bucket else ():
        policy = getattr(held["aws"].buckets.get(bucket), "policy", None)
        if policy and any(map(_denies, json.loads(policy)["Statement"])):
            return AWSResponse(request.url, 403, {"Content-Type": "application/xml"}, Body(_DENIED))
    return None


def _denies(statement: dict[str, Any]) -> bool:
    """Whether a statement, as those of the stacks are, denies what is asked without TLS."""
    condition = statement.get("Condition")
    return statement["Effect"] == "Deny" and (not condition or "aws:SecureTransport" in str(condition))
