"""An answer that comes in drops is given up as one that does not come, and all others are read as ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from plumbline.aws import bounded
from plumbline.aws.reads import Answers, Aws
from plumbline.aws.session import reach
from plumbline.expectations.stack import Environment
from plumbline.values.unknown import ReadError
from selftest.live.endpoint import Answer, Request, answered, endpoint, on

TABLES = '{"TableNames": ["orders"]}'


@contextmanager
def account(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An account that answers so, whatever it is asked."""
    with endpoint("", on("ListTables", answer)) as stands, ThreadPoolExecutor() as calls:
        for name, value in (("URL", stands.url), ("REGION", "eu-west-1"), ("MAX_ATTEMPTS", "1")):
            monkeypatch.setenv(f"AWS_{'ENDPOINT_' if name == 'URL' else ''}{name}", value)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        settings = Environment(account="123456789012")
        yield reach("test", settings, "eu-west-1", Answers(), calls, {"dynamodb:ListTables"}).aws


def in_drops(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Send a blank every now and then, for half a minute."""
    handler.send_response(200)
    handler.send_header("Content-Length", "600")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def in_chunks(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Send an answer piece by piece."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for piece in (*TABLES, ""):
        handler.wfile.write(f"{len(piece):x}\r\n{piece}\r\n".encode())


def listed(aws: Aws, limit: int = 100) -> list[str]:
    """The tables that the account lists."""
    names: list[str] = aws.read("dynamodb:ListTables", {"Limit": limit}, of="tables").answer["TableNames"]
    return names


def test_a_body_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "BODY_SECONDS", 0.5)
    begun = time.monotonic()
    with account(in_drops, monkeypatch) as aws, pytest.raises(ReadError, match="does not answer"):
        listed(aws)
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("answer", [answered(TABLES), in_chunks], ids=["at once", "in chunks"])
def test_a_body_that_comes_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    with account(answer, monkeypatch) as aws:
        assert listed(aws) == ["orders"]


def test_a_connection_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    connections = set()

    def noting(handler: BaseHTTPRequestHandler, request: Request) -> None:
        connections.add(handler.client_address)
        answered(TABLES)(handler, request)

    with account(noting, monkeypatch) as aws:
        assert [listed(aws, limit) for limit in range(1, 6)] == [["orders"]] * 5
    assert len(connections) == 1
