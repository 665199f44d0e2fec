"""Proofs that run a script of a checkout."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbline.github.sandbox import PROGRAM, can_run

needs_sandbox = pytest.mark.skipif(not can_run(), reason=f"needs bubblewrap: there is no {PROGRAM} here")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that nobody may enter, too: who runs inside the sandbox is nobody.

    It is none of pytest's own: every pytest that starts closes the folder above those of all others.
    """
    with tempfile.TemporaryDirectory(prefix="entered-") as name:
        Path(name).chmod(0o755)
        yield Path(name)
