"""What lies in a ZIP archive, as its central directory lists it: nothing of it is unpacked.

Source: PKWARE, APPNOTE.TXT, 4.3.12 to 4.3.16 and 4.5.3.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

MOST_ENTRIES = 500_000
MOST_LISTED_BYTES = 128 * 1024 * 1024
"""How many files an archive may list, and how long the list may be: what is more was made to harm."""
_END = struct.Struct("<4s4H2LH")
_END_64_AT = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LISTED = struct.Struct("<4s6H3L5H2L")
_EXTRA = struct.Struct("<2H")
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA, _SHORT_IN_EXTRA = 0xFFFFFFFF, 0xFFFF
"""What stands in place of a number that does not fit, and stands elsewhere."""
_ZIP_64 = 1
_UTF_8 = 0x800

Part: TypeAlias = Callable[[int, int], bytes]
"""Gives so many bytes from a place on."""


class NoArchive(ValueError):
    """What is read is no ZIP archive, or one that is laid out to harm whoever reads it."""


@dataclass(frozen=True)
class Packed:
    """A file in an archive."""

    name: str
    size: int
    """In bytes, unpacked."""


def packed_in(path: Path) -> list[Packed]:
    """Return what an archive lists. Raises `OSError`, and `NoArchive`."""
    with path.open("rb") as file:

        def part(start: int, length: int) -> bytes:
            file.seek(start)
            return file.read(length)

        return listed(part, path.stat().st_size)


def listed(part: Part, length: int) -> list[Packed]:
    """Return what an archive of a length lists, of which parts can be had. Raises `NoArchive`."""
    try:
        start, size, count = _directory(part, length)
        if count > MOST_ENTRIES or size > MOST_LISTED_BYTES:
            raise NoArchive(f"it lists {count:,} files on {size:,} bytes, more than are read")
        return list(_entries(part(start, size), count))
    except struct.error:
        raise NoArchive("its central directory is cut off") from None


def _directory(part: Part, length: int) -> tuple[int, int, int]:
    """Return where the central directory starts, how long it is, and how many files it lists."""
    tail_at = max(0, length - _END.size - _LONGEST_COMMENT)
    tail = part(tail_at, length - tail_at)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise NoArchive("it is no ZIP archive")
    _, _, _, _, count, size, start, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    if (count == _SHORT_IN_EXTRA or _IN_EXTRA in (size, start)) and end >= _END_64_AT.size:
        signature, _, at_64, _ = _END_64_AT.unpack(part(end - _END_64_AT.size, _END_64_AT.size))
        if signature == b"PK\x06\x07":
            signature, *_, count, size, start = _END_64.unpack(part(at_64, _END_64.size))
            if signature != b"PK\x06\x06":
                raise NoArchive("its end is not where it says")
            end = at_64
    if size > end:
        raise NoArchive("its central directory is cut off")
    return end - size, size, count  # what stands before the archive moves its own number of the start


def _entries(directory: bytes, count: int) -> Iterator[Packed]:
    at = 0
    for _ in range(count):
        signature, *fields = _LISTED.unpack_from(directory, at)
        if signature != b"PK\x01\x02":
            raise NoArchive("its central directory is damaged")
        flags, size, name_length, extra_length, comment_length = (fields[it] for it in (2, 8, 9, 10, 11))
        begin = at + _LISTED.size
        name = directory[begin : begin + name_length]
        extra = directory[begin + name_length : begin + name_length + extra_length]
        if len(name) < name_length or len(extra) < extra_length:
            raise NoArchive("its central directory is cut off")
        if size == _IN_EXTRA:
            size = _long(extra)
        yield Packed(name.decode("utf-8" if flags & _UTF_8 else "cp437", "replace"), size)
        at = begin + name_length + extra_length + comment_length


def _long(extra: bytes) -> int:
    """Return the unpacked size that stands among the further fields of a file, first in that of ZIP64."""
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        if kind == _ZIP_64 and length >= 8:
            return int.from_bytes(extra[at : at + 8], "little")
        at += length
    raise NoArchive("its central directory is damaged")
