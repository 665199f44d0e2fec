"""The text of one source file, and which place each position of the parsed document has in it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from plumbline.terraform.model import Location, Problem


class Source:
    """A source file.

    The grammar parses a *document* made from the text: the text itself, with templates blanked out, followed
    by every expression found inside a template. `segments` says where each part of it stands in the text.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.segments: list[tuple[int, int]] = [(0, 0)]  # (start in the document, start in the text)
        self._fixed: Location | None = None

    @cached_property
    def _lines(self) -> list[int]:
        starts, position = [0], self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> int:
        """The position in the text of an offset in the document."""
        document, start = self.segments[bisect_right(self.segments, (offset, len(self.text) + 1)) - 1]
        return start + offset - document

    def location(self, offset: int) -> Location:
        """The line and column of an offset in the document."""
        return self.place(self.position(offset))

    def at(self, location: Location) -> None:
        """Makes one place stand for all positions: the text is only a part of a file."""
        self._fixed = location

    def place(self, position: int) -> Location:
        """The line and column of a position in the text."""
        if self._fixed is not None:
            return self._fixed
        line = bisect_right(self._lines, position)
        return Location(self.file, line, position - self._lines[line - 1] + 1)


class SyntaxProblem(Exception):
    """Source that does not parse."""

    def __init__(self, summary: str, location: Location) -> None:
        super().__init__(summary)
        self.problem = Problem(summary, location)
