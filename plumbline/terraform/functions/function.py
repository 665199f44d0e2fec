"""How a function declares its parameters, and what is the same for all of them: conversion, null, unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plumbline.terraform import conversion
from plumbline.terraform.characters import composed
from plumbline.terraform.expressions.base import Scope
from plumbline.terraform.types import ANY, Type
from plumbline.terraform.values import Instance, InvalidValue, Value, derived, first_unknown
from plumbline.values.unknown import Unknown

MOST = {"elements": 5_000_000, "values of YAML": 1_000_000, "characters": 64 * 1024 * 1024}
"""How much one call makes out of less."""


def limited(number: int, what: str) -> None:
    """Raises `InvalidValue` where a call would make more elements or characters than anybody reads."""
    if number > MOST[what]:
        raise InvalidValue(f"the result would have more than {MOST[what]:,} {what}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: the type it converts to, and which values reach the function's body.

    `parts` lets collections with unknown parts in; `unknown` lets wholly unknown values in as well.
    """

    type: Type = ANY
    null: bool = False
    parts: bool = False
    unknown: bool = False

    def accept(self, value: Value) -> Value:
        """The value as this parameter's type; raises `InvalidValue`."""
        if value is None and not self.null:
            raise InvalidValue("an argument cannot be null")
        if isinstance(value, Instance):
            value = value.whole()
        return conversion.convert(value, self.type)

    def blocking(self, value: Value) -> Unknown | None:
        """The unknown that keeps the function from being evaluated, if any."""
        if self.unknown:
            return None
        if self.parts:
            return value if isinstance(value, Unknown) else None
        return first_unknown(value)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the Terraform language."""

    name: str
    parameters: tuple[Parameter, ...]
    rest: Parameter | None
    returns: Type
    body: Callable[..., Value]
    scoped: bool  # whether the body takes the scope first: it reads files or evaluates templates

    def call(self, arguments: Sequence[Value], scope: Scope) -> Value:
        """The function's value; unknown where an argument that decides it is; raises `InvalidValue`."""
        parameters = self._parameters(len(arguments))
        given = [self._accept(i, p, v) for i, (p, v) in enumerate(zip(parameters, arguments, strict=True), 1)]
        for parameter, value in zip(parameters, given, strict=True):
            if (unknown := parameter.blocking(value)) is not None:
                return derived(unknown, self.returns, not_null=self.returns is not ANY)
        try:
            made = self.body(scope, *given) if self.scoped else self.body(*given)
        except (ValueError, LookupError, ArithmeticError) as error:  # such as half of a surrogate pair
            raise InvalidValue(f"{self.name} takes no such value: {error}") from None
        return composed(made) if type(made) is str else made

    def check_count(self, count: int) -> None:
        """Raises `InvalidValue` for a number of arguments that the function does not take."""
        fixed = len(self.parameters)
        if count < fixed or (count > fixed and self.rest is None):
            least = "at least " if self.rest else ""
            raise InvalidValue(f"{self.name} takes {least}{fixed} argument{'s' * (fixed != 1)}, not {count}")

    def _parameters(self, count: int) -> tuple[Parameter, ...]:
        self.check_count(count)
        return self.parameters + (count - len(self.parameters)) * ((self.rest,) if self.rest else ())

    def _accept(self, position: int, parameter: Parameter, value: Value) -> Value:
        try:
            return parameter.accept(value)
        except InvalidValue as error:
            raise InvalidValue(f"argument {position}: {error}") from None


Body = Callable[..., Value]


def declare(
    table: dict[str, Function],
) -> Callable[..., Callable[[Body], Body]]:
    """The decorator that enters a body into a category's table."""

    def function(
        *parameters: Parameter | Type,
        rest: Parameter | Type | None = None,
        returns: Type = ANY,
        name: str = "",
        scoped: bool = False,
    ) -> Callable[[Body], Body]:
        def enter(body: Body) -> Body:
            entry = name or body.__name__.rstrip("_")
            fixed = tuple(map(_parameter, parameters))
            last = None if rest is None else _parameter(rest)
            table[entry] = Function(entry, fixed, last, returns, body, scoped)
            return body

        return enter

    return function


def _parameter(given: Parameter | Type) -> Parameter:
    return given if isinstance(given, Parameter) else Parameter(given)
