"""A kit of proofs for kinds and facets, those of this package and any other's.

Each proof yields what is wrong, one sentence each; `mistakes(kind, examples)` puts a kind through all.
Examples are models as the account `ACCOUNT` may hold them in `REGION`, which the ARNs in them name: moto is
given each and asked for it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from plumbline.aws.authorization import only_reads
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import Kind, answered
from plumbline.values.mistakes import did_you_mean
from plumbline.values.unknown import Placeholder, Unexamined, Unreadable

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws

ACCOUNT, REGION = "123456789012", "eu-west-1"


def mistakes(kind: type[Kind], examples: Iterable[Kind] = ()) -> list[str]:
    """Return what is wrong with a kind, one sentence each; nothing for a sound one."""
    models = list(examples)
    found = [*identity(kind), *calls(kind), *terraform(kind)]
    for model in models:
        found += [*round_trip(model), *chosen(model), *reads_alone(model), *leaves_alone(model)]
        found += listed(model)
    if kind.creatable() and not kind.shows and not models:
        found.append(f"{kind.noun}: moto can hold it, and no example was given")
    return [f"{kind.noun}: {it}" if not it.startswith(f"{kind.noun}:") else it for it in found]


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


def calls(kind: type[Kind]) -> Iterator[str]:
    """Yield what botocore and AWS's authorization reference do not know of the kind's calls."""
    lists = [it.call for it in (kind.listing, kind.candidates) if it]
    for call in (*kind.calls_for(), *kind.writes, *lists):
        yield from _unknown_permission(call, reads=call not in kind.writes)
        yield from _unknown_operation(call)
    if kind.listing:
        yield from _unknown_member(kind.listing.call.operation, kind.listing.names)
        yield from _unread_pages(kind.listing.call.operation)


def _unknown_permission(call: Call, *, reads: bool) -> Iterator[str]:
    try:
        if reads and not only_reads(call.permission):
            yield f"{call.permission} does more than read"
        only_reads(call.permission)
    except ValueError as unknown:
        yield str(unknown)


def _unknown_operation(call: Call) -> Iterator[str]:
    import botocore.session
    from botocore.exceptions import UnknownServiceError
    from botocore.model import OperationNotFoundError

    service, _, operation = call.operation.partition(":")
    try:
        model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    except (UnknownServiceError, OperationNotFoundError):
        if call.parameters:
            yield f"botocore knows no operation {call.operation}"
        return
    for name in call.parameters:
        if name not in (model.input_shape.members if model.input_shape else {}):
            yield f"{call.operation} takes no parameter {name}"


def _unread_pages(operation: str) -> Iterator[str]:
    """Yield that the answer to a list may have further pages, which botocore does not read by itself."""
    import botocore.session
    from botocore.exceptions import UnknownServiceError

    service, _, name = operation.partition(":")
    session = botocore.session.get_session()
    try:
        session.get_paginator_model(service).get_paginator(name)
    except (ValueError, UnknownServiceError):
        shape = session.get_service_model(service).operation_model(name).output_shape
        further = [it for it in (shape.members if shape else {}) if re.search("(?i)token|marker|trunc", it)]
        if further:
            yield f"the answer to {operation} has {further[0]}, and its further pages would not be read"


def terraform(kind: type[Kind]) -> Iterator[str]:
    """Yield what the AWS provider's schema does not know of what declares the kind."""
    if kind.terraform_type:
        for attribute in (*filter(None, [kind.name_argument]), *kind.chosen):
            yield from _unknown_argument(kind.terraform_type, attribute)
    for facet in kind.facets():
        if facet.beside:
            yield from _unknown_argument(facet.beside.type, facet.beside.argument)
        holder = facet.beside.type if facet.beside else kind.terraform_type
        paths = (path for path in facet.in_terraform.values() if isinstance(path, str))
        for argument in (*facet.arguments.values(), *(path.partition(".")[0] for path in paths)):
            if holder and argument != "lifecycle":
                yield from _unknown_argument(holder, argument)


def _unknown_argument(type_: str, argument: str) -> Iterator[str]:
    from plumbline.terraform.schema import find

    schema = find("resource", type_)
    if schema is None:
        yield f"the AWS provider has no resource {type_}"
    elif schema.attribute(argument) is None and schema.block(argument) is None:
        yield f"{type_} has no argument {argument}"


def round_trip(model: Kind) -> Iterator[str]:
    """Yield the fields that moto does not give back as it was given them."""
    read = _read(model, _holding(model))
    for field in type(model).model_fields:
        given, back = getattr(model, field), getattr(read, field)
        if isinstance(given, Unexamined) or isinstance(back, Unexamined) or field in type(model).chosen:
            continue
        if isinstance(back, Placeholder) or given != back:
            yield f"{field} was given to moto as {given!r} and read as {back!r}"


