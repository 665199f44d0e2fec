"""What one evaluation may cost: steps, values and memory are counted, and time is watched.

Terraform has no such limits. Nothing that anybody wrote to be applied comes near these.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from plumbline.terraform.model import Location
    from plumbline.terraform.values import Value

MOST_STEPS = 5_000_000
"""How many expressions are evaluated; one in a loop counts each time."""
MOST_VALUES = 20_000_000
"""How many values are made: each element of a collection is one, and so are this many characters:"""
CHARACTERS = 32
MODULE = 500
"""How many values a module counts as, whatever it declares."""
MOST_SECONDS = 120
MOST_BYTES = 3 * 1024**3
"""By how much the memory of the process may grow."""
_LOOKS_AGAIN = 0.5
_STATM = Path("/proc/self/statm")


class Placed(Protocol):
    """An expression or a block."""

    @property
    def location(self) -> Location:
        """Where it stands."""


class Spent(Exception):
    """An evaluation that would cost more than it may. No expression can hide it: try() does not catch it."""

    def __init__(self, why: str = "", at: Placed | None = None) -> None:
        super().__init__(why)
        self.why, self.at = why, at


class Budget:
    """What is left to one evaluation."""

    def __init__(self) -> None:
        self.steps, self.values = MOST_STEPS, MOST_VALUES
        self.at: Placed | None = None
        """What is evaluated at the moment."""
        self.why = ""
        """Why the evaluation is to end, where it is ended from outside."""

    def step(self, at: Placed | None = None) -> None:
        """Count a step. Raises `Spent`."""
        self.steps -= 1
        if at is not None:
            self.at = at
        if self.steps < 0:
            raise Spent(f"the evaluation takes more than {MOST_STEPS:,} steps", self.at)

    def made(self, value: Value) -> None:
        """Count what a value is made of, in whatever it stands again. Raises `Spent`."""
        waiting = [value]
        while waiting:
            it = waiting.pop()
            if isinstance(it, dict):
                waiting.extend(it.values())
            elif isinstance(it, list):
                waiting.extend(it)
            self.count(1 + len(it) // CHARACTERS if isinstance(it, str) else 1)

    def count(self, values: int) -> None:
        """Count that many values. Raises `Spent`."""
        self.values -= values
        if self.values < 0:
            raise Spent(f"the evaluation makes more than {MOST_VALUES:,} values", self.at)


def watch(evaluating: threading.Thread, budget: Budget) -> None:
    """Wait for an evaluation; end one that takes too long, or too much memory, for what no count sees."""
    started, before = time.monotonic(), _memory()
    while evaluating.is_alive():
        evaluating.join(_LOOKS_AGAIN)
        if time.monotonic() - started > MOST_SECONDS:
            budget.why = f"the evaluation takes more than {MOST_SECONDS} seconds"
        elif _memory() - before > MOST_BYTES:
            budget.why = f"the evaluation takes more than {MOST_BYTES // 1024**3} GiB of memory"
        if budget.why and evaluating.ident is not None:
            _raise_in(evaluating.ident)


def _raise_in(thread: int) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Spent))


def _memory() -> int:
    """How much memory the process has, in bytes; 0 where the system does not say so. Source: proc(5)."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0
