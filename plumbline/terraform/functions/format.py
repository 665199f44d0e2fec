"""`format`: the verbs, flags, widths and precisions of cty's printf."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from plumbline.terraform import conversion, numbers
from plumbline.terraform.functions.graphemes import graphemes
from plumbline.terraform.values import InvalidValue, Value

_VERB = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>\d+)?(?:\.(?P<precision>\d*))?(?:\[(?P<index>\d+)\])?(?P<verb>.)?",
    re.DOTALL,
)
_WIDEST = 100_000  # characters; wider is a mistake


def formatted(pattern: str, arguments: Sequence[Value]) -> str:
    """The pattern with each verb replaced by its argument; raises `InvalidValue`."""
    return _Formatting(pattern, arguments).result()


class _Formatting:
    def __init__(self, pattern: str, arguments: Sequence[Value]) -> None:
        self.pattern = pattern
        self.arguments = arguments
        self.next = 0
        self.used = 0
        self.indexed = False

    def result(self) -> str:
        text = _VERB.sub(self._verb, self.pattern)
        if not self.indexed and self.used < len(self.arguments):
            raise InvalidValue(
                f"there are {len(self.arguments)} arguments, but the format uses only {self.used} of them"
            )
        return text

    def _verb(self, match: re.Match[str]) -> str:
        verb = match["verb"]
        if verb == "%":
            return "%"
        if verb is None:
            raise InvalidValue("the format ends in the middle of a verb")
        verb_format = _FORMATS.get(verb)
        if verb_format is None:
            raise InvalidValue(f'"%{verb}" is not a format verb')
        width = int(match["width"] or 0)
        precision = None if match["precision"] is None else int(match["precision"] or 0)
        if max(width, precision or 0) > _WIDEST:
            raise InvalidValue(f"the width of {match.group()} is too large")
        value = self._argument(match)
        text = verb_format(value, match["flags"], precision)
        return _padded(text, match["flags"], width, numeric=verb in "bdoxXeEfFgG")

    def _argument(self, match: re.Match[str]) -> Value:
        if match["index"] is not None:
            self.indexed = True
            self.next = int(match["index"]) - 1
        if not 0 <= self.next < len(self.arguments):
            raise InvalidValue(f"there is no argument for {match.group()}")
        value = self.arguments[self.next]
        self.next += 1
        self.used = max(self.used, self.next)
        return value


def _padded(text: str, flags: str, width: int, *, numeric: bool) -> str:
    missing = width - len(graphemes(text))
    if missing <= 0:
        return text
    if "-" in flags:
        return text + " " * missing
    if "0" in flags and text not in ("+Inf", "-Inf"):
        sign = text[:1] if numeric and text[:1] in "+-" else ""
        return sign + "0" * missing + text[len(sign) :]
    return " " * missing + text


def _json(value: Value) -> str:
    from plumbline.terraform.functions.json_text import encoded

    return encoded(value)


def _value(value: Value, flags: str, precision: int | None) -> str:
    """%v: strings and bools as they are, numbers as %g, anything else as JSON. %#v is JSON always."""
    if "#" in flags or isinstance(value, (list, dict)) or value is None:
        return _json(value)
    if isinstance(value, (str, bool)):
        return conversion.string(value)
    return _shortest(Decimal(conversion.number(value)), "g")


def _not_null(value: Value) -> Value:
    if value is None:
        raise InvalidValue("a null value cannot be formatted")
    return value


def _text(value: Value, flags: str, precision: int | None) -> str:
    text = conversion.string(_not_null(value))
    return text if precision is None else "".join(graphemes(text)[:precision])


def _quoted(value: Value, flags: str, precision: int | None) -> str:
    return _json(_text(value, flags, precision))


def _boolean(value: Value, flags: str, precision: int | None) -> str:
    return "true" if conversion.boolean(_not_null(value)) else "false"


def _signed(text: str, flags: str) -> str:
    if text.startswith(("+", "-")):
        return text
    if "+" in flags:
        return f"+{text}"
    return f" {text}" if " " in flags else text


def _integer(verb: str) -> Callable[[Value, str, int | None], str]:
    def text(value: Value, flags: str, precision: int | None) -> str:
        whole = numbers.whole(conversion.number(_not_null(value)), "value")
        digits = format(abs(whole), verb)
        if precision is not None:
            digits = digits.zfill(precision)
        prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb, "") if "#" in flags else ""
        return _signed(("-" if whole < 0 else "") + prefix + digits, flags)

    return text


def _float(verb: str) -> Callable[[Value, str, int | None], str]:
    def text(value: Value, flags: str, precision: int | None) -> str:
        number = conversion.number(_not_null(value))
        return _signed(_decimal(number, verb, precision), flags)

    return text


def _decimal(number: numbers.Number, verb: str, precision: int | None) -> str:
    if numbers.is_infinite(number):
        return numbers.text(number)
    if precision is None and verb in "gG":
        return _shortest(Decimal(number), verb)
    digits = float(number) if number == 0 else numbers.binary_digits(number)  # Decimal has odd zeros
    if verb in "gG":
        return _general(digits, verb, max(precision or 0, 1))
    return _exponent(format(digits, f".{6 if precision is None else precision}{verb}"))


def _general(digits: float | Decimal, verb: str, precision: int) -> str:
    """Go's %g: so many digits, with an exponent below -4 and from that many on."""
    scientific = format(digits, f".{precision - 1}{'e' if verb == 'g' else 'E'}")
    mantissa, sign, exponent = re.split("([eE])", scientific)
    if not -4 <= int(exponent) < precision:
        return _exponent(f"{_shortened(mantissa)}{sign}{exponent}")
    return _shortened(format(digits, f".{precision - 1 - int(exponent)}f"))


def _shortened(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal


def _shortest(number: Decimal, verb: str) -> str:
    """Go's %g without precision: the shortest digits, with an exponent below -4 and from 7 digits on."""
    exponent = number.adjusted() if number else 0
    if -4 <= exponent < 6:
        return numbers.text(numbers.simplest(number))
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    sign = "-" if number < 0 else ""
    mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
    return _exponent(f"{sign}{mantissa}{'e' if verb == 'g' else 'E'}{exponent:+d}")


def _exponent(text: str) -> str:
    """Go writes exponents with at least two digits."""
    return re.sub(r"([eE][+-])(\d)$", r"\g<1>0\2", text)


_FORMATS: dict[str, Callable[[Value, str, int | None], str]] = {
    "v": _value,
    "s": _text,
    "q": _quoted,
    "t": _boolean,
    **{verb: _integer(verb) for verb in "bdoxX"},
    **{verb: _float(verb) for verb in "eEfFgG"},
}
