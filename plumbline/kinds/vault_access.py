"""What backup vaults take: which there are, what their locks keep out, and whose jobs their policies deny."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.declared_policies import document
from plumbline.policy import ALL, Policy, decide, of_role
from plumbline.terraform.companions import everywhere
from plumbline.terraform.declared import Declaration, at, given, known, place, region
from plumbline.values.some_of import SomeOf, doubted
from plumbline.values.unknown import Placeholder, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Resource

VAULTS = Call("backup:ListBackupVaults", of="backup vaults in {region}")
"""What is read of vaults. DescribeBackupVault denies whoever asks for one that is not there.

Source: issue 2625 of aws/aws-sdk-js, 26347 of hashicorp/terraform-provider-aws.
"""
VAULT_POLICY = Call(
    "backup:GetBackupVaultAccessPolicy",
    {"BackupVaultName": "{vault}"},
    of="arn:aws:backup:{region}:{account}:backup-vault:{vault}",
    on="arn:aws:backup:{region}:{account}:backup-vault:*",
    absent=("ResourceNotFoundException",),
)
_STARTED = "backup:StartBackupJob"
Roles = Callable[[], Sequence[Any]]
"""Gives the ARNs of the roles that jobs run as; it is called where a policy may deny them."""


def vault_named(name: str, asked: Asked) -> Answer | None:
    """Return what an account lists of a vault; None where there is none."""
    vaults = asked.ask(VAULTS).answer.get("BackupVaultList", [])
    return next((it for it in vaults if it["BackupVaultName"] == name), None)


def kept_out(
    rules: Iterable[Mapping[str, Any]], roles: Roles, declaration: Declaration
) -> list[str] | SomeOf:
    """Return what the vaults that Terraform declares do not take of rules, whose jobs run as some roles.

    Where more may be declared, or a policy denies jobs of a role, it is at least that.
    """
    locks = everywhere(declaration.configuration, "aws_backup_vault_lock_configuration")
    policies = everywhere(declaration.configuration, "aws_backup_vault_policy")
    found: list[str] = []
    doubts = [*locks.doubts, *policies.doubts]
    for rule in rules:
        vault = known(rule.get("target_vault_name"))
        kept = known(at(rule, "lifecycle", "delete_after", default=0))
        for lock in _of_vault(vault, locks.found, declaration):
            days = (known(lock.values.get(it)) for it in ("min_retention_days", "max_retention_days"))
            found += _beyond(kept, vault, *days)
        for it in _of_vault(vault, policies.found, declaration):
            doubts += _denied(_declared_policy(it), _arn(vault, declaration), roles())
    return doubted(found, doubts)


def kept_out_there(rules: Iterable[Mapping[str, Any]], roles: Roles, asked: Asked) -> list[str] | SomeOf:
    """Return what the vaults in an account do not take of rules, as `kept_out` does of declared ones."""
    found: list[str] = []
    doubts: list[str] = []
    for rule in rules:
        name = rule["TargetBackupVaultName"]
        if (vault := vault_named(name, asked)) is None:
            continue
        kept = rule.get("Lifecycle", {}).get("DeleteAfterDays") or 0
        found += _beyond(kept, name, vault.get("MinRetentionDays"), vault.get("MaxRetentionDays"))
        if text := asked.ask(VAULT_POLICY, vault=name).answer.get("Policy"):
            policy = Policy.read(text, f"the policy of vault {name}", "resource")
            doubts += _denied(policy, vault["BackupVaultArn"], roles())
    return doubted(found, doubts)


def _of_vault(
    vault: str, found: Iterable[tuple[Resource, Any]], declaration: Declaration
) -> Iterator[Resource]:
    for resource, root in found:
        lies_here = region(resource, root) == declaration.region
        if lies_here and known(resource.values.get("backup_vault_name")) == vault:
            yield resource


def _beyond(kept: int, vault: str, least: int | None, most: int | None) -> Iterator[str]:
    """Yield why a locked vault fails every job of a rule; what is never deleted is kept longest.

    Source: AWS Backup Developer Guide, "AWS Backup Vault Lock", API_PutBackupVaultLockConfiguration.
    """
    told = f"backups are kept for {kept} days" if kept else "backups are kept for ever"
    if least and kept and kept < least:
        yield f"{told}, and the lock of {vault} takes none for less than {least}"
    if most and (not kept or kept > most):
        yield f"{told}, and the lock of {vault} takes none for more than {most}"


def _denied(policy: Policy | Placeholder, vault: str, roles: Iterable[Any]) -> Iterator[str]:
    """Yield why it is not known whether jobs of some roles are started: a policy denies them.

    Such a policy "only controls user access to AWS Backup APIs"; whether that is what a plan starts, nobody
    says. Source: AWS Backup Developer Guide, "Vault access policies".
    """
    for role in roles:
        try:
            asker = str(known(role))
            decision = decide([ALL, policy], _STARTED, vault, ("AWS", asker), of_role(asker, vault))
        except Undetermined as doubt:
            yield doubt.reason
            continue
        if decision != "allowed":
            yield (
                f"the policy of {vault} denies {_STARTED} to {asker}, and whether AWS Backup heeds that "
                "is not documented"
            )


def _declared_policy(resource: Resource) -> Policy | Placeholder:
    text = resource.values.get("policy")
    read = document(text, place(resource, "policy"), "resource") if given(text) else None
    return Policy() if read is None else read


def _arn(vault: str, declaration: Declaration) -> str:
    return f"arn:aws:backup:{declaration.region}:{declaration.account}:backup-vault:{vault}"
