"""The Redis cluster. One connection for all invocations of an instance."""

import os
from functools import cache

import redis


@cache
def connection() -> redis.Redis:
    """Return the connection; it is made with the first command, and again where it broke."""
    return redis.Redis(
        host=os.environ["REDIS_HOST"],
        port=int(os.environ["REDIS_PORT"]),
        socket_connect_timeout=2,
        socket_timeout=2,
        health_check_interval=30,
        decode_responses=True,
    )
