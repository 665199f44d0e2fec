"""What moto makes of examples: each is created, read back, listed, and read with single calls denied.

Examples are models as the account `ACCOUNT` may hold them in `REGION`, which the ARNs in them name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked
from plumbline.kinds.facet import Facet, own_fields
from plumbline.kinds.kind import Kind, answered, in_order
from plumbline.proofs.declarations import called_as_aws_does, swapped
from plumbline.proofs.statements import unknown_member
from plumbline.values.unknown import Missing, Placeholder, ReadError, Undetermined, Unexamined, Unreadable

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws

ACCOUNT, REGION = "123456789012", "eu-west-1"


def by_examples(kind: type[Kind], models: Sequence[Kind]) -> list[str]:
    """Return what is wrong with a kind as its examples show it."""
    found: list[str] = []
    first = (round_trip, as_written, as_called, bare, nowhere, named, chosen)
    for model in models:
        held = [*_refused(model)]
        found += held
        for proof in () if held else (*first, reads_alone, leaves_alone, listed):
            found += _told(proof, model)
    if not found:
        found += [*untried(kind, models), *uncalled(kind, models)]
    return found


def _refused(model: Kind) -> Iterator[str]:
    """Yield that moto does not take an example, or that it cannot be read at all."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        aws = _holding(model)
    except (ClientError, BotoCoreError) as refusal:
        yield f"moto refuses the example {model.name}: {refusal}"
        return
    except Exception as error:
        yield f"requesting the example {model.name} ends in {_shown(error)}"
        return
    try:
        _read(model, aws)
    except (Missing, ReadError) as reason:
        yield f"the example {model.name} was created, and cannot be read: {reason}"
    except Exception as error:
        yield f"reading the example {model.name} ends in {_shown(error)}"


def _told(proof: Callable[[Kind], Iterator[str]], model: Kind) -> list[str]:
    try:
        return [*proof(model)]
    except Exception as error:
        return [f"the proof {proof.__name__} of the example {model.name} ends in {_shown(error)}"]


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def untried(kind: type[Kind], models: Sequence[Kind]) -> Iterator[str]:
    """Yield the fields from outside this package that are at their defaults in all examples."""
    for facet in kind.facets() if models else ():
        for field in () if _is_ours(facet) else own_fields(facet):
            default = _default(facet, field)
            given = (getattr(model, field) for model in models)
            if field not in kind.chosen and not any(
                isinstance(it, Placeholder) or it != default for it in given
            ):
                yield f"no example gives {field} a value other than its default"


def uncalled(kind: type[Kind], models: Sequence[Kind]) -> Iterator[str]:
    """Yield the calls that a facet from outside this package states, and that no example makes it call."""
    for facet in kind.facets() if models else ():
        called: list[str] = []
        for model in () if _is_ours(facet) else models:
            with _heard(_holding(model), called.append) as heard:
                _read(model, heard, own_fields(facet))
        for operation in () if _is_ours(facet) else sorted(_operations(facet) - {*called}):
            yield f"{facet.__name__} states {operation}, and calls it for no example"


def _default(facet: type[Facet], field: str) -> Any:
    return facet.model_fields[field].get_default(call_default_factory=True)


def _is_ours(facet: type[Facet]) -> bool:
    """Return whether a facet is of this package, whose own proofs try each of its fields."""
    return facet.__module__.startswith("plumbline.")


def named(model: Kind) -> Iterator[str]:
    """Yield what an example is called, or gives remedies, against what its kind says of that."""
    kind = type(model)
    with suppress(re.error):  # which is told as such
        if not re.search(kind.name_pattern, model.name):
            yield f"the example {model.name} is not called as name_pattern says: {kind.name_pattern}"
    for name in model.named_in_remedies().keys() - {*kind.remedy_names}:
        yield f"named_in_remedies gives {name}, which remedy_names does not list"


def nowhere(model: Kind) -> Iterator[str]:
    """Yield that an account which does not hold the example is not told to lack it."""
    kind = type(model)
    if kind.in_every_account or kind.shows:
        return
    try:
        read = _read(model, _empty())
    except Missing:
        return
    if isinstance(read.name, Unreadable):
        error = read.name.error
        if error.cause != error.message:  # otherwise an answer of moto's lacks what AWS always sends
            yield f"where there is no {model.name}, reading it ends in an error: {error}"
    elif not isinstance(read.name, Placeholder):
        yield f"where there is no {model.name}, it is read as if there were"


def as_written(model: Kind) -> Iterator[str]:
    """Yield the texts of Terraform that a facet from outside this package takes one for the other."""
    kind = type(model)
    for facet in kind.facets():
        for field in () if _is_ours(facet) else own_fields(facet):
            value = getattr(model, field)
            if isinstance(value, str) and swapped(facet, kind, field, value):
                told = f"takes {value!r} for another {field}, and that one for {value!r}"
                yield f"{facet.__name__}.declared {told}"


