"""What botocore writes into debug logs: requests carry credentials, and answers whatever AWS answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def hush() -> None:
    """Keep requests and answers out of debug logs."""
    for library in ("boto3", "botocore", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)


class _Silence:
    """How many calls are under way of which nothing may be logged, and what was logged before the first."""

    lock = threading.Lock()
    calls = 0
    before = logging.NOTSET


@contextmanager
def no_debug_logs() -> Iterator[None]:
    """Let nobody log anything for debugging while the block runs, whatever level somebody has set since."""
    with _Silence.lock:
        if not _Silence.calls:
            _Silence.before = logging.root.manager.disable
            logging.disable(max(_Silence.before, logging.DEBUG))
        _Silence.calls += 1
    try:
        yield
    finally:
        with _Silence.lock:
            _Silence.calls -= 1
            if not _Silence.calls:
                logging.disable(_Silence.before)
