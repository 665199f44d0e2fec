"""Which workspace Terraform takes in a folder: what its environment says, or what was selected there.

Source: Terraform CLI documentation, "TF_WORKSPACE", "TF_DATA_DIR" and "workspace select".
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

DEFAULT = "default"


def selected(root: Path, variables: Mapping[str, str]) -> str:
    """Return the name of the workspace that is selected for a root; `variables` are those of the process."""
    if name := variables.get("TF_WORKSPACE"):
        return name
    with suppress(OSError, UnicodeDecodeError):
        told = root / variables.get("TF_DATA_DIR", ".terraform") / "environment"
        return told.read_text("utf-8").strip() or DEFAULT
    return DEFAULT
