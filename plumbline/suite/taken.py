"""Options of ours whose name the repository around gives to one of its own: both then mean the same value.

A repository with an `--env` of its own for its own tests can so hold its stacks with `--env sit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

GROUP = "plumbline"
_TITLE = "Plumbline: infrastructure against its runbooks"


def add(parser: pytest.Parser, name: str, **attributes: Any) -> None:
    """Add an option of ours, unless somebody else has one of this name."""
    taken = {other for option in _others(parser) for other in option.names()}
    if name not in taken:
        parser.getgroup(GROUP, _TITLE).addoption(name, **attributes)


def share(config: pytest.Config, name: str) -> None:
    """Take the value of somebody else's option for ours; not where it is only that option's default."""
    for option in _others(config._parser):
        if name in option.names():
            value = getattr(config.option, option.dest, None)
            default = option.attrs().get("default")
            setattr(config.option, name.strip("-").replace("-", "_"), None if value == default else value)


def _others(parser: pytest.Parser) -> Iterator[Any]:
    """Yield the options that are not ours."""
    for group in parser._groups:
        if group.name != GROUP:
            yield from group.options
