"""What a kind or facet from outside is refused for, when it registers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from inspect import get_annotations
from keyword import iskeyword
from types import ModuleType
from typing import Any

from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError

from plumbline.aws.authorization import changing, unpermitted
from plumbline.aws.operations import unknown
from plumbline.kinds.call import Call
from plumbline.kinds.declared_names import undeclarable, undeclarable_of
from plumbline.kinds.facet import Facet
from plumbline.kinds.kind import Kind
from plumbline.kinds.settling import called
from plumbline.values.filling import PLACEHOLDER
from plumbline.values.mistakes import DataError, did_you_mean

_OF_EVERY_CALL = ("name", "bucket", "key", "last", "holder", "account", "region")
"""What the texts of a call can always name. Source: `Call`."""
_OF_PYTEST = ("expected", "request")
"""What a test is given besides resources."""


class KindError(DataError):
    """A kind or facet from outside that cannot be used; the message says which and why.

    It is told wherever a mistake in a stack is: each stack is read by the kinds that there are.
    """


def refuse_unused(module: ModuleType) -> None:
    """Raise `KindError` for a kind or facet of a module that nothing makes part of what there is."""
    for name, value in vars(module).items():
        own = isinstance(value, type) and issubclass(value, Facet) and value.__module__ == module.__name__
        if not own or name.startswith("_") or value.__subclasses__():
            continue
        if issubclass(value, Kind) and "noun" not in value.__dict__:
            raise KindError(f"{called(value)}: a kind says what it is called: noun and plural")
        if not issubclass(value, Kind) and not value.__dict__.get("extends"):
            raise KindError(
                f"{called(value)}: no kind inherits this facet, and it extends none: "
                'write extends = "..." with the noun of the kind'
            )


def check_names(kind: type[Kind], found: Mapping[str, type[Kind]]) -> None:
    """Raise `KindError` for a kind whose noun or plural is none, or that of another one."""
    names = {name: getattr(kind, name, None) for name in ("noun", "plural")}
    for name, value in names.items():
        if value is None:
            raise KindError(f"{called(kind)}: a kind says what it is called, and {name} is missing")
        if not isinstance(value, str) or not value.isidentifier() or iskeyword(value) or value[0] == "_":
            raise KindError(f"{called(kind)}: {name} {value!r} is no name, such as order")
    if kind.noun in _OF_PYTEST:
        raise KindError(
            f"{called(kind)}: every test is given something else as {kind.noun}: name noun otherwise"
        )
    if found.get(kind.noun, kind) is not kind:
        raise KindError(f"{called(kind)}: there is a kind {kind.noun} already: {called(found[kind.noun])}")
    if other := next((it for it in found.values() if it.plural == kind.plural and it is not kind), None):
        raise KindError(
            f"{called(kind)}: {kind.plural} is the section of {called(other)}: name plural otherwise"
        )


def check_calls(stated_by: type[Facet], extended: type[Kind] | None = None) -> None:
    """Raise `KindError` for a kind or facet whose calls AWS does not know, or that are no calls.

    `extended` is the kind that a facet is given to.
    """
    try:
        if issubclass(stated_by, Kind):
            reading = [*stated_by.calls_for(), *lists(stated_by), *stated_by.secret_reads]
            _check(stated_by, reading, stated_by.writes)
        else:
            _check(stated_by, stated_by.calls())
        kind = stated_by if issubclass(stated_by, Kind) else extended
        asked = [*kind.question.model_fields] if kind and kind.question else []
        facets = stated_by.facets() if issubclass(stated_by, Kind) else (stated_by,)
        for told in (told for it in facets for told in unsaid(it, asked)):
            raise KindError(f"{called(stated_by)}: {told}")
    except (AttributeError, TypeError) as error:
        raise KindError(f"{called(stated_by)}: what it states of its calls is none: {error}") from None


def _check(stated_by: type[Facet], reading: Iterable[Call], writing: Iterable[Call] = ()) -> None:
    """Raise `KindError` for what AWS does not know of some calls, or for one that must read and does more."""
    for call in reading:
        for told in (
            *unpermitted(call.permission, reads=True),
            *unknown(call.operation, call.parameters),
            *changing(call.operation, call.permission),
            *(told for it in call.besides for told in unpermitted(it.action, reads=False)),
        ):
            raise KindError(f"{called(stated_by)}: {told}")
    for call in writing:
        # a permission may be that of no operation: iam:PassRole
        no_operation = unknown(call.operation, call.parameters) if call.parameters else ()
        for told in (*unpermitted(call.permission, reads=False), *no_operation):
            raise KindError(f"{called(stated_by)}: {told}")


def check_declared(stated_by: type[Facet], kind: type[Kind]) -> None:
    """Raise `KindError` for a kind, or a facet that it is given, that names what no Terraform declares."""
    try:
        for told in undeclarable(kind) if stated_by is kind else undeclarable_of(stated_by, kind):
            raise KindError(f"{called(stated_by)}: {told}")
    except (AttributeError, TypeError) as error:
        raise KindError(f"{called(stated_by)}: what it states of Terraform is none: {error}") from None


def unsaid(facet: type[Facet], asked: Iterable[str]) -> Iterator[str]:
    """Yield the placeholders of calls that are made as they are stated which nothing says.

    A call would end for want of it, and a permission be granted on any text. `asked` is what its kind leaves
    to the stack to ask; what a facet's own `read` knows from another answer may be called as it likes.
    """
    known = [*_OF_EVERY_CALL, *asked, *(["each"] if _lists_one_by_one(facet) else [])]
    for call in _made_as_stated(facet):
        on = [call.on, *((it.on, dict(it.only)) for it in call.besides)]
        for name in sorted({*placeholders([dict(call.parameters), call.of, *on])} - {*known}):
            yield f"{call.operation} names {{{name}}}, which nothing says{did_you_mean(name, known)}"


def _lists_one_by_one(facet: type[Facet]) -> bool:
    listing = facet.listing if issubclass(facet, Kind) else None
    return listing is not None and any(it.of_each for it in listing.all)


def _made_as_stated(facet: type[Facet]) -> Iterator[Call]:
    if facet.call and facet.read.__func__ is Facet.read.__func__:  # type: ignore[attr-defined]
        yield facet.call
    if issubclass(facet, Kind):
        yield from (it for it in (facet.holder_call, facet.own_arn and facet.own_arn[0]) if it)
        yield from lists(facet)


def placeholders(value: Any) -> Iterator[str]:
    """Yield the placeholders in the texts of a value, however deep."""
    if isinstance(value, str):
        yield from PLACEHOLDER.findall(value)
    elif isinstance(value, dict | list | tuple):
        for it in value.values() if isinstance(value, dict) else value:
            yield from placeholders(it)


def check_types(stated_by: type[Facet]) -> None:
    """Raise `KindError` for a field without a default, or whose type no field can have."""
    try:
        stated_by.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        told = f"a field of it is of type {error.name}, which its module does not know"
        raise KindError(f"{called(stated_by)}: {told}") from None
    except PydanticUserError as error:
        told = f"a field of it has a type that no field can have: {error.message.splitlines()[0]}"
        raise KindError(f"{called(stated_by)}: {told}") from None
    fields = stated_by.model_fields
    for name in get_annotations(stated_by):
        if name in fields and fields[name].is_required():
            told = f"{name} has no default: write what it is where nothing is declared of it"
            raise KindError(f"{called(stated_by)}: {told}")


def lists(facet: type[Facet]) -> Iterator[Call]:
    """Yield the calls that list a kind, where a facet is the core of one that is listed."""
    if issubclass(facet, Kind):
        yield from (call for one in (facet.listing, facet.candidates) if one for call in one.calls)
