"""Who may assume a role by a token of an identity provider, and who else may.

Source: IAM User Guide, "Available keys for AWS OIDC federation"; GitHub's documentation, "OpenID Connect
reference": a token's `sub` says for which repository, branch and environment a job runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from plumbline.policy.context import OVER_TLS, Context
from plumbline.policy.decision import decide, surely
from plumbline.policy.document import Policy, Principal
from plumbline.policy.matching import glob
from plumbline.policy.representatives import representatives
from plumbline.values.unknown import Placeholder, Undetermined

_BY_TOKEN = "sts:AssumeRoleWithWebIdentity"
_WAYS = ("sts:AssumeRole", _BY_TOKEN, "sts:AssumeRoleWithSAML")
_CLAIMS = (
    *(":amr", ":azp", ":email", ":id", ":oaud", ":actor", ":actor_id", ":enterprise_id", ":environment"),
    *(":job_workflow_ref", ":ref", ":repository", ":repository_id", ":repository_owner"),
    *(":repository_owner_id", ":workflow"),
)
"""The claims besides `sub` and `aud` that IAM may take from a token; a request never has another one."""
_ANY = {"sub": "any subject", "aud": "any audience"}


@dataclass(frozen=True)
class Trusted:
    """Whom a role is meant to trust: subjects of an identity provider, for an audience."""

    provider: str
    """The provider's ARN."""
    subjects: Sequence[str]
    """Patterns, in which `*` is any text: `repo:shop/orders:environment:prod`."""
    audience: str

    @property
    def issuer(self) -> str:
        """How the condition keys of its claims begin: its URL without `https://`."""
        return self.provider.partition(":oidc-provider/")[2]

    def holds(self, subject: str, audience: str) -> bool:
        """Return whether a token is one of those that are meant."""
        named = _without_case(subject)
        return audience == self.audience and any(glob(_without_case(it))(named) for it in self.subjects)


def _without_case(subject: str) -> str:
    """Return a subject as GitHub compares it: owner and repository have no letter case, branches have."""
    *owner, where = subject.split(":", 2)
    return ":".join([*(it.lower() for it in owner), where]) if len(owner) == 2 else subject.lower()


def strangers(trust: Policy, meant: Trusted) -> list[str]:
    """Return who may assume a role besides those who are meant, as its trust policy names them.

    Raises `Undetermined` where nobody surely may, and somebody may by what is not known.
    """
    return surely(
        (told, partial(_may, trust, action, principal, context))
        for told, action, principal, context in (*_by_token(trust, meant), *_otherwise(trust, meant))
    )


def _may(trust: Policy, action: str, principal: Principal, context: Context) -> bool:
    return decide([trust], action, "", principal, context) == "allowed"


def locked_out(trust: Policy, meant: Trusted) -> list[str]:
    """Return those of the subjects that are meant of which none may assume the role.

    Raises `Undetermined` where that hangs on what is not known.
    """
    return [it for it in meant.subjects if not _any_may(trust, meant, it)]


def _any_may(trust: Policy, meant: Trusted, subject: str) -> bool:
    doubts: list[Undetermined] = []
    for text in representatives(_patterns(trust, meant, "sub")):
        if not glob(subject)(text):
            continue
        try:
            principal, context = _request(trust, meant, text, meant.audience)
            if decide([trust], _BY_TOKEN, "", principal, context) == "allowed":
                return True
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts:
        raise doubts[0]
    return False


def _request(trust: Policy, meant: Trusted, subject: str, audience: str) -> tuple[Principal, Context]:
    """Return who asks STS with a token, and what is known of that."""
    context = {
        **OVER_TLS,
        **dict.fromkeys(it for it in _asked_for(trust, meant.issuer) if not it.lower().endswith(_CLAIMS)),
        "aws:FederatedProvider": meant.provider,
        f"{meant.issuer}:sub": subject,
        f"{meant.issuer}:aud": audience,
    }
    return ("Federated", meant.provider), context


_Asked = tuple[str, str, Principal, Context]
"""Who asks, as a policy names it; the action; the principal; what is known of the request."""


def _by_token(trust: Policy, meant: Trusted) -> Iterator[_Asked]:
    """Yield the requests with tokens that are not meant: one for each way to match what the policy says."""
    audiences = representatives(_patterns(trust, meant, "aud"))
    subjects = representatives(_patterns(trust, meant, "sub"))
    for audience, subject in product(audiences, subjects):
        if not meant.holds(subject, audience):
            told = f"{_told(trust, meant, 'sub', subject)} for {_told(trust, meant, 'aud', audience)}"
            yield told, _BY_TOKEN, *_request(trust, meant, subject, audience)


def _otherwise(trust: Policy, meant: Trusted) -> Iterator[_Asked]:
    """Yield the requests of whoever else is named: they have no token of the provider's."""
    context: Context = {**OVER_TLS, **dict.fromkeys(_asked_for(trust, meant.issuer))}
    named = {
        (sort, name)
        for statement in trust.statements
        if statement.effect == "Allow"
        for sort, names in statement.principals.items()
        for name in names
        if not isinstance(name, Placeholder)
    }
    for sort, name in sorted(named - {("Federated", meant.provider)}):
        for action in _WAYS:
            yield f"{sort} {name}", action, (sort, name), context


def _told(trust: Policy, meant: Trusted, claim: str, text: str) -> str:
    """Return how a policy names what a token says: the patterns that let it in."""
    patterns = [*_of_policy(trust, f"{meant.issuer}:{claim}")]
    fitting = [it for it in patterns if glob(it)(text)]
    fitting = fitting or [it for it in patterns if it.swapcase() == text]
    return " or ".join(sorted(set(fitting))) or _ANY[claim]


def _patterns(trust: Policy, meant: Trusted, claim: str) -> list[str]:
    """Return what makes a difference of a claim; also in the other letter case, where IAM ignores that."""
    key = f"{meant.issuer}:{claim}"
    wanted = [*meant.subjects] if claim == "sub" else [meant.audience]
    either_case = (it.swapcase() for it in _of_policy(trust, key, "IgnoreCase"))
    return [*_of_policy(trust, key), *either_case, *wanted]


def _of_policy(trust: Policy, key: str, by: str = "") -> Iterator[str]:
    """Yield what a policy compares a key with, by operators of this sort."""
    for operator, told, values in _conditions(trust):
        if told.lower() == key.lower() and by in operator:
            yield from (it for it in values if isinstance(it, str))


def _asked_for(trust: Policy, issuer: str) -> list[str]:
    """Return the keys that a policy asks for as claims of an issuer."""
    keys = {key for _, key, _ in _conditions(trust)}
    return sorted(it for it in keys if it.lower().rpartition(":")[0] == issuer.lower())


def _conditions(trust: Policy) -> Iterator[tuple[str, str, Sequence[object]]]:
    """Yield each operator with a key and what that is compared with."""
    for statement in trust.statements:
        for operator, keys in statement.conditions.items():
            yield from ((operator, key, values) for key, values in keys.items())
