"""Python source as a tree, made by one thread at a time.

CPython 3.11 counts for the whole interpreter how deep the tree is that is being made: where two threads make
one each, either may end in `SystemError: AST constructor recursion depth mismatch`. Source: CPython's issue
106905.
"""

from __future__ import annotations

import ast
import threading

_ONE_AT_A_TIME = threading.Lock()


def tree_of(source: str | bytes) -> ast.Module:
    """Return the tree of a source. Raises what `ast.parse` raises."""
    with _ONE_AT_A_TIME:
        return ast.parse(source)
