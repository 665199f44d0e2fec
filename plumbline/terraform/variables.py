"""Input variables: declaration, type, default, nullability and validation rules."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plumbline.terraform import conversion, lifecycle
from plumbline.terraform.constants import constant, constants
from plumbline.terraform.expressions.base import EvaluationError, Names, Scope
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.marks import marked
from plumbline.terraform.model import Location, Variable
from plumbline.terraform.problems import Problems
from plumbline.terraform.type_constraints import read_type
from plumbline.terraform.types import ANY, BOOL, Type
from plumbline.terraform.values import Ephemeral, InvalidValue, Pending, Value, derived
from plumbline.values.sensitive import mark
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

_ARGUMENTS = frozenset({"type", "default", "description", "sensitive", "nullable", "ephemeral"})


@dataclass(frozen=True, slots=True)
class Given:
    """A value that somebody set, and where."""

    value: Callable[[], Value]
    location: Location | None = None
    origins: Callable[[], Iterable[str]] = tuple  # the absolute references that it is made from


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation rule as written."""

    condition: str
    error_message: str
    location: Location


@dataclass(frozen=True, slots=True)
class Declared:
    """A variable's declaration; `default` is None also where there is none: see `required`."""

    name: str
    block: Block
    type: Type
    default: Value
    required: bool
    nullable: bool
    sensitive: bool
    ephemeral: bool


def declared(block: Block, problems: Problems) -> Declared:
    """Reads a `variable` block; if something is wrong with it, no value is asked for."""
    name, body = block.labels[0], block.body
    known = len(problems)
    for argument in body.arguments.values():
        if argument.name not in _ARGUMENTS:
            problems.add(f'A variable has no argument "{argument.name}".', argument.location)
    for inner in body.blocks:
        if inner.type != "validation":
            problems.add(f'A variable has no blocks of type "{inner.type}".', inner.location)
    kind = _type(block, problems)
    nullable = _flag(block, "nullable", problems, otherwise=True)
    default = _default(block, kind, problems)
    if "default" in body.arguments and default is None and not nullable:
        problems.add(f'The default of "{name}" cannot be null.', body.arguments["default"].location)
    sensitive = _flag(block, "sensitive", problems, otherwise=False)
    required = "default" not in body.arguments and len(problems) == known
    ephemeral = _flag(block, "ephemeral", problems, otherwise=False)
    return Declared(name, block, kind, default, required, nullable, sensitive, ephemeral)


def _type(block: Block, problems: Problems) -> Type:
    expression = block.body.expression("type")
    if expression is None:
        return ANY
    try:
        return read_type(expression, constants())
    except EvaluationError as error:
        problems.report(error)
        return ANY


def _default(block: Block, kind: Type, problems: Problems) -> Value:
    expression = block.body.expression("default")
    if expression is None:
        return None
    try:
        return conversion.convert(constant(expression), kind)
    except EvaluationError as error:
        problems.report(error)
    except InvalidValue as error:
        problems.report(expression.error(f"the default does not fit the variable's type: {error}"))
    return None


def _flag(block: Block, name: str, problems: Problems, *, otherwise: bool) -> bool:
    expression = block.body.expression(name)
    if expression is None:
        return otherwise
    try:
        return conversion.boolean(constant(expression))
    except EvaluationError as error:
        problems.report(error)
    except InvalidValue as error:
        problems.report(expression.error(str(error)))
    return otherwise


def value(declaration: Declared, given: Given | None, module: Module) -> Value:
    """The variable's value: given or default, converted and validated."""
    unknown = Pending(f"{module.prefix}var.{declaration.name}", declaration.type, exact=True)
    place = declaration.block.location if given is None or given.location is None else given.location
    if given is None and declaration.required:
        sentence = f'The variable "{declaration.name}" is required and has no value.'
        module.run.problems.add(sentence, module.call.block.location if module.call else place)
        return unknown
    try:
        converted = _converted(declaration, None if given is None else given.value(), given is None)
    except InvalidValue as error:
        sentence = f'The value of the variable "{declaration.name}" does not fit its type: {error}.'
        module.run.problems.add(sentence, place)
        return unknown
    if declaration.sensitive:
        mark(converted)
    for refusal in refusals(declaration, converted, module, module.run.problems):
        if isinstance(refusal, str):
            module.run.problems.add(f'Invalid value for the variable "{declaration.name}": {refusal}', place)
    if declaration.ephemeral:
        return Ephemeral(unknown.origin, declaration.type, exact=True)
    return marked(converted) if declaration.sensitive else converted


