"""Where a shell script uploads to, on whatever way it can take: nothing of it is run."""

from __future__ import annotations

import posixpath
import re

from plumbline.github.scripts import unwrapped
from plumbline.github.shell.path import UNREAD
from plumbline.github.shell.script import Settings, outcome
from plumbline.github.uploads import upload_of
from plumbline.values.unknown import Undetermined

_UNREAD = re.compile(
    r"(?:python[\d.]*|node|npm|npx|make|terraform|tofu|source|\.|exec|eval|xargs|find|docker|rclone|s5cmd|\S+\.(?:sh|py|js))"
)
"""Commands that may upload, too, and do not say so here."""
_STARTED = Settings(arguments=tuple(f"${number}" for number in range(1, 10)), errexit=False)
"""How somebody starts a script: with arguments that nobody knows."""


def destinations(script: str) -> list[str]:
    """Return where the script uploads to, with its constants filled in: `s3://shop-$1/*`.

    Raises `Undetermined` where it uploads nothing itself, and runs what may.
    """
    commands = [it for it in outcome(script, _STARTED).commands if unwrapped(it.words)]
    found = [upload.destination for it in commands if (upload := upload_of(it))]
    named = [unwrapped(it.words)[0] for it in commands]
    others = [it for it in named if it.startswith(UNREAD) or _UNREAD.fullmatch(posixpath.basename(it))]
    if not found and others:
        raise Undetermined(f"what {others[0]} does is not read: the script uploads nothing itself")
    return found
