"""What a live run may do: what it is handed, of the resources that it names, in the right account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel

WHO_AM_I = "sts:GetCallerIdentity"
"""What every run asks, to know whose account it is in."""

Refuses = Callable[[str, Mapping[str, Any], str], str]
"""Tells why an operation such as `s3:HeadBucket` is not called with these parameters; empty where it is.

The last of what it takes is the region that is asked, of a client that is none of the run's own; else empty.
"""


class GuardError(Exception):
    """A live run that must not start, or a call that must not be made; the message says what to do."""


def any_resource(operation: str, parameters: Mapping[str, Any], region: str) -> str:
    """Refuse no resource: the operations alone are bound."""
    return ""


def refusing_all_but(allowed: Collection[str], refuses: Refuses = any_resource) -> Callable[..., None]:
    """Return what refuses every operation but these, such as `s3:HeadBucket`, and who am I.

    It is registered on botocore's `before-parameter-build` event, where it also asks `refuses` about the
    parameters, and on `before-call`, which knows none. It raises `GuardError` before a request is signed or
    sent.
    """

    def refuse(
        model: OperationModel,
        params: Mapping[str, Any] | None = None,
        event_name: str = "",
        region: str = "",
        **_: Any,
    ) -> None:
        operation = operation_of(model)
        if operation == WHO_AM_I:
            return
        if operation not in allowed:
            raise GuardError(f"{operation} was refused: a live run calls only what its kinds declare")
        built = event_name.startswith("before-parameter-build")
        if built and (reason := refuses(operation, params or {}, region)):
            raise GuardError(reason)

    return refuse


def operation_of(model: OperationModel) -> str:
    """Return the name of an operation: `s3:HeadBucket`."""
    return f"{model.service_model.service_name}:{model.name}"
