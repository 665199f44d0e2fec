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
_LN_2, _LN_2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""The natural logarithm of 2 in two parts, of which multiples of the first are exact."""
_ODD = 6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01
_EVEN = 3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01
"""The coefficients of fdlibm's approximation of log((1 + s) / (1 - s))."""
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


def _logarithm(number: Number | float) -> float:
    """The natural logarithm of a 64-bit float, rounded as Go rounds it: log(9, 3) is more than 2 there.

    Source: Go's documentation of `math.Log`, and the fdlibm algorithm that it names.
    """
    if not number or math.isinf(number) or number < 0:
        return math.log(number) if number else -math.inf
    mantissa, twos = math.frexp(number)
    if mantissa < math.sqrt(0.5):
        mantissa, twos = 2 * mantissa, twos - 1
    above = mantissa - 1
    ratio = above / (2 + above)
    square = ratio * ratio
    fourth = square * square
    odd = square * _polynomial(_ODD, fourth)
    even = fourth * _polynomial(_EVEN, fourth)
    half = 0.5 * above * above
    return twos * _LN_2 - ((half - (ratio * (half + odd + even) + twos * _LN_2_REST)) - above)


def _polynomial(coefficients: tuple[float, ...], of: float) -> float:
    """Its value, by Horner's rule, which rounds in a fixed order."""
    made = 0.0
    for it in reversed(coefficients):
        made = it + of * made
    return made


@function(NUMBER, NUMBER, returns=NUMBER)
def pow_(number: Number, power: Number) -> Value:
    """Terraform calculates with 64-bit floats."""
    try:
        return numbers.from_float(_power(float(number), float(power)))
    except OverflowError:
        return _infinite(number, power)
    except ValueError:
        if number:
            raise InvalidValue("the result is not a number") from None
        return _infinite(number, power)


def _power(base: float, power: float) -> float:
    """A power as Go has it: that of a fraction and that of a whole number are multiplied, which rounds often.

    Source: Go's documentation of `math.Pow`, and what Terraform gives. Raises as `math.pow`.
    """
    fraction, times = math.modf(abs(power))
    nearly = math.pow(base, power)
    if not base or not math.isfinite(nearly) or fraction == 0.5 == abs(power):
        return nearly
    if fraction > 0.5:
        fraction, times = fraction - 1, times + 1
    made, twos = (math.exp(fraction * _logarithm(base)) if fraction else 1.0), 0
    factor, of_factor = math.frexp(base)
    for bit in reversed(f"{int(times):b}"):
        if bit == "1":
            made, twos = made * factor, twos + of_factor
        factor, shift = math.frexp(factor * factor)
        of_factor = 2 * of_factor + shift
    return math.ldexp(1 / made, -twos) if power < 0 else math.ldexp(made, twos)


def _infinite(number: Number, power: Number) -> Number:
    """What is infinite, with the sign of a power."""
    sign = math.pow(math.copysign(1, number), power)
    return numbers.from_float(math.copysign(math.inf, sign))


@function(NUMBER, returns=NUMBER)
def signum(number: Number) -> Value:
    whole = numbers.small(number, "number")
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
    base = numbers.small(base, "base")
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
