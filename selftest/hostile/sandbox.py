"""Proofs that run a script of a checkout."""

import pytest

from plumbline.github.sandbox import PROGRAM, can_run

needs_sandbox = pytest.mark.skipif(not can_run(), reason=f"needs bubblewrap: there is no {PROGRAM} here")
