"""`python -m plumbline compare`: what changed between two evidence files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from plumbline.values.mistakes import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("before", type=Path, help="the earlier file that --save-evidence wrote")
    parser.add_argument("after", type=Path, help="the later one")


def run(arguments: argparse.Namespace) -> int:
    """Print what changed; return 0 where nothing did, 1 where something did, 2 for files of no use.

    What only one of the runs has read cannot be compared: it is counted apart.
    """
    from plumbline.sources.saved import SavedEvidence, compared

    try:
        comparison = compared(SavedEvidence.read(arguments.before), SavedEvidence.read(arguments.after))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    for line in comparison.changes:
        print(line)
    for path, lacking in (
        (arguments.before, comparison.only_after),
        (arguments.after, comparison.only_before),
    ):
        if lacking:
            print(f"not read in {path}: {lacking}")
    if not comparison.compared:
        print("no value was read in both: there is nothing to compare", file=sys.stderr)
        return 2
    return 1 if comparison.changes else 0
