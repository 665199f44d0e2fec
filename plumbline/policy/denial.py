"""What a policy leaves undenied of a sort of requests: whoever makes them, for whatever, on some resources.

A statement may leave somebody, some action or some object out, and another one may deny just that. So what
differs to the statements that deny is tried: each action, each resource and each principal that they name,
each value that they compare a key of the request with, and of each something that none of them names.
"""

from __future__ import annotations

import ipaddress
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from plumbline.policy.context import Context, Given
from plumbline.policy.document import Policy, Principal, Statement
from plumbline.policy.matching import VARIABLE, Entry, Match, arn_glob, refuse, some, undecided
from plumbline.values.unknown import Undetermined

MOST_TRIED = 100_000
"""How many requests are tried; a policy that S3 takes has 20 KB."""
MOST_TOLD = 6
_OTHER = "\0" * 8
"""Stands for a text that no policy can name."""
_OTHERS: tuple[Principal, ...] = (
    ("AWS", f"arn:aws:iam::000000000000:user/{_OTHER}"),
    ("CanonicalUser", _OTHER),
    ("Federated", _OTHER),
    ("Service", _OTHER),
)


def undenied(
    policy: Policy, places: Sequence[str], service: str, actions: Iterable[str], context: Context
) -> list[str]:
    """Return what a policy does not deny of requests of which a context is known: `s3:GetObject on ARN`.

    `places` are ARNs; one that ends in `*` is everything that it covers. `actions` are those that there are
    of the service; AWS may add others. Raises `Undetermined` where nothing is left undenied for certain, and
    something hangs on what is not known.
    """
    denying = [it for it in policy.statements if it.effect == "Deny"]
    tried = (
        [f"{service}:{it}" for it in (_OTHER, *actions)],
        [it for place in places for it in _within(place, denying)],
        _principals(denying),
        _requests(denying, context),
    )
    if math.prod(len(it) for it in tried) > MOST_TRIED:
        raise Undetermined(f"what the policy denies hangs on more than {MOST_TRIED:,} sorts of requests")
    found: dict[str, None] = {}
    doubts: list[Match] = []
    for action, place, principal, request in itertools.product(*tried):
        match = some(it.applies(action, place, principal, request) for it in denying)
        if match is False:
            found[_told(action, place, principal)] = None
        elif match is not True:
            doubts.append(match)
    if not found:
        refuse(undecided(doubts))
    return _shortest(found, service)


def _within(place: str, denying: Iterable[Statement]) -> Iterator[str]:
    """Yield the resources of a place that may differ to some statements.

    Raises `Undetermined` for a pattern of what is not denied that may cover a part of it, nobody knows which.
    """
    covers = arn_glob(place)
    found = {place.replace("*", _OTHER): None}
    for statement in denying if place.endswith("*") else ():
        for pattern in (*statement.resources, *statement.not_resources):
            if not isinstance(pattern, str) or VARIABLE.search(pattern):
                continue
            named = [it for it in _instances(pattern, place) if covers(it)]
            found |= dict.fromkeys(named)
            if not named and pattern in statement.not_resources and _may_meet(pattern, place):
                raise Undetermined(f"which part of {place} NotResource {pattern} covers is not told here")
    yield from found


def _instances(pattern: str, place: str) -> Iterator[str]:
    """Yield resources that a pattern covers, in the place's own bucket where it may be that one."""
    yield _instance(pattern)
    bucket, _, _ = place.partition("/")
    head, slash, tail = pattern.partition("/")
    if slash and arn_glob(head)(bucket):
        yield f"{bucket}/{_instance(tail)}"


def _may_meet(pattern: str, place: str) -> bool:
    ends = [it.replace("?", "*").partition("*") for it in (pattern, place)]
    (one, wild, _), (other, _, _) = ends
    return bool(wild) and (one.startswith(other) or other.startswith(one))


def _principals(denying: Iterable[Statement]) -> list[Principal]:
    named = [
        (type_, name)
        for statement in denying
        for principals in (statement.principals, statement.not_principals)
        for type_, names in principals.items()
        for name in names
        if isinstance(name, str) and name != "*"
    ]
    return list(dict.fromkeys((*_OTHERS, *named)))


def _requests(denying: Iterable[Statement], context: Context) -> list[Context]:
    """Return what requests may give for the keys that statements ask for, on top of what is known."""
    told = {name.lower() for name in context}
    values: dict[str, dict[Given, None]] = {}
    for statement in denying:
        for operator, keys in statement.conditions.items():
            for key, wanted in keys.items():
                if key.lower() not in told:
                    tried = values.setdefault(key.lower(), {_OTHER: None})
                    tried.update(dict.fromkeys(_given_for(operator, wanted)))
    if math.prod(len(it) for it in values.values()) > MOST_TRIED:
        raise Undetermined(
            f"what the policy denies hangs on too many conditions: {', '.join(sorted(values))}"
        )
    given: Iterable[Sequence[Given]] = itertools.product(*values.values())
    return [{**context, **dict(zip(values, its, strict=True))} for its in given]


def _given_for(operator: str, wanted: Sequence[Entry]) -> Iterator[Given]:
    """Yield what a request may give so that a condition holds, or does not; a date it always has."""
    base = operator.rpartition(":")[2]
    if not base.startswith("Date"):
        yield None
    for value in wanted:
        if isinstance(value, str):
            yield from _near(value, base)


def _near(value: str, base: str) -> Iterator[str]:
    """Yield texts that a comparison with a value tells apart."""
    if base.startswith("Null"):
        return
    if base.startswith("Bool"):
        yield from ("true", "false")
    elif base.startswith("Numeric"):
        try:
            yield from (f"{float(value) + more}" for more in (-1, 0, 1))
        except ValueError:
            yield value
    elif "IpAddress" in base:
        try:
            yield str(ipaddress.ip_network(value, strict=False).network_address)
        except ValueError:
            yield value
    elif not VARIABLE.search(value):
        yield _instance(value)


def _instance(pattern: str) -> str:
    """Return a text that a pattern matches, and that none matches which says less."""
    return pattern.replace("*", _OTHER).replace("?", _OTHER[0])


def _told(action: str, place: str, principal: Principal) -> str:
    by = "" if principal in _OTHERS else f" by {principal[1]}"
    return f"{action} on {place}{by}".replace(_OTHER, "*").replace(_OTHER[0], "?")


def _shortest(found: Mapping[str, None], service: str) -> list[str]:
    """Return what is undenied without what is only a part of something else there."""
    whole = {it.partition(" ")[2] for it in found if it.startswith(f"{service}:* ")}
    told = [it for it in found if it.startswith(f"{service}:* ") or it.partition(" ")[2] not in whole]
    told = [it for it in told if it.partition(" by ")[0] == it or it.partition(" by ")[0] not in found]
    further = len(told) - MOST_TOLD
    return [*told[:MOST_TOLD], *([f"and {further} more"] if further > 0 else [])]
