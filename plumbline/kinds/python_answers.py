"""The answers that a function in Python gives an API: which headers are in them, as its source reads.

Source: API Gateway Developer Guide, "Output format of a Lambda function for proxy integration".
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plumbline.values.unknown import Undetermined

_STATUS, _HEADERS, _OTHERS = "statusCode", "headers", "multiValueHeaders"
Known = dict[str, ast.expr]
"""The keys of a dictionary, and what stands for each."""
_READS = ("get", "items", "keys", "values", "copy")
"""What can be asked of a dictionary that leaves it as it is."""


def unlike(source: str, where: str, headers: Mapping[str, str]) -> list[str]:
    """Return what each answer lacks of these headers, and what else they are, with file and line.

    Raises `Undetermined` where an answer is made at run time, or there is none that is written out, and
    `SyntaxError` for what is no Python.
    """
    tree = ast.parse(source)
    returned = {id(it.value) for it in ast.walk(tree) if isinstance(it, ast.Return)}
    module = _Module(where, _assigned(tree), returned)
    answers = [it for it in ast.walk(tree) if _is_answer(it)]
    if not answers:
        raise Undetermined(f"{where} writes no answer out: none with {_STATUS!r}")
    told: list[str] = []
    doubts: list[Undetermined] = []
    for it in answers:
        try:
            told += module.unlike(it, headers)
        except Undetermined as doubt:
            doubts.append(doubt)
    if doubts and not told:
        raise doubts[0]
    return told


@dataclass(frozen=True)
class _Module:
    where: str
    assigned: Mapping[str, ast.expr]
    returned: set[int]
    """The expressions that are returned as they are, by their identity."""

    def unlike(self, answer: ast.AST, headers: Mapping[str, str]) -> Iterator[str]:
        """Yield what an answer lacks."""
        place = f"{self.where}:{getattr(answer, 'lineno', 0)}"
        known = self._keys(answer, place)
        given = known.get(_HEADERS)
        if given is None and id(answer) not in self.returned:
            raise Undetermined(f"the headers of an answer are given it elsewhere than at {place}")
        if _OTHERS in known:
            raise Undetermined(f"some headers have several values, at {place}")
        named = self._keys(given, place) if given is not None else {}
        own = {name.lower(): it for name, it in named.items()}
        for name, value in headers.items():
            found = own.get(name.lower())
            if found is None:
                yield f"{place}: no {name}"
            elif self._text(found, place) != value:
                yield f"{place}: {name} is {self._text(found, place)!r}"

    def _keys(self, expression: ast.AST, place: str) -> Known:
        """Return the keys of a dictionary. Raises `Undetermined` where it is not written out."""
        match self._of_name(expression):
            case ast.Dict(keys=keys, values=values):
                found: Known = {}
                for key, value in zip(keys, values, strict=True):
                    found |= self._keys(value, place) if key is None else {self._text(key, place): value}
                return found
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=given):
                found = {}
                for it in given:
                    found |= self._keys(it.value, place) if it.arg is None else {it.arg: it.value}
                return found
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._keys(left, place) | self._keys(right, place)
        raise Undetermined(f"what is in an answer is made at run time, at {place}")

    def _text(self, expression: ast.expr, place: str) -> str:
        found = self._of_name(expression)
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            return found.value
        raise Undetermined(f"what is in an answer is made at run time, at {place}")

    def _of_name(self, expression: ast.AST) -> ast.AST | None:
        """Return what a name was given, where that is once; anything else is what it is."""
        return self.assigned.get(expression.id) if isinstance(expression, ast.Name) else expression


def _is_answer(node: ast.AST) -> bool:
    """Return whether a dictionary is one that API Gateway takes for an answer."""
    match node:
        case ast.Dict(keys=keys):
            return any(isinstance(it, ast.Constant) and it.value == _STATUS for it in keys)
        case ast.Call(func=ast.Name(id="dict"), keywords=given):
            return any(it.arg == _STATUS for it in given)
    return False


def _assigned(tree: ast.AST) -> dict[str, ast.expr]:
    """Return what names are given that are given a value once, in one place, and are not changed after."""
    given: dict[str, ast.expr] = {}
    bound: Counter[str] = Counter()
    changed: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                given[name] = value
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound[name] += 1
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                changed.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method not in _READS:
                changed.add(name)
    return {name: value for name, value in given.items() if bound[name] == 1 and name not in changed}
