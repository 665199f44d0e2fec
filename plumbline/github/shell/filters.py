"""What `tr`, `sed`, `rev` and `base64` make of a text that they are given, as far as it is plain.

Source: POSIX, "tr" and "sed"; GNU coreutils, "base64"; util-linux, "rev".
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence

from plumbline.github.shell.path import Command, is_known

_SPACES = " \t\n\r\f\v"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CLASSES = {"[:space:]": _SPACES, "[:blank:]": " \t", "[:upper:]": _UPPER, "[:lower:]": _UPPER.lower()}
_CLASSES |= {"A-Z": _UPPER, "a-z": _UPPER.lower(), "[:digit:]": "0123456789", r"\n": "\n", r"\t": "\t"}
_SET = re.compile("|".join(map(re.escape, _CLASSES)) + "|.", re.DOTALL)
_SUBSTITUTED = re.compile(r"\s*s([/|,#])((?:(?!\1).)*)\1((?:(?!\1).)*)\1(g?)\s*")
_PLAIN = re.compile(r"\^?(?:(?:\[\[:space:\]\]|\[\[:blank:\]\]|[\w ,:=/-])\*?)*\$?")
_LONGEST = 1_000


def filtered(commands: Sequence[Command]) -> str | None:
    """Return what comes out behind commands of which the first is given a text; None where that is open."""
    given = commands[0].given if commands else None
    if given is None or not is_known(given) or len(given) > _LONGEST:
        return None
    text: str | None = f"{given}\n"
    for command in commands:
        if text is None:
            return None
        text = _by(command.words, text)
    return None if text is None else text.rstrip("\n")


def piped(lines: Sequence[Sequence[str]]) -> str | None:
    """Return what comes out of a pipe that begins with `echo` or `printf`; None where that is open."""
    if not lines or [*lines[0][:1]] not in (["echo"], ["printf"]):
        return None
    told = [it for it in lines[0][1:] if it not in ("-n", "-e", "--")]
    text: str | None = " ".join(told) + "\n"
    for words in lines[1:]:
        if text is None or not is_known(text) or len(text) > _LONGEST:
            return None
        text = _by(words, text)
    return text


def _by(words: Sequence[str], text: str) -> str | None:
    match words:
        case ("rev",):
            return "\n".join(it[::-1] for it in text.split("\n"))
        case ("base64", "-d" | "--decode" | "-D"):
            return _decoded(text)
        case ("tr", "-s", squeezed):
            return _squeezed(text, _letters(squeezed))
        case ("tr", "-d", gone):
            return "".join(it for it in text if it not in _letters(gone))
        case ("tr", "-s", before, after):
            return _squeezed(_translated(text, _letters(before), _letters(after)), _letters(after))
        case ("tr", before, after) if not before.startswith("-"):
            return _translated(text, _letters(before), _letters(after))
        case ("sed", script) | ("sed", "-e", script):
            return _substituted(text, script.split(";"))
    return None


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except ValueError:
        return None


def _letters(written: str) -> str:
    return "".join(_CLASSES.get(it, it) for it in _SET.findall(written))


def _translated(text: str, before: str, after: str) -> str:
    filled = after.ljust(len(before), after[-1:])
    return text.translate({ord(one): other for one, other in zip(before, filled, strict=False)})


def _squeezed(text: str, letters: str) -> str:
    kept = (it for at, it in enumerate(text) if it not in letters or text[at - 1 : at] != it)
    return "".join(kept)


def _substituted(text: str, scripts: Iterable[str]) -> str | None:
    lines = text.split("\n")
    for script in scripts:
        matched = _SUBSTITUTED.fullmatch(script)
        if matched is None or not _is_plain(matched[2]) or not re.fullmatch(r"[\w ,:=-]*", matched[3]):
            return None
        pattern = matched[2].replace("[[:space:]]", r"\s").replace("[[:blank:]]", r"[ \t]")
        lines = [re.sub(pattern, matched[3], it, count=0 if matched[4] else 1) for it in lines]
    return "\n".join(lines)


def _is_plain(pattern: str) -> bool:
    """Whether a pattern means the same to `sed` and here, and takes no longer than its text."""
    return bool(_PLAIN.fullmatch(pattern)) and pattern.count("*") <= 1
