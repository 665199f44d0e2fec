"""What a live run may do: what it is handed, and nothing else, in the right account and no other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel

WHO_AM_I = "sts:GetCallerIdentity"
"""What every run asks, to know whose account it is in."""


class GuardError(Exception):
    """A live run that must not start, or a call that must not be made; the message says what to do."""


def refusing_all_but(allowed: Collection[str]) -> Callable[..., None]:
    """Return what refuses every operation but these, such as `s3:HeadBucket`, and who am I.

    It is registered on botocore's `before-call` event and raises `GuardError` before a request is signed or
    sent.
    """

    def refuse(model: OperationModel, **_: Any) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        if operation != WHO_AM_I and operation not in allowed:
            raise GuardError(f"{operation} was refused: a live run calls only what its kinds declare")

    return refuse
