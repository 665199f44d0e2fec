"""Operators and the conditional."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plumbline.terraform import conversion, numbers
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.marks import made_of, marked
from plumbline.terraform.source import Source
from plumbline.terraform.types import BOOL, NUMBER, Type
from plumbline.terraform.values import (
    Between,
    InvalidValue,
    Pending,
    Value,
    bounds,
    derived,
    equal,
    is_not_null,
)
from plumbline.values.unknown import Unknown

_ARITHMETIC: dict[str, Callable[[numbers.Number, numbers.Number], numbers.Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_COMPARISON: dict[str, Callable[[numbers.Number, numbers.Number], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_LOGIC: dict[str, Callable[[bool, bool], bool]] = {
    "&&": lambda left, right: left and right,
    "||": lambda left, right: left or right,
}


class Unary(Expression):
    """`-x` and `!x`."""

    __slots__ = ("operand", "operator")

    def __init__(self, source: Source, offset: int, operator: str, operand: Expression) -> None:
        super().__init__(source, offset)
        self.operator = operator
        self.operand = operand

    @property
    def gives(self) -> Type:
        """A number or a bool."""
        return NUMBER if self.operator == "-" else BOOL

    def value(self, scope: Scope) -> Value:
        kind = self.gives
        operand = _operand(self.operand.evaluate(scope), kind)
        if isinstance(operand, Unknown):
            return derived(operand, kind, not_null=True)
        if kind is BOOL:
            return not operand
        return made_of(numbers.negate(conversion.number(operand)), [operand])

    def children(self) -> Iterable[Expression]:
        return (self.operand,)


class Binary(Expression):
    """An operator between two operands.

    Before Terraform 1.12 both are evaluated always, and `false && unknown` is unknown; since then the left
    one of `&&` and `||` decides where it can. Source: Terraform's changelog, 1.12.0.
    """

    __slots__ = ("left", "operator", "right")

    def __init__(
        self, source: Source, offset: int, operator: str, left: Expression, right: Expression
    ) -> None:
        super().__init__(source, offset)
        self.operator = operator
        self.left = left
        self.right = right

    @property
    def gives(self) -> Type:
        """A number or a bool."""
        return NUMBER if self.operator in _ARITHMETIC else BOOL

    def value(self, scope: Scope) -> Value:
        left = self.left.evaluate(scope)
        if scope.decides_early and self.operator in _LOGIC:
            return self._early(left, scope)
        right = self.right.evaluate(scope)
        if self.operator in ("==", "!="):
            same = equal(left, right)
            return same if isinstance(same, Unknown) else same == (self.operator == "==")
        return made_of(operate(self.operator, left, right), [left, right])

    def _early(self, left: Value, scope: Scope) -> Value:
        """The logic of Terraform 1.12; what an unknown left side may keep from counting is not refused."""
        decided = _operand(left, BOOL)
        if decided is (self.operator == "||"):
            return decided
        try:
            return operate(self.operator, decided, self.right.evaluate(scope))
        except (EvaluationError, InvalidValue):
            if isinstance(decided, Unknown):
                return derived(decided, BOOL, not_null=True)
            raise

    def children(self) -> Iterable[Expression]:
        return (self.left, self.right)


def operate(operator: str, left: Value, right: Value) -> Value:
    """An arithmetic, comparing or logical operator on two values."""
    logic = operator in _LOGIC
    wanted = BOOL if logic else NUMBER
    left, right = _operand(left, wanted), _operand(right, wanted)
    result = NUMBER if operator in _ARITHMETIC else BOOL
    if operator in ("<", ">") and (decided := _by_bounds(operator, left, right)) is not None:
        return decided
    if isinstance(left, Unknown):
        return derived(left, result, not_null=True)
    if isinstance(right, Unknown):
        return derived(right, result, not_null=True)
    if logic:
        return _LOGIC[operator](conversion.boolean(left), conversion.boolean(right))
    if operator in _ARITHMETIC:
        return _ARITHMETIC[operator](conversion.number(left), conversion.number(right))
    return _COMPARISON[operator](conversion.number(left), conversion.number(right))


def _by_bounds(operator: str, left: Value, right: Value) -> bool | None:
    """Whether one number is less than another, as far as what is known of them tells."""
    less, more = map(bounds, (left, right) if operator == "<" else (right, left))
    if less is None or more is None:
        return None
    return True if less[1] < more[0] else False if less[0] >= more[1] else None


def _operand(value: Value, wanted: Type) -> Value:
    if value is None:
        raise InvalidValue("an operand cannot be null")
    return conversion.convert(value, wanted)


class Conditional(Expression):
    """`condition ? yes : no`; both results have one type, and only the chosen one may fail."""

    __slots__ = ("condition", "no", "yes")

    def __init__(
        self, source: Source, offset: int, condition: Expression, yes: Expression, no: Expression
    ) -> None:
        super().__init__(source, offset)
        self.condition = condition
        self.yes = yes
        self.no = no

    def value(self, scope: Scope) -> Value:
        yes, yes_error = _attempt(self.yes, scope)
        no, no_error = _attempt(self.no, scope)
        types = [conversion.type_of(yes), conversion.type_of(no)]
        common = conversion.unify(kind for it, kind in zip((yes, no), types, strict=True) if it is not None)
        if common is None:
            raise InvalidValue("the two results of a conditional must have types that convert to one another")
        condition = self._decide(scope)
        if isinstance(condition, Unknown):
            between = _between(yes, no) if types == [common, common] else None
            return derived(condition, common, not_null=_is_known(yes) and _is_known(no), between=between)
        error = yes_error if condition else no_error
        if error is not None:
            raise error
        chosen = conversion.convert(yes if condition else no, common)
        return marked(chosen) if self.condition.refers_to_marked(scope) else chosen

    def _decide(self, scope: Scope) -> bool | Unknown:
        condition = self.condition.evaluate(scope)
        if condition is None:
            raise InvalidValue("the condition of a conditional cannot be null")
        decided = conversion.convert(condition, BOOL)
        return decided if isinstance(decided, Unknown) else bool(decided)

    def children(self) -> Iterable[Expression]:
        return (self.condition, self.yes, self.no)


def _attempt(expression: Expression, scope: Scope) -> tuple[Value, EvaluationError | None]:
    """A result and its error, which matters only if the condition chooses that result."""
    try:
        return expression.evaluate(scope), None
    except EvaluationError as error:
        if error.is_final:
            raise
        return Pending("a result that is not chosen", expression.gives), error


def _between(yes: Value, no: Value) -> Between | None:
    """The bounds of what is one of two numbers or collections."""
    one, other = bounds(yes), bounds(no)
    return None if one is None or other is None else (min(one[0], other[0]), max(one[1], other[1]))


def _is_known(value: Value) -> bool:
    """Whether the value is certainly not null."""
    return is_not_null(value) if isinstance(value, Unknown) else value is not None
