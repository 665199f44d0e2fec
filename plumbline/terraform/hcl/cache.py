"""Remembers parsed files between processes, so that unchanged source is not parsed again.

An entry is found by the file's name and holds its whole text, which must be the same. There is a fixed number
of entries. They are pickles, which run code when they are read: they lie where this user alone can write.
"""

from __future__ import annotations

import os
import pickle
import stat
import sys
import tempfile
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plumbline.terraform.hcl.body import Body
    from plumbline.terraform.source import Source

_ENTRIES = 4096
_PACKAGE = Path(__file__).parent.parent


def load(source: Source) -> Body | None:
    """The body that was stored for this text of this file, or None."""
    try:
        with open(_place(source), "rb") as file:
            file_name, text, body = pickle.load(file)
    except Exception:  # a damaged entry fails in any way, and is as good as none
        return None
    return body if (file_name, text) == (source.file, source.text) else None


def store(source: Source, body: Body) -> None:
    """Keeps the body of a file; where that fails, it will be parsed again."""
    try:
        content = pickle.dumps((source.file, source.text, body), pickle.HIGHEST_PROTOCOL)
        place = _place(source)
        place.parent.mkdir(exist_ok=True)
        write(place, content)
    except (OSError, RecursionError):
        return


def write(place: Path, content: bytes) -> None:
    """Writes a file in one step, so that no other process reads half of it."""
    handle, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, place)


def _place(source: Source) -> Path:
    entry = zlib.crc32(os.fsencode(os.path.abspath(source.file))) % _ENTRIES
    return directory() / _fingerprint() / f"{entry:03x}"


@cache
def _fingerprint() -> str:
    """Changes with the classes that are stored, and with Python."""
    files = sorted([*_PACKAGE.glob("hcl/*.py"), *_PACKAGE.glob("expressions/*.py")])
    states = [(file.name, status.st_mtime_ns, status.st_size) for file in files for status in [file.stat()]]
    return f"parsed-{zlib.crc32(repr((sys.version, str(_PACKAGE), states)).encode()):08x}"


@cache
def directory() -> Path:
    """The first place that only this user can write to: in the user's caches, or among temporary files."""
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for place in (Path(base) / "plumbline", Path(tempfile.gettempdir()) / f"plumbline-{user}"):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_private(place):
                return place
        except OSError:
            continue
    return Path(tempfile.mkdtemp(prefix="plumbline-"))


def _is_private(place: Path) -> bool:
    status = place.lstat()
    if os.name != "posix":
        return os.access(place, os.W_OK)
    owned = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return owned and not status.st_mode & 0o077 and os.access(place, os.W_OK)
