"""Frozen, typed values of which any part may be a placeholder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, WrapValidator, field_validator

from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder


def keep_placeholder(value: object, validate: Callable[[object], object]) -> object:
    """Return a placeholder as it is and any other value validated: for what a collection may not give."""
    if isinstance(value, SomeOf):
        members = validate(value.members)
        return SomeOf(members, value.reason) if isinstance(members, list) else members
    return value if isinstance(value, Placeholder) else validate(value)


Text = Annotated[str, WrapValidator(keep_placeholder)]
"""A string inside a list or mapping that the evidence may not give."""


class Model(BaseModel):
    """A frozen, typed value. Any field may hold a `Placeholder`, which refuses to be compared."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True, defer_build=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _placeholder_or(cls, value: object, validate: Callable[[object], object]) -> object:
        return keep_placeholder(value, validate)
