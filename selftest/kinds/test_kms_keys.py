"""Keys by their alias, their id and their outputs, and what a role may do with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.iam import Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.kms import Key
from plumbline.kinds.output import Output
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.rotation_history import RotationHistory
from plumbline.policy import Policy
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Identity, Undetermined

ACCOUNT, REGION = "123456789012", "eu-west-3"
ROOT, ROLE = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:role/ci"
ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234"
USES = ["kms:Encrypt", "kms:Decrypt"]
TERRAFORM = """
resource "aws_kms_key" "k" { enable_key_rotation = true }
resource "aws_kms_key" "other" {}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.KEY.key_id
}
output "key_id" { value = aws_kms_key.k.key_id }
output "key_arn" { value = aws_kms_key.k.arn }
output "key_alias" { value = aws_kms_alias.k.name }
"""


def configuration(folder: Path, key: str = "k", also: str = "") -> Configuration:
    """A root with two keys, one of which has an alias."""
    (folder / "main.tf").write_text(TERRAFORM.replace("KEY", key) + also)
    return evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def found(here: Configuration, output: str) -> Key:
    """The key that an output names."""
    key = Output(Key, "r", output).in_source([here], REGION, "here", None)
    assert isinstance(key, Key)
    return key


@pytest.mark.parametrize("output", ["key_id", "key_arn"])
def test_an_output_that_is_what_aws_chooses_names_the_key(tmp_path: Path, output: str) -> None:
    here = configuration(tmp_path)
    assert found(here, output).arn == found(here, "key_alias").arn
    assert found(here, output).rotation_period_in_days == 365


@pytest.mark.parametrize(
    ("argument", "rotated"),
    [
        ('customer_master_key_spec = "SYMMETRIC_DEFAULT"', True),
        ('customer_master_key_spec = "RSA_2048"', False),
        ('customer_master_key_spec = "HMAC_256"', False),
        ('custom_key_store_id = "cks-1234567890abcdef0"', False),
        ("custom_key_store_id = null", True),
    ],
)
def test_kms_rotates_symmetric_keys_in_its_own_store_alone(
    tmp_path: Path, argument: str, rotated: bool
) -> None:
    text = f'resource "aws_kms_key" "a" {{\n enable_key_rotation = true\n {argument}\n}}\n'
    here = configuration(tmp_path, also=f'{text}output "a" {{ value = aws_kms_key.a.key_id }}\n')
    assert found(here, "a").rotation is rotated


def test_a_key_bears_the_alias_that_it_is_asked_for_by(tmp_path: Path) -> None:
    second = (
        'resource "aws_kms_alias" "b" {\n  name          = "alias/b"\n  target_key_id = aws_kms_key.k.id\n}\n'
    )
    here = configuration(tmp_path, also=second)
    assert [Key.find_in(REGION, here, it, "here").name for it in ("alias/k", "alias/b")] == [
        "alias/k",
        "alias/b",
    ]


def test_an_alias_of_another_key_is_not_of_this_one(tmp_path: Path) -> None:
    here = configuration(tmp_path, "other")
    assert found(here, "key_id").arn != found(here, "key_alias").arn


def key(policy: Policy | None = None, arn: Any = ARN) -> Key:
    """A key with one alias."""
    alias = f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/k"
    return Key(name="alias/k", arn=arn, aliases=[alias], policy=policy, account=ACCOUNT)


def allows(*actions: str, effect: str = "Allow", resource: Any = "*", **more: Any) -> Policy:
    """A policy of one statement."""
    own = {"Effect": effect, "Action": [*actions], "Resource": resource, **more}
    return Policy.read({"Statement": own}, "here")


def role(policy: Policy | None = None, attached: tuple[str, ...] = (), boundary: str | None = None) -> Role:
    """A role of these policies."""
    inline = {} if policy is None else {"p": policy}
    return Role(
        name="ci",
        arn=ROLE,
        inline_policies=inline,
        attached_policies=[*attached],
        permissions_boundary=boundary,
    )


def refused(key: Key, role: Role, **managed: Policy) -> list[str]:
    """What the role may not do with the key."""
    policies = {f"policy/{name}": it for name, it in managed.items()}
    return key.refused(USES, role, Authorization(name="*", policies=policies))


MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/m"
BY_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/k"}}
OF_ROLE = allows("kms:*", Principal={"AWS": ROLE})
NOT_CHOSEN = Identity("r", "aws_kms_key.k", "arn")


def test_both_policies_decide() -> None:
    may = allows(*USES, resource=ARN)
    assert refused(key(), role(may)) == []
    assert refused(key(), role()) == USES
    assert refused(key(allows("kms:Decrypt", Principal={"AWS": ROOT})), role(may)) == ["kms:Encrypt"]
    assert refused(key(allows("kms:*", Principal={"AWS": f"{ROLE}x"})), role(may)) == USES
    assert refused(key(), role(allows(*USES, resource=f"{ARN}5"))) == USES


def test_what_the_key_lets_the_role_do_itself_needs_no_policy_of_the_role() -> None:
    assert refused(key(OF_ROLE), role()) == []
    assert refused(key(allows("kms:*", Principal="*")), role()) == []


def test_a_denial_of_either_wins() -> None:
    denied = allows("kms:Encrypt", effect="Deny")
    assert refused(key(OF_ROLE), role(denied)) == ["kms:Encrypt"]
    both = Policy(
        statements=[*OF_ROLE.statements, *allows("kms:Encrypt", effect="Deny", Principal="*").statements]
    )
    assert refused(key(both), role(allows("*"))) == ["kms:Encrypt"]


def test_a_managed_policy_counts_and_a_boundary_bounds() -> None:
    assert refused(key(), role(attached=(MANAGED,)), m=allows("kms:*")) == []
    assert refused(key(), role(allows("*"), boundary=MANAGED), m=allows("kms:Decrypt")) == ["kms:Encrypt"]
    with pytest.raises(Undetermined):
        refused(key(), role(attached=(MANAGED,)))


def test_a_key_that_aws_has_not_chosen_yet_is_any_key_of_its_account() -> None:
    every = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"
    assert refused(key(arn=NOT_CHOSEN), role(allows(*USES, resource=every, Condition=BY_ALIAS))) == []
    assert refused(key(arn=NOT_CHOSEN), role(allows(*USES, resource=every.replace("eu-", "us-")))) == USES
    with pytest.raises(Undetermined):
        refused(key(arn=NOT_CHOSEN), role(allows(*USES, resource=ARN)))


def test_what_is_not_left_to_the_account_is_told() -> None:
    assert key().withheld(["kms:PutKeyPolicy"]) == []
    assert key(OF_ROLE).withheld(["kms:PutKeyPolicy"]) == ["kms:PutKeyPolicy"]
    assert key().outsiders == []


@pytest.mark.parametrize(("age", "period", "late"), [(10, 365, 0), (365, 365, 0), (400, 365, 35)])
def test_a_rotation_is_late_by_the_days_after_its_period(age: int, period: int, late: int) -> None:
    history = RotationHistory(name="alias/k", days_since_rotation=age, rotation_period_in_days=period)
    assert history.days_late == late


def test_a_key_that_is_not_rotated_has_no_period_to_be_late_for() -> None:
    with pytest.raises(Undetermined):
        _ = RotationHistory(name="alias/k", days_since_rotation=400).days_late
