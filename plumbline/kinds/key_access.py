"""Who may use a key of KMS: its policy, as the key says it and as what it encrypts asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.kinds.facet import Fields, Found
from plumbline.policy import Policy
from plumbline.terraform.companions import companion, companions, speaking
from plumbline.terraform.declared import Declaration, given, place
from plumbline.values.unknown import Identity, Placeholder, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

SYMMETRIC = "SYMMETRIC_DEFAULT"
"""The spec of keys that encrypt with one secret: services that keep data encrypt with no other.

Source: KMS Developer Guide, "Symmetric encryption KMS keys".
"""
_ANY_KEY = "arn:aws:kms:{region}:{account}:key/*"
KEYS = Call("kms:DescribeKey", {"KeyId": "{id}"}, of="{name}", on=_ANY_KEY)
KEY_POLICY = Call("kms:GetKeyPolicy", {"KeyId": "{id}", "PolicyName": "default"}, of="{name}", on=_ANY_KEY)
"""KMS tells the policy of an id only, not of an alias."""


def by_default(account: str) -> Policy:
    """Return the policy that KMS gives a key, without regard to which it is.

    Source: KMS developer guide, "Default key policy".
    """
    root = f"arn:aws:iam::{account}:root"
    return Policy.read({"Statement": _allowed({"AWS": root}, "kms:*")}, "the default key policy")


def described_policy(answer: Answer, account: str, key: str) -> Policy | None:
    """Return the policy in an answer; None where it is the default one."""
    policy = _of_itself(Policy.read(answer["Policy"], f"the policy of {key}"))
    return None if policy == by_default(account) else policy


def policy_of_key(declaration: Declaration, named: Any) -> Policy | Placeholder | None:
    """Return the policy of the key that an argument names; None where it is the default one.

    Raises `Undetermined` where Terraform does not declare the key, or it is not known which it is.
    """
    if is_of_aws(named):
        return None
    return declared_policy(*_key(declaration, named))


def encrypts(declaration: Declaration, named: Any) -> Any:
    """Return whether the key that an argument names encrypts data. Raises as `policy_of_key`."""
    if is_of_aws(named):
        return True
    key, _ = _key(declaration, named)
    for name, right in (("customer_master_key_spec", SYMMETRIC), ("is_enabled", True)):
        told = key.values.get(name)
        if isinstance(told, Placeholder):
            return told
        if told is not None and told != right:
            return False
    return True


def declared_access(declaration: Declaration, named: Any) -> Fields:
    """Return `key_policy` and `key_enabled` of the key that an argument names; what holds without one."""
    return {
        "key_policy": lambda: policy_of_key(declaration, named) if given(named) else None,
        "key_enabled": lambda: encrypts(declaration, named) if given(named) else True,
    }


def described_access(asked: Asked, named: str | None) -> Found:
    """Ask KMS for `key_policy` and `key_enabled` of a key, by its ARN or that of an alias; None is no key."""
    if named is None or is_of_aws(named):
        return Found({"key_policy": None, "key_enabled": True}, "")
    key = asked.ask(KEYS, id=named).answer["KeyMetadata"]
    reply = asked.ask(KEY_POLICY, id=key["KeyId"])
    return Found(
        reply.at("@").map(
            lambda it: {
                "key_policy": described_policy(it, asked.account, named),
                "key_enabled": key["Enabled"] and key.get("KeySpec", SYMMETRIC) == SYMMETRIC,
            }
        ),
        reply.call,
    )


def is_of_aws(named: Any) -> bool:
    """Return whether an argument names a key that AWS made for a service of it."""
    return isinstance(named, str) and named.rpartition(":")[2].startswith("alias/aws/")


def _key(declaration: Declaration, named: Any) -> tuple[Resource, Configuration]:
    here = declaration.configuration
    for home in (here, *here.others()):
        for key in home.of_type("aws_kms_key"):
            if _is_named(named, key, home):
                return key, home
    raise Undetermined(f"no key of Terraform here is the one that {declaration.resource.address} names")


def declared_policy(key: Resource, configuration: Configuration) -> Policy | Placeholder | None:
    """Return the policy that Terraform gives a key; None where it leaves it at the default."""
    beside = companion(key, configuration, "aws_kms_key_policy", "key_id")
    holder = speaking(key, beside, "policy", configuration.source)
    text = None if is_told_later(holder, "policy", configuration) else holder.values.get("policy")
    if not given(text):
        return None
    policy = document(text, place(holder, "policy"), "resource")
    if isinstance(policy, Placeholder):
        return policy
    policy = _of_itself(policy)
    account = configuration.settings.account
    return None if account and policy == by_default(account) else policy


def is_told_later(resource: Resource, argument: str, configuration: Configuration) -> bool:
    """Return whether a plan leaves an argument to the provider, which tells it after apply."""
    left = isinstance(resource.values.get(argument), Unknown) and argument not in resource.references
    return left and configuration.source == "plan"


def _allowed(principal: dict[str, str], action: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action}


def _of_itself(policy: Policy) -> Policy:
    """Return a key policy without its resources: it is of its own key, whatever they say."""
    return Policy(statements=[it.model_copy(update={"resources": []}) for it in policy.statements])


def with_resources(policy: Policy) -> Policy:
    """Return a key policy as KMS takes it: about its own key."""
    return Policy(statements=[it.model_copy(update={"resources": ["*"]}) for it in policy.statements])


def _is_named(named: Any, key: Resource, home: Configuration) -> bool:
    """Return whether an argument means a key: its id, its ARN, or an alias of it."""
    if isinstance(named, Identity):
        return (named.root, named.address) == (key.root, key.address)
    if isinstance(named, Placeholder):
        return bool(named.refuse())
    own = [key.values.get(it) for it in ("key_id", "id", "arn")]
    try:
        aliases = companions(key, home, "aws_kms_alias", "target_key_id")
    except Undetermined:
        aliases = []
    own += [it.values.get("name") for it in aliases]
    texts = [it for it in own if isinstance(it, str) and it]
    return any(named == it or str(named).endswith(f":{it}") or str(named).endswith(f"/{it}") for it in texts)
