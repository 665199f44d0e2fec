"""The files of a checkout that Git tracks, read from its index: nothing of the checkout is run.

Source: Git's documentation, gitformat-index(5).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from plumbline.github.commit import git_folder
from plumbline.values.files import content
from plumbline.values.unknown import Undetermined

_MOST_BYTES = 256 * 1024 * 1024
_FIXED = 62
"""The bytes of an entry before its path, where objects are named by SHA-1."""
_EXTENDED, _NAME_LENGTH = 0x4000, 0x0FFF


def is_tracked(file: Path) -> bool:
    """Return whether Git tracks a file: its index lists it, or a folder of it that is not checked out.

    Raises `Undetermined` where there is no index, and for one that is laid out in another way.
    """
    root, paths = _listed(file.parent, file.name)
    path = file.relative_to(root)
    above = (f"{it.as_posix()}/" for it in path.parents if it.parts)
    return path.as_posix() in paths or any(it in paths for it in above)


def tracked_below(folder: Path) -> list[PurePosixPath]:
    """Return the files below a folder that Git tracks, there or not, relative to it and in order.

    Raises `Undetermined` as `is_tracked`, and where a folder of it is not checked out: what lies there is not
    listed.
    """
    root, paths = _listed(folder, folder.name)
    below = [PurePosixPath(it) for it in sorted(paths)]
    inside = PurePosixPath(folder.resolve().relative_to(root.resolve()).as_posix())
    for it in paths:
        if it.endswith("/") and (inside.is_relative_to(it) or PurePosixPath(it).is_relative_to(inside)):
            raise Undetermined(f"{it} is not checked out: what is tracked below it is not known")
    return [it.relative_to(inside) for it in below if it.is_relative_to(inside)]


def _listed(folder: Path, name: str) -> tuple[Path, frozenset[str]]:
    """Return the root of the checkout that a folder lies in, and the paths in its index."""
    try:
        found = git_folder(folder)
        if found is None:
            raise Undetermined(f"{name} lies in no checkout of Git: what is tracked is not known")
        root, git = found
        return root, frozenset(_paths(content(git / "index", _MOST_BYTES)))
    except (OSError, struct.error, ValueError, IndexError):
        raise Undetermined(
            f"Git's index around {name} cannot be read: what is tracked is not known"
        ) from None


def _paths(index: bytes) -> Iterator[str]:
    signature, version, count = struct.unpack_from(">4sII", index)
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ValueError
    place, path = 12, b""
    for _ in range(count):
        (flags,) = struct.unpack_from(">H", index, place + _FIXED - 2)
        start = place + _FIXED + (2 if flags & _EXTENDED and version > 2 else 0)
        kept = b""
        if version == 4:
            start, dropped = _varint(index, start)
            kept = path[: len(path) - dropped]
        end = index.index(b"\0", start)
        path = kept + index[start:end]
        if version < 4 and (flags & _NAME_LENGTH) not in (len(path), _NAME_LENGTH):
            raise ValueError  # objects are named by SHA-256
        place = end + 1 if version == 4 else place + (end - place + 8) // 8 * 8
        yield path.decode("utf-8", "surrogateescape")
    if index[place : place + 4] == b"link":
        raise ValueError  # most of it stands in another file


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Return where a number ends, and the number, as Git writes offsets."""
    value = data[place] & 0x7F
    while data[place] & 0x80:
        place += 1
        value = ((value + 1) << 7) | (data[place] & 0x7F)
    return place + 1, value
