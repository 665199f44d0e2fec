"""Numeric functions."""

from __future__ import annotations

import math

from plumbline.terraform import numbers
from plumbline.terraform.functions.function import Function, declare
from plumbline.terraform.numbers import Number
from plumbline.terraform.types import ANY, NUMBER
from plumbline.terraform.values import InvalidValue, Value

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_MOST_DIGITS = 14_000  # of base 2; more is a mistake
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@function(NUMBER, returns=NUMBER)
def abs_(number: Number) -> Value:
    return abs(number) if isinstance(number, int) else numbers.simplest(number.copy_abs())


@function(NUMBER, returns=NUMBER)
def ceil(number: Number) -> Value:
    return number if numbers.is_infinite(number) else math.ceil(number)


@function(NUMBER, returns=NUMBER)
def floor(number: Number) -> Value:
    return number if numbers.is_infinite(number) else math.floor(number)


@function(NUMBER, NUMBER, returns=NUMBER)
def log(number: Number, base: Number) -> Value:
    """Terraform divides two natural logarithms as 64-bit floats."""
    try:
        above, below = _logarithm(number), _logarithm(base)
    except ValueError:
        raise InvalidValue("the number and the base must be positive") from None
    return numbers.from_float(above / below) if below else numbers.divide(numbers.from_float(above), 0)


def _logarithm(number: Number) -> float:
    return math.log(number) if number else -math.inf


@function(NUMBER, NUMBER, returns=NUMBER)
def pow_(number: Number, power: Number) -> Value:
    """Terraform calculates with 64-bit floats."""
    try:
        return numbers.from_float(math.pow(number, power))
    except OverflowError:
        return _infinite(number, power)
    except ValueError:
        if number:
            raise InvalidValue("the result is not a number") from None
        return _infinite(number, power)


def _infinite(number: Number, power: Number) -> Number:
    """What is infinite, with the sign of a power."""
    sign = math.pow(math.copysign(1, number), power)
    return numbers.from_float(math.copysign(math.inf, sign))


@function(NUMBER, returns=NUMBER)
def signum(number: Number) -> Value:
    whole = numbers.whole(number, "number")
    return (whole > 0) - (whole < 0)


@function(rest=NUMBER, returns=NUMBER)
def max_(*given: Number) -> Value:
    if not given:
        raise InvalidValue("at least one number is required")
    return max(given)


@function(rest=NUMBER, returns=NUMBER)
def min_(*given: Number) -> Value:
    if not given:
        raise InvalidValue("at least one number is required")
    return min(given)


@function(ANY, NUMBER, returns=NUMBER)
def parseint(text: Value, base: Number) -> Value:
    if not isinstance(text, str):
        raise InvalidValue("a string is required")
    base = numbers.whole(base, "base")
    if not 2 <= base <= 62:
        raise InvalidValue("the base must be a whole number from 2 to 62")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if base <= 36:
        digits = digits.lower()
    digits = digits.lstrip("0") or digits[:1]
    if len(digits) > _MOST_DIGITS:
        raise InvalidValue("the number is too large")
    values = [_DIGITS.find(digit) for digit in digits]
    if not values or not all(0 <= value < base for value in values):
        raise InvalidValue(f'"{text}" is no whole number in base {base}')
    result = 0
    for value in values:
        result = result * base + value
    return numbers.limited(sign * result)
