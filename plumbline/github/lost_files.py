"""Which files of a job are gone when it comes to a step: removed, moved away, or made only later.

Sources: POSIX, rm, unlink, mv and find; GNU Coreutils, shred and truncate; git-clean(1); the documentation of
actions/checkout: unless its `clean` is false, it removes what Git does not track.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise

from plumbline.github import actions
from plumbline.github.reach import plans_of
from plumbline.github.runs import Happening
from plumbline.github.scripts import unwrapped
from plumbline.github.shell.path import WORKSPACE, Command, Status, is_known
from plumbline.values.wildcards import ANYTHING, literal, matcher

CALLING_ANEW = frozenset({"mv", "cp", "ln", "install"})
"""What gives a file another name."""
_REMOVING = frozenset({"rm", "unlink", "shred", "truncate", "mv"})
_CHECKOUT = "actions/checkout"
_ELSEWHERE = re.compile(r"mktemp|TE?MP|HOME")
"""What stands in a path of which nobody knows more than that it is none of the checkout."""
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_PART = re.compile(r"(\*\*/|\*\*|\*|\?|\$\{\{.*?\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$\w+)")
_TESTS = {"-name", "-type", "-maxdepth", "-mindepth", "-delete", "-f"}
"""What of a `find` leaves no doubt which files it removes."""


def is_lost(path: str, before: Sequence[Happening], after: Iterable[Happening]) -> Status:
    """Return whether what a path of the checkout names is surely gone; None where it may be.

    `before` is what the job came to until then, in its order, and `after` what it comes to later. Of several
    files that a pattern names all must be gone. Who makes a file that is neither a saved plan nor one by
    another name is not known here, and so not whether it was made again.
    """
    own = posixpath.normpath(posixpath.join(WORKSPACE, path))
    wanted = _fitting(own)
    gone: dict[str, Status] = {}
    for it in before:
        gone |= dict.fromkeys(_saved(it.command), False)
        gone |= dict(_called_anew(it.command, gone))
        gone |= {whole: True if gone[whole] else lost for whole, lost in _removed(it, [*gone])}
    if made := [lost for whole, lost in gone.items() if wanted(whole)]:
        return True if all(made) else None if {None, True} & {*made} else False
    if any(wanted(whole) for it in after for whole in _saved(it.command)):
        return True
    named = (it for it in before if it.command.words[:1] != ("uses:",))
    return None if any(_removes(it.command, own) is not False for it in named) else False


def _saved(command: Command) -> list[str]:
    """Return the plans that a command saves."""
    return [posixpath.join(folder, name) for folder, name in plans_of([command])]


def _called_anew(command: Command, gone: Mapping[str, Status]) -> Iterator[tuple[str, Status]]:
    """Yield the names that a command gives files, each with whether its file is gone.

    What a file is called in a folder is told beside, where the last name may be that of one.
    """
    name, operands = _read(command)
    if name not in CALLING_ANEW or len(operands) < 2:
        return
    *sources, target = operands
    for source in sources:
        named = [whole for whole in gone if _fitting(source)(whole)] or [source]
        for whole in named:
            for other in (target, posixpath.join(target, posixpath.basename(whole))):
                yield other, gone.get(whole, False)


def _removed(it: Happening, files: Sequence[str]) -> Iterator[tuple[str, Status]]:
    """Yield the files that a command removes; each with whether it surely does, and None where it may."""
    for whole in files:
        removes = _removes(it.command, whole)
        if removes is not False:
            yield whole, True if removes and it.sure else None


def _removes(command: Command, whole: str) -> Status:
    name, operands = _read(command)
    words = unwrapped(command.words)
    if command.words[:1] == ("uses:",):
        inputs = actions.inputs_of(command)
        cleans = actions.name_of(command) == _CHECKOUT and inputs.get("clean") != "false"
        return cleans and _meets(posixpath.join(WORKSPACE, inputs.get("path", "")), whole)
    if name in _REMOVING:
        if not operands:
            return None if "xargs" in command.words else False
        of = operands[:-1] if name == "mv" else operands
        return worst(_meets(it, whole) for it in of)
    if name == "git" and words[1:2] == ("clean",):
        options = {it for word in words[2:] for it in ([word] if word[:2] == "--" else [*word[1:]])}
        if not {"f", "--force"} & options or {"n", "--dry-run", "i", "--interactive"} & options:
            return False
        below = worst(_meets(it, whole) for it in operands[1:] or [command.folder])
        return below if "x" in options else below and None
    if name == "find" and ("-delete" in words or "rm" in words):
        return _found(words, operands, command.folder, whole)
    return False


def _found(words: Sequence[str], operands: Sequence[str], folder: str, whole: str) -> Status:
    """Return whether a `find` that removes what it finds finds a file."""
    first = next((at for at, it in enumerate(words) if at and it[:1] in ("-", "!", "(")), len(words))
    roots = [posixpath.normpath(posixpath.join(folder, it)) for it in words[1:first]] or [folder]
    if not any(_meets(it, whole) is not False for it in roots):
        return False
    names = [after for it, after in pairwise(words) if it == "-name"]
    if any(is_known(it) and not fnmatchcase(posixpath.basename(whole), it) for it in names):
        return None if {"-o", "-not", "!"} & {*words} else False
    tests = {it for it in words[first:] if it.startswith("-")}
    return True if tests <= {*_TESTS, "-exec"} and all(map(is_known, names)) else None


def _read(command: Command) -> tuple[str, list[str]]:
    """Return the program of a command, and its operands as paths."""
    words = unwrapped(command.words)
    if not words:
        return "", []
    operands = [it for it in words[1:] if not it.startswith("-")]
    return posixpath.basename(words[0]), [
        posixpath.normpath(posixpath.join(command.folder, it)) for it in operands
    ]


def _meets(pattern: str, whole: str) -> Status:
    """Return whether a path, as a shell takes it, names a file or a folder above it."""
    pattern = posixpath.normpath(pattern)
    if whole == pattern or whole.startswith(f"{pattern}/"):
        return True
    if not _fitting(f"{pattern}/**")(f"{whole}/"):
        return False
    if is_known(pattern):
        return True
    return False if _ELSEWHERE.search(pattern) else None


def worst(found: Iterable[Status]) -> Status:
    """Return that one is so; None where one may be, and none is for certain."""
    told = {*found}
    return next((it for it in (True, None) if it in told), False)


@lru_cache(maxsize=4096)
def _fitting(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a path fits a pattern; what only a run knows in it may be anything."""
    parts = (_WILD.get(it, ANYTHING) if at % 2 else literal(it) for at, it in enumerate(_PART.split(pattern)))
    return matcher("".join(parts), pattern)
