"""What AWS knows in the place of a text: the other members of its enumeration, by botocore's models."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from plumbline.kinds.registry import operations

MOST = 2
"""How many of the others are tried: some enumerations hold hundreds."""


def in_any(text: str) -> list[str]:
    """Return what stands beside a text in the enumerations of the services that kinds are read from.

    A word of two letters stands in some enumeration by accident.
    """
    if len(text) < 3:
        return []
    found = (it for members in _enumerations() if text in members for it in after(text, list(members)))
    return list(dict.fromkeys(found))[:MOST]


def after(text: str, members: list[str]) -> list[str]:
    """Return the members of an enumeration that follow a text, those before it last."""
    place = members.index(text)
    return [*members[place + 1 :], *members[:place]][:MOST]


@functools.cache
def input_of(operation: str) -> Shape:
    """Return the shape of an operation's parameters: `dynamodb:CreateTable`."""
    service, _, name = operation.partition(":")
    return _session().get_service_model(service).operation_model(name).input_shape


def within(shape: Shape | None, step: str | int) -> Shape | None:
    """Return the shape of what lies in a value of a shape; None where botocore does not say."""
    if isinstance(shape, ListShape):
        return shape.member
    if isinstance(shape, MapShape):
        return shape.value
    if isinstance(shape, StructureShape):
        return shape.members.get(step)
    return None


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@functools.cache
def _enumerations() -> tuple[tuple[str, ...], ...]:
    """Return every enumeration of those services, each once."""
    services = sorted({it.partition(":")[0] for it in operations(writes=True)} - {"ec2"})
    found = (it for service in services for it in _of(service) if len(it) > 1)
    return tuple(dict.fromkeys((("Allow", "Deny"), *found)))  # the first is of policies, which are no shape


def _of(service: str) -> Iterator[tuple[str, ...]]:
    model = _session().get_service_model(service)
    for name in model.shape_names:
        shape = model.shape_for(name)
        if enumeration := getattr(shape, "enum", None):
            yield tuple(enumeration)
