"""A pytest plugin, `-p selftest.leaks.no_network`: the run ends as soon as it connects to anywhere."""

import os
import sys
from typing import Any

import pytest

CONNECTING = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
FORBIDDEN = 77
"""The exit code of a process that tried to."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Watch the process from now on: an audit hook cannot be taken away."""
    sys.addaudithook(refuse)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """End the process at once: an exception might be caught and taken for a failed call."""
    if event in CONNECTING:
        print(f"{event} {arguments[1:]}", file=sys.stderr, flush=True)
        os._exit(FORBIDDEN)
