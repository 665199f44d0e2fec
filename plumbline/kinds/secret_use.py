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
from plumbline.values.unknown import Identity, Placeholder

READING = "secretsmanager:GetSecretValue"
_ADDED = re.compile(r"-[^:*?-]{6}")
"""What AWS adds to a name."""
_NOT_CHOSEN = f"-{chr(0) * 6}"
"""Stands for that as long as AWS has not chosen it: no pattern names it but with wildcards."""
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

    @property
    def region_and_account(self) -> list[str]:
        """Where it lies."""
        return self.partial_arn.split(":")[3:5]

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
        if not (isinstance(resource, Identity) and isinstance(self.arn, Identity)):
            return resource
        if resource.root != self.arn.root:
            return resource
        return self.resource if resource.address == self.arn.address else f"{_OTHER}{resource.origin}"


def refused(actions: Iterable[str], secret: UsedSecret, holder: Holder) -> list[str]:
    """Return the actions on a secret that a role may not take."""
    return _asking(secret, holder).refused(actions, secret.resource, secret.policy)


def others_read(secret: UsedSecret, holder: Holder) -> list[str]:
    """Return by what a role may read other secrets of the region: each policy with what it names."""
    asking = _asking(secret, holder)
    found = _others(asking, secret)
    return surely((told, partial(_may_read, asking, other)) for told, other in found)


def _may_read(holder: Holder, secret: str | Placeholder) -> bool:
    return bool(secret.refuse()) if isinstance(secret, Placeholder) else holder.may(READING, secret)


def _asking(secret: UsedSecret, holder: Holder) -> Holder:
    return holder.seen({name: secret.spoken_of(it) for name, it in holder.own.items()})


def _others(holder: Holder, secret: UsedSecret) -> Iterator[tuple[str, str | Placeholder]]:
    """Yield what policies name, each with the ARN of another secret that this covers, or may cover."""
    for name, policy in holder.own.items():
        if isinstance(policy, Placeholder):
            yield name, policy
            continue
        reading = [
            it for it in policy.statements if it.effect == "Allow" and _is_of_reading(it, holder, secret)
        ]
        for it in reading:
            if it.not_resources:
                yield f"{name} names all but {', '.join(map(_shown, it.not_resources))}", _another(secret)
            for resource in it.resources:
                for other in _named(resource, secret):
                    if isinstance(other, Placeholder) or _is_about(it, other, holder):
                        yield f"{name} names {_shown(resource)}", other


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
        if not isinstance(resource, Identity):
            yield resource
        return
    parts = resource.split(":", 6)
    if len(parts) < 7:
        yield _another(secret)  # a short one covers all that goes on, or nothing
        return
    place = [
        own if _is_pattern(it) else it for it, own in zip(parts[3:5], secret.region_and_account, strict=True)
    ]
    named = parts[6] if not parts[6].endswith("*") else f"{parts[6][:-1]}{_OTHER}{_NOT_CHOSEN}"
    named = named.replace("*", _OTHER).replace("?", _NOT_CHOSEN[1])
    arn = ":".join([*secret.partial_arn.split(":")[:3], *place, "secret", named])
    if not secret.is_named_by(arn) and _ADDED.search(arn[-7:]):
        yield arn


def _another(secret: UsedSecret) -> str:
    return f"{secret.partial_arn.rpartition(':')[0]}:{_OTHER}{_NOT_CHOSEN}"


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _shown(resource: Any) -> str:
    return repr(resource) if isinstance(resource, Placeholder) else str(resource)
