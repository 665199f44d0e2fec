"""Terraform that lies below the folder of a stack's roots, and that no root is or calls."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_LOCAL_MODULE = re.compile(r"""source"?\s*[=:]\s*"(\.{1,2}/[^"]*)\"""")
"""Source: Terraform language, "Module Sources", "Local Paths"."""
_CALLS = re.compile(r"""^\s*module\s+"|"module"\s*:""", re.MULTILINE)
_ENDS = (".tf", ".tf.json")


def unnamed(folders: Iterable[Path], named: Collection[Path], type_: str) -> list[Path]:
    """Return the folders below that may declare resources of a type, and that nothing names or calls.

    A folder that calls modules may declare anything.
    """
    texts = {folder: text for above in folders for folder, text in _texts(above)}
    called = {
        Path(os.path.normpath(folder / source))
        for folder, text in texts.items()
        for source in _LOCAL_MODULE.findall(text)
    }
    declares = re.compile(rf'resource\s+"?{type_}"?\s|"{type_}"\s*:')
    return sorted(
        folder
        for folder, text in texts.items()
        if folder not in named and folder not in called and (declares.search(text) or _CALLS.search(text))
    )


def _texts(above: Path) -> Iterator[tuple[Path, str]]:
    """Yield each folder that holds Terraform, and all of that; what a tool keeps is hidden."""
    for place, inside, names in os.walk(above):
        inside[:] = sorted(it for it in inside if not it.startswith(".") and it != "node_modules")
        files = [Path(place, name) for name in sorted(names) if name.endswith(_ENDS)]
        if files:
            texts = (it.read_text(encoding="utf-8", errors="replace") for it in files)
            yield Path(place), "\n".join(texts)
