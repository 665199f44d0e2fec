"""Answers that come in drops: whoever sends a little each second would hold a call for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

BODY_SECONDS = 60
"""How long the body of an answer may take, once it has begun; none of AWS's has more than a few megabytes."""
_AT_ONCE = 65_536


class Bounded:
    """Sends the requests of a client, and waits for no body for longer than `BODY_SECONDS`.

    botocore bounds the silence between two pieces of an answer, and not the whole.
    """

    def __init__(self, sender: Any) -> None:
        """Take what sends the requests of botocore's client."""
        self._sender = sender

    def send(self, request: Any) -> Any:
        """Return the answer to a request. Raises botocore's `HTTPClientError`, as what sends it does."""
        if request.stream_output:
            return self._sender.send(request)
        request.stream_output = True  # so that the body is left to be read here
        response = self._sender.send(request)
        request.stream_output = False
        response._content = b"".join(_body(response.raw, request))
        return response

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()


def _body(raw: Any, request: Any) -> Iterator[bytes]:
    """Yield a body piece by piece. Raises as `Bounded.send`."""
    from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
    from urllib3.exceptions import HTTPError
    from urllib3.exceptions import ReadTimeoutError as Silence

    until = time.monotonic() + BODY_SECONDS
    try:
        while piece := raw.read1(_AT_ONCE):
            yield piece
            if time.monotonic() > until:
                raw.close()
                raise ReadTimeoutError(endpoint_url=request.url)
    except Silence:
        raise ReadTimeoutError(endpoint_url=request.url) from None
    except HTTPError as error:
        raise ConnectionClosedError(error=error, request=request, endpoint_url=request.url) from None
    raw.release_conn()
