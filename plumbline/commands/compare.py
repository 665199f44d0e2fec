"""`python -m plumbline compare`: what changed between two runs, by their results or evidence files.

Of two results files (`--results`) verdicts and what was read are compared; where one is an evidence file
(`--save-evidence`), what was read alone. What was not asked before and fails now is new; whatever else only
one of the runs asked or read is counted apart: it says nothing of what changed.

Exit codes: 0 nothing changed; 1 something did; 2 wrong usage, or nothing is in both files.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from plumbline.report.apart import Told, add_forms, printed
from plumbline.report.compared import Changed, File, changed_facts, changed_verdicts, facts_of, read
from plumbline.suite.results_file import ResultsFile

ALONE = ("only before", "only after")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("before", type=Path, help="what --results or --save-evidence wrote first")
    parser.add_argument("after", type=Path, help="what it wrote later")
    add_forms(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what changed. Raises `DataError` for files of no use."""
    paths = arguments.before, arguments.after
    before, after = (read(path) for path in paths)
    facts = facts_of(before), facts_of(after)
    tests = set[tuple[str, ...]](), set[tuple[str, ...]]()
    changes: tuple[Changed, ...] = ()
    if isinstance(before, ResultsFile) and isinstance(after, ResultsFile):
        changes = tuple(changed_verdicts(before, after))
        tests = {it.asked for it in before.results}, {it.asked for it in after.results}
    told = Told(
        title=f"changes from {paths[0]} to {paths[1]}",
        sides=("before", "after"),
        alone=ALONE,
        comparison=changed_facts(*facts),
        changes=changes,
        tests=len(tests[0] & tests[1]),
        notes=(
            *_notes(paths, (before, after)),
            *_only_in_one(paths, "test", *tests),
            *_only_in_one(paths, "value", *map(set, facts)),
        ),
    )
    return printed(told, arguments)


def _notes(paths: tuple[Path, Path], files: tuple[File, File]) -> Iterator[str]:
    """Yield what keeps a file from telling all that its run would have told."""
    for path, file in zip(paths, files, strict=True):
        if not isinstance(file, ResultsFile):
            yield f"{path} is an evidence file, which holds no verdicts: only what was read is compared"
        elif not file.whole:
            ran = f"{file.ended} of {file.collected} tests ran"
            yield f"{path} is of a run that was interrupted: {ran}"


def _only_in_one(paths: tuple[Path, Path], what: str, before: set[Any], after: set[Any]) -> Iterator[str]:
    for path, lacking in ((paths[0], after - before), (paths[1], before - after)):
        if lacking:
            yield f"not in {path}: {len(lacking)} {what}{'s' * (len(lacking) > 1)} of the other"
