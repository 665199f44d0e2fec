"""What a role may do with a secret, and which others it may read, too.

Source: Secrets Manager User Guide, "Secrets Manager best practices": AWS adds a hyphen and six characters to
the name of a secret, so a policy names one secret by its ARN, or by its name and `-??????`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from plumbline.kinds.role_use import Holder
from plumbline.policy import Policy, Statement, surely
from plumbline.values.unknown import Identity, Placeholder, Unknown

READING = "secretsmanager:GetSecretValue"
_ADDED = re.compile(r"-[^:*?-]{6}")
"""What AWS adds to a name."""
_NOT_CHOSEN = f"-{chr(0) * 6}"
"""Stands for that as long as AWS has not chosen it: no pattern names it but with wildcards."""
_IS_SECRET = re.compile(r"(?:^|\.)aws_secretsmanager_secret\.")
_MEANS_SOMETHING = re.compile(r"[:*?$]")
_OTHER = chr(1) * 8
"""Stands for a text that no policy names."""


@dataclass(frozen=True)
class UsedSecret:
    """A secret as policies speak of it."""

    arn: Any
    partial_arn: str
    """Without what AWS adds to the name."""
    policy: Policy | Placeholder | None

    @property
    def resource(self) -> str:
        """Its ARN; as long as AWS has not chosen that, one that only wildcards name."""
        return self.arn if isinstance(self.arn, str) else f"{self.partial_arn}{_NOT_CHOSEN}"

    def is_named_by(self, arn: str) -> bool:
        """Return whether the ARN of some secret is its own, or would be once AWS has chosen that."""
        return arn.startswith(self.partial_arn) and bool(_ADDED.fullmatch(arn[len(self.partial_arn) :]))

    def spoken_of(self, policy: Policy | Placeholder) -> Policy | Placeholder:
        """Return a policy in which the secret goes by its `resource`, while AWS has not chosen its ARN."""
        if isinstance(policy, Placeholder) or isinstance(self.arn, str):
            return policy
        return Policy(statements=[self._in(it) for it in policy.statements])

    def _in(self, statement: Statement) -> Statement:
        found = {
            name: [self._told(it) for it in getattr(statement, name)]
            for name in ("resources", "not_resources")
        }
        return statement.model_copy(update=found)

    def _told(self, resource: Any) -> Any:
        """Return what a policy names: the secret, what is no secret here, or one that may be the secret."""
        if isinstance(resource, str):
            return self.arn if self.is_named_by(resource) and not _is_pattern(resource) else resource
        if not isinstance(resource, Identity) or resource.root != self.arn.root:
            return resource
        return self.resource if resource.address == self.arn.address else self.stands_for(resource)

    def stands_for(self, other: Identity) -> str:
        """Return what stands for something else that AWS has to choose the name of: a secret, or none."""
        if not _IS_SECRET.search(other.address):
            return f"{{{other.origin}}}"
        return f"{self.beginning}{_MEANS_SOMETHING.sub('_', other.address)}{_NOT_CHOSEN}"

    @property
    def beginning(self) -> str:
        """How the ARNs of all secrets begin that lie where it does."""
        return f"{self.partial_arn.rpartition(':secret:')[0]}:secret:"


def refused(actions: Iterable[str], secret: UsedSecret, holder: Holder) -> list[str]:
    """Return the actions on a secret that a role may not take."""
    return _asking(secret, holder).refused(actions, secret.resource, secret.policy)


def others_read(secret: UsedSecret, holder: Holder) -> list[str]:
    """Return by what a role may read other secrets of the region: each policy with what it names."""
    asking = _asking(secret, holder)
    found = (
        (told, other) for name, it in holder.own.items() for told, other in _others(name, it, asking, secret)
    )
    return surely((told, partial(_may_read, asking, other)) for told, other in found)


def _may_read(holder: Holder, secret: str | Placeholder) -> bool:
    return bool(secret.refuse()) if isinstance(secret, Placeholder) else holder.may(READING, secret)


def _asking(secret: UsedSecret, holder: Holder) -> Holder:
    return holder.seen({name: secret.spoken_of(it) for name, it in holder.own.items()})


def _others(
    name: str, policy: Policy | Placeholder, holder: Holder, secret: UsedSecret
) -> Iterator[tuple[str, str | Placeholder]]:
    """Yield what a policy names, each with the ARN of another secret that this covers, or may cover."""
    if isinstance(policy, Placeholder):
        yield name, policy
        return
    for it in policy.statements:
        if it.effect != "Allow" or not _is_of_reading(it, holder, secret):
            continue
        if it.not_resources:
            yield f"{name} names all but {', '.join(map(_shown, it.not_resources))}", _another(secret)
        for resource in it.resources:
            for other in _named(resource, secret):
                told = f"{name} names {_shown(resource)}"
                only = it.model_copy(update={"resources": [resource]})
                if not isinstance(resource, str) or _is_about(only, str(other), holder):
                    yield told, other


def _is_of_reading(statement: Statement, holder: Holder, secret: UsedSecret) -> bool:
    """Return whether a statement may be about the reading of secrets, whichever it names."""
    anywhere = statement.model_copy(update={"resources": ["*"], "not_resources": []})
    return _is_about(anywhere, _another(secret), holder)


def _is_about(statement: Statement, secret: str, holder: Holder) -> bool:
    """Return whether a statement may be about the reading of a secret."""
    return statement.applies(READING, secret, None, holder.told(secret)) is not False


def _named(resource: Any, secret: UsedSecret) -> Iterator[str | Placeholder]:
    """Yield the ARN of another secret that a resource of a policy covers, where there can be one."""
    if isinstance(resource, Placeholder):
        yield from _identified(resource, secret)
        return
    if secret.is_named_by(resource.rstrip("*?")):
        return
    parts = resource.split(":", 6)
    if len(parts) < 7:
        yield _another(secret)  # a short one covers all that goes on, or nothing
        return
    own = secret.partial_arn.split(":")
    place = [mine if _is_pattern(it) else it for it, mine in zip(parts[3:5], own[3:5], strict=True)]
    ended = f"{parts[6][:-1]}{_OTHER}{_NOT_CHOSEN}" if parts[6].endswith("*") else parts[6]
    named = ended.replace("*", _OTHER).replace("?", _NOT_CHOSEN[1])
    arn = ":".join([*own[:3], *place, "secret", named])
    if not secret.is_named_by(arn) and _ADDED.search(arn[-7:]):
        yield arn


def _identified(resource: Placeholder, secret: UsedSecret) -> Iterator[str | Placeholder]:
    """Yield what a name that AWS has to choose stands for, where that is another secret, or may be one."""
    if not isinstance(resource, Identity):
        yield resource
    elif _IS_SECRET.search(resource.address):
        if isinstance(secret.arn, str) or resource.root != secret.arn.root:
            yield resource
        elif resource.address != secret.arn.address:
            yield secret.stands_for(resource)


def _another(secret: UsedSecret) -> str:
    return f"{secret.beginning}{_OTHER}{_NOT_CHOSEN}"


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _shown(resource: Any) -> str:
    if isinstance(resource, Unknown):
        return resource.origin
    return repr(resource) if isinstance(resource, Placeholder) else str(resource)
