"""Where a shell script uploads to, as its commands read: nothing of it is run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from plumbline.values.unknown import Undetermined

_CONTINUED = re.compile(r"\\\n\s*")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1[^\n]*\n.*?^\s*\2\s*$", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(r"(^|\s)#[^\n]*")
_ASSIGNMENT = re.compile(
    r"^\s*(?:(?:export|readonly|local|declare(?: -\w+)?) )?(\w+)=(\"[^\"\n]*\"|'[^'\n]*'|[^\s;()]*)\s*;?\s*$",
    re.MULTILINE,
)
_VARIABLE = re.compile(r"\$\{(\w+)[^}]*\}|\$(\w+|[@*#])")
_IS_SET = re.compile(r"\w+=")
_OPENING = frozenset({"if", "case", "for", "while", "until", "{", "("})
_CLOSING = frozenset({"fi", "esac", "done", "}", ")"})
_BEFORE_A_COMMAND = frozenset(
    {"if", "then", "else", "elif", "while", "until", "do", "!", "{", "(", "time", "sudo"}
)
_UNREAD = re.compile(
    r"^(?:\S*/)?(?:python[\d.]*|node|npm|npx|make|terraform|tofu|source|\.|exec|eval|xargs|find|docker|rclone|s5cmd|\S+\.(?:sh|py|js))$"
)
"""Commands that may upload, too, and do not say so here."""
_UPLOADS = ("cp", "sync", "mv")


def destinations(script: str) -> list[str]:
    """Return where the script uploads to, with its constants filled in: `s3://shop-$environment/$key`.

    What follows an `exit` outside of any condition is not reached. Source: AWS CLI reference, `s3 cp`, `s3
    sync`, `s3 mv` and `s3api put-object`. Raises `Undetermined` where it uploads nothing itself, and runs
    what may.
    """
    commands = list(_commands(script))
    found = [place for words in commands if (place := _destination(words))]
    others = [words[0] for words in commands if _UNREAD.match(words[0])]
    if not found and others:
        raise Undetermined(f"what {others[0]} does is not read: the script uploads nothing itself")
    return found


def leads_to(destination: str, bucket: str) -> bool:
    """Return whether a destination is in a bucket.

    Raises `Undetermined` where all of the bucket's name is given when the script runs.
    """
    name = destination.removeprefix("s3://").partition("/")[0]
    if not _VARIABLE.sub("", name):
        raise Undetermined(f"the bucket of {destination} is given when the script runs")
    literal = [re.escape(part) for part in _VARIABLE.sub("\0", name).split("\0")]
    return re.fullmatch(".*".join(literal), bucket) is not None


def _commands(script: str) -> Iterator[list[str]]:
    """Yield the commands of the script that are reached, each as words."""
    text = _COMMENT.sub(r"\1", _CONTINUED.sub(" ", _HEREDOC.sub("\n", script)))
    constants = {name: value.strip("\"'") for name, value in _ASSIGNMENT.findall(text)}
    depth = 0
    for piece, is_first in _pieces(text):
        try:
            words = shlex.split(piece)
        except ValueError:  # a quote that nothing ends: bash would not run it either
            words = piece.split()
        depth += sum(word in _OPENING for word in words) - sum(word in _CLOSING for word in words)
        while words and (words[0] in _BEFORE_A_COMMAND or _IS_SET.match(words[0])):
            del words[0]
        if words and words[0] == "exit" and is_first and depth <= 0:
            return
        if words:
            first, *others = (_filled(word, constants) for word in words)
            yield [*(first.split() or [first]), *others]


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text between what ends a command, and whether nothing before it decides that it runs.

    Quotes hold together.
    """
    quote, start, is_first = "", 0, True
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in ";&|\n":
            yield text[start:place], is_first
            start, is_first = place + 1, character in ";\n"
    yield text[start:], is_first


def _filled(word: str, constants: dict[str, str]) -> str:
    for _ in range(5):
        word = _VARIABLE.sub(lambda it: constants.get(it[1] or it[2], it[0]), word)
    return word


def _destination(words: list[str]) -> str | None:
    """Return where a command uploads to; None for one that uploads nothing."""
    if words[0].rpartition("/")[2] != "aws" or "--dryrun" in words:
        return None
    if "s3api" in words and "put-object" in words and "--bucket" in words[:-1]:
        return f"s3://{words[words.index('--bucket') + 1]}/"
    places = [place for place, word in enumerate(words) if word.startswith("s3://")]
    verb = next(
        (place for place, word in enumerate(words) if word in _UPLOADS and words[place - 1] == "s3"), None
    )
    if verb is None or len(places) != 1 or places[0] == verb + 1 or words[places[0] - 1].startswith("--"):
        return None
    return words[places[0]]
