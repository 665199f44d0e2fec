"""A server that speaks GitHub's REST API as it is documented, on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selftest.github.replies import NAME, Replies

TOKEN = "ghp_a-token-of-the-proof"


@dataclass
class Refusal:
    """A reply that is no answer."""

    status: int
    message: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """What is answered, and what was asked."""

    address: str
    replies: Replies
    refusal: Refusal | None = None
    """Answers every request instead, where there is one."""
    delay_seconds: float = 0
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def answer(self, path: str, token: str) -> tuple[int, dict[str, str], Any]:
        """Return status, headers and content of the reply to a path."""
        self.asked.append(path)
        self.tokens.add(token)
        time.sleep(self.delay_seconds)
        if self.refusal:
            return self.refusal.status, self.refusal.headers, {"message": self.refusal.message}
        if token != f"Bearer {TOKEN}":
            return 401, {}, {"message": "Bad credentials"}
        split = urlsplit(path)
        name = split.path.removeprefix(f"/repos/{NAME}").strip("/")
        known = {key.partition("?")[0]: key for key in self.replies}
        if not split.path.startswith(f"/repos/{NAME}") or name not in known:
            return 404, {}, {"message": "Not Found", "status": "404"}
        return 200, {}, _page(self.replies[known[name]], parse_qs(split.query))


def _page(reply: Any, query: dict[str, list[str]]) -> Any:
    """Return the part of a list that a request asks for; a page has 30 entries unless it says otherwise."""
    if not isinstance(reply, list):
        return reply
    size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
    return reply[(page - 1) * size : page * size]


@contextmanager
def serving(replies: Replies) -> Iterator[Server]:
    """Serve these replies."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, content = served.answer(self.path, self.headers.get("Authorization", ""))
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = Server(f"http://127.0.0.1:{server.server_port}", replies)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
