"""Files of what is examined: read where they lie in it, and as far as they have an end.

What is examined may be hostile: a link, or a function of Terraform, may lead to whatever the user who looks
can read, and a device or a pipe has no end.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MOST_BYTES = 16 * 1024 * 1024
"""How long a file may be that is read."""


class OutsideError(Exception):
    """Raised for a file that does not lie in what is examined."""


def content(path: Path, below: Path) -> bytes:
    """Return what a file holds.

    Raises `OutsideError` for one that does not lie below a folder once links are followed, and `OSError` for
    one that cannot be read, is no regular file, or is longer than `MOST_BYTES`.
    """
    if not lies_below(path, below):
        raise OutsideError(f"{path} lies outside of {below}")
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file")
    if about.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is longer than {MOST_BYTES:,} bytes")
    return path.read_bytes()


def lies_below(path: Path, folder: Path) -> bool:
    """Return whether a path lies below a folder, or is it, once links are followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def checkout_around(folder: Path, otherwise: Path | None = None) -> Path:
    """Return the checkout that a folder lies in, or the repository that it is said to lie in.

    Where it lies in neither, the folder above it: Terraform roots lie beside each other.
    """
    real = Path(os.path.realpath(folder))
    said = otherwise if otherwise and lies_below(real, otherwise) else real.parent
    return next((it for it in (real, *real.parents) if (it / ".git").exists()), said)
