"""The account that the credentials in use belong to."""

from __future__ import annotations

from typing import ClassVar

from plumbline.kinds.call import Call
from plumbline.kinds.kind import Kind


class Account(Kind):
    """An AWS account, as the Security Token Service names the caller. moto's is the environment's."""

    noun = "account"
    plural = "accounts"
    in_every_account = True
    call = Call("sts:GetCallerIdentity", of="account {name}")

    in_answer: ClassVar = {"id": "Account"}

    id: str = ""
    """The twelve digits of the caller's account."""
