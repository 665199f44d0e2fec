"""The composite action as GitHub runs it: its last step, with the inputs that a caller gives."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from selftest.front_door import REPOSITORY, neutral_variables

ACTION = REPOSITORY / ".github/actions/plumbline/action.yml"


def in_action(
    workspace: Path, variables: Mapping[str, str] | None = None, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run what the action runs, on the checkout of its caller; `fail_on` is its input `fail-on`."""
    action = yaml.safe_load(ACTION.read_text())
    step = action["runs"]["steps"][-1]
    assert step["working-directory"] == "${{ github.action_path }}/../../.."
    values = {name: about["default"] for name, about in action["inputs"].items()}
    values |= {name.replace("_", "-"): text for name, text in inputs.items()}
    given = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=ACTION.parents[3],
        env=neutral_variables()
        | given
        | {"GITHUB_WORKSPACE": str(workspace), "PATH": path}
        | dict(variables or {}),
        capture_output=True,
        text=True,
        timeout=180,
    )
