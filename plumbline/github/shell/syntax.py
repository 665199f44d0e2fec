"""The syntax tree of a script, by tree-sitter's grammar of Bash."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_TOKEN = re.compile(r"EXPRESSION_OF_GITHUB_(\d+)_")
MOST_BYTES = 200_000
"""How long a script may be; a longer one is left open."""


@dataclass(frozen=True)
class Source:
    """A parsed script. GitHub fills expressions in before a shell sees them: here each is one word's part."""

    root: Node
    expressions: tuple[str, ...]

    def text(self, node: Node) -> str:
        """Return a node as it is written."""
        return self.restored((node.text or b"").decode(errors="replace"))

    def restored(self, text: str) -> str:
        """Return a text with the expressions of GitHub in it."""
        return _TOKEN.sub(lambda match: self.expressions[int(match[1])], text)


@functools.lru_cache(maxsize=512)
def parsed(script: str) -> Source:
    """Return a script's tree. Raises `Undetermined` for one that is too long to be read."""
    found: list[str] = []

    def token(match: re.Match[str]) -> str:
        found.append(match[0])
        return f"EXPRESSION_OF_GITHUB_{len(found) - 1}_"

    written = _EXPRESSION.sub(token, script).encode()
    if len(written) > MOST_BYTES:
        raise Undetermined(f"a script of {len(written):,} bytes is not read")
    return Source(_parser().parse(written).root_node, tuple(found))


@functools.cache
def _parser() -> Parser:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))
