"""python-hcl2's grammar, cached for this user so that a read-only installation starts fast."""

from __future__ import annotations

import sys
import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from plumbline.terraform.hcl import cache

if TYPE_CHECKING:
    from lark import Lark, Token, Tree


def parse(document: str) -> Tree[Token]:
    """The syntax tree of a document; raises lark's `UnexpectedInput`."""
    return _grammar().parse(document)


@lru_cache
def _grammar() -> Lark:
    """python-hcl2's grammar with one repair, from the cache where it is there.

    The text is read without importing python-hcl2, whose own rule classes nothing here needs. What its lexer
    wrapper does, joining lines before operators, masking has done by Terraform's rules.
    """
    import lark

    text = _text()
    return lark.Lark(
        text, parser="lalr", propagate_positions=True, cache=str(cache.directory() / _cache_name(text))
    )


def _text() -> str:
    package = find_spec("hcl2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("python-hcl2 is not installed", name="hcl2")
    text = (Path(package.origin).parent / "hcl2.lark").read_text("utf-8")
    repaired = text.replace("(MINUS | NOT) expr_term", "(MINUS | NOT) unary_expr")  # `!!x`, `- -x`
    if repaired == text:
        raise RuntimeError("this version of python-hcl2 has another grammar than the evaluator knows")
    return repaired


def _cache_name(text: str) -> str:
    """A grammar pickled by one version of the parser or of Python is of no use to another."""
    import lark

    return (
        f"hcl2-{zlib.crc32(text.encode()):08x}-lark-{lark.__version__}-{sys.implementation.cache_tag}.grammar"
    )
