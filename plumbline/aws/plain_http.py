"""A call that is made without TLS, on purpose: a probe sends it to see it refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_CALLS = threading.local()


@contextmanager
def plainly() -> Iterator[None]:
    """Send the calls of this thread over plain HTTP, for as long as the block runs."""
    _CALLS.are_plain = True
    try:
        yield
    finally:
        _CALLS.are_plain = False


def leave_tls_out(params: dict[str, Any], **_: Any) -> None:
    """Ask over plain HTTP where that is wanted. Registered on botocore's `before-call`.

    A signature does not cover the scheme. Source: AWS General Reference, "Create a canonical request".
    """
    if getattr(_CALLS, "are_plain", False):
        params["url"] = params["url"].replace("https://", "http://", 1)
