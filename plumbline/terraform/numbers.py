"""Terraform's numbers: 512-bit binary floats that print as the shortest decimal that reads back the same.

As floats are, they may be infinite, and zero has a sign: it is lost nowhere but in what a provider is sent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Context, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from typing import TypeAlias

from plumbline.terraform.values import InvalidValue

Number: TypeAlias = int | Decimal
"""A whole number is an int; a zero with a sign is a Decimal, and so is what is infinite."""

NEGATIVE_ZERO = Decimal("-0")
INFINITE = Decimal("Infinity")

_MOST_SMALL = 2**63 - 1
_IN_TWOS = re.compile(r"([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[pP]([-+]?[0-9]{1,4})")
"""A number with an exponent of base two. Source: Go's documentation, `big.Float.Parse`."""

_BITS = 512  # the precision cty gives big.Float
_LARGEST_EXPONENT = 4_000  # beyond it a number is a mistake, and Python refuses to print it
_LARGEST = 10 ** (_LARGEST_EXPONENT + 1)
_LONGEST = 10_000  # characters: more than the digits of any number that is small enough


def parse(text: str) -> Number:
    """The number that a literal or a string stands for.

    Raises `InvalidValue` where Terraform would not read a number.
    """
    if len(text) > _LONGEST:
        raise InvalidValue(f"a number of more than {_LONGEST:,} characters is not read")
    if twos := _IN_TWOS.fullmatch(text):
        return multiply(parse(twos[1]), _two_to(int(twos[2])))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise InvalidValue("a number is required") from None
    if not number.is_finite() or "_" in text or text != text.strip() or not text.isascii():
        raise InvalidValue("a number is required")
    return simplest(number)


def _two_to(power: int) -> Number:
    return 2**power if power >= 0 else divide(1, 2**-power)


def simplest(number: Decimal) -> Number:
    """The number as an int where it is whole, otherwise as the Decimal without trailing zeros.

    Raises `InvalidValue` for one that is larger, or closer to zero, than anybody means.
    """
    if number == 0:
        return NEGATIVE_ZERO if number.is_signed() else 0
    if number.is_infinite():
        return number
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise InvalidValue("the number is too large")
    if number == number.to_integral_value():
        return int(number)
    with localcontext(prec=2 * _LARGEST_EXPONENT):
        return number.normalize()


def limited(number: int) -> int:
    """The number; raises `InvalidValue` where it is larger than anybody means."""
    if abs(number) >= _LARGEST:
        raise InvalidValue("the number is too large")
    return number


def whole(number: Number, what: str) -> int:
    """The number as an int, whatever the sign of zero; raises `InvalidValue` for one that is not whole."""
    if isinstance(number, int):
        return number
    if number:
        raise InvalidValue(f"the {what} must be a whole number, not {text(number)}")
    return 0


def small(number: Number, what: str) -> int:
    """The number as an int of 64 bits, which most functions take; raises `InvalidValue` for another one."""
    found = whole(number, what)
    if not -_MOST_SMALL - 1 <= found <= _MOST_SMALL:
        raise InvalidValue(f"the {what} must be a whole number of 64 bits, not {found}")
    return found


def is_infinite(number: Number) -> bool:
    """Whether it is what a number divided by zero gives."""
    return isinstance(number, Decimal) and number.is_infinite()


def text(number: Number) -> str:
    """The number as Terraform prints it: no exponent, no trailing zeros."""
    if is_infinite(number):
        return "+Inf" if number > 0 else "-Inf"
    return str(number) if isinstance(number, int) else format(number, "f")


def add(left: Number, right: Number) -> Number:
    """left + right."""
    if isinstance(left, int) and isinstance(right, int):
        return limited(left + right)
    if _is_bound(left) or _is_bound(right):
        return _at_bounds(Decimal.__add__, left, right)
    return rounded(_exact(left) + _exact(right))


def subtract(left: Number, right: Number) -> Number:
    """left - right."""
    if isinstance(left, int) and isinstance(right, int):
        return limited(left - right)
    if _is_bound(left) or _is_bound(right):
        return _at_bounds(Decimal.__sub__, left, right)
    return rounded(_exact(left) - _exact(right))


def negate(number: Number) -> Number:
    """-number, exactly: Python's own minus rounds a Decimal to 28 digits."""
    if not number:
        return NEGATIVE_ZERO if isinstance(number, int) else 0
    return -number if isinstance(number, int) else number.copy_negate()