def chosen(model: Kind) -> Iterator[str]:
    """Yield what AWS chooses, and neither its model nor moto has in the answer to the core's last request."""
    import jmespath

    kind = type(model)
    if not kind.chosen:
        return
    made = list(answered(model, kind.facets()[0], _empty()))
    if not made:
        yield "it says what AWS chooses, and requests nothing"
        return
    last, answer = made[-1]
    for attribute, path in kind.chosen.items():
        unknown = list(_unknown_member(last.operation, path))
        yield from (f"{attribute} is chosen as {path}: {it}" for it in unknown)
        if not unknown and jmespath.search(path, answer) is None:
            yield f"{attribute} is chosen as {path}, and moto's answer to {last.operation} has no such thing"


def _unknown_member(operation: str, path: str) -> Iterator[str]:
    """Yield the first step of a path that botocore knows no member for in the answer to an operation."""
    import botocore.session

    service, _, name = operation.partition(":")
    shape: Any = botocore.session.get_session().get_service_model(service).operation_model(name).output_shape
    for step in re.findall(r"[\w-]+(?=[.\[]|$)", re.sub(r"\[[^\]]*\]", "", path)):
        while shape is not None and shape.type_name == "list":
            shape = shape.member
        members = getattr(shape, "members", {})
        if step not in members:
            yield f"the answer to {operation} has no {step}{did_you_mean(step, members)}"
            return
        shape = members[step]


def listed(model: Kind) -> Iterator[str]:
    """Yield that moto holds the model, and the kind's list has not got its name."""
    listing = type(model).listing
    if listing is None:
        return
    aws = _holding(model)
    place = aws.within(model.lies_in) if model.lies_in else aws
    names = list(listing.named(Asked(place, model.name).ask(listing.call).answer))
    if model.name not in names:
        yield f"{listing.call.operation} lists {', '.join(names) or 'nothing'}, and not {model.name}"


def reads_alone(model: Kind) -> Iterator[str]:
    """Yield the facets of which reading one field calls more than their own calls and the core's."""
    kind = type(model)
    core = _operations(kind.facets()[0]) | ({kind.holder_call.operation} if kind.holder_call else set())
    for facet in kind.facets()[1:]:
        called: list[str] = []
        aws = _holding(model)
        with _heard(model, aws, called.append):
            _read(model, aws, own_fields(facet)[:1])
        more = set(called) - core - _operations(facet)
        if more:
            yield f"reading {own_fields(facet)[0]} alone calls {', '.join(sorted(more))}, too"


def leaves_alone(model: Kind) -> Iterator[str]:
    """Yield the fields that a denied call of another facet takes along, and those it should have taken."""
    kind = type(model)
    for denied in kind.facets()[1:]:
        shared = {operation for it in kind.facets() if it is not denied for operation in _operations(it)}
        own = _operations(denied) - shared
        if not own:
            continue
        aws = _holding(model)
        with _heard(model, aws, dict.fromkeys(own, _DENIAL).get):
            read = _read(model, aws)
        for field in type(read).model_fields.keys() - {"name"}:
            lost = isinstance(getattr(read, field), Unreadable)
            if lost and field not in own_fields(denied):
                yield f"{field} cannot be read where {', '.join(sorted(own))} is denied"


def _operations(facet: type[Facet]) -> set[str]:
    return {call.operation for call in facet.calls()}


def _holding(model: Kind) -> Aws:
    """Return an account in moto that holds this resource and nothing else."""
    aws = _empty()
    model.create(aws)
    return aws


def _empty() -> Aws:
    """Return an account in moto that holds nothing."""
    from moto.core.base_backend import BackendDict

    from plumbline.sources.moto.account import account

    BackendDict.reset()
    return account(ACCOUNT, REGION)


def _read(model: Kind, aws: Aws, wanted: Iterable[str] | None = None) -> Kind:
    place = aws.within(model.lies_in) if model.lies_in else aws
    return type(model).from_aws(place, model.name, None if wanted is None else tuple(wanted))


_DENIAL = {"Error": {"Code": "AccessDenied", "Message": "as the proof wants it"}}


@contextmanager
def _heard(model: Kind, aws: Aws, hear: Callable[[str], Any]) -> Iterator[None]:
    """Tell of every operation before it is called; an answer that comes back stands for AWS's."""

    def before(model: Any, **_: Any) -> Any:
        answer = hear(f"{model.service_model.service_name}:{model.name}")
        return None if answer is None else (SimpleNamespace(status_code=403, raw=None), answer)

    place = aws.within(model.lies_in) if model.lies_in else aws
    services = {call.operation.partition(":")[0] for call in type(model).calls_for()}
    clients = [place.client(service) for service in services]
    for client in clients:
        client.meta.events.register_first("before-call", before)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", before)
