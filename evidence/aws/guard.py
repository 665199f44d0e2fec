"""What a live run may do: read, and nothing else, in the right account and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.kind import kinds

if TYPE_CHECKING:
    from botocore.model import OperationModel


class GuardError(Exception):
    """A live run that must not start, or a call that must not be made; the message says what to do."""


def allowed_operations() -> frozenset[str]:
    """Return the operations that a run may call: those that a kind reads with, and who am I."""
    return frozenset({"sts:GetCallerIdentity"}.union(*(kind.reads for kind in kinds().values())))


def refuse_writes(model: OperationModel, **_: Any) -> None:
    """Refuse an operation that no kind reads with. Registered on botocore's `before-call` event.

    Raises `GuardError` before a request is signed or sent.
    """
    operation = f"{model.service_model.service_name}:{model.name}"
    if operation not in allowed_operations():
        raise GuardError(f"{operation} was refused: a live run calls read operations of its kinds only")