def multiply(left: Number, right: Number) -> Number:
    """left * right."""
    if _is_bound(left) or _is_bound(right):
        return _at_bounds(Decimal.__mul__, left, right)
    return rounded(_exact(left) * _exact(right))


def divide(left: Number, right: Number) -> Number:
    """left / right; raises `InvalidValue` for zero by zero, and for what is infinite by what is infinite."""
    if _is_bound(left) or _is_bound(right):
        return _at_bounds(Decimal.__truediv__, left, right)
    return rounded(_exact(left) / _exact(right))


def remainder(left: Number, right: Number) -> Number:
    """left % right, with the sign of the left side; Terraform leaves the left side as it is for zero."""
    if is_infinite(left) or is_infinite(right):
        raise InvalidValue("what is infinite has no remainder")
    if not left or not right:
        return left
    quotient = _binary(_exact(left) / _exact(right), _BITS)
    whole = abs(quotient).__floor__() * (1 if quotient >= 0 else -1)
    return rounded(_exact(left) - _binary(_exact(right) * whole, _BITS))


def from_float(value: float) -> Number:
    """A 64-bit float, which keeps its 53 bits when it becomes a number of Terraform."""
    if math.isnan(value):
        raise InvalidValue("the result is not a number")
    if not value or math.isinf(value):
        return simplest(Decimal(value))
    return _shortest(Fraction(value), 53)


def rounded(exact: Fraction) -> Number:
    """The nearest 512-bit float, as the shortest decimal that reads back as that float."""
    if abs(exact) >= _LARGEST:
        raise InvalidValue("the number is too large")
    if exact.denominator == 1 and exact.numerator.bit_length() <= _BITS:
        return exact.numerator
    return _shortest(_binary(exact, _BITS), _BITS)


def binary_digits(number: Number) -> Decimal:
    """All decimal digits of the 512-bit float that a number is; rounding to fewer starts from these."""
    exact = _exact(number)
    return _decimal(exact, 2 * _BITS + len(str(exact.numerator)))


def _is_bound(number: Number) -> bool:
    """Whether it is zero or infinite: what comes of it hangs on signs."""
    return not number or is_infinite(number)


def _at_bounds(operation: Callable[[Decimal, Decimal], Decimal], left: Number, right: Number) -> Number:
    """An operation on zeros or infinite numbers, the same for decimal and binary floats: IEEE 754, 6, 7."""
    with localcontext(Context(prec=2 * _LARGEST_EXPONENT, traps=[InvalidOperation])):
        try:
            return simplest(operation(Decimal(left), Decimal(right)))
        except InvalidOperation:
            raise InvalidValue("the result is not a number") from None


def _exact(number: Number) -> Fraction:
    """What a number stands for: a decimal fraction is rounded to binary when it is read."""
    return Fraction(number) if isinstance(number, int) else _binary(Fraction(number), _BITS)


def _binary(exact: Fraction, bits: int) -> Fraction:
    """Rounds half to even to so many significant bits."""
    if exact == 0:
        return exact
    unit = _unit(exact, bits)
    return round(exact / unit) * unit


def _unit(exact: Fraction, bits: int) -> Fraction:
    """The value of the last of so many significant bits."""
    exponent = abs(exact.numerator).bit_length() - exact.denominator.bit_length()
    if abs(exact) < Fraction(2) ** exponent:
        exponent -= 1
    return Fraction(2) ** (exponent + 1 - bits)


def _shortest(binary: Fraction, bits: int) -> Number:
    """The decimal with the fewest digits that is nearer to a binary number than half its last bit."""
    if binary == 0:
        return 0
    half = _unit(binary, bits) / 2
    low, high = 0, bits * 30103 // 100000 + 3
    while high - low > 1:
        digits = (low + high) // 2
        low, high = (low, digits) if _is_near(binary, digits, half) else (digits, high)
    return simplest(_decimal(binary, high))


def _is_near(binary: Fraction, digits: int, half: Fraction) -> bool:
    return abs(Fraction(_decimal(binary, digits)) - binary) < half


def _decimal(exact: Fraction, digits: int) -> Decimal:
    with localcontext(prec=digits):
        return Decimal(exact.numerator) / Decimal(exact.denominator)
