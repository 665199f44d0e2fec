"""The scripts of a package.json, as npm, pnpm, yarn and bun run them: read and never executed.

Sources: npm's documentation, "scripts" and "npm run"; pnpm's, "pnpm run"; npm-run-all's README.
"""

from __future__ import annotations

import json
import posixpath
import shlex
from collections.abc import Callable
from dataclasses import dataclass

MANAGERS = frozenset({"npm", "yarn", "pnpm", "bun"})
SEVERAL = frozenset({"run-s", "run-p", "npm-run-all", "npm-run-all2"})
"""Programs that run the scripts whose names they are given."""
_FOLDERS = frozenset({"--prefix", "-C", "--dir", "--cwd"})
_WORKSPACES = frozenset({"-w", "--workspace", "--filter", "-F"})
_RUN = frozenset({"run", "run-script"})
_OF_NPM = frozenset({"test", "start", "stop", "restart"})
"""Scripts that npm runs by their name alone."""


@dataclass(frozen=True)
class PackageScript:
    """A script of a package, with what runs before and behind it."""

    script: str
    folder: str
    is_read: bool = True
    """Whether it is that script; of a package.json that is not gone through it is all that this holds."""


Text = Callable[[str, str], str | None]
"""Gives what a file of a folder holds; None for one that is not there."""


def script_of(manager: str, arguments: tuple[str, ...], folder: str, text: Text) -> PackageScript | None:
    """Return what a package manager runs; None where that is no script of a package that is there."""
    names: list[str] = []
    handed_on: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        option, equals, value = word.partition("=")
        if word == "--":
            handed_on += left
            break
        if option in _FOLDERS | _WORKSPACES:
            given = value if equals else (left.pop(0) if left else "")
            folder = posixpath.normpath(posixpath.join(folder, given))
        elif names and names[-1] not in _RUN and manager != "npm":
            handed_on.append(word)
        elif not word.startswith("-"):
            names.append(word)
    if names[:1] and names[0] in _RUN | {"workspace"}:
        at = 2 if names[0] == "workspace" else 1
        folder = posixpath.join(folder, names[1]) if at == 2 and names[1:] else folder
        names = names[at:]
    elif manager == "npm" and (not names or names[0] not in _OF_NPM):
        return None
    written = text("package.json", folder) or "{}"
    scripts = _scripts(written)
    if scripts is None:
        return PackageScript(written, folder, is_read=False)
    if not names or names[0] not in scripts:
        return None
    own = " ".join([scripts[names[0]], *map(shlex.quote, handed_on)])
    around = [scripts.get(f"pre{names[0]}"), own, scripts.get(f"post{names[0]}")]
    return PackageScript("\n".join(it for it in around if it), folder)


def _scripts(written: str) -> dict[str, str] | None:
    """Return the scripts of a package.json; None where it is none, or too deep to be gone through."""
    try:
        scripts = json.loads(written).get("scripts", {})
        return {name: it for name, it in scripts.items() if isinstance(it, str)}
    except (ValueError, AttributeError, RecursionError):
        return None
