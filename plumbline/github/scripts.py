"""The scripts of a checkout that commands run: read, and never executed.

What a command runs besides itself is a shell script (`./deploy.sh`, `bash -c "..."`), the recipes of a
target of make, or an entry of `scripts` in a package.json.
Sources: POSIX, "make"; npm's documentation, "scripts".
"""

from __future__ import annotations

import functools
import json
import posixpath
import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from plumbline.github.checkout import Checkout
from plumbline.github.shell.path import WORKSPACE, Command, is_known
from plumbline.github.shell.script import Followed
from plumbline.values.files import content
from plumbline.values.unknown import Undetermined

T = TypeVar("T")

_SHELLS = frozenset({"bash", "sh", "zsh", "dash"})
_SHEBANG = re.compile(r"#!\s*\S*?(?:/|\b)(?:env\s+(?:-S\s+)?)?(?:ba|da|z)?sh\b(.*)")
_WITH_VALUE = frozenset({"-u", "-g", "-s", "-k", "-n", "-P", "-I", "-d", "-L", "-C", "-o", "-f", "-p", "-h"})
_WRAPPERS = frozenset(
    {
        "sudo",
        "doas",
        "env",
        "time",
        "timeout",
        "nice",
        "nohup",
        "stdbuf",
        "xargs",
        "command",
        "exec",
        "ionice",
    }
    | {"setsid", "unbuffer", "chronic", "caffeinate", "then", "do"}
)
_RUNNERS = {
    ("uv", "run"),
    ("poetry", "run"),
    ("pipenv", "run"),
    ("hatch", "run"),
    ("pdm", "run"),
    ("rye", "run"),
    ("bundle", "exec"),
    ("mise", "exec"),
    ("asdf", "exec"),
    ("pipx", "run"),
    ("coverage", "run"),
}
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_ASSIGNED = re.compile(r"^(?:export\s+|override\s+)*([\w.-]+)\s*(\?|:{0,3}|\+)?=\s*(.*)$")
_RULE = re.compile(r"^([^\s:=#][^:=#]*?)\s*::?(?!=)\s*([^;#]*)(?:;(.*))?")
_DEEPEST = 6
_NOTHING = Followed("")
"""What a shell or make runs that is told to run nothing."""
_ONLY_TELLS = re.compile(
    r"-[a-zA-Z]*[nqtv][a-zA-Z]*|--(?:dry-run|just-print|recon|question|touch|version|help)"
)
"""Options with which make runs no recipe. Source: GNU make, "Instead of Executing Recipes"."""


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a command without what only starts it: `sudo`, `env A=x`, `timeout 5m`."""
    left = list(words)
    while left:
        name = posixpath.basename(left[0])
        if name in _WRAPPERS:
            left = _behind_options(left[1:])
        elif (name, *left[1:2]) in _RUNNERS:
            left = _behind_options(left[2:])
            left = left[1:] if left[:1] == ["-m"] else left
        elif (re.fullmatch(r"python[\d.]*", name) or not is_known(name)) and "-m" in left[1:4]:
            left = left[left.index("-m") + 1 :]
        elif "--" in left[1:] and re.fullmatch(
            r"aws-vault|chamber|doppler|op|dotenv|infisical|teller|tfcmt", name
        ):
            left = left[left.index("--") + 1 :]
        else:
            break
    return tuple(left)


def _behind_options(words: list[str]) -> list[str]:
    """Return what stands behind the options of a wrapper, the variables and the times that it is given."""
    at = 0
    while at < len(words):
        word = words[at]
        if word in _WITH_VALUE:
            at += 2
        elif (
            word.startswith("-")
            or re.match(r"[A-Za-z_]\w*=", word)
            or re.fullmatch(r"\d+(?:\.\d+)?[smhd]?", word)
        ):
            at += 1
        else:
            break
    return words[at:]


def below(path: str) -> str:
    """Return a path relative to the checkout; empty for one that lies elsewhere."""
    found = posixpath.relpath(posixpath.normpath(path), WORKSPACE)
    return "" if found.startswith("..") or not path.startswith("/") else found


class Scripts:
    """What the commands of one checkout run besides themselves."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._read = functools.cache(self._content)
        self._done: dict[Hashable, Any] = {}

    def followed(self, command: Command) -> Followed | None:
        """Return the script that a command runs; None where it runs none, or none that can be read."""
        words = unwrapped(command.words)
        if not words:
            return None
        name, arguments = posixpath.basename(words[0]), words[1:]
        if name in _SHELLS:
            return self._of_shell(arguments, command.folder)
        if name in (".", "source"):
            return self._of_file(arguments[:1], arguments[1:], command.folder, True)
        if name in ("make", "gmake"):
            return self._of_make(arguments, command.folder)
        if name in ("npm", "yarn", "pnpm", "bun"):
            return self._of_package(name, arguments, command.folder)
        return self._of_file(words[:1], arguments, command.folder, False) if "/" in words[0] else None

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made under a key before, or make it; what was undetermined is so again."""
        if key not in self._done:
            try:
                self._done[key] = make()
            except Undetermined as undetermined:
                self._done[key] = undetermined
        found: T | Undetermined = self._done[key]
        if isinstance(found, Undetermined):
            raise found
        return found

    def text(self, name: str, folder: str) -> str | None:
        """Return what a file of the checkout holds; None for one that is not there or not text."""
        path = below(posixpath.join(folder, name))
        return self._read(path) if path and is_known(path) else None

    def files(self, name: str, folder: str) -> tuple[str, ...]:
        """Return the files below a folder of the checkout, relative to it; none for no such folder."""
        inside = posixpath.normpath(posixpath.join(folder, name))
        return self.once(("files", inside), lambda: tuple(self._below(below(inside) or None)))

    def _below(self, folder: str | None) -> Iterator[str]:
        if folder is not None:
            inside = (it for it in self._checkout.files if it.is_relative_to(folder))
            yield from (str(it.relative_to(folder)) for it in inside if str(it) != folder)

    def expanded(self, pattern: str, folder: str) -> tuple[str, ...]:
        """Return what `_expanded` does; each pattern is looked up once."""
        return self.once(("expanded", pattern, folder), lambda: self._expanded(pattern, folder))

    def _expanded(self, pattern: str, folder: str) -> tuple[str, ...]:
        """Return the files and folders of the checkout that a pattern stands for, as a shell has them."""
        inside = below(posixpath.join(folder, pattern))
        if not inside or not is_known(inside):
            return ()
        wanted = inside.split("/")
        found = dict.fromkeys(
            "/".join(path.parts[: len(wanted)]) for path in self._checkout.files if _fits(path.parts, wanted)
        )
        absolute = pattern.startswith("/")
        whole = [posixpath.join(WORKSPACE, it) for it in sorted(found)]
        return tuple(it if absolute else posixpath.relpath(it, folder) for it in whole)

    def _content(self, path: str) -> str | None:
        file = self._checkout.folder / path
        try:
            return content(self._checkout.own(file)).decode() if file.is_file() else None
        except (OSError, UnicodeDecodeError):
            return None

    def _of_file(
        self, names: tuple[str, ...], arguments: tuple[str, ...], folder: str, shell: bool
    ) -> Followed | None:
        found = self.text(names[0], folder) if names else None
        if found is None:
            return None
        first = _SHEBANG.match(found)
        if (
            first is None
            and not shell
            and (found.startswith("#!") or not names[0].endswith((".sh", ".bash")))
        ):
            return None
        return Followed(found, names[0], arguments, folder, bool(first and re.search(r"-\w*e", first[1])))

    def _of_shell(self, arguments: tuple[str, ...], folder: str) -> Followed | None:
        errexit = False
        for position, word in enumerate(arguments):
            if word == "noexec" or re.fullmatch(r"-[a-z]*n[a-z]*", word):
                return _NOTHING
            if word.startswith("-") and not word.startswith("--"):
                errexit = errexit or "e" in word
                if "c" in word and position + 1 < len(arguments):
                    return Followed(
                        arguments[position + 1], "bash", arguments[position + 3 :], folder, errexit
                    )
            elif not word.startswith("-") and word not in ("pipefail",):
                found = self._of_file((word,), arguments[position + 1 :], folder, True)
                return replace(found, errexit=errexit or found.errexit) if found else None
        return None

    def _of_package(self, name: str, arguments: tuple[str, ...], folder: str) -> Followed | None:
        words = [it for it in arguments if not it.startswith("-")]
        if words[:1] in (["run"], ["run-script"]):
            words = words[1:]
        elif name == "npm" and words[:1] not in (["test"], ["start"]):
            return None
        written = self.text("package.json", folder)
        try:
            scripts = json.loads(written or "{}").get("scripts", {})
            script = scripts.get(words[0]) if words else None
        except (ValueError, AttributeError):
            return None
        return Followed(script, folder=folder) if isinstance(script, str) else None

    # The recipes of make.

    def _of_make(self, arguments: tuple[str, ...], folder: str) -> Followed | None:
        given: dict[str, str] = {}
        targets: list[str] = []
        files: tuple[str, ...] = _MAKEFILES
        at = 0
        while at < len(arguments):
            word = arguments[at]
            if word in ("-C", "--directory"):
                folder = posixpath.normpath(posixpath.join(folder, (*arguments, ".")[at + 1]))
                at += 1
            elif word.startswith("--directory=") or (word.startswith("-C") and len(word) > 2):
                folder = posixpath.normpath(posixpath.join(folder, word.partition("=")[2] or word[2:]))
            elif word in ("-f", "--file"):
                files = ((*arguments, "")[at + 1],)
                at += 1
            elif assigned := re.match(r"(\w+):?=(.*)", word, re.DOTALL):
                given[assigned[1]] = assigned[2]
            elif _ONLY_TELLS.fullmatch(word):
                return _NOTHING
            elif not word.startswith("-"):
                targets.append(word)
            at += 1
        written = next((it for name in files if (it := self.text(name, folder)) is not None), None)
        if written is None:
            return None
        script = _Makefile(written, given).script(targets)
        return None if script is None else Followed(script, folder=folder, errexit=True)


class _Makefile:
    """The rules of a makefile: what each target needs, and its recipe."""

    def __init__(self, written: str, given: dict[str, str]) -> None:
        self._variables: dict[str, str] = {"MAKE": "make", "CURDIR": "."}
        self._needs: dict[str, list[str]] = {}
        self._recipes: dict[str, list[str]] = {}
        self._first = ""
        targets: list[str] = []
        for line in re.sub(r"\\\n\s*", " ", written).splitlines():
            if line.startswith("\t"):
                for target in targets:
                    self._recipes[target].append(line[1:])
            elif assigned := _ASSIGNED.match(line):
                self._variables[assigned[1]] = assigned[3].strip()
            elif rule := _RULE.match(line):
                targets = rule[1].split()
                for target in targets:
                    self._first = self._first or ("" if target.startswith(".") else target)
                    self._needs.setdefault(target, []).extend(rule[2].split())
                    self._recipes.setdefault(target, []).extend([rule[3].strip()] if rule[3] else [])
            elif line.strip() and not line.lstrip().startswith("#"):
                targets = []
        self._variables |= given

    def script(self, targets: list[str]) -> str | None:
        """Return what making these targets runs, each line in a shell of its own; None for unknown ones."""
        asked = targets or [self._first]
        if not all(target in self._recipes for target in asked):
            return None
        done: set[str] = set()
        return "\n".join(line for target in asked for line in self._lines(target, done))

    def _lines(self, target: str, done: set[str], depth: int = 0) -> Iterator[str]:
        if target in done or target not in self._recipes or depth > _DEEPEST:
            return
        done.add(target)
        for needed in self._needs[target]:
            yield from self._lines(needed, done, depth + 1)
        for line in self._recipes[target]:
            marks = re.match(r"[@+-]*", line.lstrip())
            command = self._filled(line.lstrip()[marks.end() if marks else 0 :].replace("$@", target))
            tolerated = marks is not None and "-" in marks[0]
            yield f"( {command}\n)" + (" || true" if tolerated else "")

    def _filled(self, text: str, depth: int = 0) -> str:
        def one(match: re.Match[str]) -> str:
            if match[0] == "$$":
                return "$"
            name = match[1] or match[2]
            value = self._variables.get(name)
            if value is None:
                return f"${{{name}}}" if re.fullmatch(r"\w+", name) else match[0]
            return self._filled(value, depth + 1) if depth < _DEEPEST else value

        return re.sub(r"\$\$|\$\(([^()]+)\)|\$\{([^{}]+)\}", one, text)


def _fits(parts: tuple[str, ...], wanted: list[str]) -> bool:
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))
