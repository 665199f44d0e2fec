"""Hash and identifier functions; those that are random are unknown."""

from __future__ import annotations

import base64
import hashlib
import uuid as uuids
from collections.abc import Callable

from plumbline.terraform.expressions.base import Scope
from plumbline.terraform.functions.filesystem import read_bytes, unless_outside
from plumbline.terraform.functions.function import Function, declare
from plumbline.terraform.types import NUMBER, STRING
from plumbline.terraform.values import InvalidValue, Pending, Value

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_NAMESPACES = {
    "dns": uuids.NAMESPACE_DNS,
    "url": uuids.NAMESPACE_URL,
    "oid": uuids.NAMESPACE_OID,
    "x500": uuids.NAMESPACE_X500,
}


def _hex(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


def _base64(algorithm: str) -> Callable[[bytes], str]:
    return lambda data: base64.b64encode(hashlib.new(algorithm, data).digest()).decode()


def _of_text(digest: Callable[[bytes], str]) -> Callable[[str], Value]:
    return lambda text: digest(text.encode())


def _of_file(digest: Callable[[bytes], str]) -> Callable[[Scope, str], Value]:
    return lambda scope, path: unless_outside(scope, path, lambda: digest(read_bytes(scope, path)))


_DIGESTS = {
    **{algorithm: _hex(algorithm) for algorithm in ("md5", "sha1", "sha256", "sha512")},
    **{f"base64{algorithm}": _base64(algorithm) for algorithm in ("sha256", "sha512")},
}
for _name, _digest in _DIGESTS.items():
    function(STRING, returns=STRING, name=_name)(_of_text(_digest))
    function(STRING, returns=STRING, name=f"file{_name}", scoped=True)(_of_file(_digest))


@function(STRING, STRING, returns=STRING)
def uuidv5(namespace: str, name: str) -> Value:
    try:
        known = _NAMESPACES.get(namespace) or uuids.UUID(namespace)
    except ValueError:
        raise InvalidValue(f'"{namespace}" is neither dns, url, oid, x500 nor a UUID') from None
    return str(uuids.uuid5(known, name))


@function(returns=STRING)
def uuid() -> Value:
    return Pending("uuid()", STRING, not_null=True)


@function(STRING, rest=NUMBER, returns=STRING)
def bcrypt(text: str, *cost: Value) -> Value:
    return Pending("bcrypt()", STRING, not_null=True)


@function(STRING, STRING, returns=STRING)
def rsadecrypt(ciphertext: str, private_key: str) -> Value:
    """Pure, but a secret that nothing here should hold."""
    return Pending("rsadecrypt()", STRING, not_null=True)
