"""A request without credentials, as anybody may send it: a probe sends it to see what comes of it."""

from __future__ import annotations

import http.client
import ssl
from dataclasses import dataclass

from plumbline.values.unknown import ReadError

_SECONDS = 30
"""One more than API Gateway waits for what it asks. Source: API Gateway quotas, "Integration timeout"."""

_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Response:
    """The status of an answer, and what kind of error API Gateway says that it is; no word of its body."""

    status: int
    error: str


class Untrusted(ReadError):
    """Raised where who answers has no certificate of that name, or speaks no TLS that is spoken here."""


def ask(host: str, method: str, path: str) -> Response:
    """Send a request over TLS, and return what kind of answer comes. No redirect is followed.

    Its body is an empty JSON document, unless it only reads. Raises `Untrusted`, and `ReadError` where
    nothing answers.
    """
    connection = http.client.HTTPSConnection(host, timeout=_SECONDS)
    try:
        if method in _READING:
            connection.request(method, path)
        else:
            connection.request(method, path, body=b"{}", headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        return Response(answer.status, (answer.getheader("x-amzn-ErrorType") or "").partition(":")[0])
    except ssl.SSLError as error:
        why = str(getattr(error, "verify_message", "") or error.reason or error)
        raise Untrusted(f"{method} https://{host}{path}: {why}", cause=why) from None
    except (OSError, http.client.HTTPException) as error:
        told = f"{method} https://{host}{path}: {error or type(error).__name__}"
        raise ReadError(told, cause=f"https://{host} does not answer") from None
    finally:
        connection.close()
