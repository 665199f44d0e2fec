"""Where a shell script uploads to, on whatever way it can take: nothing of it is run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plumbline.github.scripts import unwrapped
from plumbline.github.shell.path import UNREAD
from plumbline.github.shell.script import Settings, outcome
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import ANYTHING, literal, matcher

_VARIABLE = re.compile(r"\$\{(\w+)[^}]*\}|\$(\w+|[@*#])")
_UNREAD = re.compile(
    r"^(?:\S*/)?(?:python[\d.]*|node|npm|npx|make|terraform|tofu|source|\.|exec|eval|xargs|find|docker|rclone|s5cmd|\S+\.(?:sh|py|js))$"
)
"""Commands that may upload, too, and do not say so here."""
_UPLOADS = ("cp", "sync", "mv")
_STARTED = Settings(arguments=tuple(f"${number}" for number in range(1, 10)), errexit=False)
"""How somebody starts a script: with arguments that nobody knows."""


def destinations(script: str) -> list[str]:
    """Return where the script uploads to, with its constants filled in: `s3://shop-$1/*`.

    Source: AWS CLI reference, `s3 cp`, `s3 sync`, `s3 mv` and `s3api put-object`. Raises `Undetermined` where
    it uploads nothing itself, and runs what may.
    """
    commands = [words for it in outcome(script, _STARTED).commands if (words := unwrapped(it.words))]
    found = [place for words in commands if (place := _destination(words))]
    others = [words[0] for words in commands if words[0].startswith(UNREAD) or _UNREAD.match(words[0])]
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
    known = map(literal, _VARIABLE.sub("\0", name).split("\0"))
    return matcher(ANYTHING.join(known), name)(bucket)


def _destination(words: Sequence[str]) -> str | None:
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