def as_called(model: Kind) -> Iterator[str]:
    """Yield the texts of a facet from outside this package that it reads at an argument of another meaning.

    What AWS calls a text is what its answers do, and the requests for the example.
    """
    from botocore import xform_name

    kind, aws = type(model), _empty()
    for facet in in_order(kind.facets()):
        requests = [it.parameters for it, _ in answered(model, facet, aws)]
        for field in () if _is_ours(facet) else own_fields(facet):
            value, path = getattr(model, field), facet.in_answer.get(field)
            in_answer = [path.replace("?", "").rpartition(".")[2]] if isinstance(path, str) else []
            called = {field, *map(xform_name, (*in_answer, *_keys_of(value, requests)))}
            other = called_as_aws_does(facet, kind, field, called) if isinstance(value, str) else None
            if other:
                yield f"{facet.__name__} reads {field} at {other[0]}; as AWS calls it, that is {other[1]}"


def _keys_of(value: Any, within: Any) -> Iterator[str]:
    """Yield the keys under which a value stands, however deep."""
    if isinstance(within, Mapping):
        yield from (key for key, it in within.items() if it == value)
    inner = within.values() if isinstance(within, Mapping) else within if isinstance(within, list) else ()
    for it in inner:
        yield from _keys_of(value, it)


def bare(model: Kind) -> Iterator[str]:
    """Yield the fields from outside this package that have no default where nothing but the core is there."""
    from botocore.exceptions import ClientError

    aws, core = _empty(), type(model).facets()[0]
    try:
        model.create_facet(core, aws)
        read = _read(model, aws)
    except (ClientError, Missing):
        return  # moto does not have the one without the other
    for facet in type(model).facets()[1:]:
        for field in () if _is_ours(facet) else own_fields(facet):
            value = getattr(read, field)
            if isinstance(value, Unreadable):
                yield f"{field} cannot be read where it is not configured: {value.error}"
            elif not isinstance(value, Placeholder) and value != (default := _default(facet, field)):
                yield f"{field} is read as {value!r} where it is not configured, and is {default!r} then"


def _is_made(field: str, kind: type[Kind]) -> bool:
    """Return whether AWS makes a field of the others, or chooses it."""
    return field in kind.chosen or f"{kind.terraform_type}.{field}" in kind.computed


def round_trip(model: Kind) -> Iterator[str]:
    """Yield the fields that moto does not give back as it was given them."""
    read = _read(model, _holding(model))
    for field in type(model).model_fields:
        given, back = getattr(model, field), getattr(read, field)
        if isinstance(given, Unexamined) or isinstance(back, Unexamined) or _is_made(field, type(model)):
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
        unknown = list(unknown_member(last.operation, path))
        yield from (f"{attribute} is chosen as {path}: {it}" for it in unknown)
        if not unknown and jmespath.search(path, answer) is None:
            yield f"{attribute} is chosen as {path}, and moto's answer to {last.operation} has no such thing"


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
        with _heard(aws, called.append) as heard:
            _read(model, heard, own_fields(facet)[:1])
        more = set(called) - core - _operations(facet)
        if more:
            yield f"reading {own_fields(facet)[0]} alone calls {', '.join(sorted(more))}, too"


def leaves_alone(model: Kind) -> Iterator[str]:
    """Yield the fields that a denied call of another facet takes along, and those it should have taken."""
    kind = type(model)
    core = kind.facets()[0]
    before = _read(model, _holding(model))
    for denied in kind.facets():
        shared = {operation for it in kind.facets() if it is not denied for operation in _operations(it)}
        own = _operations(denied) - shared
        if not own:
            continue
        told = f"where {', '.join(sorted(own))} is denied"
        aws = _holding(model)
        try:
            with _heard(aws, dict.fromkeys(own, _DENIAL).get) as heard:
                read = _read(model, heard)
        except Missing as missing:
            yield f"{told}, it is taken for missing: {missing}"
            continue
        except (Undetermined, ReadError):
            continue
        lost = {it for it in type(read).model_fields if isinstance(getattr(read, it), Unreadable)}
        if denied is not core:
            yield from (f"{it} cannot be read {told}" for it in sorted(lost - {"name", *own_fields(denied)}))
        whole = own == _operations(denied)
        kept = {*own_fields(denied), *({"name"} if denied is core else ())} - lost if whole else set()
        for field in sorted(kept):
            if not isinstance(getattr(before, field), Unexamined):
                yield f"{field} is read as {getattr(read, field)!r} {told}: nobody knows it then"


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
def _heard(aws: Aws, hear: Callable[[str], Any]) -> Iterator[Aws]:
    """Give an account of which every operation is told before it is called, in whatever region.

    An answer that comes back stands for AWS's.
    """
    from plumbline.aws.reads import Answers, Aws

    heard: list[Any] = []

    def before(model: Any, **_: Any) -> Any:
        answer = hear(f"{model.service_model.service_name}:{model.name}")
        return None if answer is None else (SimpleNamespace(status_code=403, raw=None), answer)

    def client(service: str, region: str) -> Any:
        found = aws.within(region).client(service)
        if found not in heard:
            heard.append(found)
            found.meta.events.register_first("before-call", before)
        return found

    try:
        yield Aws(client, aws.account, aws.region, Answers(), calls=None)
    finally:
        for each in heard:
            each.meta.events.unregister("before-call", before)
