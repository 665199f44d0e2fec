"""A moment of moto: all that it holds of every service, to be brought back as often as one likes."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from types import FunctionType
from typing import Any
from weakref import WeakValueDictionary

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto.core.base_backend import BackendDict


class Moment:
    """What moto holds now."""

    def __init__(self) -> None:
        """Keep it: where everything is copied, moto would empty the copies when it empties itself."""
        self._services = list(BackendDict._instances)
        self._shared: list[Any] = []
        held = io.BytesIO()
        _Keeping(held, self._shared).dump([(dict(it), vars(it)) for it in self._services])
        self._held = held.getvalue()

    def back(self) -> None:
        """Let moto hold that again, and nothing else."""
        BackendDict.reset()
        kept = _Returning(io.BytesIO(self._held), self._shared).load()
        for service, (accounts, settings) in zip(self._services, kept, strict=True):
            dict.update(service, accounts)
            vars(service).update(settings)
            BackendDict._instances.append(service)


class _Keeping(pickle.Pickler):
    """A pickler of what moto is made of."""

    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_id(self, it: Any) -> int | None:
        """Return the number of what does not change, and cannot be written: private keys, and defaults."""
        if not isinstance(it, EllipticCurvePrivateKey | RSAPrivateKey) and not _is_default(it):
            return None
        self._shared.append(it)
        return len(self._shared) - 1

    def reducer_override(self, it: Any) -> tuple[Callable[..., Any], tuple[Any, ...]] | Any:
        """Return how to make what cannot be written as it is: a dictionary that keeps nothing alive."""
        return (WeakValueDictionary, (dict(it),)) if isinstance(it, WeakValueDictionary) else NotImplemented


def _is_default(it: Any) -> bool:
    """Return whether it is a function without a name that sees nothing but what it is given."""
    return isinstance(it, FunctionType) and it.__name__ == "<lambda>" and it.__closure__ is None


class _Returning(pickle.Unpickler):
    """The one that reads it."""

    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def persistent_load(self, number: Any) -> Any:
        """Return what the number is of."""
        return self._shared[number]
