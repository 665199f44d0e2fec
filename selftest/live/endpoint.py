"""An endpoint in front of an account: it records every request, and may answer in the account's place."""

import json
import re
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

_SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request")
_OF_THE_CONNECTION = ("connection", "transfer-encoding", "content-length", "date", "server")
_OF_THE_BODY = ("x-amz-crc32",)


@dataclass(frozen=True)
class Request:
    """What identifies an AWS API call: two equal requests are the same call made twice."""

    service: str
    region: str
    method: str
    target: str
    """Path and query."""
    operation: str
    """Such as `DescribeTable`, where the request names it; S3 and Backup say it by path and query."""
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    """In lower case."""

    def __str__(self) -> str:
        named = self.operation or f"{self.method} {self.target}"
        return f"{self.service}:{named} in {self.region} {self.body.decode(errors='replace')}".rstrip()

    def asks(self, what: str) -> bool:
        """Whether this is the operation `what`, or has `what` in its path or query, such as `?versioning`."""
        return what == self.operation if what.isalpha() else what in self.target


Answer = Callable[[BaseHTTPRequestHandler, Request], None]
"""Answers a request on its connection."""

Interference = Callable[[Request], Answer | None]
"""Chooses the answer to a request; None passes it on to the account."""


Lengthened = Callable[[list[Any]], list[Any]]
"""Makes a list longer."""


def nothing(_: Request) -> None:
    """Leave every request to the account."""


def on(what: str, answer: Answer, times: int | None = None) -> Interference:
    """Give this answer to what asks for `what`: always, or to each such request so many times."""
    asked: Counter[Request] = Counter()

    def interfere(request: Request) -> Answer | None:
        asked[request] += 1
        return answer if request.asks(what) and (times is None or asked[request] <= times) else None

    return interfere


@dataclass
class Endpoint:
    """Where the suite is sent, and what it asked there."""

    url: str
    requests: list[Request] = field(default_factory=list)


@contextmanager
def endpoint(account: str, interference: Interference = nothing) -> Iterator[Endpoint]:
    """Stand in front of the endpoint `account` for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = _identify(self, body)
            stands.requests.append(request)
            answer = interference(request) or passed_on(account)
            answer(self, request)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

        def log_message(self, format: str, *_: object) -> None:
            """Say nothing: the requests are recorded."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128  # a run connects many times at once, and a busy machine accepts late

        def handle_error(self, *_: object) -> None:
            """Say nothing of connections that the suite has given up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        stands = Endpoint(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield stands
        finally:
            server.shutdown()


def _identify(handler: BaseHTTPRequestHandler, body: bytes) -> Request:
    scope = _SCOPE.search(handler.headers.get("Authorization", ""))
    region, service = scope.groups() if scope else ("", "")
    in_body = re.search(rb"(?:^|&)Action=(\w+)", body)
    in_header = handler.headers.get("X-Amz-Target", "").rpartition(".")[2]
    operation = in_header or (in_body[1].decode() if in_body else "")
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Request(service, region, handler.command, handler.path, operation, body, headers)


def unchanged(body: bytes) -> bytes:
    """Leave what the account answers as it is."""
    return body


def passed_on(account: str, edit: Callable[[bytes], bytes] = unchanged) -> Answer:
    """Answer what the account answers, with its body edited."""

    def pass_on(handler: BaseHTTPRequestHandler, request: Request) -> None:
        connection = HTTPConnection(urlsplit(account).netloc, timeout=30)
        headers = dict(handler.headers.items()) | {"Content-Length": str(len(request.body))}
        connection.request(request.method, request.target, request.body, headers)
        reply = connection.getresponse()
        body = edit(reply.read())
        handler.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in (*_OF_THE_CONNECTION, *_OF_THE_BODY):
                handler.send_header(name, value)
        length = reply.getheader("Content-Length") if request.method == "HEAD" else None
        handler.send_header("Content-Length", length or str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        connection.close()

    return pass_on


def answered(text: str) -> Answer:
    """Answer this text, as a success."""
    return lambda handler, request: _send(handler, 200, text)


def refused(status: int, code: str, message: str = "as the proof wants it") -> Answer:
    """Refuse with an AWS error, in the form of the service that is asked."""

    def refuse(handler: BaseHTTPRequestHandler, request: Request) -> None:
        error = f"<Code>{code}</Code><Message>{message}</Message>"
        query = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>"
        of_ec2 = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
        forms = {"s3": f"<Error>{error}</Error>", "sts": query, "iam": query, "sns": query, "ec2": of_ec2}
        plain = json.dumps({"__type": code, "message": message})
        _send(handler, status, forms.get(request.service, plain))

    return refuse


def half_an_answer(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Promise more than is sent, as AWS does, and hang up."""
    handler.send_response(200)
    handler.send_header("x-amz-request-id", "half")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"<Vers" if request.service in ("s3", "iam", "sts") else b'{"Table": {')
    handler.close_connection = True


def reset(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Reset the connection without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
    handler.close_connection = True


def silence(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Say nothing until the one who asks gives up."""
    handler.rfile.read(1)
    handler.close_connection = True


def death(handler: BaseHTTPRequestHandler, request: Request) -> None:
    """Take the whole endpoint down, with this connection: nobody answers there any more."""
    handler.server.shutdown()
    handler.server.server_close()
    reset(handler, request)


def paged(account: str, listed: str, size: int, lengthened: Lengthened = lambda entries: entries) -> Answer:
    """Answer a list page by page, with a token for the next one, as AWS answers a long list."""

    def answer(handler: BaseHTTPRequestHandler, request: Request) -> None:
        path, _, query = request.target.partition("?")
        body = json.loads(request.body or b"{}")
        first = int(parse_qs(query).get("nextToken", [body.pop("NextToken", 0)])[0])

        def cut(whole: bytes) -> bytes:
            entries = lengthened(json.loads(whole)[listed])
            more = {"NextToken": str(first + size)} if first + size < len(entries) else {}
            return json.dumps({listed: entries[first : first + size], **more}).encode()

        asked = json.dumps(body).encode() if request.body else b""
        passed_on(account, cut)(handler, replace(request, target=path, body=asked))

    return answer


def _send(handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
    body = b"" if handler.command == "HEAD" else text.encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
