"""GitHub's REST API, read: the settings of a repository that lie in none of its files.

Source: GitHub's documentation, "Getting started with the REST API", "Rate limits for the REST API" and
"Troubleshooting the REST API".
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from plumbline.values.json_source import data_of
from plumbline.values.unknown import Missing, ReadError

PUBLIC = "https://api.github.com"
_PAGE = 100
_NO_PATH = "*"
"""Stands for every path once GitHub did not answer."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class AddressError(ValueError):
    """An address or a repository's name that cannot be used; the message says why."""


@dataclass(frozen=True)
class GitHub:
    """A repository on GitHub, read with a token. Each path is asked for once.

    Raises `AddressError` for a name that is not `owner/name`, and for an address that would send the token
    over a network without encryption.
    """

    repository: str
    token: str = field(repr=False)
    address: str = PUBLIC
    patience_seconds: float = 10

    def __post_init__(self) -> None:
        owner, slash, name = self.repository.partition("/")
        if not (owner and slash and name) or "/" in name or any(it.isspace() for it in self.repository):
            raise AddressError(f"{self.repository!r} is no repository; it is written OWNER/NAME")
        split = urlsplit(self.address)
        if split.scheme != "https" and split.hostname not in _LOOPBACK:
            raise AddressError(f"{self.address} is no https address: the token would be sent in the clear")

    def get(self, path: str, what: str = "") -> Any:
        """Return what `GET /repos/OWNER/NAME/path` answers.

        Raises `Missing` for `what` where GitHub knows the repository but not the path, and `ReadError` for
        everything else that is no answer.
        """
        try:
            return self._answer(path)
        except NotFound:
            if path and what:
                self.get("")
                raise Missing(what, f"in {self.repository}") from None
        message = f"GitHub knows no repository {self.repository}, or the token may not see it"
        advice = "Check the name in --github, and that the token has access to this repository."
        raise ReadError(message, cause=message, advice=advice)

    def all(self, path: str, under: str = "") -> list[Any]:
        """Return the entries of every page of a list; `under` is the key that holds them, where one does."""
        found: list[Any] = []
        for page in range(1, 1000):
            answer = self.get(f"{path}{'&' if '?' in path else '?'}per_page={_PAGE}&page={page}")
            entries = answer.get(under) if under and isinstance(answer, dict) else answer
            if not isinstance(entries, list):
                raise self.unexpected(path)
            found += entries
            if len(entries) < _PAGE:
                break
        return found

    def unexpected(self, path: str) -> ReadError:
        """Return that what came to a read is not what GitHub answers to it."""
        message = f"{self.where(path)}: the answer is not laid out as GitHub documents it"
        return ReadError(message, cause=message, advice="Check GITHUB_API_URL: is it GitHub's REST API?")

    def where(self, path: str) -> str:
        """Return how reports name a read."""
        return f"GET /repos/{self.repository}/{path}".rstrip("/")

    @functools.cached_property
    def _answers(self) -> dict[str, Any]:
        return {}

    def _answer(self, path: str) -> Any:
        if path not in self._answers and _NO_PATH not in self._answers:
            try:
                self._answers[path] = self._asked(path)
            except _Unreachable as unreachable:
                self._answers[_NO_PATH] = unreachable
            except (ReadError, NotFound) as refused:
                self._answers[path] = refused
        answer = self._answers.get(path, self._answers.get(_NO_PATH))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _asked(self, path: str) -> Any:
        import urllib3

        url = f"{self.address.rstrip('/')}/repos/{self.repository}/{path}".rstrip("/")
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "User-Agent": "plumbline",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        limit = urllib3.Timeout(total=self.patience_seconds)
        try:
            with urllib3.PoolManager() as pool:
                reply = pool.request(
                    "GET", url, headers=headers, timeout=limit, retries=urllib3.Retry(0, redirect=2)
                )
        except urllib3.exceptions.HTTPError as failed:
            host = urlsplit(self.address).netloc
            message = f"{host} does not answer: {_reason(failed)}"
            advice = "Check the network and the proxy of this machine, and GITHUB_API_URL where it is set."
            raise _Unreachable(message, cause=message, advice=advice) from None
        return self._read(path, reply.status, reply.headers, reply.data)

    def _read(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> Any:
        try:
            content = data_of(body)
        except ValueError:
            content = None
        if status == 200 and isinstance(content, dict | list):
            return content
        told = content.get("message", "") if isinstance(content, dict) else ""
        if status == 200 or (status == 404 and not told):
            raise self.unexpected(path)
        if status == 404:
            raise NotFound
        message, advice = _refusal(self.where(path), status, headers, told)
        raise ReadError(message, cause=message, advice=advice)


class _Unreachable(ReadError):
    """GitHub does not answer: not worth another try in the same run."""


class NotFound(Exception):
    """GitHub knows nothing at a path, or does not let the token know."""


def encoded(name: str) -> str:
    """Return a name as one step of a path."""
    return quote(name, safe="")


def _reason(failed: Exception) -> str:
    """Return the innermost reason why there was no answer."""
    inner = getattr(failed, "reason", None)
    return str(inner if inner is not None else failed).rpartition(": ")[2]


def _refusal(where: str, status: int, headers: Mapping[str, str], told: str) -> tuple[str, str]:
    """Return why GitHub refused, and what to do."""
    if status == 401:
        return (
            "GitHub does not accept the token (401)",
            "Give a token that is valid: GH_TOKEN or GITHUB_TOKEN.",
        )
    if status in (403, 429) and (headers.get("x-ratelimit-remaining") == "0" or "retry-after" in headers):
        return f"GitHub: the rate limit of the token is used up ({status})", _later(headers)
    if status == 403:
        needed = headers.get("x-accepted-github-permissions", "")
        lacking = f"the permission that it lacks{f': {needed}' if needed else ''}"
        return f"{where}: the token may not read this (403): {told}", f"Give the token {lacking}."
    return f"{where}: GitHub answers {status} {told}".rstrip(), "Try again; see https://www.githubstatus.com."


def _later(headers: Mapping[str, str]) -> str:
    if seconds := headers.get("retry-after"):
        return f"Try again after {seconds} seconds."
    reset = headers.get("x-ratelimit-reset", "")
    when = datetime.fromtimestamp(int(reset), UTC).strftime("%H:%M UTC") if reset.isdigit() else "an hour"
    return f"Try again after {when}."
