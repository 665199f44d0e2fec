"""The guard of a whole process: every botocore client in it, whoever made it and whatever was done to it.

botocore sends a request in one place, and makes one of a call in another; both are held for as long as a
sentence runs. Presigned addresses are made by no call and sent by no client: they are not held.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from plumbline.aws.guard import GuardError, operation_of

if TYPE_CHECKING:
    from botocore.model import OperationModel

OF_READERS = "plumbline-read"
"""How the threads are called that read for all sentences: what is refused in one, its own sentence tells."""

_LET: WeakSet[Any] = WeakSet()
"""The clients of moto's accounts, which lie in this process."""
_OWN: WeakSet[Any] = WeakSet()
"""The clients of a run itself, which ask where its own calls are made."""

_PROVIDERS = ("botocore.credentials", "botocore.tokens", "plumbline.aws.session")
_OF_PROVIDERS = ("sts", "sso", "sso-oidc", "signin")
"""Who fetches credentials in the middle of a call, and the services that give them. Source: AWS SDKs and
Tools Reference Guide, "Standardized credential providers"."""
_REDIRECTING = ("botocore.utils", "s3:HeadBucket")
"""How botocore asks in which region a bucket lies, where S3 sent it away."""


def let(client: Any) -> Any:
    """Exempt a client from the guard, for good: it reaches nothing but this process."""
    _LET.add(client)
    return client


def own(client: Any) -> Any:
    """Say of a client that it is a run's own: it is held as all are, but for the place that it asks."""
    _OWN.add(client)
    return client


@contextmanager
def guarded(refuse: Callable[..., None]) -> Iterator[list[GuardError]]:
    """Hold all clients of this process for as long as the block runs, and give what was refused in it.

    `refuse` takes `model`, `params` and `event_name`, as a handler of botocore's `before-parameter-build`,
    and `client`, which is None where that is the run's own.
    """
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint

    standing, refused, under_way = [True], [], threading.local()
    call, send = BaseClient._make_api_call, Endpoint.make_request

    def hold(model: OperationModel, **what: Any) -> None:
        try:
            refuse(model=model, **what)
        except GuardError as reason:
            if not threading.current_thread().name.startswith(OF_READERS):
                refused.append(reason)
            raise

    def held_call(self: Any, operation_name: str, api_params: Any) -> Any:
        if not standing[0]:
            return call(self, operation_name, api_params)
        model = self.meta.service_model.operation_model(operation_name)
        if self not in _LET and not _asked_by_botocore(operation_of(model)):
            client = None if self in _OWN else self
            hold(model, params=api_params, event_name="before-parameter-build", client=client)
        outer = getattr(under_way, "operation", None)
        under_way.operation = operation_of(model)
        try:
            return call(self, operation_name, api_params)
        finally:
            under_way.operation = outer

    def held_send(self: Any, operation_model: OperationModel, request_dict: Any) -> Any:
        if standing[0] and getattr(under_way, "operation", None) != operation_of(operation_model):
            told = f"{operation_of(operation_model)} was refused: it is sent past the call that makes it"
            refused.append(GuardError(told))
            raise refused[-1]
        return send(self, operation_model, request_dict)

    BaseClient._make_api_call, Endpoint.make_request = held_call, held_send
    try:
        yield refused
    finally:
        standing[0] = False  # somebody may have wrapped what was put there, and holds it
        if BaseClient._make_api_call is held_call:
            BaseClient._make_api_call = call
        if Endpoint.make_request is held_send:
            Endpoint.make_request = send


def _asked_by_botocore(operation: str) -> bool:
    """Return whether botocore asks this for itself, in the middle of another call."""
    if operation.partition(":")[0] in _OF_PROVIDERS:
        return any(module in _PROVIDERS for module in _callers())
    asker, asked = _REDIRECTING
    return operation == asked and asker in _callers()


def _callers() -> Iterator[str]:
    """Yield the names of the modules that the current call was made from, the innermost first."""
    frame = sys._getframe(1)
    while frame:
        yield frame.f_globals.get("__name__", "")
        if frame.f_back is None:
            return
        frame = frame.f_back
