"""What the provider hashicorp/random makes up, which nobody is asked for: moto is given some of it.

It is the same in each process of a run, and so are the names that are made of it. Source: the provider's
documentation, `random_id`, `random_string`, `random_uuid`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from plumbline.values.unknown import Placeholder

if TYPE_CHECKING:
    from plumbline.terraform.model import Chosen, Configuration

Values = Mapping[str, Any]
_MOST = 32
"""As many bytes, or letters, as there are to give."""


def made_up(configuration: Configuration) -> Chosen:
    """Return what is made up of each resource of a root, as far as what it is made of is known."""
    return {
        it.address: given
        for it in configuration.resources
        if it.type in _MADE and not it.address.endswith("[*]")
        if (given := _MADE[it.type](it.values, hashlib.sha256(it.address.encode()).digest()))
    }


def _length(given: Any) -> int:
    """Return a length; 0 where it is not known, or more than there is."""
    length = 0 if isinstance(given, Placeholder) or given is None else int(given)
    return length if 0 < length <= _MOST else 0


def _id(values: Values, drawn: bytes) -> Values:
    length, prefix = _length(values.get("byte_length")), values.get("prefix") or ""
    if not length or isinstance(prefix, Placeholder):
        return {}
    number = drawn[:length]
    url = base64.urlsafe_b64encode(number).decode().rstrip("=")
    return {
        "id": url,
        "b64_url": prefix + url,
        "b64_std": prefix + base64.b64encode(number).decode(),
        "hex": prefix + number.hex(),
        "dec": prefix + str(int.from_bytes(number, "big")),
    }


def _string(values: Values, drawn: bytes) -> Values:
    """Return small letters alone: they are among those of every string."""
    length = _length(values.get("length"))
    if not length or values.get("lower") is False:
        return {}
    text = "".join(chr(ord("a") + byte % 26) for byte in drawn[:length])
    return {"id": text, "result": text}


def _uuid(values: Values, drawn: bytes) -> Values:
    text = str(UUID(bytes=drawn[:16], version=4))
    return {"id": text, "result": text}


_MADE: dict[str, Callable[[Values, bytes], Values]] = {
    "random_id": _id,
    "random_string": _string,
    "random_uuid": _uuid,
}
