"""Health-check scripts: what they say where something is wrong."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from plumbline.kinds.kind import Kind
from plumbline.kinds.repository import run
from plumbline.values.model import Text
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.github.checkout import Checkout

FAULTS = ("a missing table", "recovery switched off", "a missing template")

_AWS = """#!/bin/sh
case "$FAULT: $*" in
  'a missing table: dynamodb describe-table '*) : >"$MET"; echo ResourceNotFoundException >&2; exit 254 ;;
  'recovery switched off: dynamodb describe-continuous-backups '*) : >"$MET"; echo DISABLED; exit 0 ;;
  'a missing template: s3 ls s3://'*.html*) : >"$MET"; exit 1 ;;
  'a missing template: s3api head-object '*) : >"$MET"; echo 'Not Found' >&2; exit 254 ;;
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
case "$0 $* " in
  *'/pytest '*|*' -m pytest '*) : >"$MET"; echo "failed: $FAULT"; exit 1 ;;
esac
"""
STUBS = {"aws": _AWS, "python": _PYTHON, "python3": _PYTHON, "pytest": _PYTHON}
"""Programs that answer as if all were well but for the fault; pytest knows of any fault."""


class HealthCheckScript(Kind):
    """A health-check script, run where something is wrong to see whether it says so.

    It runs in a copy of its folder, without the caller's environment variables; `aws`, `python` and `pytest`
    are stubs there, so that nothing is asked of AWS.
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
        return cls.of(f"{checkout.shown(path)}:1", {"name": name, "unnoticed": lambda: _unnoticed(path)})


def _unnoticed(script: Path) -> list[str]:
    """Return the faults that the script met and ended well with. Raises `Undetermined` if it met none."""
    statuses = {fault: _status(script, fault) for fault in FAULTS}
    met = {fault: status for fault, status in statuses.items() if status is not None}
    if not met:
        raise Undetermined(f"{script.name} asks neither aws nor pytest for anything that could be wrong")
    return [fault for fault, status in met.items() if status == 0]


def _status(script: Path, fault: str) -> int | None:
    """Return the status that the script ends with where a fault is there; None where it does not meet it."""
    with tempfile.TemporaryDirectory(prefix="health-check-") as place:
        folder, stubs, met = Path(place, script.parent.name), Path(place, "stubs"), Path(place, "met")
        folder.mkdir()
        stubs.mkdir()
        for file in script.parent.glob("*.sh"):
            shutil.copy(file, folder)
        for name, text in STUBS.items():
            (stubs / name).write_text(text)
            (stubs / name).chmod(0o755)
        variables = {"PATH": f"{stubs}:/usr/local/bin:/usr/bin:/bin", "HOME": place, "TMPDIR": place}
        told = {"FAULT": fault, "MET": str(met), "LC_ALL": "C.UTF-8"}
        ended = run(["bash", f"{folder.name}/{script.name}"], Path(place), variables | told)
        return ended.returncode if met.exists() else None
