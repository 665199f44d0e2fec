"""Whom a policy lets in from outside an account."""

from __future__ import annotations

from typing import Any

import pytest

from plumbline.policy import Policy, outsiders
from plumbline.values.unknown import Undetermined

OWN, OTHER = "111122223333", "999988887777"
ROOT, PARTNER = f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OTHER}:root"
OF_OTHERS = {"StringNotEquals": {"aws:PrincipalAccount": OWN}}


def allows(principal: Any, *also: dict[str, Any], **conditions: Any) -> Policy:
    """Return a key's policy that lets a principal in."""
    named = {"Condition": conditions} if conditions else {}
    own = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*", **named}
    return Policy.read({"Statement": [own, *also]}, "here", "resource")


INSIDE = [
    allows({"AWS": ROOT}),
    allows({"AWS": OWN}),
    allows({"AWS": f"arn:aws:iam::{OWN}:role/a"}),
    allows({"AWS": "AROAEXAMPLEID1234567"}),
    allows({"Service": "logs.amazonaws.com"}),
    allows("*", StringEquals={"kms:CallerAccount": OWN}),
    allows("*", StringEquals={"aws:PrincipalAccount": "${aws:ResourceAccount}"}),
    allows("*", StringEqualsIfExists={"aws:PrincipalAccount": OWN}),
    allows("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}),
    allows(
        "*", {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": OF_OTHERS}
    ),
    allows({"AWS": PARTNER}, StringEquals={"aws:PrincipalAccount": OWN}),
]
OUTSIDE = [
    (allows("*"), ["*"]),
    (allows({"AWS": [ROOT, PARTNER]}), [PARTNER]),
    (allows({"AWS": OTHER}), [OTHER]),
    (allows({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/a/b"}), [f"arn:aws:sts::{OTHER}:assumed-role/a/b"]),
    (allows("*", StringEquals={"kms:ViaService": "s3.eu-west-3.amazonaws.com"}), ["*"]),
    (allows("*", StringEquals={"aws:PrincipalAccount": [OWN, OTHER]}), ["*"]),
    (allows("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/deployer"}), ["*"]),
    (allows("*", StringEquals={"aws:PrincipalOrgID": "o-1"}), ["*"]),
    (allows("*", **{"ForAllValues:StringEquals": {"kms:CallerAccounts": OWN}}), ["*"]),
]


@pytest.mark.parametrize("policy", INSIDE, ids=str)
def test_nobody_outside_is_let_in(policy: Policy) -> None:
    assert outsiders(policy, OWN) == []


@pytest.mark.parametrize(("policy", "told"), OUTSIDE, ids=str)
def test_who_is_let_in_is_told_as_the_policy_names_them(policy: Policy, told: list[str]) -> None:
    assert outsiders(policy, OWN) == told


def test_everybody_but_somebody_is_let_in() -> None:
    own = {"Effect": "Allow", "NotPrincipal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    assert outsiders(Policy.read({"Statement": own}, "here", "resource"), OWN) != []


def test_what_only_a_network_tells_is_not_known() -> None:
    with pytest.raises(Undetermined):
        outsiders(allows("*", StringEquals={"aws:SourceVpce": "vpce-1"}), OWN)
