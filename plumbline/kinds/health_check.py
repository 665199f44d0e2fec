"""Health-check scripts: what they say where something is wrong."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Self

from plumbline.github.sandbox import run
from plumbline.kinds.kind import Kind
from plumbline.values.files import content
from plumbline.values.model import Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout

_MET = "met"
_MOST_BYTES = 1024 * 1024
"""What a stub notes that was asked for what is wrong."""
FAULTS = (
    "a missing table",
    "recovery switched off",
    "a missing bucket",
    "versioning switched off",
    "no encryption",
    "public access let in",
    "a missing template",
)

_FAULT = "<fault>"
"""What is wrong, where a stub has it: a variable of that name would be the script's own, too."""
_AWS = """#!/bin/sh
fault=<fault>
subject= before=
for word in "$@"; do
  case "$word" in --table-name=*) subject=${word#*=} ;; *.html) subject=$word ;; esac
  if [ "$before" = --table-name ]; then subject=$word; fi
  before=$word
done
hit() {
  if [ -s /tmp/.hit ]; then [ "$(cat /tmp/.hit)" = "of $subject" ]; else echo "of $subject" >/tmp/.hit; fi &&
    echo met >>/notes
}
refuse() { echo "$1" >&2; exit 254; }
case "$fault: $*" in
  'a missing table: dynamodb describe-'*) if hit; then refuse ResourceNotFoundException; fi ;;
  'recovery switched off: dynamodb describe-continuous-backups '*) if hit; then echo DISABLED; exit; fi ;;
  'a missing bucket: s3api head-bucket '*) if hit; then refuse 'Not Found'; fi ;;
  'versioning switched off: s3api get-bucket-versioning '*) if hit; then echo Suspended; exit; fi ;;
  'no encryption: s3api get-bucket-encryption '*)
    if hit; then refuse ServerSideEncryptionConfigurationNotFoundError; fi ;;
  'public access let in: s3api get-public-access-block '*) if hit; then echo False; exit; fi ;;
  'a missing template: s3 ls s3://'*.html*) if hit; then exit 1; fi ;;
  'a missing template: s3api head-object '*) if hit; then refuse 'Not Found'; fi ;;
esac
case "$*" in
  *describe-continuous-backups*) echo ENABLED ;;
  *GlobalSecondaryIndexes*|*ItemCount*) echo 1 ;;
  *describe-table*) echo ACTIVE ;;
  *get-bucket-versioning*) echo Enabled ;;
  *get-bucket-encryption*) echo AES256 ;;
  *get-public-access-block*) echo True ;;
esac
"""
_PYTHON = """#!/bin/sh
fault=<fault>
case "$fault: $0 $* " in
  ': '*) ;;
  *'/pytest '*|*' -m pytest '*) echo met >>/notes; echo "failed: $fault"; exit 1 ;;
esac
"""
STUBS = {"aws": _AWS, "python": _PYTHON, "python3": _PYTHON, "pytest": _PYTHON}
"""Programs that answer as if all were well but for the fault; pytest knows of any fault.

The first table, or template, that is asked about has the fault, and the others have not: a script that keeps
only what it found last, or only what all have in common, hides it.
"""


class HealthCheckScript(Kind):
    """A health-check script, run where something is wrong to see whether it says so.

    It runs where --run-scripts says so, in a sandbox with a copy of its folder; `aws`, `python` and `pytest`
    are stubs there, so that nothing is asked of AWS. A script that means to deceive can tell a sandbox from
    an account: that an honest one works is found out, and that it is honest is for its review.
    """

    noun = "health_check_script"
    plural = "health_check_scripts"
    lies_in_repository = True

    unnoticed: list[Text] = []
    """What was wrong while it ended with status 0: `a missing table`."""

    @classmethod
    def from_repository(cls, checkout: Checkout, name: str) -> Self:
        """Return what the script does. Raises `Missing` for one that is not there."""
        path = checkout.find(name, "file")
        where = f"{checkout.shown(path)}:1"
        return cls.of(
            where, {"name": name, "unnoticed": lambda: _unnoticed(path, runs=checkout.runs_scripts)}
        )


def _unnoticed(script: Path, *, runs: bool) -> list[str]:
    """Return the faults that the script met and ended well with.

    Raises `Undetermined` if it met none, where it ends wrong though all is well, and where nothing of the
    checkout may be run.
    """
    if not runs:
        raise Undetermined(f"{script.name} would have to be run, and nothing is without --run-scripts")
    if well := _run(script, "")[0]:
        raise Undetermined(f"{script.name} ends with {well} where all is well, as far as stubs can tell it")
    statuses = {fault: _status(script, fault) for fault in FAULTS}
    met = {fault: status for fault, status in statuses.items() if status is not None}
    if not met:
        raise Undetermined(f"{script.name} asks neither aws nor pytest for anything that could be wrong")
    return [fault for fault, status in met.items() if status == 0]


def _status(script: Path, fault: str) -> int | None:
    """Return the status that the script ends with where a fault is there; None where it does not meet it."""
    status, noted = _run(script, fault)
    return status if _MET in noted else None


def _copied(file: Path) -> bytes:
    try:
        return content(file, _MOST_BYTES)
    except OSError as error:
        raise Undetermined(f"{file.name} is not run: {error.strerror}") from None


def _run(script: Path, fault: str) -> tuple[int, str]:
    """Return the status that the script ends with, and what the stubs noted."""
    beside = sorted(it for it in script.parent.glob("*.sh") if it.is_file() and not it.is_symlink())
    return _ended(script.name, tuple((it.name, _copied(it)) for it in beside), fault)


@functools.lru_cache(maxsize=64)
def _ended(script: str, files: tuple[tuple[str, bytes], ...], fault: str) -> tuple[int, str]:
    """Return the same of a script by the contents of its folder, which is all that it sees."""
    with tempfile.TemporaryDirectory(prefix="health-check-") as place:
        folder, notes = Path(place, "checkout"), Path(place, "notes")
        stubs = folder / ".stubs"
        stubs.mkdir(parents=True)
        notes.touch()
        for name, held in files:
            (folder / name).write_bytes(held)
        for name, text in STUBS.items():
            (stubs / name).write_text(text.replace(_FAULT, quote(fault)))
            (stubs / name).chmod(0o755)
        for path in (Path(place), notes, folder, *folder.rglob("*")):
            path.chmod(0o777 if path == notes else 0o755)
        found = {"PATH": "/checkout/.stubs:/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "TMPDIR": "/tmp"}
        status = run(f"/checkout/{script}", folder, {**found, "LC_ALL": "C.UTF-8"}, notes)
        return status, notes.read_text(encoding="utf-8", errors="replace")
