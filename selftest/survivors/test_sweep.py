"""A sweep is of many processes, forked from one that has read before: each reads on alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import plumbline
from plumbline.terraform import schema
from selftest.stacks.proven import STACKS
from selftest.survivors.sweep import edits, hashes

PACKAGE = Path(plumbline.__file__).parent
MOST_OPEN = 1_024
"""How many descriptors are looked at: the usual limit of a process."""


def open_files() -> Iterator[tuple[int, int]]:
    """Yield device and number of each file that this process has open.

    Forked processes have one place to read at in it. Source: POSIX, fork().
    """
    for descriptor in range(MOST_OPEN):
        try:
            found = os.fstat(descriptor)
        except OSError:
            continue
        yield found.st_dev, found.st_ino


def test_no_file_of_ours_is_open_where_a_sweep_forks() -> None:
    schema.version()
    hashes(STACKS[0], "terraform", edits(STACKS[0], "terraform"))
    opened = {*open_files()}
    ours = {(it.stat().st_dev, it.stat().st_ino): it for it in PACKAGE.rglob("*") if it.is_file()}
    assert [str(it.relative_to(PACKAGE)) for at, it in ours.items() if at in opened] == []
