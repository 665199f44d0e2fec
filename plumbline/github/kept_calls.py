"""The system calls that a sandbox keeps from what runs in it: memory that no process has, and more mounts.

It is a filter of the kernel. Source: seccomp(2), `struct sock_filter`; the numbers are those of the kernel's
syscall tables.
"""

from __future__ import annotations

import platform
import struct

_MACHINES: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (29, 68, 319, 447, 165, 430, 41, 53)),
    "aarch64": (0xC00000B7, (194, 186, 279, 447, 40, 430, 198, 199)),
}
"""What a machine is to the kernel, and its shmget, msgget, memfd_create, memfd_secret, mount, fsopen, socket
and socketpair."""
_OF_SOCKETS = -2
"""From where on they are those of sockets, which hold memory that no process has, too."""
_FOREIGN = 0x40000000
"""Calls from here on are those of another way to call: x32."""
_NUMBER, _MACHINE = 0, 4
"""Where they stand in `struct seccomp_data`."""
_LOAD, _IS, _IS_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001
"""Let a call pass; let it fail with EPERM."""


def is_known() -> bool:
    """Return whether there is a filter for this machine."""
    return platform.machine() in _MACHINES


def kept_calls(*, sockets: bool) -> bytes:
    """Return the filter for this machine, as `--seccomp` of bubblewrap reads it; `sockets` may be made."""
    machine, calls = _MACHINES[platform.machine()]
    if sockets:
        calls = calls[:_OF_SOCKETS]
    tests = [(_IS_LEAST, _FOREIGN), *((_IS, it) for it in calls)]
    steps = [(_LOAD, 0, 0, _MACHINE), (_IS, 0, len(tests) + 2, machine), (_LOAD, 0, 0, _NUMBER)]
    steps += [(test, len(tests) - at, 0, of) for at, (test, of) in enumerate(tests)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *it) for it in steps)
