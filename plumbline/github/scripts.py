"""The scripts of a checkout that commands run: read, and never executed.

What a command runs besides itself is a shell script (`./deploy.sh`, `bash -c "..."`), the recipes of a
target of make, an entry of `scripts` in a package.json, or a file in another language, which is not followed.
"""

from __future__ import annotations

import copy
import functools
import posixpath
import re
import shlex
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from plumbline.github import makefiles, packages
from plumbline.github.checkout import Checkout
from plumbline.github.makefiles import Makefile
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
_INTERPRETERS = frozenset(
    {"python", "node", "ruby", "perl", "php", "deno", "tsx", "ts-node", "pwsh", "powershell", "go"}
    | {"ansible-playbook", "expect", "Rscript", "groovy"}
)
"""Programs that run a file in a language of their own."""
_NOTHING = Followed("")
"""What a shell or make runs that is told to run nothing."""
_ONLY_TELLS = re.compile(
    r"-(?=[a-zA-Z]*[nqtv])[a-zA-Z]+|--(?:dry-run|just-print|recon|question|touch|version|help)"
)
"""Options with which make runs no recipe. Source: GNU make, "Instead of Executing Recipes"."""
_GOES_ON = re.compile(r"-[a-zA-Z]*i[a-zA-Z]*|--ignore-errors")
"""Options with which make goes on whatever fails. Source: GNU make, "Errors in Recipes"."""


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
        self._folders: tuple[str, ...] = ()
        self._elsewhere: dict[tuple[str, ...], Scripts] = {}

    def checked_out_to(self, folders: tuple[str, ...]) -> Scripts:
        """Return them as a job has them that checks its repository out to folders of the workspace.

        Source: the README of actions/checkout, `path`.
        """
        if folders not in self._elsewhere:
            there = self._elsewhere[folders] = copy.copy(self)
            there._folders, there._done = folders, {}
        return self._elsewhere[folders] if folders else self

    def _inside(self, path: str) -> str:
        """Return a path relative to the checkout; empty for one that lies elsewhere."""
        found = below(path)
        within = next((it for it in self._folders if f"{found}/".startswith(f"{it}/")), None)
        return found if within is None else found[len(within) + 1 :] or "."

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
        if name in packages.MANAGERS:
            return self._of_package(name, arguments, command.folder)
        if name in packages.SEVERAL:
            told = [f"npm run {shlex.quote(it)}" for it in arguments if not it.startswith("-")]
            return Followed("\n".join(told), folder=command.folder, errexit=True)
        if re.sub(r"[\d.]+$", "", name) in _INTERPRETERS:
            return self._of_interpreter(words, command.folder)
        if "/" in words[0]:
            return self._of_file(words[:1], arguments, command.folder, False)
        return self._on_path(replace(command, words=words))

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
        path = self._inside(posixpath.join(folder, name))
        return self._read(path) if path and is_known(path) else None

    def files(self, name: str, folder: str) -> tuple[str, ...]:
        """Return the files below a folder of the checkout, relative to it; none for no such folder."""
        inside = posixpath.normpath(posixpath.join(folder, name))
        return self.once(("files", inside), lambda: tuple(self._below(self._inside(inside) or None)))

    def _below(self, folder: str | None) -> Iterator[str]:
        if folder is not None:
            inside = (it for it in self._checkout.files if it.is_relative_to(folder))
            yield from (str(it.relative_to(folder)) for it in inside if str(it) != folder)

    def expanded(self, pattern: str, folder: str) -> tuple[str, ...]:
        """Return what `_expanded` does; each pattern is looked up once."""
        return self.once(("expanded", pattern, folder), lambda: self._expanded(pattern, folder))

    def _expanded(self, pattern: str, folder: str) -> tuple[str, ...]:
        """Return the files and folders of the checkout that a pattern stands for, as a shell has them."""
        inside = self._inside(posixpath.join(folder, pattern))
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
        is_script = first is not None or shell or names[0].endswith((".sh", ".bash"))
        if not is_script or (first is None and not shell and found.startswith("#!")):
            return Followed(found, names[0], is_followed=False)
        # To a shell that is told to read a script its first line is a comment.
        by_itself = first is not None and not shell
        return Followed(
            found, names[0], arguments, folder, bool(by_itself and first and re.search(r"-\w*e", first[1]))
        )

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
                return replace(found, errexit=errexit) if found else None
        return None

    def _of_package(self, name: str, arguments: tuple[str, ...], folder: str) -> Followed | None:
        found = packages.script_of(name, arguments, folder, self.text)
        if found is None:
            return None
        return Followed(found.script, folder=found.folder, errexit=True, is_followed=found.is_read)

    def _on_path(self, command: Command) -> Followed | None:
        """Return the script of the checkout that a bare name finds by what was put in front of PATH."""
        for folder in command.variables.get("PATH", "").split(":"):
            here = folder.replace("${PWD}", command.folder).replace("$PWD", command.folder)
            at = posixpath.join(command.folder, here)
            if folder and is_known(at) and self._inside(at):
                found = self._of_file(command.words[:1], command.words[1:], at, False)
                if found:
                    return replace(found, folder=command.folder)
        return None

    def _of_interpreter(self, words: tuple[str, ...], folder: str) -> Followed | None:
        """Return the file that an interpreter is told to run; what that does nobody follows."""
        named = [it for it in words[1:] if not it.startswith("-")]
        found = ((it, self.text(it, folder)) for it in named[:3])
        return next((Followed(text, it, is_followed=False) for it, text in found if text is not None), None)

    # The recipes of make.

    def _of_make(self, arguments: tuple[str, ...], folder: str) -> Followed | None:
        given: dict[str, str] = {}
        targets: list[str] = []
        files: tuple[str, ...] = makefiles.NAMES
        ignores = False
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
            ignores = ignores or bool(_GOES_ON.fullmatch(word))
            at += 1
        written = next((it for name in files if (it := self.text(name, folder)) is not None), None)
        if written is None:
            return None
        makefile = Makefile(written, given, lambda name: self._all(name, folder))
        script = makefile.script(targets, ignores=ignores)
        if script is None:
            return Followed(written, folder=folder, is_followed=False)
        return Followed(script, folder=folder, errexit=True)

    def _all(self, pattern: str, folder: str) -> Iterator[str]:
        """Yield what the files hold that a pattern names."""
        for name in self.expanded(pattern, folder):
            written = self.text(name, folder)
            yield from [written] if written is not None else []


def _fits(parts: tuple[str, ...], wanted: list[str]) -> bool:
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))
