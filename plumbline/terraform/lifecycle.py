"""The `lifecycle` block of a resource: settings about the resource, and conditions that must hold."""

from __future__ import annotations

from collections.abc import Callable

from plumbline.terraform import conversion, references
from plumbline.terraform.constants import constants
from plumbline.terraform.expressions.base import EvaluationError, Expression, Scope
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.problems import Problems
from plumbline.terraform.types import BOOL
from plumbline.terraform.values import InvalidValue, Value

_REFERENCES = ("ignore_changes", "replace_triggered_by")


def evaluate(block: Block, scope: Scope, own: Callable[[], Value], problems: Problems) -> dict[str, Value]:
    """The settings by name; ignored attributes are listed as written, or `all`.

    What does not hold is reported, of `own`, which is the instance itself, as far as that is known by now.
    """
    values: dict[str, Value] = {}
    for lifecycle in block.body.of_type("lifecycle"):
        for name, argument in lifecycle.body.arguments.items():
            if name in _REFERENCES:
                values[name] = _names(argument.expression)
            else:
                values[name] = _setting(argument.expression, problems)
        for condition in lifecycle.body.of_type("precondition"):
            require(condition, scope, problems)
        for condition in lifecycle.body.of_type("postcondition"):
            require(condition, scope.inside({"self": own()}), problems)
    return values


def _setting(expression: Expression, problems: Problems) -> Value:
    """A setting must be a constant: it decides the plan's structure."""
    try:
        return conversion.convert(expression.evaluate(constants()), BOOL)
    except EvaluationError as error:
        problems.report(error)
    except InvalidValue as error:
        problems.report(expression.error(str(error)))
    return None


def _names(expression: Expression) -> Value:
    if (single := references.path(expression)) is not None:
        return single
    return [references.path(child) or str(getattr(child, "constant", "")) for child in expression.children()]


def require(condition: Block, scope: Scope, problems: Problems) -> None:
    """Reports the condition's error message where the condition is known not to hold."""
    expression = condition.body.expression("condition")
    if expression is None:
        return  # which is reported before anything is evaluated
    try:
        if conversion.convert(expression.evaluate(scope), BOOL) is False:
            problems.add(message(condition, scope), expression.location)
    except EvaluationError as error:
        problems.report(error)
    except InvalidValue as error:
        problems.report(expression.error(str(error)))


def message(condition: Block, scope: Scope) -> str:
    """The error message of a condition or validation rule, as far as it evaluates."""
    expression = condition.body.expression("error_message")
    try:
        text = None if expression is None else expression.evaluate(scope)
    except EvaluationError:
        text = None
    return text if isinstance(text, str) else "A condition does not hold."
