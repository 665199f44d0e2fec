"""Whom a run tells of what is new and what is fixed: --notify names a webhook.

Its address is a secret: whoever has it writes to the channel. It is in no message, and in no report.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from plumbline.suite.offered import OF_REPORTS
from plumbline.suite.taken import add, ours_of

_OPTION = "--notify"
_ADDRESS = re.compile(r"[!-?A-~]+")
"""What an address is written with: ASCII that shows; `urllib` takes a name before an @ for the host's."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    add(parser, _OPTION, **OF_REPORTS[_OPTION])


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an address that is none before anything runs, without printing it."""
    if (url := address_of(config)) is not None and not host(url):
        raise pytest.UsageError("--notify: that is no address such as https://hooks.slack.com/services/...")


def address_of(config: pytest.Config) -> str | None:
    """Return the address that is to be told, if one was given."""
    given = ours_of(config, _OPTION)
    return None if given is None else str(given)


def host(url: str) -> str:
    """Return the host of an address; empty of what is none, or cannot be asked as it stands."""
    try:
        parts = urlsplit(url)
        given = (parts.hostname or "") if parts.scheme in ("http", "https") and parts.port != 0 else ""
        given.encode("idna")
    except ValueError:
        return ""
    return given if _ADDRESS.fullmatch(url) else ""
