"""The account that the credentials in use belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Fields
from plumbline.kinds.kind import Kind

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer


class Account(Kind):
    """An AWS account, as the Security Token Service names the caller. moto's is the environment's."""

    noun = "account"
    plural = "accounts"
    in_every_account = True
    call = Call("sts:GetCallerIdentity", of="account {name}")

    id: str = ""
    """The twelve digits of the caller's account."""

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {"id": answer["Account"]}
