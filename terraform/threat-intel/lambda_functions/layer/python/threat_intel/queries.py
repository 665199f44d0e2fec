"""How often the table is asked by which attribute, and how long that took: the optimizer reads it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from threat_intel.cache import connection

_COUNTED = "queries:counted"
_SLOWEST = "queries:slowest"


@contextmanager
def counted(attribute: str) -> Iterator[None]:
    """Count a query by this attribute, with the milliseconds that it took."""
    begun = time.monotonic()
    yield
    taken = int((time.monotonic() - begun) * 1000)
    redis = connection()
    redis.hincrby(_COUNTED, attribute, 1)
    if taken > int(redis.hget(_SLOWEST, attribute) or 0):
        redis.hset(_SLOWEST, attribute, taken)


def statistics() -> dict[str, dict[str, int]]:
    """Return of each attribute how many queries asked by it, and the milliseconds of the slowest."""
    redis = connection()
    slowest = redis.hgetall(_SLOWEST)
    return {
        attribute: {"queries": int(queries), "slowest_ms": int(slowest.get(attribute, 0))}
        for attribute, queries in redis.hgetall(_COUNTED).items()
    }
