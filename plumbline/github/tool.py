"""Programs that examine a checkout: run on a copy of it, in the sandbox, with a limit of time.

What a checkout says for them may make them run anything: plugins, checks of its own, hooks.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shlex import quote

from plumbline.github.checkout import Checkout
from plumbline.github.sandbox import Room, run
from plumbline.values.files import content
from plumbline.values.unknown import Undetermined

PATIENCE_SECONDS = 300
WORK = "/tmp/work"
"""Where the copy lies that a program works on."""
_LIMITS = "ulimit -c 0 -f 65536 -v 16777216 -u 1024"
"""No core, 64 MiB a file, 16 GiB of address space, of which Go takes much, 1024 processes and threads."""
_MOST_MEMORY_BYTES = 4 * 1024 * 1024 * 1024
_MOST_WRITTEN_BYTES = 1024 * 1024 * 1024
_MOST_COPIED_BYTES = 256 * 1024 * 1024
_MOST_TOLD_BYTES = 32 * 1024 * 1024
_MOST_ERRORS_BYTES = 64 * 1024
_SYSTEM = (Path("/usr"), Path("/bin"), Path("/sbin"))
"""What the sandbox has anyway."""


@dataclass(frozen=True)
class Told:
    """What a program ended with, and what it printed."""

    status: int
    output: str
    errors: str


def found(program: str, checkout: Checkout) -> Path:
    """Return where a program lies. Raises `Undetermined` where it is not installed."""
    place = shutil.which(program, path=checkout.programs)
    if place is None:
        raise Undetermined(f"there is no {program} here: install it, and put it on the PATH")
    return Path(place).absolute()


def copied(files: Iterable[PurePosixPath], checkout: Checkout, folder: Path) -> None:
    """Copy files of a checkout into a folder.

    Links are not followed, and not copied. Raises `Undetermined` where the files are too long together.
    """
    left = _MOST_COPIED_BYTES
    for it in files:
        source = checkout.folder / it
        if source.is_symlink() or not source.is_file():
            continue
        try:
            held = content(source, left)
        except OSError as error:
            raise Undetermined(f"{checkout.shown(source)} cannot be copied: {error.strerror}") from None
        left -= len(held)
        place = folder / it
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(held)
        place.chmod(0o755 if source.stat().st_mode & 0o111 else 0o644)


def run_on_copy(
    checkout: Checkout, program: Path, script: str, variables: Mapping[str, str], seen: Iterable[Path] = ()
) -> Told:
    """Run the lines of a script in a copy of a checkout, in which a program is found by its name.

    Raises `Undetermined` where nothing may be run, where it does not end in time, and where the sandbox
    cannot be made.
    """
    name = program.name
    if not checkout.runs_scripts:
        raise Undetermined(f"{name} would have to be run, and nothing is without --run-scripts")
    with tempfile.TemporaryDirectory(prefix="tool-") as place:
        folder, notes, lines = Path(place, "checkout"), Path(place, "notes"), Path(place, name)
        folder.mkdir()
        notes.touch()
        copied(checkout.files, checkout, folder)
        lines.write_text(_script(script))
        for path in (Path(place), *(it for it in folder.rglob("*") if it.is_dir()), folder):
            path.chmod(0o755)
        notes.chmod(0o777)
        room = Room(
            limits=_LIMITS,
            most_memory_bytes=_MOST_MEMORY_BYTES,
            sockets=True,
            most_written_bytes=_MOST_WRITTEN_BYTES,
            patience_seconds=PATIENCE_SECONDS,
            seen=(lines, *_without_parts((*_needed(program), *seen))),
        )
        path_ = ":".join(dict.fromkeys((str(program.parent), "/usr/local/bin", "/usr/bin", "/bin")))
        given = {"PATH": path_, "HOME": "/tmp", "TMPDIR": "/tmp", "LC_ALL": "C.UTF-8"}
        try:
            run(str(lines), folder, {**given, **variables}, notes, room)
        except Undetermined as reason:
            raise Undetermined(reason.reason.replace(f"bash {lines}", name)) from None
        return _told(notes.read_bytes(), name)


def _script(lines: str) -> str:
    return (
        f"cp -R /checkout {WORK} && cd {WORK} || exit\n"
        f"( {lines} ) </dev/null >/tmp/.output 2>/tmp/.errors\n"
        "status=$?\n"
        f"{{ echo $status; head -c {_MOST_TOLD_BYTES} /tmp/.output; printf '\\0'; "
        f"tail -c {_MOST_ERRORS_BYTES} /tmp/.errors; }} >>/notes\n"
    )


def _told(notes: bytes, name: str) -> Told:
    _, _, rest = notes.partition(b"\n")
    status, separator, printed = rest.partition(b"\n")
    if not separator or not status.isdigit():
        raise Undetermined(f"{name} cannot be run on a copy of the checkout: it does not fit")
    output, _, errors = printed.rpartition(b"\0")
    return Told(int(status), output.decode("utf-8", "replace"), errors.decode("utf-8", "replace"))


def _needed(program: Path) -> Iterator[Path]:
    """Yield what a program is made of outside of the system's own folder.

    That is the file, and of a script the environment of its interpreter, and what that was made from.
    """
    for file in (program, *_interpreters(program)):
        for place in dict.fromkeys((file, file.resolve())):
            yield place if file is program else place.parent.parent
    yield program.parent


def _interpreters(program: Path) -> Iterator[Path]:
    with program.open("rb") as file:
        first = file.readline(4096)
    if first.startswith(b"#!"):
        interpreter = Path(os.fsdecode(first[2:].split()[0]))
        if interpreter.is_file() and interpreter.parent.name == "bin" and not _is_of_system(interpreter):
            yield interpreter


def _without_parts(places: Iterable[Path]) -> list[Path]:
    """Return places but those of the system, and those that lie in another one."""
    own = [it for it in dict.fromkeys(places) if not _is_of_system(it)]
    return [it for it in own if not any(it != other and it.is_relative_to(other) for other in own)]


def _is_of_system(place: Path) -> bool:
    return any(place.is_relative_to(it) for it in _SYSTEM)


def words(*given: str) -> str:
    """Return words as a shell takes them."""
    return " ".join(map(quote, given))
