"""An account that answers whatever a proof says, in process."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto.core.models import botocore_stubber

from plumbline.aws.foreign import refuse_foreign
from plumbline.aws.reads import Answers, Aws

Sent = Callable[[Any], tuple[int, Mapping[str, str], bytes]]
"""What comes back to a request: status, headers and body."""


class Body(io.BytesIO):
    """The body of an answer, as botocore reads it."""

    def stream(self, **_: Any) -> Any:
        """Give it as a whole."""
        yield self.read()


def account(sent: Mapping[str, Sent]) -> Aws:
    """An account that answers these operations so, such as `ListTables`; `*` stands for all."""

    @functools.cache
    def client(service: str, region: str) -> Any:
        config = Config(retries={"total_max_attempts": 1})
        made = boto3.client(service, region, aws_access_key_id="a", aws_secret_access_key="b", config=config)
        made.meta.events.register("before-parse", refuse_foreign)
        made.meta.events.unregister("before-send", botocore_stubber)  # a moto of this process is asked, too
        of = made.meta.service_model.service_id.hyphenize()
        for operation, answer in sent.items():
            event = "before-send" if operation == "*" else f"before-send.{of}.{operation}"
            made.meta.events.register(event, answering(answer))
        return made

    return Aws(client, "123456789012", "eu-west-1", Answers(), calls=None)


def answering(sent: Sent) -> Callable[..., AWSResponse]:
    """What botocore asks in place of the network."""

    def answer(request: Any, **_: Any) -> AWSResponse:
        status, headers, body = sent(request)
        return AWSResponse(request.url, status, dict(headers), Body(body))

    return answer


def text(body: str | bytes, status: int = 200, **headers: str) -> Sent:
    """The same answer to each request."""
    sent = body if isinstance(body, bytes) else body.encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: (status, named, sent)
