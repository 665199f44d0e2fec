"""What a live run may do: read, and nothing else, in the right account and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidence.kind import kinds

if TYPE_CHECKING:
    from botocore.model import OperationModel


class GuardError(Exception):
    """A live run that must not start, or a call that must not be made; the message says what to do."""


def allowed_operations(*, writes: bool = False) -> frozenset[str]:
    """Return the operations that a run may call: those that a kind reads with, and who am I.

    With `writes` also those that a probe writes with.
    """
    declared = [kind.reads for kind in kinds().values()]
    declared += [kind.writes for kind in kinds().values() if writes]
    return frozenset({"sts:GetCallerIdentity"}.union(*declared))


def refuse_writes(model: OperationModel, **_: Any) -> None:
    """Refuse an operation that no kind reads with. Registered on botocore's `before-call` event.

    Raises `GuardError` before a request is signed or sent.
    """
    _refuse(model, writes=False)


def refuse_other_writes(model: OperationModel, **_: Any) -> None:
    """Refuse what neither a kind reads with nor a probe writes with: `refuse_writes` for --allow-writes."""
    _refuse(model, writes=True)


def _refuse(model: OperationModel, *, writes: bool) -> None:
    operation = f"{model.service_model.service_name}:{model.name}"
    if operation not in allowed_operations(writes=writes):
        what = "what its kinds and probes declare" if writes else "read operations of its kinds"
        raise GuardError(f"{operation} was refused: a live run calls {what} only")
