"""The problems of one evaluation, collected so that all are reported at once."""

from __future__ import annotations

from plumbline.terraform.expressions.base import EvaluationError
from plumbline.terraform.model import Configuration, Location, Problem, TerraformError
from plumbline.terraform.source import SyntaxProblem


class Problems:
    """What Terraform would refuse, each once, in the order of the files."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self._hides = False

    def add(self, summary: str, location: Location | None, *, hides: bool = False) -> None:
        """Adds a sentence about a place; one that `hides` keeps something from being read."""
        self._found[Problem(summary, location)] = None
        self._hides |= hides

    def report(self, error: EvaluationError | SyntaxProblem, *, hides: bool = False) -> None:
        """Adds what an exception says."""
        self._found[error.problem] = None
        self._hides |= hides

    def __len__(self) -> int:
        return len(self._found)

    def raise_any(self, rest: Configuration | None = None) -> None:
        """Raises `TerraformError` if there are problems; `rest` is what they leave."""
        if self._found:
            raise TerraformError(tuple(sorted(self._found, key=_order)), rest, hides=self._hides)


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.location
    return ("", 0, 0) if place is None else (place.file, place.line, place.column)
