"""What Python code goes on to call although a check refused what it was given.

The code is followed from its entry as if the check raised an exception each time that it is called. A
condition that nothing decides leads both ways. Nothing of the code is run.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from plumbline.kinds.python_code import Program
from plumbline.kinds.python_evaluation import Evaluation, Jump, Raised, Return
from plumbline.kinds.python_inputs import checks_nothing_that_came_in
from plumbline.kinds.python_values import (
    EMPTY,
    NONE,
    SOMETHING,
    Code,
    Hangs,
    Names,
    Open,
    hanging,
    one_of,
    truth_of,
)
from plumbline.values.model import Model, Text
from plumbline.values.unknown import Undetermined

_MOST_WAYS = 2_000
_MOST_STEPS = 1_000_000
"""How many expressions are looked at in all ways together: some seconds."""
_CATCH_ALL = ("Exception", "BaseException", "ValueError")
"""What catches whatever a check raises: such checks raise a ValueError, or an exception of their library."""
_FOREIGN = "?"
"""Stands among the bases of a class for those that lie elsewhere."""
_JUMPS = (ast.Return, ast.Raise, ast.Continue, ast.Break, ast.Yield, ast.YieldFrom, ast.Assert)


class Reached(Model):
    """A call that is reached in a run in which the check refuses."""

    path: Text
    """`orders.put_item`; of what another call returns the name alone."""
    line: int
    surely: bool
    """Whether no condition leads there that hangs on settings, or on what nothing tells of the refusal."""


class _Continue(Jump): ...


class _Break(Jump): ...


def reached_though_refused(program: Program, check: str) -> list[Reached]:
    """Return the calls of every run in which the check refuses, in their order in the file.

    One that is given nothing which came in refuses none of that: all that is called then is called all the
    same. Raises `Undetermined` where there are too many ways through the code, or too much of it.
    """
    try:
        return _reached(program, check)
    except RecursionError:
        raise Undetermined("it is nested too deeply to be followed") from None


def _reached(program: Program, check: str) -> list[Reached]:
    steps = _MOST_STEPS
    idle = checks_nothing_that_came_in(program, check)
    found: dict[tuple[str, int], bool] = {}
    ahead: list[list[bool]] = [[]]
    for _ in range(_MOST_WAYS):
        if not ahead:
            return [
                Reached(path=path, line=line, surely=surely)
                for (path, line), surely in sorted(found.items(), key=lambda it: it[0][1])
            ]
        way = _Way(program, "" if idle else check, ahead.pop(), steps)
        way.follow()
        steps = way.steps
        for place, hangs in way.calls if way.refused or way.hangs or idle else ():
            found[place] = found.get(place, False) or not hangs
        ahead += way.others()
    raise Undetermined(f"there are more than {_MOST_WAYS} ways through it")


class _Way(Evaluation):
    """One way through the code."""

    def others(self) -> Iterator[list[bool]]:
        """Yield how else it could be decided, of what this way was the first to ask."""
        for place in range(len(self.decided), len(self.taken)):
            yield [*self.taken[:place], not self.taken[place]]

    def follow(self) -> None:
        """Go from the top of the file into the entry."""
        try:
            self._block(self.program.bodies[""], self._globals)
            self._enter(self.program.entry, [])
        except Jump:
            pass

    def _block(self, statements: Iterable[ast.stmt], names: Names) -> None:
        for it in statements:
            self._statement(it, names)

    def _statement(self, statement: ast.stmt, names: Names) -> None:
        match statement:
            case ast.Expr(value=value):
                self._value(value, names)
            case ast.Assign(targets=targets, value=value):
                found = self._value(value, names)
                for it in targets:
                    self._bind(it, found, names)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, self._value(value, names), names)
            case ast.AugAssign(target=target, op=op, value=value):
                self._bind(target, self._together(op, target, value, names), names)
            case ast.Return(value=value):
                raise Return(self._value(value, names) if value else NONE)
            case ast.Raise(exc=raised):
                self._raise(raised, names)
            case ast.Assert(test=test):
                if not self._holds(self._value(test, names)):
                    raise Raised("AssertionError")
            case ast.Continue():
                raise _Continue
            case ast.Break():
                raise _Break
            case ast.If():
                self._if(statement, names)
            case ast.For() | ast.AsyncFor():
                self._for(statement, names)
            case ast.While():
                if truth_of(self._value(statement.test, names)) is not False:
                    self._once(statement.body, statement.orelse, names)
            case ast.With() | ast.AsyncWith():
                self._with(statement, names)
            case ast.Try() | ast.TryStar():
                self._try(statement, names)
            case ast.Match():
                self._match(statement, names)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                names[statement.name] = Code(statement, names)

    def _if(self, statement: ast.If, names: Names) -> None:
        found = self._value(statement.test, names)
        if truth_of(found) is None and not hanging(found) and not self._leads_on(statement):
            self._perhaps += 1
            self._block([*statement.body, *statement.orelse], names)
            self._perhaps -= 1
            return
        self._block(statement.body if self._holds(found) else statement.orelse, names)

    def _leads_on(self, statement: ast.If) -> bool:
        """Return whether it matters to what follows which way is taken."""
        entered = {self.check, *(it.rpartition(".")[2] for it in self.program.functions)}
        for it in ast.walk(statement):
            self.steps -= 1
            if isinstance(it, _JUMPS):
                return True
            if isinstance(it, ast.Call) and {path := self._path(it.func), path.rpartition(".")[2]} & entered:
                return True
        return False

    def _for(self, loop: ast.For | ast.AsyncFor, names: Names) -> None:
        found = self._value(loop.iter, names)
        is_open = truth_of(found) is None and hanging(found)
        if found == EMPTY or (is_open and not self._choose(hanging(found))):
            self._block(loop.orelse, names)
            return
        self._bind(loop.target, one_of(found), names)
        self._once(loop.body, loop.orelse, names)

    def _once(self, body: list[ast.stmt], otherwise: list[ast.stmt], names: Names) -> None:
        try:
            self._block(body, names)
        except _Break:
            return
        except _Continue:
            pass
        self._block(otherwise, names)

    def _with(self, statement: ast.With | ast.AsyncWith, names: Names) -> None:
        suppressed: list[ast.expr] = []
        for it in statement.items:
            found = self._value(it.context_expr, names)
            if it.optional_vars is not None:
                self._bind(it.optional_vars, Open(hanging(found)), names)
            match it.context_expr:
                case ast.Call(func=function, args=args) if self._path(function) == "contextlib.suppress":
                    suppressed += args
        try:
            self._block(statement.body, names)
        except Raised as raised:
            if not any(self._catches(it, raised) for it in suppressed):
                raise

    def _try(self, statement: ast.Try | ast.TryStar, names: Names) -> None:
        try:
            try:
                self._block(statement.body, names)
            except Raised as raised:
                self._handle(statement.handlers, raised, names)
            else:
                self._block(statement.orelse, names)
        finally:
            self._block(statement.finalbody, names)

    def _handle(self, handlers: list[ast.ExceptHandler], raised: Raised, names: Names) -> None:
        for it in handlers:
            if it.type is None or self._catches(it.type, raised):
                names[it.name or ""] = SOMETHING
                self._after_refusal += 1
                try:
                    self._block(it.body, names)
                except Raised as again:
                    raise (raised if again.name == "raise" else again) from None
                finally:
                    self._after_refusal -= 1
                return
        raise raised

    def _catches(self, kind: ast.expr, raised: Raised) -> bool:
        """Return whether what is raised is caught; where nothing tells, this way decides."""
        if isinstance(kind, ast.Tuple):
            return any(self._catches(it, raised) for it in kind.elts)
        name = self._path(kind)
        if name in _CATCH_ALL[:2] or (name == raised.name and name):
            return True
        if raised.name:
            bases = self._bases(raised.name)
            return name in bases or (_FOREIGN in bases and self._choose(Hangs.ON_THE_REFUSAL))
        if name in _CATCH_ALL or name.partition(".")[0] == self.check.partition(".")[0]:
            return True
        if name.startswith("botocore."):
            return False
        return self._choose(Hangs.ON_THE_REFUSAL)

    def _bases(self, name: str) -> set[str]:
        """Return the classes that a class is one of, as far as the file and Python tell."""
        own = self.program.classes
        if name in own:
            direct = {self._path(it) for it in own[name].bases}
            return direct.union(*map(self._bases, direct - {name}))
        known = getattr(builtins, name, None)
        return {it.__name__ for it in known.__mro__} if isinstance(known, type) else {_FOREIGN}

    def _match(self, statement: ast.Match, names: Names) -> None:
        hangs = hanging(self._value(statement.subject, names))
        for it in statement.cases:
            for bound in ast.walk(it.pattern):
                if isinstance(bound, ast.MatchAs | ast.MatchStar) and bound.name:
                    names[bound.name] = Open(hangs)
            if it is statement.cases[-1] or self._choose(hangs):
                self._block(it.body, names)
                return

    def _raise(self, raised: ast.expr | None, names: Names) -> None:
        if raised is None:
            raise Raised("raise")
        if isinstance(raised, ast.Call):
            self._value(raised, names)
            raised = raised.func
        raise Raised(self._path(raised) or "?")
