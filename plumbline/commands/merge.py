"""`python -m plumbline merge`: one page and one verdict of several runs, by the results files they wrote.

The jobs of a matrix write one file each (`pytest --results FILE`). Together they end as pytest would: what is
worst in any of them counts, and what is expected and not told of is no success.

Exit codes: 0 all passed; 1 something fails, or a report could not be written; 2 a run was interrupted, an
expected environment is in no file, a file is of no use, or wrong usage; 5 a run determined nothing.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from plumbline.report.card import MOST_CARDS, WIDTH, card, index
from plumbline.report.formats.html import render
from plumbline.report.merged import Merged, parts_of
from plumbline.report.outcomes import by_cause
from plumbline.report.placing import hindrance, write
from plumbline.suite.finding import SIGNS
from plumbline.values.mistakes import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("results", nargs="+", type=Path, metavar="RESULTS", help="what --results wrote")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the page of all of them")
    parser.add_argument(
        "--expect",
        action="append",
        default=[],
        metavar="STACK/ENV",
        help="fail where no file tells of this environment (repeatable)",
    )
    parser.add_argument(
        "--latest",
        action="store_true",
        help="where a job was retried: a later file counts for one of which it tells all",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict and write the page. Raises `DataError` for files of no use."""
    for it in arguments.expect:
        if not re.fullmatch(r"[^/\s]+/[^/\s]+", it):
            raise DataError(f"--expect {it}: an environment is named with its stack, STACK/ENV")
    page: Path | None = arguments.html
    if page and (reason := hindrance(page)):
        raise DataError(f"--html {page} cannot be written: {reason}")
    parts, notes = parts_of(arguments.results, latest=arguments.latest)
    merged = Merged(parts, tuple(dict.fromkeys(arguments.expect)), notes)
    unwritten = _write(page, render(merged)) if page else ""
    print("\n".join([*_lines(merged), *([unwritten] if unwritten else [])]))
    return merged.exit_code or (1 if unwritten else 0)


def _write(page: Path, text: str) -> str:
    """Write the page; return what keeps it from being written."""
    try:
        write(page, text)
    except OSError as error:
        return f"ERROR: {page} cannot be written: {error.strerror or error}"
    return ""


def _lines(merged: Merged) -> Iterator[str]:
    """Yield what is wrong, as a run prints it, what is not known, and the verdict."""
    causes = by_cause(merged.wrong)
    for same in causes[:MOST_CARDS]:
        yield from (*card(same), "")
    for sign, reasons in (
        (SIGNS["waived"], merged.waived),
        (SIGNS["known"], merged.known),
        (SIGNS["undetermined"], merged.undetermined),
        (SIGNS["no data"], merged.without_data),
    ):
        yield from (f"{sign} {number} x {reason}" for reason, number in reasons.items())
    yield from index(causes, MOST_CARDS, WIDTH)
    yield merged.verdict
    yield from merged.told
