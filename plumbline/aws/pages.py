"""Lists that come in pages, read to their end: a page that lacks its list is no end, and one must come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.paginate import Paginator

_PAGED: Mapping[str, Mapping[str, str]] = {
    "events:ListEventBuses": {
        "input_token": "NextToken",
        "output_token": "NextToken",
        "limit_key": "Limit",
        "result_key": "EventBuses",
    },
}
"""Lists that come in pages of which botocore's definitions say nothing. Source: the API references."""
MOST_PAGES = 20_000
"""A million entries of the lists whose pages are shortest: 50 events of CloudTrail."""
MOST_EMPTY = 500
"""Pages in a row without an entry. A list that is filtered may have some: a page is what was looked at."""


def is_paged(operation: str) -> bool:
    """Return whether an operation is a list in pages that botocore does not know for one."""
    return operation in _PAGED


def pages_of(client: BaseClient, operation: str, method: str) -> Paginator | None:
    """Return what reads the pages of a list; None for an operation that answers in one."""
    if client.can_paginate(method):
        return client.get_paginator(method)
    if not is_paged(operation):
        return None
    from botocore.paginate import Paginator

    model = client.meta.service_model.operation_model(operation.partition(":")[2])
    return Paginator(getattr(client, method), dict(_PAGED[operation]), model)


class PageError(Exception):
    """A list that cannot be read to its end; the message continues "AWS's answer to X ..."."""


def whole(
    pages: Paginator, parameters: Mapping[str, Any], lacks: Callable[[Mapping[str, Any]], str]
) -> dict[str, Any]:
    """Return all pages of an answer as one.

    A list within a member is there where it is empty, too: botocore leaves the member out. `lacks` tells the
    first member that a page should have and has not. Raises `PageError` for such a page, and for a list that
    goes on and on.
    """
    from botocore.paginate import PageIterator
    from botocore.utils import set_value_from_jmespath

    class Bounded(PageIterator):  # type: ignore[misc]
        """The pages, each looked at as it comes."""

        def __iter__(self) -> Iterator[Any]:
            first = self.result_keys[0]
            return _bounded(super().__iter__(), lambda page: bool(first.search(page)), lacks)

    pages.PAGE_ITERATOR_CLS = Bounded
    read = pages.paginate(**parameters)
    answer: dict[str, Any] = read.build_full_result()
    first = read.result_keys[0]
    if "." in first.expression and first.search(answer) is None:
        set_value_from_jmespath(answer, first.expression, [])
    return answer


def _bounded(
    pages: Iterator[Any],
    holds: Callable[[Mapping[str, Any]], bool],
    lacks: Callable[[Mapping[str, Any]], str],
) -> Iterator[Any]:
    """Yield pages for as long as there is an end in sight."""
    empty = 0
    for number, page in enumerate(pages, start=1):
        if member := lacks(page):
            raise PageError(f"has no {member}" + (f" on page {number}" if number > 1 else ""))
        empty = 0 if holds(page) else empty + 1
        if empty == MOST_EMPTY:
            raise PageError(f"does not end: {MOST_EMPTY} pages in a row with nothing in them")
        if number == MOST_PAGES:
            raise PageError(f"does not end: it was left after {MOST_PAGES} pages")
        yield page
