"""A request without a token: only what is refused for want of one says that the route asks who calls."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from moto.apigateway.models import apigateway_backends
from moto.core.base_backend import BackendDict

from plumbline.aws import anonymous
from plumbline.aws.anonymous import Response, ask
from plumbline.aws.probing import Probing
from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.anonymous_probe import AnonymousProbe, AskingAnonymously
from plumbline.kinds.rest_api import RestApi
from plumbline.sources.moto.account import account
from plumbline.terraform.declared import known
from plumbline.values.unknown import Missing, ReadError, Undetermined

ACCOUNT, REGION, API = "123456789013", "eu-west-1", "leads"


class Asked:
    """An account that a probe may ask, and what it announced and asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, status: int, error: str = "") -> None:
        BackendDict.reset()
        moto, self.announced, self.asked = account(ACCOUNT, REGION), list[str](), list[tuple[str, ...]]()
        routes = {"POST /export": "COGNITO_USER_POOLS", "ANY /all": "NONE", "GET /keyed": "NONE"}
        RestApi(
            name=API,
            routes=routes,
            with_key={"GET /keyed": True},
            access_logs={"prod": ""},
            deployed={"prod": True},
        ).create(moto)
        probing = Probing(announce=self.announced.append, pause=lambda _: None)
        self.client = moto.client("apigateway")
        self.aws = Aws(lambda *_: self.client, ACCOUNT, REGION, Answers(), calls=None, probing=probing)
        monkeypatch.setattr(
            anonymous, "ask", lambda *asked: self.asked.append(asked) or Response(status, error)
        )

    def status(self, route: str = "POST /export", name: str = API, **asking: str) -> int:
        question = AskingAnonymously(**{"stage": "prod", "route": route} | asking)
        return int(known(AnonymousProbe.from_aws(self.aws, name, question=question).status))


@pytest.mark.parametrize("status", [200, 401, 403, 500])
def test_the_status_is_what_comes_back(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    asked = Asked(monkeypatch, status, "UnauthorizedException")
    assert asked.status() == status
    [(host, method, path)] = asked.asked
    assert host.endswith(f".execute-api.{REGION}.amazonaws.com")
    assert (method, path) == ("POST", "/prod/export")
    assert asked.announced == [f"asking https://{host}/prod for POST /export without a token"]


def test_any_method_of_a_path_is_a_route(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Asked(monkeypatch, 200).status("DELETE /all") == 200


def test_a_route_that_is_not_there_is_missing_and_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 403, "MissingAuthenticationTokenException")
    for route in ("GET /export", "POST /exports"):
        with pytest.raises(Missing):
            asked.status(route)
    with pytest.raises(Missing):
        asked.status(name="other")
    assert not asked.asked


def test_what_a_web_acl_refuses_says_nothing_of_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Undetermined, match="whoever asks"):
        Asked(monkeypatch, 403, "ForbiddenException").status()


def test_a_key_that_lacks_is_the_reason_where_nothing_else_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 403, "ForbiddenException")
    assert asked.status("GET /keyed", lacks="key") == 403
    [(host, method, path)] = asked.asked
    assert (method, path) == ("GET", "/prod/keyed")
    assert asked.announced == [f"asking https://{host}/prod for GET /keyed without an API key"]


@pytest.mark.parametrize(("status", "error"), [(200, ""), (401, "UnauthorizedException"), (500, "")])
def test_another_status_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch, status: int, error: str) -> None:
    assert Asked(monkeypatch, status, error).status("GET /keyed", lacks="key") == status


@pytest.mark.parametrize(
    "error", ["", "AccessDeniedException", "MissingAuthenticationTokenException", "ExpiredTokenException"]
)
def test_a_refusal_for_something_else_says_nothing_of_a_key(
    monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    with pytest.raises(Undetermined, match="for something else than a key"):
        Asked(monkeypatch, 403, error).status("GET /keyed", lacks="key")


def test_a_refusal_that_may_be_anybodys_says_nothing_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 403, "ForbiddenException")
    [api] = apigateway_backends[ACCOUNT][REGION].apis.values()
    for spoil, mend, told in (
        (
            lambda: setattr(api, "disableExecuteApiEndpoint", True),
            lambda: setattr(api, "disableExecuteApiEndpoint", False),
            "own address",
        ),
        (
            lambda: setattr(api, "endpoint_configuration", {"types": ["PRIVATE"]}),
            lambda: setattr(api, "endpoint_configuration", {"types": ["REGIONAL"]}),
            "private networks",
        ),
        (lambda: setattr(api.stages["prod"], "web_acl_arn", "arn"), lambda: None, "web ACL"),
    ):
        spoil()
        with pytest.raises(Undetermined, match=told):
            asked.status("GET /keyed", lacks="key")
        mend()


def test_a_stage_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 403, "ForbiddenException")
    with pytest.raises(Missing):
        asked.status("GET /keyed", lacks="key", stage="dev")
    assert not asked.asked


def test_without_leave_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 401)
    asked.aws.probing = None
    with pytest.raises(Undetermined, match="--allow-writes"):
        asked.status()
    assert not asked.asked


def test_nobody_is_asked_where_the_endpoint_is_not_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch, 401)
    monkeypatch.setattr(asked.client.meta, "_endpoint_url", "http://127.0.0.1:5000")
    with pytest.raises(Undetermined, match="no API of it answers"):
        asked.status()
    assert not asked.asked


class Refuses(BaseHTTPRequestHandler):
    """A server that refuses, with a redirect that nobody follows, and notes what it was sent."""

    sent: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent.append((self.path, self.headers.get("Authorization", ""), body))
        self.send_response(302 if self.path == "/moved" else 401)
        self.send_header("x-amzn-ErrorType", "UnauthorizedException:http://internal.amazon.com/")
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(b"a secret")

    def do_GET(self) -> None:
        self.sent.append((self.path, self.headers.get("x-api-key", ""), self.rfile.read(0)))
        assert "Content-Length" not in self.headers
        self.send_response(403)
        self.send_header("x-amzn-ErrorType", "ForbiddenException")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Response]]:
    """Yield what asks a server of this process, without TLS."""
    monkeypatch.setattr(http.client, "HTTPSConnection", http.client.HTTPConnection)
    with HTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield lambda path, method="POST": ask(f"127.0.0.1:{server.server_port}", method, path)
        server.shutdown()


def test_it_is_sent_without_credentials_and_no_redirect_is_followed(served: Callable[..., Response]) -> None:
    Refuses.sent.clear()
    assert served("/prod/export") == Response(401, "UnauthorizedException")
    assert served("/moved") == Response(302, "UnauthorizedException")
    assert Refuses.sent == [("/prod/export", "", b"{}"), ("/moved", "", b"{}")]


def test_what_only_reads_is_asked_without_a_body(served: Callable[..., Response]) -> None:
    Refuses.sent.clear()
    assert served("/prod/keyed", "GET") == Response(403, "ForbiddenException")
    assert Refuses.sent == [("/prod/keyed", "", b"")]


def test_where_nothing_answers_that_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ReadError, match=r"127\.0\.0\.1:9"):
        ask("127.0.0.1:9", "POST", "/prod/export")
