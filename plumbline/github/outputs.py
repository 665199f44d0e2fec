"""What the commands of a step write for later steps and jobs.

Source: GitHub's documentation, "Workflow commands", "Setting an output parameter".
"""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.github.conditions import OPEN, Value
from plumbline.github.shell.path import Command, is_known

_FILE = "GITHUB_OUTPUT"


def written(commands: Iterable[Command]) -> dict[str, Value]:
    """Return the outputs that commands give, by name; open where that hangs on what nobody knows.

    A command that is handed the file, as `tee` is, may write anything into it.
    """
    found: dict[str, Value] = {}
    for it in commands:
        is_handed = any(_FILE in word for word in it.words)
        if _FILE not in it.written_to and not is_handed:
            continue
        name, equals, value = " ".join(it.words[1:]).partition("=")
        tells = it.words[:1] in (("echo",), ("printf",)) and not is_handed
        is_read = tells and bool(equals) and name.isidentifier()
        if not is_read:
            found = dict.fromkeys(found, OPEN)
        elif it.sure and is_known(value):
            found[name] = value.removesuffix("\\n")
        else:
            found[name] = OPEN
    return found
