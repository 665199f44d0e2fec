"""What a role may do, by its own policies, its boundary and the policy of the resource that it asks for.

Source: IAM User Guide, "Policy evaluation for requests within a single account": a policy of the role is
enough, or one of the resource that names the role; the boundary must allow it, too, and a denial of any wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from plumbline.kinds.declared_policies import MANAGED_BY_AWS
from plumbline.policy import (
    ALL,
    Context,
    Decision,
    Policy,
    by_itself,
    decide,
    is_for_machines,
    of_role,
    surely,
)
from plumbline.terraform.declared import known
from plumbline.values.some_of import SomeOf
from plumbline.values.unknown import Placeholder, Undetermined, Unexamined

if TYPE_CHECKING:
    from plumbline.kinds.iam import Role
    from plumbline.kinds.iam_authorization import Authorization

_SAYS_NOTHING = Policy()


@dataclass(frozen=True)
class Holder:
    """A role with the documents of all that it is given."""

    arn: str
    own: Mapping[str, Policy | Placeholder]
    """Its policies: inline ones by name, managed ones by ARN."""
    bounds: tuple[Policy | Placeholder, ...]
    """Its permissions boundary; none where it has none."""
    with_mfa: bool
    """Whether whoever assumes it may have shown a second factor."""

    @classmethod
    def of(cls, role: Role, authorization: Authorization) -> Holder:
        """Return a role with what an authorization says of the managed policies that it is given.

        Raises `Undetermined` where it is not known who it is, or whether it is bounded.
        """
        return cls(
            arn=known(role.arn),
            own=policies_of(role.inline_policies, role.attached_policies, authorization),
            bounds=bounds_of(role, authorization),
            with_mfa=not is_for_machines(known(role.trust)),
        )

    def seen(self, own: Mapping[str, Policy | Placeholder]) -> Holder:
        """Return it with its policies put otherwise."""
        return replace(self, own=own)

    def told(self, resource: str, more: Context | None = None) -> Context:
        """Return what is known of a request of it for something; `more` is known beside who asks for what."""
        return {**of_role(self.arn, resource, with_mfa=self.with_mfa), **(more or {})}

    def may(
        self,
        action: str,
        resource: str,
        of_resource: Policy | Placeholder | None = None,
        more: Context | None = None,
    ) -> bool:
        """Return whether it may take an action. Raises `Undetermined` where what is not known decides."""
        policy = _SAYS_NOTHING if of_resource is None else of_resource
        context = self.told(resource, more)

        def decided(*policies: Policy | Placeholder, by_name: bool = False) -> Decision | Undetermined:
            try:
                return decide(policies, action, resource, ("AWS", self.arn) if by_name else None, context)
            except Undetermined as doubt:
                return doubt

        own = self.own.values()
        denials = [decided(ALL, *own, *self.bounds), decided(ALL, policy, by_name=True)]
        bounds = [decided(it) for it in self.bounds]
        grants = [decided(*own), decided(_alone(policy), by_name=True)]
        if "explicitDeny" in _certain([*denials, *grants]) or "implicitDeny" in _certain(bounds):
            return False
        if _certain(grants) == ["implicitDeny", "implicitDeny"]:
            return False
        hangs_on = [*denials, *bounds, *([] if "allowed" in _certain(grants) else grants)]
        for it in hangs_on:
            if isinstance(it, Undetermined):
                raise it
        return True

    def refused(
        self,
        actions: Iterable[str],
        resource: str,
        of_resource: Policy | Placeholder | None = None,
        more: Context | None = None,
    ) -> list[str]:
        """Return those of the actions that it may not take. Raises `Undetermined` as `surely` does."""
        return surely((it, partial(self.may_not, it, resource, of_resource, more)) for it in actions)

    def may_not(self, *asked: Any) -> bool:
        """Return the contrary of `may`."""
        return not self.may(*asked)


def policies_of(inline: Any, attached: Any, authorization: Authorization) -> dict[str, Policy | Placeholder]:
    """Return a role's policies, those that lie in it by name, those that it is given by ARN.

    What an authorization does not hold is a placeholder; so is what nobody knows whether it is given.
    """
    managed = [(_called(it), _document(it, authorization)) for it in _members(attached)]
    return {**_items(inline), **dict(managed)}


def _members(arns: Any) -> list[Any]:
    """Return the ARNs in a list, and why there may be others as one that is not known."""
    if isinstance(arns, SomeOf):
        return [*arns.members, Unexamined(arns.reason)]
    return [arns] if isinstance(arns, Placeholder) else list(arns)


def _items(policies: Any) -> dict[str, Policy | Placeholder]:
    return {"": policies} if isinstance(policies, Placeholder) else dict(policies)


def bounds_of(role: Role, authorization: Authorization) -> tuple[Policy | Placeholder, ...]:
    """Return the document of a role's permissions boundary; nothing where it has none.

    Raises `Undetermined` where it is not known whether it has one.
    """
    limit = known(role.permissions_boundary)
    return (_document(limit, authorization),) if limit else ()


def _called(arn: Any) -> str:
    return repr(arn) if isinstance(arn, Placeholder) else str(arn)


def _document(arn: Any, authorization: Authorization) -> Policy | Placeholder:
    """Return the document of a managed policy among those of an authorization."""
    if isinstance(arn, Placeholder):
        return arn
    key = arn if MANAGED_BY_AWS.fullmatch(arn) else f"policy/{arn.rpartition('/')[2]}"
    lacking = Unexamined(f"the authorization holds no policy {arn}")
    found = authorization.policies.get(key, lacking)
    return found if isinstance(found, Policy | Placeholder) else lacking


def _alone(policy: Policy | Placeholder) -> Policy | Placeholder:
    return policy if isinstance(policy, Placeholder) else by_itself(policy)


def _certain(decisions: Iterable[Decision | Undetermined]) -> list[Decision]:
    return [it for it in decisions if not isinstance(it, Undetermined)]
