"""The folder that the proofs take Terraform's providers from: those that are given, and a stand-in.

TF_PLUGIN_DIR names a folder with the AWS provider. The provider hashicorp/random need not lie there: where it
does not, `selftest.terraform.random_provider` stands in for it.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from functools import cache
from pathlib import Path

from selftest.front_door import REPOSITORY

_RANDOM = Path("registry.terraform.io", "hashicorp", "random")
_VERSION = "3.7.2"
"""The version that the stand-in says it is: one that ~> 3.1 admits."""


KEPT = "PROOFS_PLUGIN_DIR"
"""The variable by which the processes of a run are told the folder that its first one has made."""


@cache
def plugins() -> str:
    """Return the folder for `terraform init -plugin-dir`, which goes with the process that has made it."""
    if kept := os.environ.get(KEPT):
        return kept
    given = Path(os.environ["TF_PLUGIN_DIR"])
    if (given / _RANDOM).exists():
        return str(given)
    folder = Path(_kept().name, "providers")
    for platform in given.glob("*/*/*/*/*"):
        # Terraform follows a link only here.
        linked = folder / platform.relative_to(given)
        linked.parent.mkdir(parents=True, exist_ok=True)
        linked.symlink_to(platform)
        _stand_in(folder / _RANDOM / _VERSION / platform.name)
    return str(folder)


@cache
def _kept() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="terraform-")


def _stand_in(platform: Path) -> None:
    """Write what Terraform starts: this Python, with the module that stands in."""
    platform.mkdir(parents=True, exist_ok=True)
    program = platform / f"terraform-provider-random_v{_VERSION}_stand_in"
    start = [sys.executable, "-m", "selftest.terraform.random_provider"]
    program.write_text(f"#!/bin/sh\ncd {shlex.quote(str(REPOSITORY))} && exec {shlex.join(start)}\n", "utf-8")
    program.chmod(0o755)
