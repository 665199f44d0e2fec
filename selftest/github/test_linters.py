"""What `make lint` runs on the workflows passes on them, and would catch a broken one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selftest.front_door import REPOSITORY

PLACES = (".github", ".pre-commit-config.yaml", ".yamllint")
COMMANDS = re.findall(
    r"\t\$\(BIN\)/((?:yamllint|check-jsonschema|zizmor) .*)", (REPOSITORY / "Makefile").read_text()
)
APPLY = ".github/workflows/terraform-apply.yml"
ACTION = ".github/actions/plumbline/action.yml"


def linted(folder: Path) -> str:
    """Return what the linters of the Makefile print of a folder; nothing where it is as it should be."""
    printed = ""
    for command in COMMANDS:
        run = subprocess.run(
            f"{Path(sys.executable).parent}/{command}", shell=True, cwd=folder, capture_output=True, text=True
        )
        printed += f"{run.stdout}{run.stderr}" if run.returncode else ""
    return printed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for place in PLACES:
        copy = shutil.copytree if (REPOSITORY / place).is_dir() else shutil.copy
        copy(REPOSITORY / place, tmp_path / place)
    return tmp_path


def test_the_makefile_runs_three_linters_on_workflows_and_actions() -> None:
    assert {command.partition(" ")[0] for command in COMMANDS} == {"yamllint", "check-jsonschema", "zizmor"}


def test_the_workflows_of_this_repository_pass() -> None:
    assert linted(REPOSITORY) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (APPLY, "    needs: plan\n", "    needs: plan\n    needs: confirm\n", "duplication of key"),
        (APPLY, "jobs:\n", "jobs:  \n", "trailing spaces"),
        (APPLY, "timeout-minutes: 30", "timeout: 30", "'timeout' was unexpected"),
        (APPLY, "type: choice", "type: dropdown", "failed to load"),
        (APPLY, "@d3f86a106a0bac45b974a628896c90dbdf5c8093", "@v4", "unpinned-uses"),
        (APPLY, "permissions: {}", "permissions: write-all", "excessive-permissions"),
        (
            APPLY,
            "run: |\n          if [",
            "run: |\n          echo ${{ inputs.confirmation }}\n          if [",
            "template-injection",
        ),
        (ACTION, "using: composite", "using: composit", "is not valid under any of the given schemas"),
    ],
    ids=lambda value: value.strip().partition("\n")[0][:30] if isinstance(value, str) else "",
)
def test_a_broken_workflow_is_caught(tree: Path, file: str, old: str, new: str, told: str) -> None:
    text = (tree / file).read_text()
    assert old in text
    (tree / file).write_text(text.replace(old, new, 1))
    assert told in linted(tree)
