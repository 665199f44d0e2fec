"""What a probe may do: write, one probe at a time, each write announced first and undone however it ends."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from plumbline.values.unknown import Undetermined

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Probing:
    """Leave to probe, which a run has with --allow-writes."""

    announce: Callable[[str], None]
    """Tells the operator what is about to be written, and what was removed."""
    pause: Callable[[float], None] = time.sleep
    """Waits so many seconds."""

    def until(self, found: Callable[[], bool], most_seconds: int, every_seconds: int = 5) -> int | None:
        """Ask again and again, and return after how many seconds it was found; None where it was not."""
        for waited in range(0, most_seconds + 1, every_seconds):
            if found():
                return waited
            self.pause(every_seconds)
        return None


def leave(probing: Probing | None) -> Probing:
    """Return the leave to probe. Raises `Undetermined` in a run that has none."""
    if probing is None:
        raise Undetermined("a probe runs with --allow-writes only")
    return probing


@contextmanager
def undone(probing: Probing, announcement: str, undo: Callable[[], None]) -> Iterator[Signals]:
    """Announce what the block writes, and undo it when the block ends: by its end, an error or a signal.

    A signal that arrives while it is being undone takes effect after that.
    """
    probing.announce(announcement)
    with Signals(probing) as signals:
        finished = False
        try:
            try:
                yield signals
            finally:
                signals.hold()
                undo()
                finished = True
        except BaseException:
            if not finished:  # a signal came between the end of the block and its undoing
                signals.hold()
                undo()
            raise


class Signals:
    """The signals that end a run: they interrupt the block, or wait for its end while it is undone.

    Python delivers signals to the main thread only; in another thread nothing is changed.
    """

    def __init__(self, probing: Probing) -> None:
        self._probing = probing
        self._before: dict[signal.Signals, Any] = {}
        self._held = False
        self._arrived = False

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._arrive) for number in _SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        if self._held and self._arrived:
            raise KeyboardInterrupt

    def hold(self) -> None:
        """Let signals wait from now on."""
        self._held = True

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let signals wait for the end of this block: of a write that is undone by what it answers."""
        self._held = True
        yield
        self._held = False
        if self._arrived:
            raise KeyboardInterrupt

    def _arrive(self, number: int, frame: FrameType | None) -> None:
        self._arrived = True
        if not self._held:
            raise KeyboardInterrupt
        self._probing.announce("interrupted: one moment, what the probe wrote is being removed")
