"""The patterns by which a workflow says which branches and files start it.

Source: GitHub's documentation, "Workflow syntax", "Filter pattern cheat sheet": `*` is anything but a slash,
`**` anything, `?` and `+` repeat the character before, brackets are one of several, and of several patterns
the last one that fits decides, one with `!` against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from plumbline.values.wildcards import literal, matcher

_TOKEN = re.compile(r"(\*\*/|\*\*|\*|[?+]|\[[^\]]*\]|\\.)", re.DOTALL)
_WILD = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}


def fits(patterns: Sequence[str], name: str) -> bool:
    """Return whether patterns choose a branch or a file. Raises `Undetermined` for one that is no pattern."""
    chosen = False
    for it in patterns:
        wanted = not it.startswith("!")
        if chosen is not wanted and matcher(_expression(it.removeprefix("!")), it)(name):
            chosen = wanted
    return chosen


def _expression(pattern: str) -> str:
    return "".join(map(_part, _TOKEN.split(pattern)))


def _part(token: str) -> str:
    if token in _WILD:
        return _WILD[token]
    if token in ("?", "+") or (token[:1] == "[" and token[-1:] == "]"):
        return token
    return literal(token[1:] if len(token) == 2 and token[0] == "\\" else token)
