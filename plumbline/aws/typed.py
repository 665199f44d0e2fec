"""Whether an answer in JSON has the types that its operation's model gives it.

botocore takes what stands there: an object for a list of its keys, a word for what is true or false, `null`
for an entry. AWS's own libraries of other languages refuse each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import Shape

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "long": (int, float),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}
"""What stands in JSON for each type of a model.

Source: Smithy, AWS JSON 1.1 and REST-JSON 1 protocols, as for the next.
"""
_NUMBERS = {"NaN", "Infinity", "-Infinity"}
"""The texts that stand for a number with a fraction."""


def mistyped(shape: Shape, told: object) -> str:
    """Return the first value of an answer that is not of its type, by its path; empty for none.

    A member that is null is one that is not there. An entry that is null is none.
    """
    left: list[tuple[Shape, Any, str]] = [(shape, told, "")]
    while left:
        of, value, path = left.pop()
        if getattr(of, "is_document_type", False):
            continue
        if not _is(value, of.type_name):
            return path
        left += _within(of, value, path)
    return ""


def _is(value: object, type_name: str) -> bool:
    """Return whether a value is of a type; to Python `true` is a number, too."""
    allowed = _TYPES.get(type_name)
    if allowed is None or (type_name in ("float", "double") and isinstance(value, str) and value in _NUMBERS):
        return True
    return isinstance(value, allowed) and (bool in allowed or not isinstance(value, bool))


def _within(shape: Shape, value: Any, path: str) -> Iterator[tuple[Shape, Any, str]]:
    """Yield the parts of a value, the last ones first."""
    match shape.type_name:
        case "structure":
            for name, member in reversed(shape.members.items()):
                key = member.serialization.get("name", name)
                if "location" not in member.serialization and value.get(key) is not None:
                    yield member, value[key], f"{path}.{key}".removeprefix(".")
        case "list":
            for at in reversed(range(len(value))):
                yield shape.member, value[at], f"{path}[{at}]"
        case "map":
            for key, it in reversed(value.items()):
                if it is not None:
                    yield shape.value, it, f"{path}.{key}".removeprefix(".")
