"""Whether an answer is about what was asked: a cache in between may give the answer to another question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel

_OTHERWISE = ("KeyId", "Username")
"""What may be asked by another name than is answered: an alias of a key, an address of a user."""


def about_another(operation: OperationModel, asked: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Return what an answer says that it is about, where that is not what was asked; empty where it is.

    AWS repeats what an operation has to be given: the name of a table in its description. An ARN it may
    repeat as the name alone, and names of IAM as they were given when something was created.
    """
    for name in operation.input_shape.required_members if operation.input_shape else ():
        wanted = asked.get(name)
        if not isinstance(wanted, str) or name in _OTHERWISE:
            continue
        for told in _repeated(name, answer):
            if told.lower() != wanted.lower() and not wanted.startswith("arn:"):
                return f"{name} {told}"
    return ""


def _repeated(name: str, answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an answer says under a name, itself or in what it describes."""
    for place in (answer, *(it for it in answer.values() if isinstance(it, Mapping))):
        told = place.get(name)
        if isinstance(told, str):
            yield told
