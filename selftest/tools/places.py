"""Where tools lie that proofs run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest


def _where_nobody_may_look() -> str:
    """Copy the stubs where whoever is nobody may enter: this repository may lie in somebody's home."""
    place = Path(tempfile.mkdtemp(prefix="stubs-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    place.chmod(0o755)
    for stub in (Path(__file__).parent / "stubs").iterdir():
        shutil.copy(stub, place)
    return str(place)


STUBS = _where_nobody_may_look()
"""Programs that answer as the tools do, and find little."""
REAL = os.environ.get("PLUMBLINE_TOOLS", "")
"""The folder that checkov and pre-commit lie in, from an environment of their own."""
needs_tools = pytest.mark.skipif(
    not REAL,
    reason="needs PLUMBLINE_TOOLS, the folder with checkov and pre-commit that make test-heavy makes",
)
needs_terraform = pytest.mark.skipif(
    shutil.which("terraform") is None or "TF_PLUGIN_DIR" not in os.environ,
    reason="needs terraform, and TF_PLUGIN_DIR for its provider",
)
