"""What the commands of a step write for later steps and jobs.

Source: GitHub's documentation, "Workflow commands", "Setting an output parameter".
"""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.github.conditions import OPEN, Value
from plumbline.github.shell.path import Command, is_known

_FILE = "GITHUB_OUTPUT"


def written(commands: Iterable[Command]) -> dict[str, Value]:
    """Return the outputs that commands give, by name; open where that hangs on what nobody knows."""
    found: dict[str, Value] = {}
    for it in commands:
        if _FILE not in it.written_to:
            continue
        name, equals, value = " ".join(it.words[1:]).partition("=")
        is_read = it.words[:1] in (("echo",), ("printf",)) and bool(equals) and name.isidentifier()
        if not is_read:
            found = dict.fromkeys(found, OPEN)
        elif it.sure and is_known(value):
            found[name] = value.removesuffix("\\n")
        else:
            found[name] = OPEN
    return found
