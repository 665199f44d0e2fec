"""What is counted, or measured, of a time that ends now: as long as the run looks back, unless said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr

from plumbline.kinds.bounds import Told, unmeetable
from plumbline.kinds.kind import Kind, Wanted
from plumbline.values.window import Window

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws


class LookingBack(Kind):
    """What has one number of a window. Which window that is, its question says (`window`)."""

    remedy_names = ("start", "end", "start_ms")
    _window: Window = PrivateAttr(default_factory=Window)

    @classmethod
    def undecidable(cls, question: Any, expected: Mapping[str, Any]) -> Told:
        """Yield bounds that contradict each other."""
        yield from unmeetable(expected)

    @classmethod
    def from_aws(cls, aws: Aws, name: str, wanted: Wanted = None, question: Any = None) -> Self:
        """Return what there was, and when. Raises `Missing` and `ReadError`."""
        found = super().from_aws(aws, name, wanted, question)
        found._window = aws.window if question is None else question.window(aws.window)
        return found

    def named_in_remedies(self) -> dict[str, str]:
        """Return where the window begins and ends, in seconds and milliseconds since 1970."""
        return self._window.named


def looked_back_on(minutes: int | None, of_the_run: Window) -> Window:
    """Return the time that is so many minutes long and ends as the run's does; the run's where none are."""
    return of_the_run if minutes is None else Window(of_the_run.end, timedelta(minutes=minutes))
