"""The assertion that did not hold, and what it was about, as the record of the test has it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, TracebackType

from plumbline.suite.looks import Looks, looks_in
from plumbline.suite.reads import EXPECTED
from plumbline.suite.record import Compared, Read, Record, Step
from plumbline.values.names import parsed
from plumbline.values.python_source import tree_of


@dataclass(frozen=True)
class Statement:
    """An assert statement, of the test or of a function that it called."""

    code: CodeType
    """The function that it stands in."""
    first: int
    last: int
    """Its lines in the file."""
    asserted: ast.expr
    message: ast.expr | None = None
    """What is said where it does not hold: by then it is decided."""
    module: Mapping[str, object] = field(default_factory=dict, compare=False)
    """The names of the module that it stands in."""

    def holds(self, step: Step) -> bool:
        """Return whether something was noted in it, and not only in its message."""
        is_in = step.code is self.code and self.first <= step.line <= self.last
        return is_in and not self.is_message(step.instruction)

    def is_message(self, instruction: int) -> bool:
        """Return whether an instruction of its function, by its offset in bytes, makes its message."""
        if self.message is None:
            return False
        line, _, column, _ = next(itertools.islice(self.code.co_positions(), instruction // 2, None))
        begins = self.message.lineno, self.message.col_offset
        return line is not None and column is not None and (line, column) >= begins


def failed(error: BaseException) -> Statement | None:
    """Return the assert statement that raised `error`: the innermost; None where no source has one."""
    *_, innermost = (None, *(statement for statement, _ in _raised_through(error)))
    return innermost


def not_worded(error: BaseException) -> Statement | None:
    """Return the assertion of which only the message could not be made: it did not hold."""
    passed = _raised_through(error)
    return next((statement for statement, instruction in passed if statement.is_message(instruction)), None)


def read_for(record: Record, statement: Statement | None) -> list[Read]:
    """Return what was read to decide an assertion.

    That is what it read itself, the last time that it ran, and what its operands are, which may have been
    read before. Where neither is known it is everything that the test read.
    """
    if statement is None:
        return record.reads
    own = _last_pass(record.reads, statement)
    told = compared_in(record, statement)
    before = [read for it in told for read in _operands(it, record.reads, own) if read not in own]
    before = before if told else _counterparts(record.reads, own)
    return [*before, *own, *_not_reached(record, statement, own)] or record.reads


def refuse_unknown(record: Record, statement: Statement | None) -> None:
    """Raise why nobody knows whether an assertion holds that did not, where what decided it is not known."""
    for doubt in record.doubts if statement else ():
        if statement and any(map(statement.holds, doubt.stack)):
            raise doubt.reason
    asked = statement.asserted if statement else None
    module = statement.module if statement else {}
    looks = looks_in(ast.walk(asked), module, record.examination.arguments) if asked else Looks()
    record.refuse_unknown(read_for(record, statement), looks)


def compared_in(record: Record, statement: Statement) -> list[Compared]:
    """Return the comparisons that pytest told of an assertion."""
    return [it for it in record.compared if any(map(statement.holds, it.stack))]


def lets_more_be_there(record: Record, statement: Statement | None) -> bool:
    """Return whether an assertion asks for a least, and lets more be there."""
    if statement is None:
        return False
    told = compared_in(record, statement)
    if told:
        return told[-1].operator == ">="
    asserted = statement.asserted
    return isinstance(asserted, ast.Compare) and isinstance(asserted.ops[0], ast.GtE)


def hides_more(record: Record, statement: Statement | None) -> bool:
    """Return whether something stands behind what failed that would be asked, did that hold.

    That is a further statement of the test, a further turn of a loop, another part of a comparison or of an
    `and`, and whatever stands behind an assertion of a function that the test calls.
    """
    function = parsed(record.examination.function)
    if statement is None or function is None or statement.code is not record.examination.function.__code__:
        return True
    last, asserted = function.body[-1], [*ast.walk(statement.asserted)]
    if not isinstance(last, ast.Assert) or last.lineno != statement.first:
        return True
    return any(
        isinstance(it, ast.BoolOp) or (isinstance(it, ast.Compare) and len(it.ops) > 1) for it in asserted
    )


def _raised_through(error: BaseException) -> Iterator[tuple[Statement, int]]:
    """Yield the assert statements that an error passed, the outermost first, each with the instruction."""
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None:
        statement = _at(traceback.tb_frame, traceback.tb_lineno)
        if statement:
            yield statement, traceback.tb_lasti
        traceback = traceback.tb_next


def _at(frame: FrameType, line: int) -> Statement | None:
    for node in _assertions(frame.f_code.co_filename):
        last = node.end_lineno or node.lineno
        if node.lineno <= line <= last:
            return Statement(frame.f_code, node.lineno, last, node.test, node.msg, frame.f_globals)
    return None


@cache
def _assertions(file: str) -> tuple[ast.Assert, ...]:
    """Return the assert statements of a file; none where it cannot be read."""
    try:
        tree = tree_of(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Assert))


def _last_pass(reads: Iterable[Read], statement: Statement) -> list[Read]:
    """Return what a statement read the last time that it ran: from its first read on."""
    own = [(read, number, step) for read in reads for number, step in _in(statement, read)]
    if not own:
        return []
    first = min(step.instruction for _, _, step in own)
    starts = [at for at, (_, _, step) in enumerate(own) if step.instruction == first]
    start = starts.pop()
    while own[start][1] > 0 and starts and starts[-1] == start - 1:  # one call read several times
        start = starts.pop()
    return [read for read, _, _ in own[start:]]


def _not_reached(record: Record, statement: Statement, own: Sequence[Read]) -> Iterator[Read]:
    """Yield what a statement of the test would have asked of `expected`, had it come so far.

    `any(it <= expected.most for it in [])` asks nothing, and yet that is what was expected.
    """
    if statement.code is not record.examination.function.__code__:
        return
    asked = {read.name for read in own if read.argument == EXPECTED}
    for node in ast.walk(statement.asserted):
        match node:
            case ast.Attribute(value=ast.Name(id="expected"), attr=name) if name not in asked:
                yield Read(EXPECTED, name, record.expected(name), ())


def _in(statement: Statement, read: Read) -> Iterator[tuple[int, Step]]:
    """Yield the step at which a read was in the statement, and how many functions below it."""
    found = ((number, step) for number, step in enumerate(read.stack) if statement.holds(step))
    yield from itertools.islice(found, 1)


def _operands(compared: Compared, reads: Sequence[Read], own: Sequence[Read]) -> list[Read]:
    """Return the reads whose values the operands are: the very same values.

    Where several are, it is those of one name; `true` and `0` are the same whoever says them.
    """
    left, right = (
        _saying(operand, own) or _saying(operand, reads) for operand in (compared.left, compared.right)
    )
    pairs = [(one, other) for one in left for other in right if _of_one_name(one, other)]
    if pairs:
        return list(pairs[-1])
    last = [found[-1] for found in (left, right) if found]
    return [read for read in last if not isinstance(read.value, bool | int | None)]


def _counterparts(reads: Iterable[Read], own: Sequence[Read]) -> list[Read]:
    """Return what was read before under the names that a statement read, on the side that it did not read.

    That is the best guess at its operands where pytest does not tell them.
    """
    sides = {read.argument == EXPECTED for read in own}
    others = [read for read in reads if len(sides) == 1 and (read.argument == EXPECTED) not in sides]
    return [read for read in others if any(_of_one_name(read, one) for one in own)]


def _saying(value: object, reads: Iterable[Read]) -> list[Read]:
    return [read for read in reads if read.value is value]


def _of_one_name(one: Read, other: Read) -> bool:
    return one.name == other.name and one.argument != other.argument
