"""The answers that a function in Python gives an API: which headers are in them, as its source reads.

Source: API Gateway Developer Guide, "Output format of a Lambda function for proxy integration".
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from plumbline.values.python_source import tree_of
from plumbline.values.unknown import Undetermined

_STATUS, _HEADERS, _OTHERS = "statusCode", "headers", "multiValueHeaders"
Known = dict[str, ast.expr]
"""The keys of a dictionary, and what stands for each."""
_MOST_ROUNDS = 8
"""How often it is followed which function hands an answer on."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_READS = ("get", "items", "keys", "values", "copy")
"""What can be asked of a dictionary that leaves it as it is."""


def unlike(source: str, where: str, headers: Mapping[str, str]) -> list[str]:
    """Return what each answer lacks of these headers, and what else they are, with file and line.

    Raises `Undetermined` where an answer is made at run time, or there is none that is written out, and
    `SyntaxError` for what is no Python.
    """
    tree = tree_of(source)
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
    if told:
        return told
    changed = _Answers(tree)
    for node in ast.walk(tree):
        module.refuse_changed(node, changed, headers)
    if doubts:
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
        yield from self._lacking(given, headers, place)

    def refuse_changed(self, node: ast.AST, answers: _Answers, headers: Mapping[str, str]) -> None:
        """Raise `Undetermined` where an answer is given headers after it was made that may not be these."""
        place = f"{self.where}:{getattr(node, 'lineno', 0)}"
        changed = answers.changed(node)
        if changed is None:
            return
        given, is_more = changed
        own = {name.lower() for name in self._keys(given, place)} if given is not None and is_more else set()
        asked = {name: value for name, value in headers.items() if not is_more or name.lower() in own}
        if (given is None and not is_more) or any(self._lacking(given, asked, place)):
            raise Undetermined(f"the headers of an answer are changed after it was made, at {place}")

    def _lacking(self, given: ast.expr | None, headers: Mapping[str, str], place: str) -> Iterator[str]:
        """Yield what some headers lack."""
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