def _converted(declaration: Declared, raw: Value, absent: bool) -> Value:
    if raw is None and (absent or not declaration.nullable):
        raw = declaration.default
        if raw is None and not declaration.nullable:
            raise InvalidValue("null is not allowed")
    return conversion.convert(raw, declaration.type)


def refusals(
    declaration: Declared, candidate: Value, module: Module, problems: Problems
) -> list[str | Unknown]:
    """The message of each validation rule that a value breaks, or why it is not known whether it does.

    A rule that cannot be evaluated for the value is one of the problems.
    """
    scope = _judging(declaration, candidate, module)
    found: list[str | Unknown] = []
    for rule in declaration.block.body.of_type("validation"):
        holds = _holds(rule, scope, problems)
        if isinstance(holds, Unknown):
            found.append(holds)
        elif not holds:
            found.append(lifecycle.message(rule, scope))
    return found


def _holds(rule: Block, scope: Scope, problems: Problems) -> bool | Unknown:
    expression = rule.body.expression("condition")
    if expression is None:
        return True  # which is reported before anything is evaluated
    try:
        holds = conversion.convert(expression.evaluate(scope), BOOL)
    except EvaluationError as error:
        problems.report(error)
        return True
    except InvalidValue as error:
        problems.report(expression.error(str(error)))
        return True
    return holds if isinstance(holds, Unknown) else bool(holds)


def words(declaration: Declared, candidate: Value, module: Module) -> list[str]:
    """Every text that the validation rules come across when they judge a value, each once.

    That is what stands in a condition and what its parts evaluate to: the names in a local list, the keys of
    a map, the words that `split` makes, the pattern of a regular expression.
    """
    scope = _judging(declaration, candidate, module)
    found: dict[str, None] = {}
    for rule in declaration.block.body.of_type("validation"):
        condition = rule.body.expression("condition")
        for part, _ in condition.walk() if condition else ():
            with contextlib.suppress(EvaluationError):  # what no candidate is compared with is no word of it
                found |= dict.fromkeys(_texts(part.evaluate(scope)))
    return list(found)


def _texts(value: Value) -> Iterator[str]:
    """Yield the texts inside a value that are known, the keys of maps among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from _texts(list(value.values()))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _texts(each)


def _judging(declaration: Declared, candidate: Value, module: Module) -> Scope:
    """The scope of the validation rules where the variable has such a value."""
    return module.scope.naming(_Candidate(declaration.name, candidate, module), {}, 0)


class _Candidate:
    """The names of a module, with another value for one variable."""

    def __init__(self, name: str, candidate: Value, names: Names) -> None:
        self.path = ("var", name)
        self.candidate = candidate
        self.names = names

    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        if path[:2] == self.path:
            return self.candidate, 2
        return self.names.resolve(path)


def model(declaration: Declared, module: Module, given: Value) -> Variable:
    """A variable of the root module for the suite."""

    def accepts(candidate: Value) -> bool | Unknown:
        try:
            converted = _converted(declaration, candidate, False)
        except InvalidValue:
            return False
        broken = Problems()
        found = refusals(declaration, converted, module, broken)
        if broken or any(isinstance(refusal, str) for refusal in found):
            return False
        return next((derived(refusal) for refusal in found if isinstance(refusal, Unknown)), True)

    body = declaration.block.body
    description = getattr(body.expression("description"), "constant", None)
    return Variable(
        name=declaration.name,
        description=description if isinstance(description, str) else "",
        type=_written(declaration.block, "type"),
        default=declaration.default,
        value=given,
        sensitive=declaration.sensitive,
        nullable=declaration.nullable,
        location=declaration.block.location,
        validations=tuple(
            Validation(_written(rule, "condition"), lifecycle.message(rule, module.scope), rule.location)
            for rule in body.of_type("validation")
        ),
        acceptance=accepts,
        compared=lambda: words(declaration, given, module),
    )


def _written(block: Block, name: str) -> str:
    """The source text of an argument's expression."""
    argument = block.body.arguments.get(name)
    return "" if argument is None else argument.text
