"""`python -m plumbline demo`: makes a broken account on this machine, and holds it against its runbook.

The account is a shop's, made in the memory of one process as its Terraform has it; then somebody changes it
by hand. No AWS, no credentials, no network; nothing of yours is read, and nothing is left.

Exit codes: those of pytest, and so 1: what is wrong is the point.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from plumbline.commands.demo.made import by_hand
from plumbline.sources.moto.account import NOWHERE

ACCOUNT = Path(__file__).parent / "account"
"""What the account is made of, and what must be true of it: Terraform, a stack and its runbook."""
ASKED = ("--env", "live", "--live")
ENDED = {
    0: "all that was asked holds",
    1: "something that was read is wrong, or could not be read",
    2: "it was interrupted",
    4: "it was used wrongly",
    5: "nothing could be determined",
}
"""What the exit codes of pytest mean. README.md has a table of the outcomes that lead to them."""
_PACKAGES = Path(__file__).parents[3]
_PLUGINS = ("plumbline.entry", "plumbline.commands.demo.made")
_NOT_OURS = ("AWS_", "PYTEST_", "GITHUB_", "TF_")
"""How variables begin that choose an account, steer pytest, or tell of a job that is not this."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options: there is nothing to choose."""


def run(arguments: argparse.Namespace) -> int:
    """Make the account, hold it, and say what was seen; the account ends with the run."""
    print("\n".join(_before()), flush=True)
    with tempfile.TemporaryDirectory(prefix="plumbline-demo-") as name:
        folder = Path(name) / "shop"
        shutil.copytree(ACCOUNT, folder)
        plugins = (word for it in _PLUGINS for word in ("-p", it))
        words = [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", *ASKED]
        code = subprocess.run(words, cwd=folder, env=_variables(), check=False).returncode
    print("\n".join(_after(code)))
    return code


def _before() -> Iterator[str]:
    yield "The account of a shop is made on this machine, as its Terraform has it."
    yield "Then somebody"
    yield from (f"  - {it.told}" for it in by_hand())
    yield ""
    yield f"$ pytest {' '.join(ASKED)}"


def _after(code: int) -> Iterator[str]:
    yield ""
    yield f"pytest ended with {code}: {ENDED.get(code, 'something broke')}."
    yield f"Each change by hand is a card. Terraform, stack and runbook lie in {ACCOUNT}."
    yield "The account ended with the run: what `type` and `again` say is for accounts that last."
    yield "With your own Terraform: plumbline init NAME --terraform DIR"


def _variables() -> dict[str, str]:
    """Return the environment of the run: credentials of no account, and a way out that leads nowhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_NOT_OURS) and not name.lower().endswith("_proxy")
    }
    path = os.pathsep.join(filter(None, [str(_PACKAGES), kept.get("PYTHONPATH", "")]))
    return kept | {
        "PYTHONPATH": path,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
    }
