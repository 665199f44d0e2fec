"""What a key's policy leaves to its account, and what a role may do with the key.

Source: KMS Developer Guide, "Key policies in AWS KMS" and "Troubleshooting AWS KMS permissions": a principal
may use a key that the key's policy lets it use itself, or lets its account decide on and a policy of its own
allows; a denial of either wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plumbline.kinds.role_use import bounds_of, policies_of
from plumbline.policy import (
    OVER_TLS,
    Context,
    Decision,
    Policy,
    Several,
    Statement,
    by_itself,
    decide,
    is_for_machines,
    of_role,
)
from plumbline.terraform.declared import known
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Identity, Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization

_ONE_KEY = re.compile(r"arn:[^:]+:kms:[^:]*:[^:]*:key/[^*?]+")
_NOT_CHOSEN = "\0"
"""Stands for the id of a key that AWS has not chosen yet: no pattern names it but `*`."""


@dataclass(frozen=True)
class UsedKey:
    """A key as policies speak of it."""

    policy: Policy
    account: str
    arn: Any
    aliases: Any
    """The ARNs of its aliases."""
    through: str | None = None
    """The service that uses it for somebody, who else does so directly."""

    @property
    def resource(self) -> str:
        """Its ARN; one without the id where AWS has still to choose that.

        Raises `Undetermined` where nothing says in which region it lies.
        """
        if isinstance(self.arn, str):
            return self.arn
        for alias in self._known:
            return f"{alias.partition(':alias/')[0]}:key/{_NOT_CHOSEN}"
        return str(known(self.arn))

    @property
    def context(self) -> Context:
        """What is known of a request that is about it; nothing of its aliases where one is not known.

        Source: KMS Developer Guide, "Condition keys for AWS KMS", `kms:ResourceAliases`, `kms:ViaService`.
        """
        told = Several(f"alias/{it.partition(':alias/')[2]}" for it in self._known)
        complete = isinstance(self.aliases, list) and told and len(told) == len(self.aliases)
        named: Context = {"kms:ResourceAliases": told} if complete else {}
        via: Context = {"kms:ViaService": self.through} if self.through else {}
        return {"kms:CallerAccount": self.account, **named, **via}

    @property
    def _known(self) -> list[str]:
        members = self.aliases.members if isinstance(self.aliases, SomeOf) else known(self.aliases)
        return [it for it in members if isinstance(it, str)]

    def spoken_of(self, policy: Policy | Placeholder) -> Policy | Placeholder:
        """Return a policy in which an id may be that of the key, as long as AWS has not chosen that."""
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
        """Return what a policy names: the key as `resource` does, what is none, or what may be the key."""
        if isinstance(resource, str):
            return self.arn if _ONE_KEY.fullmatch(resource) else resource
        if not isinstance(resource, Identity):
            return resource
        if not isinstance(self.arn, Identity):
            return Unknown(f"whether {resource.origin} is {self.arn.origin}")
        if resource.root != self.arn.root:
            return resource
        return self.resource if resource.address == self.arn.address else f"{_NOT_CHOSEN}{resource.origin}"


def withheld(policy: Policy, account: str, actions: Iterable[str]) -> list[str]:
    """Return the actions that a key's policy does not leave to the account of the key."""
    root = f"arn:aws:iam::{account}:root"
    context: Context = {
        **OVER_TLS,
        "aws:PrincipalArn": root,
        "aws:PrincipalAccount": account,
        "aws:ResourceAccount": account,
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
        "kms:CallerAccount": account,
        "kms:ViaService": None,
    }
    return [it for it in actions if decide([policy], it, "", ("AWS", root), context) != "allowed"]


def refused(actions: Iterable[str], key: UsedKey, role: Role, authorization: Authorization) -> list[str]:
    """Return the actions on a key that a role may not take."""
    asker, resource = known(role.arn), key.resource
    with_mfa = not is_for_machines(known(role.trust))
    context = {**of_role(asker, resource, with_mfa=with_mfa), **key.context}
    held = policies_of(role.inline_policies, role.attached_policies, authorization)
    own = [key.spoken_of(it) for it in held.values()]
    bounds = [key.spoken_of(it) for it in bounds_of(role, authorization)]

    def may(action: str) -> bool:
        def decided(policies: Iterable[Policy | Placeholder], by_name: bool = False) -> Decision:
            return decide(policies, action, resource, ("AWS", asker) if by_name else None, context)

        of_key = decided([key.policy], by_name=True)
        if of_key != "allowed" or "explicitDeny" in (decided(own), *(decided([it]) for it in bounds)):
            return False
        if any(decided([it]) != "allowed" for it in bounds):
            return False
        return decided(own) == "allowed" or decided([by_itself(key.policy)], by_name=True) == "allowed"

    return [action for action in actions if not may(action)]
