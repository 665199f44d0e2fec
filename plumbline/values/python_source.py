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
    """Return the tree of a source. Raises `SyntaxError` for what Python does not read, also for its depth."""
    try:
        with _ONE_AT_A_TIME:
            return ast.parse(source)
    except (RecursionError, MemoryError):
        raise SyntaxError("it is nested too deeply") from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None
