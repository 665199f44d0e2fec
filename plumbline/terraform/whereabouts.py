"""Whose the resources of a provider configuration are.

Source: the AWS provider's documentation, "Assuming an IAM Role", "allowed_account_ids" and
"forbidden_account_ids".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from plumbline.terraform.model import Settings
from plumbline.values.arns import account_in
from plumbline.values.unknown import Placeholder


def of(provider: Mapping[str, Any], settings: Settings) -> Settings:
    """Return an environment's settings with the account that a provider configuration works in.

    That is the account of the last role that it assumes, or else the one that it is bound to. Where nobody
    says which account the environment's is, nothing is held against it.
    """
    account = account_of(provider, settings.account or "") if settings.owner else ""
    return replace(settings, account=account) if account else settings


def account_of(provider: Mapping[str, Any], usual: str) -> str:
    """Return the account that a provider configuration says that it works in; `usual` if that can be it.

    It is empty where it does not say any.
    """
    accounts = list(_accounts(provider))
    return usual if usual in accounts else next(iter(accounts), "")


def refuses(provider: Mapping[str, Any], account: str) -> bool:
    """Return whether a provider configuration ends where its credentials are those of an account."""
    forbidden = provider.get("forbidden_account_ids")
    return isinstance(forbidden, list) and account in [it for it in forbidden if isinstance(it, str)]


def _accounts(provider: Mapping[str, Any]) -> Iterator[str]:
    """Yield the accounts that a provider configuration can work in; none where it does not say."""
    roles = provider.get("assume_role")
    role = roles[-1] if isinstance(roles, list) and roles else {}
    arn = role.get("role_arn") if isinstance(role, Mapping) else None
    if isinstance(arn, str) and account_in(arn):
        yield account_in(arn)
        return
    allowed = provider.get("allowed_account_ids")
    if isinstance(allowed, list) and not any(isinstance(it, Placeholder) for it in allowed):
        yield from map(str, allowed)
