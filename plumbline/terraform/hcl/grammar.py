"""python-hcl2's grammar, made into a parser once and kept in the package as data.

Making the parser takes a second. What is kept is JSON, which runs no code when it is read, and it lies in
the package, where nobody writes who could not change the code as well. It is made anew by
`python -m selftest.terraform.record_grammar`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

TABLE = Path(__file__).with_name("grammar.json.gz")
"""The parser of one version of the grammar, made by one version of lark."""


def parse(document: str) -> Tree[Token]:
    """The syntax tree of a document; raises lark's `UnexpectedInput`."""
    return _parser().parse(document)


@lru_cache
def _parser() -> Lark:
    """The parser that is kept; where lark or the grammar is another one, it is made."""
    import lark

    text = _text()
    kept = json.loads(gzip.decompress(TABLE.read_bytes()), object_hook=_with_numbers)
    if kept["of"] != _called(text):
        return made(text)
    parser: Lark = lark.Lark._load_from_dict(kept["data"], kept["memo"])  # type: ignore[no-untyped-call]
    return parser


def made(text: str) -> Lark:
    """The parser of a grammar."""
    import lark

    return lark.Lark(text, parser="lalr", propagate_positions=True)


def table() -> bytes:
    """The parser as it is kept, made anew."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    text = _text()
    data, memo = made(text).memo_serialize([TerminalDef, Rule])
    return json.dumps({"of": _called(text), "data": data, "memo": memo}, separators=(",", ":")).encode()


def _text() -> str:
    """The grammar with one repair.

    The text is read without importing python-hcl2, whose own rule classes nothing here needs. What its lexer
    wrapper does, joining lines before operators, masking has done by Terraform's rules.
    """
    package = find_spec("hcl2")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("python-hcl2 is not installed", name="hcl2")
    text = (Path(package.origin).parent / "hcl2.lark").read_text("utf-8")
    repaired = text.replace("(MINUS | NOT) expr_term", "(MINUS | NOT) unary_expr")  # `!!x`, `- -x`
    if repaired == text:
        raise RuntimeError("this version of python-hcl2 has another grammar than the evaluator knows")
    return repaired


def _called(text: str) -> str:
    import lark

    return f"{zlib.crc32(text.encode()):08x} by lark {lark.__version__}"


def _with_numbers(entries: dict[str, Any]) -> dict[Any, Any]:
    """A mapping whose keys are numbers again, where JSON made texts of them."""
    return {int(key) if key.isdecimal() else key: value for key, value in entries.items()}
