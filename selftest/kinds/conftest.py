"""Randomised proofs: a failing one prints how to repeat it, and in CI each run tries the same examples."""

import os

from hypothesis import HealthCheck, settings

from selftest.applied.fixtures import applied

__all__ = ["applied"]

settings.register_profile(
    "kinds",
    max_examples=60,
    deadline=None,
    print_blob=True,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kinds")