class _Answers:
    """The names that answers may have, and those that their headers may."""

    def __init__(self, tree: ast.AST) -> None:
        self._functions = {it.name: it for it in ast.walk(tree) if isinstance(it, _FUNCTIONS)}
        self._makers: set[str] = set()
        """The functions that return answers."""
        self._names: set[str] = set()
        self._headers: set[str] = set()
        nodes = [*ast.walk(tree)]
        self._returned = {
            it.value.id for it in nodes if isinstance(it, ast.Return) and isinstance(it.value, ast.Name)
        }
        for _ in range(_MOST_ROUNDS):
            before = (len(self._makers), len(self._names), len(self._headers))
            for it in nodes:
                self._note(it)
            if before == (len(self._makers), len(self._names), len(self._headers)):
                return

    def _note(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                returned = (it.value for it in ast.walk(node) if isinstance(it, ast.Return))
                if any(it is not None and self._is_certain(it) for it in returned):
                    self._makers.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if self._is_certain(value):
                    self._names.add(name)
                if self._is_headers(value):
                    self._headers.add(name)
            case ast.Call() if (called := self._functions.get(_called(node))) is not None:
                for argument, value in zip(called.args.args, node.args, strict=False):
                    if self._is_certain(value):
                        self._names.add(argument.arg)

    def changed(self, node: ast.AST) -> tuple[ast.expr | None, bool] | None:
        """Return the headers that are given to an answer, if any, and whether it keeps those that it has.

        Without any, its headers are others in some way.
        """
        match node:
            case ast.Assign(targets=targets, value=value):
                for it in targets:
                    if (found := self._given(it, value)) is not None:
                        return found
            case ast.AugAssign(target=target, op=ast.BitOr(), value=value):
                return self._more(target, [value], [])
            case ast.Delete(targets=targets):
                return next((self._given(it, None) for it in targets if self._given(it, None)), None)
            case ast.Call(func=ast.Attribute(value=of, attr="update"), args=arguments, keywords=keywords):
                return self._more(of, arguments, keywords)
            case ast.Call(func=ast.Attribute(value=of, attr=method), args=arguments) if method not in _READS:
                is_one = self._is_answer(of) and any(_is_text(it, _HEADERS) for it in arguments[:1])
                return (
                    (None, False) if self._is_headers(of) or is_one or self._is_emptied(of, method) else None
                )
            case ast.Dict(keys=keys, values=values) if not _is_answer(node):
                merged = (it for key, it in zip(keys, values, strict=True) if key is None)
                return self._of_dictionary(node) if any(map(self._is_answer, merged)) else None
            case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Dict() as right) if self._is_answer(left):
                return self._of_dictionary(right)
            case ast.Call(func=ast.Name(id="dict"), args=[first], keywords=keywords) if self._is_answer(
                first
            ):
                return self._more(first, [], keywords)
        return None

    def _given(self, target: ast.expr, value: ast.expr | None) -> tuple[ast.expr | None, bool] | None:
        """Return what is given where something is put in a place."""
        match target:
            case ast.Subscript(value=of, slice=key) if self._is_headers(of):
                return (ast.Dict(keys=[key], values=[value]), True) if value else (None, False)
            case ast.Subscript(value=of, slice=key) if self._is_answer(of) and _is_text(key, _HEADERS):
                return value, False
            case ast.Subscript(value=of, slice=key) if _is_text(key, _STATUS) and not self._is_certain(of):
                return None, False
            case ast.Subscript(slice=key) if _is_text(key, _OTHERS):
                return None, False
        return None

    def _more(
        self, of: ast.expr, arguments: list[ast.expr], keywords: list[ast.keyword]
    ) -> tuple[ast.expr | None, bool] | None:
        """Return the headers of what something is given besides what it has."""
        named = [it.value for it in keywords if it.arg == _HEADERS]
        if self._is_headers(of):
            return (arguments[0], True) if len(arguments) == 1 and not keywords else (None, False)
        if not self._is_answer(of):
            return None
        if named:
            return named[0], False
        if any(it.arg is None for it in keywords) and self._is_certain(of):
            return None, False
        if not arguments or not (isinstance(arguments[0], ast.Dict) or self._is_certain(of)):
            return None
        return self._of_dictionary(arguments[0])

    def _of_dictionary(self, given: ast.expr) -> tuple[ast.expr | None, bool] | None:
        """Return the headers of a dictionary; one that is not written out may have some."""
        if not isinstance(given, ast.Dict):
            return None, False
        for key, value in zip(given.keys, given.values, strict=True):
            if key is not None and _is_text(key, _HEADERS):
                return value, False
        return None

    def _is_emptied(self, of: ast.expr, method: str) -> bool:
        return self._is_certain(of) and method == "clear"

    def _is_answer(self, expression: ast.expr) -> bool:
        """Return whether something may be an answer: what is returned, or what is called returns."""
        returned = isinstance(expression, ast.Name) and expression.id in self._returned
        return returned or isinstance(expression, ast.Call) or self._is_certain(expression)

    def _is_certain(self, expression: ast.expr) -> bool:
        """Return whether something is an answer, as far as the file tells."""
        match expression:
            case ast.Name(id=name):
                return name in self._names
            case ast.Call() if _called(expression) in self._makers:
                return True
        return _is_answer(expression)

    def _is_headers(self, expression: ast.expr) -> bool:
        match expression:
            case ast.Name(id=name):
                return name in self._headers
            case ast.Subscript(value=of, slice=key):
                return self._is_answer(of) and _is_text(key, _HEADERS)
            case ast.Call(func=ast.Attribute(value=of, attr="get" | "setdefault"), args=[key, *_]):
                return self._is_answer(of) and _is_text(key, _HEADERS)
        return False


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_text(expression: ast.expr, text: str) -> bool:
    return isinstance(expression, ast.Constant) and expression.value == text


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
