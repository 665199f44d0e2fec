"""Whom a run tells of what is new and what is fixed: --notify names a webhook.

Its address is a secret: whoever has it writes to the channel. It is in no message, and in no report.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from plumbline.suite.taken import add, ours_of


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    told = "tell this webhook (Slack's, or what takes the same) what is new and fixed, beside --baseline"
    add(parser, "--notify", metavar="URL", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse an address that is none before anything runs, without printing it."""
    if (url := address_of(config)) is not None and not host(url):
        raise pytest.UsageError("--notify: that is no address such as https://hooks.slack.com/services/...")


def address_of(config: pytest.Config) -> str | None:
    """Return the address that is to be told, if one was given."""
    given = ours_of(config, "--notify")
    return None if given is None else str(given)


def host(url: str) -> str:
    """Return the host of an address; empty of what is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") and parts.port != 0 else ""
    except ValueError:
        return ""
