"""Commands of the AWS CLI, read by the AWS CLI itself: its parser, its shorthand, its check of values."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

from awscli.clidriver import CLIDriver, create_clidriver

_SUBSTITUTION = re.compile(r'(?P<quote>"?)\$\((?P<command>aws [^()]*(?:\([^()]*\)[^()]*)*)\)(?P=quote)')
_OF_A_FILE = re.compile(r"file://\S+")
_CLOCK = re.compile(r"\$\(date [^()]*\)")
_WRITTEN = re.compile(r" > \S+$")
_NO_FILE = "does not exist"
"""How the CLI says that a file that it is to upload is not there: a checkout has it."""


class _Sent(Exception):
    """The CLI would send a request now: nothing of the command is wrong."""


def commands(text: str) -> Iterator[str]:
    """Yield the AWS commands of a line, those that stand inside `$(...)` included."""
    text = _CLOCK.sub("2026-01-01T00:00:00Z", text)
    for inner in _SUBSTITUTION.finditer(text):
        yield from commands(inner["command"])
    outer = _OF_A_FILE.sub(
        "{}", _SUBSTITUTION.sub("arn:aws:service:region:123456789012:substituted", _WRITTEN.sub("", text))
    )
    if outer.startswith("aws "):
        yield outer


def mistakes(command: str) -> str:
    """Return what the AWS CLI has against a command before it sends anything; empty for nothing."""
    sent: list[str] = []

    def send(**_: Any) -> None:
        sent.append(command)
        raise _Sent

    driver = _driver()
    driver.session.register("before-call", send, unique_id="proof")
    try:
        _, _, told = typed(driver, command)
    finally:
        driver.session.unregister("before-call", unique_id="proof")
    return "" if sent or _NO_FILE in told else told.strip()


def typed(driver: CLIDriver, command: str, *options: str) -> tuple[int, str, str]:
    """Type a command; return its exit code and what it printed: the answer, and what it complains of."""
    printed, complained = io.StringIO(), io.StringIO()
    _, *words = shlex.split(command, comments=True)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(complained):
        try:
            code = driver.main([*options, *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, printed.getvalue(), complained.getvalue()


@cache
def _driver() -> CLIDriver:
    driver = create_clidriver()
    driver.session.set_credentials("testing", "testing")
    return driver
