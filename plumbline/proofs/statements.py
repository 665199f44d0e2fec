"""What a kind states, held against what there is: fields, botocore's models, AWS's actions, the provider."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from plumbline.aws.authorization import actions, changing, services, unpermitted
from plumbline.aws.operations import operation_model, unknown
from plumbline.aws.pages import is_paged
from plumbline.aws.reads import no_answer
from plumbline.kinds.call import Call
from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import Kind, attributes_of
from plumbline.kinds.listing import Listing
from plumbline.kinds.refused import placeholders, unsaid
from plumbline.kinds.registry import kinds
from plumbline.values.mistakes import did_you_mean
from plumbline.values.unknown import Undetermined, Unknown


def identity(kind: type[Kind]) -> Iterator[str]:
    """Yield what is wrong with how the kind is called and told of."""
    for name in (kind.noun, kind.plural):
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            yield f"{name!r} is no name for an argument of a test, or a section of the YAML"
    for facet in kind.facets():
        if not facet.__doc__ or facet.__doc__ == Facet.__doc__:
            yield f"{facet.__name__} does not say what it is"
        repeated = [field for other in kind.facets() if other is not facet for field in own_fields(other)]
        for field in set(own_fields(facet)) & set(repeated):
            yield f"two facets have a field {field}"


def statements(kind: type[Kind]) -> Iterator[str]:
    """Yield the names in what a kind and its facets state that nothing of theirs bears."""
    for facet in kind.facets():
        others = kind.model_fields.keys() - own_fields(facet) - {"name"}
        yield from _unnamed(facet, "follows", facet.follows, others, "field of another facet")
        own = {*attributes_of(facet), "name"}
        yield from _unnamed(facet, "arguments", facet.arguments, own, "attribute of it")
        for stating in ("in_answer", "in_terraform"):
            yield from _unnamed(facet, stating, getattr(facet, stating), own_fields(facet), "field of it")
    try:
        re.compile(kind.name_pattern)
    except re.error as error:
        yield f"name_pattern {kind.name_pattern!r} is no regular expression: {error}"
    limits = kind.limits.model_fields if kind.limits else {}
    yield from _unnamed(
        kind, "selected_by", kind.selected_by, {*kind.model_fields, *limits}, "field or limit"
    )
    yield from _unnamed(
        kind, "expects_some", kind.expects_some, {*kind.model_fields, *limits}, "field or limit"
    )
    yield from _unnamed(kind, "as_written", kind.as_written, kind.model_fields, "field")
    yield from _unnamed(kind, "called_by", kind.called_by, kind.chosen, "attribute that it says is chosen")
    nouns = {*kinds(), *(it.noun for it in _loaded(Kind) if hasattr(it, "noun"))}
    yield from _unnamed(kind, "shows", kind.shows, nouns, "noun of a kind")
    yield from _unnamed(kind, "held_by", [kind.held_by] if kind.held_by else [], nouns, "noun of a kind")
    for facet in kind.facets():
        yield from _unnamed(facet, "seen_through", facet.seen_through, nouns, "noun of a kind")
    methods = [it for it in dir(kind) if not it.startswith("_") and it not in dir(Kind)]
    yield from _unnamed(kind, "selected_by", kind.selected_by.values(), methods, "method")
    if kind.implied and kind.also_expected.__func__ is Kind.also_expected.__func__:  # type: ignore[attr-defined]
        yield f"it implies {', '.join(kind.implied)}, and has no also_expected that says what that is"
    told = kind.named_in_remedies is not Kind.named_in_remedies or kind.offenders is not Kind.offenders
    if kind.remedy_names and not told:
        yield f"remedies can name {', '.join(kind.remedy_names)}, and no named_in_remedies says what that is"
    yield from _named_unread(kind)


def _named_unread(kind: type[Kind]) -> Iterator[str]:
    """Yield what remedies would name though nothing of the resource could be read."""
    unread: dict[str, Any] = {it: Unknown(it) for it in kind.model_fields if it != "name"}
    try:
        told = kind.model_construct(**unread, name="it").named_in_remedies()
    except Undetermined as reason:
        yield f"named_in_remedies takes for read what nobody could read: {reason}"
        return
    for name in (it for it, text in told.items() if not isinstance(text, str)):
        yield f"named_in_remedies gives {name} where nobody could read it, and that is no text"


def _loaded(kind: type[Kind]) -> Iterator[type[Kind]]:
    """Yield every kind that somebody has imported: those of a module need no entry point to be proven."""
    for it in kind.__subclasses__():
        yield from (it, *_loaded(it))


def _unnamed(
    facet: type[Facet], stating: str, names: Collection[str], known: Collection[str], what: str
) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{stating} of {facet.__name__} names {name}, which is no {what}{did_you_mean(name, known)}"


def calls(kind: type[Kind]) -> Iterator[str]:
    """Yield what botocore and AWS's authorization reference do not know of the kind's calls."""
    yield from impossible(kind)
    for call in (*kind.calls_for(), *kind.secret_reads, *kind.writes, *_calls_that_list(kind)):
        yield from _unknown_permission(call, reads=call not in kind.writes)
        for it in call.besides:
            yield from unpermitted(it.action, reads=False)
        yield from _unknown_resource(call)
        yield from _answers_for_refusals(call)
    for listing in _listings(kind):
        if operation_model(listing.call.operation):
            for path in filter(None, (listing.names, listing.further)):
                yield from unknown_member(listing.call.operation, path)
            yield from _unread_pages(listing.call.operation)
    for facet in kind.facets():
        yield from _unknown_answers(facet)
    asked = kind.own_arn[0].operation if kind.own_arn else ""
    if asked and asked not in [it.operation for it in kind.calls_for()]:
        yield f"own_arn asks {asked}, which no facet does: a live run would refuse it"


def _listings(kind: type[Kind]) -> list[Listing]:
    listings = [it for one in (kind.listing, kind.candidates) if one for it in one.all]
    return [*listings, *(it.of_each for it in listings if it.of_each)]


def _calls_that_list(kind: type[Kind]) -> list[Call]:
    return [it.call for it in _listings(kind)]


def impossible(kind: type[Kind]) -> Iterator[str]:
    """Yield why some of the kind's calls cannot be made: nothing can be read before that is mended."""
    for call in (*kind.calls_for(), *kind.secret_reads, *kind.writes, *_calls_that_list(kind)):
        if call.parameters or call not in kind.writes:  # a permission may be no operation: iam:PassRole
            yield from unknown(call.operation, call.parameters)
    for facet in kind.facets():
        yield from unsaid(facet, kind.question.model_fields if kind.question else ())


