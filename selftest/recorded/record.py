"""`python -m selftest.recorded.record [STACK...]` records the kept plans and states of stacks anew.

It applies the reference Terraform to moto servers, for which it needs Terraform and TF_PLUGIN_DIR, and keeps
of each plan and state what `evidence` reads.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selftest.applied.environment import Applied, apply_once, cannot_apply
from selftest.recorded.files import plans, shown_states
from selftest.recorded.kept import environments, file
from selftest.stacks.proven import STACKS, Proven

READ = (
    "format_version",
    "terraform_version",
    "variables",
    "planned_values",
    "resource_changes",
    "output_changes",
    "configuration",
    "complete",
    "errored",
    "values",
)
"""What is kept of a file."""

NOISE = ("sensitive_values", "before", "before_sensitive", "after_sensitive")
"""What is left out wherever it stands."""
OF_RESOURCES = "provider_name"
"""What is left out of a resource; a block of one may have an argument that is called so, too."""


def main(names: list[str]) -> None:
    """Record every environment that is kept, or of a stack without any its first and its productive ones."""
    if reason := cannot_apply():
        raise SystemExit(reason)
    for proven in STACKS:
        if not names or proven.name in names:
            for environment in environments(proven) or _telling(proven):
                with tempfile.TemporaryDirectory(prefix="record-") as folder:
                    _record(apply_once(proven, environment, Path(folder), os.getpid()), Path(folder))


def _telling(proven: Proven) -> list[str]:
    """Return the environments whose plans stand for those of the others."""
    first, *others = proven.environments
    return [first, *(name for name in others if proven.stack.environments[name].production)]


def _record(applied: Applied, folder: Path) -> None:
    recorded = {"plan": plans(applied, folder), "state": shown_states(applied, folder)}
    for sort, files in recorded.items():
        for root, path in files.items():
            kept = file(applied.proven, applied.environment, root, sort)
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(f"{_compact(json.loads(path.read_text()))}\n")


def _compact(document: Mapping[str, Any]) -> str:
    return json.dumps({name: _stripped(document[name]) for name in READ if name in document}, indent=1)


def _stripped(value: Any) -> Any:
    """Return a value without what nobody reads and what is null."""
    if isinstance(value, dict):
        noise = (*NOISE, OF_RESOURCES) if "address" in value else NOISE
        return {name: _stripped(it) for name, it in value.items() if name not in noise and it is not None}
    return [_stripped(it) for it in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main(sys.argv[1:])
