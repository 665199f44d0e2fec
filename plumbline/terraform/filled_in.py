"""Texts of which only apply decides a part, with what that part is of: `data-<random_id.suffix.hex>`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from plumbline.values.unknown import Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.terraform.model import Configuration

_MOST = 20
"""How many parts a text may have."""


def filled_in(configuration: Configuration, value: Any, find: Callable[[Configuration], Any]) -> str:
    """Return a text with `<address.attribute>` for each part that only apply decides.

    The source is evaluated with something in place of each such part, so whatever makes a text of them is
    heeded. `find` gives the text again. Raises `Undetermined` where what was put in is not to be found in it.
    """
    texts: set[tuple[str, str, str]] = set()
    put: dict[str, str] = {}
    while isinstance(value, Unknown):
        again, part = configuration.with_texts, f"<{value.origin}>"
        address, _, attribute = value.origin.rpartition(".")
        if again is None or len(put) == _MOST or part in put.values() or not address:
            value.refuse()
        marker = f"x{len(put)}plumbline{len(put)}x"
        put[marker] = part
        texts.add((address, attribute, marker))
        value = find(again(frozenset(texts)))
    text = str(value)
    for marker, part in put.items():
        if marker not in text:
            raise Undetermined(f"what is made of {part[1:-1]} is not known before apply")
        text = text.replace(marker, part)
    return text