def _unknown_permission(call: Call, *, reads: bool) -> Iterator[str]:
    yield from unpermitted(call.permission, reads=reads)
    yield from changing(call.operation, call.permission) if reads else ()
    service, _, name = call.operation.partition(":")
    other = not call.permission.startswith(call.operation)  # DeleteObject may need DeleteObjectVersion
    if other and reads and name in actions(service):
        yield f"{call.operation} needs the action of its own name, and states {call.permission}"


def _unknown_resource(call: Call) -> Iterator[str]:
    """Yield an ARN of no service, and what does not tell which of many is read."""
    on = (call.on,) if isinstance(call.on, str) else call.on
    for text in (call.of, *on):
        service = f"{text}::".split(":")[2]
        if text.startswith("arn:") and "{" not in service and service not in {*services(), "*"}:
            near = did_you_mean(service, services())
            yield f"{call.operation} reads {text}: there is no service {service}{near}"
    if call.of and not any(placeholders(call.of)) and "name" in placeholders(call.parameters):
        yield f"{call.operation} asks for one of many, and of={call.of!r} does not name it: write {{name}}"
    if call.parameters and "name" in placeholders(call.of) and not any(placeholders(dict(call.parameters))):
        yield f"{call.operation} asks the same of everything: none of {dict(call.parameters)} says {{name}}"


def _answers_for_refusals(call: Call) -> Iterator[str]:
    for stating in ("missing", "absent"):
        for code in filter(no_answer, getattr(call, stating)):
            yield f"{call.operation} takes {code} for {stating}: it says that nothing could be read"


def _unknown_answers(facet: type[Facet]) -> Iterator[str]:
    """Yield the paths of `in_answer` that the answer to the facet's call cannot have."""
    as_stated = facet.read.__func__ is Facet.read.__func__  # type: ignore[attr-defined]
    if not facet.call or not as_stated or not operation_model(facet.call.operation):
        return
    for field, path in facet.in_answer.items():
        if isinstance(path, str):
            missing = unknown_member(facet.call.operation, path.replace("?", ""))
            yield from (f"{field} is read at {path}: {it}" for it in missing)


def unknown_member(operation: str, path: str) -> Iterator[str]:
    """Yield the first step of a path that botocore knows no member for in the answer to an operation."""
    model = operation_model(operation)
    shape: Any = model.output_shape if model else None
    for step in re.findall(r"[\w-]+(?=[.\[]|$)", re.sub(r"\[[^\]]*\]", "", path)):
        while shape is not None and shape.type_name == "list":
            shape = shape.member
        if shape is not None and shape.type_name == "map":
            shape = shape.value
            continue
        members = getattr(shape, "members", {})
        if step not in members:
            yield f"the answer to {operation} has no {step}{did_you_mean(step, members)}"
            return
        shape = members[step]


def _unread_pages(operation: str) -> Iterator[str]:
    """Yield that the answer to a list may have further pages, which botocore does not read by itself."""
    import botocore.session

    service, _, name = operation.partition(":")
    try:
        botocore.session.get_session().get_paginator_model(service).get_paginator(name)
    except ValueError:
        if is_paged(operation):
            return
        model = operation_model(operation)
        shape = model.output_shape if model else None
        further = [it for it in (shape.members if shape else {}) if re.search("(?i)token|marker|trunc", it)]
        if further:
            yield f"the answer to {operation} has {further[0]}, and its further pages would not be read"
