"""--notify tells a channel what is new and what is fixed, and nobody the channel's address."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from plumbline.report import channel as channel_of_reports
from selftest.input.tree import DYNAMODB, Tree, assert_refused, copy_suite

ASKED = ("--env=sit", "--source=hcl", "-k", "ddb-15", "tests/dynamodb")
SECRET = "T0001-B0001-yXcKdmVw"
MAIN = f"{DYNAMODB}/main.tf"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree in which the recovery of one table is off."""
    tree = copy_suite(tmp_path_factory.mktemp("told"))
    tree.edit(MAIN, "enabled = true", "enabled = false")
    return tree


@contextmanager
def channel(status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A webhook that answers so; its address, and what it was told."""
    told: list[str] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/services/{SECRET}", told
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["one process", "two"])
def test_what_is_wrong_is_told_once(tree: Tree, tmp_path: Path, more: tuple[str, ...]) -> None:
    results = tmp_path / "results.json"
    with channel() as (url, told):
        run = tree.run(*ASKED, *more, f"--notify={url}", f"--results={results}")
    assert run.exit_code == 1
    [text] = told
    verdict, wrong, command = text.splitlines()
    assert verdict == run.verdict
    assert wrong.startswith("✗ ")
    assert "bbws-ddb-15" in wrong
    assert "point_in_time_recovery is false, not true" in wrong
    assert command.startswith("pytest --env sit")
    assert SECRET not in run.output + results.read_text("utf-8") + text


def test_beside_a_baseline_what_is_new_and_what_is_fixed(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "now").mkdir()
    before, now = tmp_path / "before.json", copy_suite(tmp_path / "now")
    assert tree.run(*ASKED, f"--results={before}").exit_code == 1
    with channel() as (url, told):
        assert tree.run(*ASKED, f"--notify={url}", f"--baseline={before}").exit_code == 0
        assert told == []  # it is known
        assert now.run(*ASKED, f"--notify={url}", f"--baseline={before}").exit_code == 0
    [text] = told
    assert [it for it in text.splitlines() if it.startswith("✓ fixed  bbws-ddb-15  ")]


def test_no_value_is_a_link_in_the_channel(tmp_path: Path) -> None:
    tree = copy_suite(tmp_path)
    tree.edit(MAIN, 'Component   = "dynamodb"', 'Component = "<https://evil.example|approve> & <!here>"')
    with channel() as (url, told):
        tree.run("--env=sit", "--source=hcl", "-k", "ddb-17", "tests/dynamodb", f"--notify={url}")
    [text] = told
    assert "&lt;https://evil.example|approve&gt; &amp; &lt; !here&gt;" in text
    assert not {"<", ">"} & {*text}


def test_nothing_is_told_where_all_is_well(tmp_path: Path) -> None:
    with channel() as (url, told):
        assert copy_suite(tmp_path).run(*ASKED, f"--notify={url}").exit_code == 0
    assert told == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(404, "it answers 404 Not Found"), (302, "it answers 302 Found"), (500, "it answers 500")],
)
def test_a_channel_that_does_not_take_it_fails_the_run(tree: Tree, status: int, said: str) -> None:
    with channel(status) as (url, told):
        run = tree.run(*ASKED, f"--notify={url}")
    assert len(told) == 1
    assert run.exit_code == 1
    assert f"ERROR: the message to 127.0.0.1 cannot be written: {said}" in run.output
    assert "the message to 127.0.0.1 cannot be written" in run.verdict
    assert SECRET not in run.output


def test_a_channel_that_nobody_answers_at_fails_the_run(tmp_path: Path) -> None:
    with channel() as (url, _):
        pass
    tree = copy_suite(tmp_path)
    tree.edit(MAIN, "enabled = true", "enabled = false")
    run = tree.run(*ASKED, f"--notify={url}")
    assert run.exit_code == 1
    assert "the message to 127.0.0.1 cannot be written: it does not answer" in run.output
    assert SECRET not in run.output


@contextmanager
def answering(answer: bytes = b"") -> Iterator[str]:
    """The address of what answers in these bytes; in some without end, where none are said."""
    enough = threading.Event()

    class Raw(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(answer or b"HTTP")
            while not answer and not enough.wait(0.01):
                self.request.sendall(b"/")

    server = ThreadingTCPServer(("127.0.0.1", 0), Raw)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/services/{SECRET}"
    finally:
        enough.set()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            b"HTTP/1.1 500 \x1b[2J::error::no hook /services/%s\r\n\r\n",
            "it answers 500 Internal Server Error",
        ),
        (b"HTTP/1.1 599 \x1b[2J %s\r\n\r\n", "it answers 599"),
        (b"\x1b[2J::error::/services/%s\r\n", "what it answers is no HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: %s\r\n" * 200, "what it answers is no HTTP"),
    ],
)
def test_no_word_of_an_answer_is_printed(tree: Tree, answer: bytes, said: str) -> None:
    """It may do something in a terminal or a workflow, and tell the address that it was asked at."""
    with answering(answer.replace(b"%s", SECRET.encode())) as url:
        run = tree.run(*ASKED, f"--notify={url}")
    assert f"ERROR: the message to 127.0.0.1 cannot be written: {said}\n" in run.output
    assert SECRET not in run.output
    assert "\x1b[2J" not in run.output
    assert "::error::" not in run.output


def test_a_channel_is_not_waited_for_without_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_of_reports, "_SECONDS", 1)
    with answering() as url, pytest.raises(OSError, match="it does not answer within 1 seconds"):
        channel_of_reports._send(url, b"{}")


@pytest.mark.parametrize(
    "given",
    [
        *(
            f"hooks.slack.com/{SECRET}",
            f"file:///etc/{SECRET}",
            f"https://:x/{SECRET}",
            "",
            f"http://[{SECRET}",
        ),
        *(
            f"http://127.0.0.1:1/{SECRET} ",
            f"http://127.0.0.1:1/{SECRET}\n",
            f"http://127.0.0.1:1/\xe9{SECRET}",
        ),
        *(f"http://a..b/{SECRET}", f"http://user:{SECRET}@127.0.0.1:1/", f"http://127.0.0.1:99999/{SECRET}"),
    ],
)
def test_what_is_no_address_is_refused_and_not_printed(tree: Tree, given: str) -> None:
    run = tree.run(*ASKED, f"--notify={given}")
    assert_refused(run, "--notify: that is no address")
    assert SECRET not in run.output
