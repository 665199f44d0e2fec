"""A run that is ended from outside ends as with Ctrl-C: what it keeps of an account is removed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def interrupt_on_signals() -> Callable[[], None]:
    """Let the signals that end a process interrupt the run, and return what undoes that.

    By default they end Python at once, and nothing is removed. A signal that somebody else handles, or has
    told to ignore, as `nohup` does, is left alone, and so are later ones: a run ends once.
    """
    arrived = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal arrived
        if not arrived:
            arrived = True
            raise KeyboardInterrupt(f"ended by {signal.Signals(number).name}")

    ours: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        by_default = [number for number in _SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
        ours = {number: signal.signal(number, interrupt) for number in by_default}

    def undo() -> None:
        for number, before in ours.items():
            if signal.getsignal(number) is interrupt:
                signal.signal(number, before)

    return undo
