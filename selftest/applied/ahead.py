"""Applies environments while other proofs run: the AWS provider waits a minute for a bucket's lifecycle.

`python -m selftest.applied.ahead FOLDER PROCESS PLACE...` applies each of these places once for all processes
of a run that share the folder; the moto servers end with the process.
"""

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from selftest.applied.environment import Applied, apply_once
from selftest.stacks.proven import STACKS

AT_ONCE = 3
"""How many are applied at a time: each keeps a core busy for a third of its time."""
PLACES = {f"{proven}/{name}": (proven, name) for proven in STACKS for name in proven.environments}
"""Every environment of every stack, by its name."""


def lock(shared: Path, place: str) -> FileLock:
    """Return the lock of an applied environment: it belongs to one test at a time."""
    return FileLock(shared / f"{place.replace('/', '-')}.lock")


def applied_at(place: str, shared: Path, run: int) -> Applied:
    """Apply an environment where nobody has yet; call it under its lock. Raises `AssertionError`."""
    return apply_once(*PLACES[place], shared, run)


def begin(places: Iterable[str], shared: Path, run: int) -> None:
    """Start to apply these places in a process of its own, once for all that share a folder."""
    begun = shared / "applied-ahead"
    with FileLock(begun.with_suffix(".lock")):
        if not begun.exists():
            begun.touch()
            subprocess.Popen(
                [sys.executable, "-m", __name__, str(shared), str(run), *places],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[2],
            )


def _apply(place: str, shared: Path, run: int) -> None:
    with lock(shared, place), suppress(AssertionError):  # what went wrong is kept for the test that asks
        applied_at(place, shared, run)


if __name__ == "__main__":
    folder, process, *asked = sys.argv[1:]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda place: _apply(place, Path(folder), int(process)), asked))
