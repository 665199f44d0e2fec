"""Puts a report where it was asked for: what keeps it from being written, and a file or none of it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def hindrance(path: Path) -> str:
    """Return what keeps a file from being written, as far as that shows beforehand."""
    try:
        if path.is_dir():
            return "it is a folder"
        if not path.parent.is_dir():
            return f"there is no folder {path.parent}"
        if path.exists():
            return "" if os.access(path, os.W_OK) else "it may not be written to"
        return "" if os.access(path.parent, os.W_OK | os.X_OK) else f"no file may be made in {path.parent}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error)


def write(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file, or none of it; a private one so that nobody else may read it."""
    if private and (path.is_file() or not path.exists()):  # a device or a pipe stays what it is
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        if path.is_file():
            with suppress(OSError):
                path.unlink()
        raise
