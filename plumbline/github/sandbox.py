"""Where a script of an examined checkout runs: without network, home, environment or files but its own.

It is made by bubblewrap. Source: bwrap(1).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.github.kept_calls import is_known, kept_calls
from plumbline.values.shown import text
from plumbline.values.unknown import Undetermined

PROGRAM = "bwrap"
"""The program of bubblewrap."""
PATIENCE_SECONDS = 10
_NOBODY = 65534
"""Who root is inside: a limit of processes does not hold root."""
_LIMITS = "ulimit -c 0 -f 16384 -v 1048576 -u 64 -n 256"
"""No core, 16 MiB a file, 1 GiB of memory a process, 64 processes, 256 open files each."""
MOST_MEMORY_BYTES = 1024**3
_LOOKS_AGAIN_SECONDS = 0.05
_MOST_WRITTEN_BYTES = 16 * 1024 * 1024
"""How much the folder that it may write in takes."""
_STARTED = "started"
_SYSTEM = ("bin", "sbin", "lib", "lib64")
"""What stands beside /usr; on most systems a link into it."""


@dataclass(frozen=True)
class Room:
    """How much what runs may take, and what it sees besides."""

    limits: str = _LIMITS
    most_memory_bytes: int = MOST_MEMORY_BYTES
    """How much memory all of its processes have together."""
    most_written_bytes: int = _MOST_WRITTEN_BYTES
    patience_seconds: int = PATIENCE_SECONDS
    """How long it may run."""
    sockets: bool = False
    """Whether its processes may speak to each other by them, as Terraform and its providers do."""
    seen: tuple[Path, ...] = ()
    """Files and folders that it sees where they lie, to read."""


OF_A_SCRIPT = Room()


def can_run() -> bool:
    """Return whether there is bubblewrap here."""
    return shutil.which(PROGRAM) is not None


def run(
    script: str, folder: Path, variables: Mapping[str, str], notes: Path, room: Room | None = None
) -> int:
    """Run `bash SCRIPT` where it sees a folder as `/checkout` and may write in `/tmp`; return its status.

    What it, or what it starts, writes to `/notes` stands in the file `notes` then. All of that ends with it.
    Raises `Undetermined` where it does not end in time, takes too much memory, or where the sandbox cannot be
    made.
    """
    if not is_known():
        raise Undetermined("the sandbox cannot be made here: which system calls to keep from it is not known")
    room = room or OF_A_SCRIPT
    given = [word for name, value in variables.items() for word in ("--setenv", name, value)]
    inside = f'echo {_STARTED} >>/notes; {room.limits}; exec /bin/bash --norc -- "$0" >/dev/null 2>&1'
    words = [
        *(shutil.which(PROGRAM) or PROGRAM, *_walls(), *_inside(room), *given),
        *("--ro-bind", str(folder), "/checkout", "--bind", str(notes), "/notes", "--chdir", "/checkout"),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
    ]
    command = ["--", "/bin/bash", "--noprofile", "--norc", "-c", inside, script]
    reading, writing = os.pipe()
    kept, filtering = os.pipe()
    os.write(filtering, kept_calls(sockets=room.sockets))
    os.close(filtering)
    # Its first process shows its environment to all others inside: there is nothing in it.
    with (
        os.fdopen(reading) as told,
        subprocess.Popen(
            [*words, "--info-fd", str(writing), "--seccomp", str(kept), *command],
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[writing, kept],
            **_as_nobody(),
        ) as started,
    ):
        os.close(writing)
        os.close(kept)
        first = _first(told.read())
        try:
            errors = _watched(started, first, script, room)
        finally:
            if started.poll() is None:
                _end(started, first)
    if _STARTED not in notes.read_text(encoding="utf-8", errors="replace"):
        why = text(errors.decode("utf-8", "replace").strip())
        raise Undetermined(f"the sandbox cannot be made here: {why}")
    return started.returncode


def _first(info: str) -> int | None:
    """Return the first process of a sandbox, from what bubblewrap tells; None where it was not made."""
    return int(json.loads(info)["child-pid"]) if info else None


def _watched(started: subprocess.Popen[bytes], first: int | None, script: str, room: Room) -> bytes:
    """Return what bubblewrap says of a sandbox, once that has ended. Raises `Undetermined` if it does not."""
    ends = time.monotonic() + room.patience_seconds
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return started.communicate(timeout=_LOOKS_AGAIN_SECONDS)[1]
        if first and _memory(first) > room.most_memory_bytes:
            most = room.most_memory_bytes // 1024**2
            raise Undetermined(f"bash {script} takes more than {most:,} MiB of memory")
        if time.monotonic() > ends:
            raise Undetermined(f"bash {script} does not end within {room.patience_seconds} s")


def _memory(first: int) -> int:
    """Return how many bytes of memory a process and all below it have of their own, or share among them."""
    told = {}
    for place in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):  # it has ended since
            lines = (line.partition(":") for line in place.read_text(errors="replace").splitlines())
            told[int(place.parent.name)] = {
                name: value.split()[0] for name, _, value in lines if value.split()
            }
    below, found = {first}, [first]
    for parent in found:
        found += [it for it, of in told.items() if of.get("PPid") == str(parent) and it not in below]
        below |= {*found}
    of_each = (told[it].get(name, "0") for it in found if it in told for name in ("RssAnon", "RssShmem"))
    return 1024 * sum(map(int, of_each))


def _end(started: subprocess.Popen[bytes], first: int | None) -> None:
    """End a sandbox and all processes in it; none of them is left when this returns.

    The kernel ends a process namespace with its first process, and bubblewrap waits for that one: it is
    what is ended here, and not bubblewrap itself. Source: pid_namespaces(7); bwrap(1), --info-fd.
    """
    with contextlib.suppress(ProcessLookupError):
        os.kill(first or started.pid, signal.SIGKILL)
    started.wait()


def _walls() -> Iterator[str]:
    """Yield what keeps everything out that is not given: of the system there is /usr, to read."""
    yield from ("--unshare-all", "--die-with-parent", "--as-pid-1", "--new-session")
    yield from ("--clearenv", "--cap-drop", "ALL")
    yield from ("--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev")
    for name in _SYSTEM:
        beside = Path("/", name)
        if beside.is_symlink():
            yield from ("--symlink", os.readlink(beside), str(beside))
        elif beside.is_dir():
            yield from ("--ro-bind", str(beside), str(beside))


def _inside(room: Room) -> Iterator[str]:
    """Yield the folder that may be written in, and what is given to read."""
    yield from ("--size", str(room.most_written_bytes), "--tmpfs", "/tmp")
    for path in room.seen:
        yield from ("--ro-bind", str(path), str(path))


def _as_nobody() -> dict[str, Any]:
    """Return what makes the process that of nobody, where this one is root's."""
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
