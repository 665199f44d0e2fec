"""JSON as Terraform writes and reads it."""

from __future__ import annotations

import json
from decimal import Decimal

from plumbline.terraform import numbers
from plumbline.terraform.characters import composed_within, whole
from plumbline.terraform.values import InvalidValue, Value

# What Go's encoder escapes beyond the JSON standard.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
ESCAPING = str.maketrans(_ESCAPES)


def encoded(value: Value) -> str:
    """A known value as JSON: keys sorted, no blanks."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (int, Decimal)):
        return _finite(value)
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: item[0].encode())
        return "{" + ",".join(f"{quoted(key)}:{encoded(item)}" for key, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(encoded, value)) + "]"
    raise TypeError(value)


def quoted(text: str) -> str:
    """A text as a JSON string with Go's escapes."""
    return json.dumps(text, ensure_ascii=False).translate(ESCAPING)


def decoded(text: str) -> Value:
    """The value that a JSON text stands for; raises `InvalidValue`."""
    try:
        value: Value = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise InvalidValue(f"invalid JSON at character {error.pos + 1}: {error.msg}") from None
    except RecursionError:
        raise InvalidValue("the JSON is nested too deeply") from None
    return composed_within(_whole(value) if "\\u" in text else value)


def _whole(value: Value) -> Value:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(name): _whole(it) for name, it in value.items()}
    return [_whole(it) for it in value] if isinstance(value, list) else value


def _number(text: str) -> numbers.Number:
    return numbers.parse(text)


def _finite(number: numbers.Number) -> str:
    if numbers.is_infinite(number):
        raise InvalidValue("JSON has no infinite numbers")
    return numbers.text(number)


def _refuse(text: str) -> Value:
    raise InvalidValue(f"invalid JSON: {text}")
