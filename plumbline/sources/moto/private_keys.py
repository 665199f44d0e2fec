"""Private keys that moto makes of what has none in AWS, and the one that it reads anew for every pool."""

import functools
import json
from types import SimpleNamespace
from typing import Any

from joserfc.jwk import RSAKey
from moto.cognitoidp import models as user_pools
from moto.kms import models as keys
from moto.kms.utils import AbstractPrivateKey, generate_private_key

_PAIRS = ("RSA_", "ECC_")
"""How the specs of key pairs begin; any other key of KMS is one secret. Source: KMS API Reference, CreateKey,
KeySpec."""


def _private_key(spec: str) -> AbstractPrivateKey | None:
    """Return the private key of a pair, and none of what is no pair."""
    return generate_private_key(spec) if spec.startswith(_PAIRS) else None


@functools.cache
def _read(written: str) -> RSAKey:
    return RSAKey.import_key(json.loads(written))


def _signs(written: dict[str, Any]) -> RSAKey:
    """Return the key that signs the tokens of a pool: moto has one for all, and seeks its primes anew."""
    return _read(json.dumps(written))


def install() -> None:
    """Make only what somebody may ask for, and that once."""
    setattr(keys, "generate_private_key", _private_key)  # noqa: B010
    setattr(user_pools, "jwk", SimpleNamespace(RSAKey=SimpleNamespace(import_key=_signs)))  # noqa: B010
