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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PurePosixPath

from plumbline.github.commit import commit_of, git_folder, shared_folder
from plumbline.values.files import MOST_NAMED_BYTES, content

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
_TAGGED, _LOOKED_AT = ("ls-files", "-z", "-v"), "H"
_PASSED_OVER = ("--no-assume-unchanged", "--no-skip-worktree")
"""What takes the bits from files for which Git does not look at them. Source: git-update-index(1)."""
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
        with _asking(git, root, kept, commit) as asked:
            told = asked(root, _STATUS)
            return any(_counts(it, named) for it in told) or any(asked(folder.resolve(), _IGNORED))
    except (OSError, UnicodeDecodeError, subprocess.SubprocessError):
        return None


@contextmanager
def _asking(git: str, root: Path, kept: Path, commit: str) -> Iterator[Callable[..., list[str]]]:
    """Give what asks Git something below a folder, and returns what it tells of each file: `M  main.tf`.

    It has an index of its own, in which nothing is said to be as the commit has it without being looked at:
    only what a sparse checkout leaves out, and is not there.
    Raises `SubprocessError`, and `OSError` for an index that is no file, or longer than any.
    """
    with tempfile.TemporaryDirectory(prefix="plumbline-git-") as own:
        for name in ("objects", "refs"):
            (Path(own) / name).mkdir()
        (Path(own) / "HEAD").write_text(f"{commit}\n")
        index = Path(own) / "index"
        index.write_bytes(content(kept / "index", MOST_NAMED_BYTES))
        shutil.copystat(kept / "index", index)  # Git knows by its time what may have changed since
        settings = [word for it in _SETTINGS for word in ("-c", it)]

        def asked(within: Path, command: tuple[str, ...], given: str = "") -> list[str]:
            finished = subprocess.run(
                [git, f"--git-dir={own}", f"--work-tree={root}", "--no-optional-locks", *settings, *command],
                cwd=within,
                env={
                    "PATH": os.defpath,
                    "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_CONFIG_GLOBAL": os.devnull,
                    "GIT_OBJECT_DIRECTORY": str(shared_folder(kept).absolute() / "objects"),
                },
                input=os.fsencode(given),
                capture_output=True,
                timeout=_PATIENCE_SECONDS,
                check=True,
            )
            return os.fsdecode(finished.stdout).split("\0")

        tagged = (it.partition(" ") for it in asked(root, _TAGGED))
        left_out = {"S", "s"} if (kept / "info" / "sparse-checkout").exists() else set()
        passed_over = [
            path
            for tag, _, path in tagged
            if tag not in ("", _LOOKED_AT) and (tag not in left_out or (root / path).is_file())
        ]
        for option in _PASSED_OVER if passed_over else ():
            asked(root, ("update-index", "-z", option, "--stdin"), "\0".join(passed_over))
        yield asked


def _counts(told: str, named: frozenset[str]) -> bool:
    if not told.startswith(_UNTRACKED):
        return bool(told)
    steps = PurePosixPath(told.removeprefix(_UNTRACKED)).parts
    return told.endswith(_EXAMINED) or not {_OF_GITHUB, *named}.isdisjoint(steps)
