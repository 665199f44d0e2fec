"""Options of ours whose name the repository around gives to one of its own: both then mean the same value.

A repository with an `--env` of its own for its own tests can so hold its stacks with `--env sit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from plumbline.entry import typed

GROUP = "plumbline"
_TITLE = "Plumbline: infrastructure against its runbooks"


def add(parser: pytest.Parser, name: str, **attributes: Any) -> None:
    """Add an option of ours, unless somebody else has one of this name."""
    taken = {other for option in _others(parser) for other in option.names()}
    if name not in taken:
        parser.getgroup(GROUP, _TITLE).addoption(name, **attributes)


def share(config: pytest.Config, name: str, *, several: bool) -> None:
    """Take the value of somebody else's option for ours, where somebody typed it.

    Raises UsageError where it holds no text. Ours holds a list of them where it may be given `several` times.
    """
    for option in _others(config._parser):
        if name not in option.names():
            continue
        value = getattr(config.option, option.dest, None) if _is_typed(config, name) else None
        texts = value if isinstance(value, list) else [value]
        if value is not None and not all(isinstance(it, str) for it in texts):
            raise pytest.UsageError(
                f"{name} is an option of this repository too, and takes no text there: rename it, or run "
                "Plumbline in a folder of its own"
            )
        ours = texts if several else texts[-1]
        setattr(config.option, name.strip("-").replace("-", "_"), None if value is None else ours)


def is_taken(config: pytest.Config, name: str) -> bool:
    """Whether an option of ours is somebody else's, too."""
    return any(name in option.names() for option in _others(config._parser))


def _is_typed(config: pytest.Config, name: str) -> bool:
    words = (*typed(config), *config.getini("addopts"))
    return any(word == name or word.startswith(f"{name}=") for word in words)


def _others(parser: pytest.Parser) -> Iterator[Any]:
    """Yield the options that are not ours."""
    for group in parser._groups:
        if group.name != GROUP:
            yield from group.options
