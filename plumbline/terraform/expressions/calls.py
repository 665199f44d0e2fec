"""Function calls."""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.terraform.budget import CHARACTERS
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.marks import Marked, made_of
from plumbline.terraform.source import Source
from plumbline.terraform.types import BOOL
from plumbline.terraform.values import Ephemeral, InvalidValue, Pending, TfSet, Value, derived, first_unknown
from plumbline.values.unknown import Identity, Unknown

_CHOSEN_BY = frozenset({"element", "lookup"})
"""Functions that choose a part by another argument."""
_KEEPING = frozenset(
    {"chunklist", "coalesce", "coalescelist", "compact", "concat", "distinct", "ephemeralasnull", "flatten"}
    | {"keys", "matchkeys", "merge", "nonsensitive", "one", "reverse", "sensitive", "setintersection"}
    | {"setproduct", "setsubtract", "setunion", "slice", "sort", "tobool", "tolist", "tomap", "tonumber"}
    | {"toset", "tostring", "values", "zipmap"}
)
"""Functions that give parts of their arguments as they are."""


class Call(Expression):
    """`name(a, b...)`; `expand` says that the last argument is a list of further arguments."""

    __slots__ = ("arguments", "expand", "name")

    def __init__(
        self, source: Source, offset: int, name: str, arguments: list[Expression], expand: bool
    ) -> None:
        super().__init__(source, offset)
        self.name = name
        self.arguments = arguments
        self.expand = expand

    def value(self, scope: Scope) -> Value:
        if self.name == "try":
            return self._try(scope)
        if self.name == "can":
            return self._can(scope)
        if self.name == "issensitive":
            return self._issensitive(scope)
        function = scope.functions(self.name)
        if self.name == "templatestring" and self.arguments and self.arguments[0].root() is None:
            raise InvalidValue("in templatestring(): the template must be a reference to where it is kept")
        arguments = [argument.evaluate(scope) for argument in self.arguments]
        if self.expand:
            last = arguments.pop()
            if isinstance(last, Unknown):
                return derived(last)
            arguments.extend(_expanded(last))
        scope.budget.count(sum(map(_length, arguments)))
        try:
            result = function.call(arguments, scope)
        except InvalidValue as error:
            raise self.error(f"in {self.name}(): {error}") from None
        scope.budget.made(result)
        return made_of(result, self._making(arguments))

    def _making(self, arguments: list[Value]) -> list[Value]:
        """The arguments of which the result is made; what it has of the others brings its own mark along."""
        if self.name in _CHOSEN_BY:
            return arguments[1:2]
        return [] if self.name in _KEEPING else arguments

    def _try(self, scope: Scope) -> Value:
        """The first argument that evaluates; a result that is not wholly known could still fail.

        Source: Terraform language, "try Function", as Terraform 1.11 has it.
        """
        if not self.arguments:
            raise InvalidValue("at least one argument is required")
        problems: list[str] = []
        for argument in self.arguments:
            try:
                value = argument.evaluate(scope)
            except EvaluationError as error:
                if error.is_final:
                    raise
                problems.append(str(error))
                continue
            unknown = first_unknown(value)
            if unknown is None or _is_certain(argument, value):
                return value
            return Pending(unknown.origin)  # and not ephemeral: it may be another argument that is taken
        raise InvalidValue("no argument of try() evaluates: " + "; ".join(problems))

    def _can(self, scope: Scope) -> Value:
        if len(self.arguments) != 1:
            raise InvalidValue("can() takes one argument")
        try:
            value = self.arguments[0].evaluate(scope)
        except EvaluationError as error:
            if error.is_final:
                raise
            return False
        unknown = first_unknown(value)
        if unknown is None or _is_certain(self.arguments[0], value):
            return True
        return Pending(unknown.origin, BOOL, not_null=True)

    def _issensitive(self, scope: Scope) -> Value:
        """Known of a constant, and of what has the mark, which truth values and null never have."""
        if len(self.arguments) != 1:
            raise InvalidValue("issensitive() takes one argument")
        value = self.arguments[0].evaluate(scope)
        if isinstance(value, Marked):
            return True
        constant = not any(True for _ in self.arguments[0].traversals()) and "*" not in scope.local
        if isinstance(value, Unknown) or not constant or self.arguments[0].refers_to_marked(scope):
            return Pending("issensitive()", BOOL, not_null=True)
        return False

    def children(self) -> Iterable[Expression]:
        return self.arguments


def _is_certain(argument: Expression, value: Value) -> bool:
    """Whether an unknown result cannot fail later, as a path to a name of AWS's cannot."""
    named = isinstance(value, Identity) or (isinstance(value, Ephemeral) and value.exact)
    return named and argument.root() is not None


def _length(value: Value) -> int:
    """How much a function reads of an argument; a map is looked into without being read."""
    if isinstance(value, str):
        return len(value) // CHARACTERS
    return len(value) if isinstance(value, list) else 0


def _expanded(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise InvalidValue('only a list, tuple or set can be expanded with "..."')
    if isinstance(value, TfSet) and (unknown := first_unknown(value)) is not None:
        return [derived(unknown)]
    return value
