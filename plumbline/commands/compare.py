"""`python -m plumbline compare`: what changed between two evidence files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from plumbline.values.data import DataError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("before", type=Path, help="the earlier file that --save-evidence wrote")
    parser.add_argument("after", type=Path, help="the later one")


def run(arguments: argparse.Namespace) -> int:
    """Print what changed; return 0 where nothing did, 1 where something did, 2 for a file of no use."""
    from plumbline.sources.saved import SavedEvidence, compared

    try:
        changes = compared(SavedEvidence.read(arguments.before), SavedEvidence.read(arguments.after))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    for line in changes:
        print(line)
    return 1 if changes else 0
