"""The message that a channel is told after a run: what is new, what is fixed, and what to type.

Its form is that of Slack's incoming webhooks, which other products take, too. Source: Slack's documentation,
"Sending messages using incoming webhooks".
"""

from __future__ import annotations

import html
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any

from plumbline.report.card import line_of
from plumbline.report.formats.incident import calm, command, workflow
from plumbline.report.notify import host
from plumbline.report.outcomes import by_cause
from plumbline.report.results import Results
from plumbline.suite.finding import Finding, owners
from plumbline.suite.results_file import Ended
from plumbline.values.shown import text

MOST = 10
"""How many causes are told, and how much that is fixed: a message that is longer is not read."""
_COLUMNS = 200
_SECONDS = 10
"""How long the channel is waited for."""


def called(url: str) -> str:
    """Return how reports call the message: by its host, since the rest of the address is secret."""
    return f"the message to {host(url)}"


def message(results: Results) -> str:
    """Return what is to be told; empty where nothing is new, nothing fixed, and all that was to run did."""
    causes = by_cause(results.wrong)
    fixed = results.run.baseline.gone(results.findings) if results.run.baseline else []
    if not causes and not fixed and results.sign == "✓":
        return ""
    return _escaped(calm("\n".join(_lines(results, causes, fixed))))


def _escaped(told: str) -> str:
    """Return a text in which nothing is a link under another name, or calls somebody.

    Source: Slack's documentation, "Formatting text for app surfaces", "Escaping text": `&`, `<`, `>`.
    """
    return html.escape(told, quote=False)


def _lines(results: Results, causes: Sequence[list[Finding]], fixed: Sequence[Ended]) -> Iterator[str]:
    yield results.verdict
    yield from (f"{line_of(same, _COLUMNS)}{_whose(same)}" for same in causes[:MOST])
    if len(causes) > MOST:
        yield f"and {len(causes) - MOST} more causes"
    for it in fixed[:MOST]:
        yield text(
            f"✓ fixed  {it.invariant}  {it.resource} of {it.stack}/{it.environment} on {it.source}", None
        )
    if len(fixed) > MOST:
        yield f"and {len(fixed) - MOST} more that are fixed"
    yield command(results)
    yield from filter(None, [workflow()])


def _whose(same: list[Finding]) -> str:
    told = ", ".join(owners(same))
    return f" ({told})" if told else ""


def notify(url: str, results: Results) -> None:
    """Send the message, if there is one. Raises `OSError` where the channel does not take it."""
    if told := message(results):
        _send(url, json.dumps({"text": told}).encode())


class _Staying(urllib.request.HTTPRedirectHandler):
    """Follows nothing: what is told is for this address alone."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _send(url: str, body: bytes) -> None:
    """Send a message, and wait no longer for an answer that comes slowly than for none."""
    answers: list[str] = []
    sending = threading.Thread(target=lambda: answers.append(_posted(url, body)), daemon=True)
    sending.start()
    sending.join(_SECONDS)
    if reason := answers[0] if answers else f"it does not answer within {_SECONDS} seconds":
        raise OSError(0, reason)


def _posted(url: str, body: bytes) -> str:
    """Post a message; return why it is not taken, in no word of an answer: it may repeat the address."""
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.build_opener(_Staying).open(request, timeout=_SECONDS):
            return ""
    except urllib.error.HTTPError as error:
        return f"it answers {error.code} {http.client.responses.get(error.code, '')}".rstrip()
    except OSError as error:
        reason = getattr(error, "reason", error)
        return f"it does not answer: {text(getattr(reason, 'strerror', None) or str(reason))}"
    except http.client.HTTPException:
        return "what it answers is no HTTP"
