"""Writing YAML as people do: what fits stands in one line, the rest below its key."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_WIDTH = 110
_STEP = 2


@dataclass(frozen=True)
class Alias:
    """Stands for a value that is written elsewhere, under an anchor of this name."""

    name: str


@dataclass(frozen=True)
class Anchor:
    """A value with an anchor, so that others can be the same."""

    name: str
    value: Any


@functools.lru_cache(maxsize=4096, typed=True)
def scalar(value: Any) -> str:
    """Return a value as it stands in a line, between brackets too: a text that is `yes` in quotes."""
    plain = _dumped([value], None)[1:-1]
    if isinstance(value, str) and plain == value and _is_number(value):
        return f'"{value}"'
    if isinstance(value, str) and (plain.startswith("'") or not value.isprintable()):
        return plain if '"' in value and value.isprintable() else _dumped(value, '"')
    return plain


def _is_number(text: str) -> bool:
    """Return whether some readers of YAML take a text for a number: `1e3`, which others take for a text."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _dumped(value: Any, style: str | None) -> str:
    written = yaml.safe_dump(
        value,
        width=float("inf"),
        allow_unicode=True,
        default_flow_style=True,
        default_style=style,
        sort_keys=False,
    )
    return written.removesuffix("\n").removesuffix("\n...")


def flow(value: Any) -> str:
    """Return a value in one line."""
    if isinstance(value, Alias):
        return f"*{value.name}"
    if isinstance(value, Anchor):
        return f"&{value.name} {flow(value.value)}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def lines(values: Mapping[str, Any], indent: int = 0) -> Iterator[str]:
    """Yield a mapping, a line for each key and what does not fit in it below."""
    for key, value in values.items():
        begin = f"{' ' * indent}{scalar(key)}:"
        whole = f"{begin} {flow(value)}"
        if isinstance(value, Anchor):
            begin, value = f"{begin} &{value.name}", value.value
        if len(whole) <= _WIDTH or not value or not isinstance(value, Mapping | list):
            yield whole
        elif isinstance(value, Mapping):
            yield begin
            yield from lines(value, indent + _STEP)
        else:
            yield begin
            yield from (f"{' ' * indent}- {flow(item)}" for item in value)


def comment(text: str, indent: int = 0) -> Iterator[str]:
    """Yield a comment in lines that are not too long."""
    words = text.split()
    line = f"{' ' * indent}#"
    for word in words:
        if len(line) + len(word) >= _WIDTH:
            yield line
            line = f"{' ' * indent}#"
        line += f" {word}"
    yield line
