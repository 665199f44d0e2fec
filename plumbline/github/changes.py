"""Whether a checkout holds what its commit says: asked of Git, which runs nothing of the checkout for it.

What the checkout configures (`core.fsmonitor`, filters, hooks) is left out: Git is given a folder of its own,
and reads nothing of the checkout but its index, its objects and its files.
Source: Git's documentation, git(1), "Environment Variables", and git-status(1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath

from plumbline.github.commit import commit_of, git_folder, shared_folder

_PATIENCE_SECONDS = 10
_EXAMINED = (".tf", ".tf.json", ".tfvars", ".tfvars.json")
"""How files end that are examined though Git may not track them; reports and plans beside them are not."""
_OF_GITHUB = ".github"
_UNTRACKED = "?? "
_SETTINGS = ("core.autocrlf=input", "core.fileMode=false", "core.fsmonitor=false")
"""Line ends and modes that a system changes are no changes."""
_IGNORED = (
    *("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--"),
    *(
        "*.tf",
        "*.tf.json",
        "terraform.tfvars*",
        "**/terraform.tfvars*",
        "*.auto.tfvars",
        "*.auto.tfvars.json",
    ),
    ":(exclude,glob)**/.terraform/**",
)
"""What lists what Terraform reads below a folder and no commit has; providers and modules are fetched."""
_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=all")


@cache
def is_changed(folder: Path, named: frozenset[str] = frozenset()) -> bool | None:
    """Return whether a checkout differs from the commit that it stands at; None where Git cannot tell.

    It does where a file that Git tracks is changed, or one that is examined is neither tracked nor ignored:
    Terraform, what is GitHub's, and what one of `named` is the name of, or of a folder around it. Terraform
    in the folder that is ignored is read, too, and no commit has it.
    """
    git, commit = shutil.which("git"), commit_of(folder)
    try:
        found = git_folder(folder)
        if git is None or found is None or not commit:
            return None
        root, kept = found
        told = _told(git, root, kept, commit, root, _STATUS)
        return any(_counts(it, named) for it in told) or any(
            _told(git, root, kept, commit, folder.resolve(), _IGNORED)
        )
    except (OSError, UnicodeDecodeError, subprocess.SubprocessError):
        return None


def _told(git: str, root: Path, kept: Path, commit: str, within: Path, command: tuple[str, ...]) -> list[str]:
    """Return what Git tells of each file: `M  main.tf` of its status. Raises `SubprocessError`."""
    with tempfile.TemporaryDirectory(prefix="plumbline-git-") as own:
        for name in ("objects", "refs"):
            (Path(own) / name).mkdir()
        (Path(own) / "HEAD").write_text(f"{commit}\n")
        settings = [word for it in _SETTINGS for word in ("-c", it)]
        finished = subprocess.run(
            [git, f"--git-dir={own}", f"--work-tree={root}", "--no-optional-locks", *settings, *command],
            cwd=within,
            env={
                "PATH": os.defpath,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_INDEX_FILE": str(kept.absolute() / "index"),
                "GIT_OBJECT_DIRECTORY": str(shared_folder(kept).absolute() / "objects"),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    return os.fsdecode(finished.stdout).split("\0")


def _counts(told: str, named: frozenset[str]) -> bool:
    if not told.startswith(_UNTRACKED):
        return bool(told)
    steps = PurePosixPath(told.removeprefix(_UNTRACKED)).parts
    return told.endswith(_EXAMINED) or not {_OF_GITHUB, *named}.isdisjoint(steps)
