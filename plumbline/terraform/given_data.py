"""What somebody says that data sources give: what an account alone knows, such as its zones.

It is said by address, or of all of a type that nothing else is said of: `data.aws_availability_zones`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from plumbline.terraform.conformity import conform
from plumbline.terraform.schema import Schema, find
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.addresses import DATA_SOURCE
from plumbline.values.mistakes import did_you_mean
from plumbline.values.sensitive import mark

Data: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Attributes of data sources, by address or by `data.TYPE`."""
_KEYS = re.compile(r"\[[^\]]*\]")
_MODULES = re.compile(r"^(?:module\.[\w-]+\.)*")


def read_data(text: str) -> tuple[str, dict[str, Value]]:
    """Return the address and the attributes in `ADDRESS=JSON`. Raises `InvalidValue` for anything else.

    What the provider's schema says is sensitive is shown no more, whether or not code refers to it.
    """
    address, separator, told = text.partition("=")
    if not separator or not re.fullmatch(DATA_SOURCE, address):
        raise InvalidValue(f"{text} is not of the form data.TYPE.NAME=JSON")
    try:
        attributes = json.loads(told, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"what {address} gives is no JSON ({error})") from None
    if not isinstance(attributes, dict):
        raise InvalidValue(f'what {address} gives is no object of attributes: {{"names": [...]}}')
    schema = find("data", _MODULES.sub("", _KEYS.sub("", address)).split(".")[1])
    for name, value in attributes.items():
        if schema and (attribute := schema.attribute(name)) and attribute.sensitive:
            mark(value)
    return address, attributes


def of(data: Data, address: str, type: str, schema: Schema | None) -> dict[str, Value]:
    """Return what is said of the instance at an address, in the types that the provider declares.

    Raises `InvalidValue` for an attribute that there is not, or of another type.
    """
    own = (address, _KEYS.sub("", address), f"data.{type}")
    told = next((data[it] for it in own if it in data), {})
    found: dict[str, Value] = {}
    for name, value in told.items():
        if schema is not None and schema.attribute(name) is None:
            near = did_you_mean(name, schema.attributes)
            raise InvalidValue(f'what is said of it has "{name}", and {type} has no such attribute{near}')
        found[name] = value if schema is None else conform(name, value, schema)
    return found
