"""Options of ours whose name the repository around gives to one of its own: both then mean the same value.

A repository with an `--env` of its own for its own tests can so hold its stacks with `--env sit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from plumbline.entry import typed

_OURS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
GROUP = "plumbline"
_TITLE = "Plumbline: infrastructure against its runbooks"


def add(parser: pytest.Parser, name: str, **attributes: Any) -> None:
    """Add an option of ours, unless somebody else has one of this name."""
    taken = {other for option in _others(parser) for other in option.names()}
    if name not in taken:
        parser.getgroup(GROUP, _TITLE).addoption(name, **attributes)


@contextmanager
def shared(config: pytest.Config, several: Mapping[str, bool]) -> Iterator[None]:
    """Let each option of ours that is somebody else's, too, mean for us what was typed, while this lasts.

    Ours holds a list where it may be given `several` times. Raises UsageError where it holds no text. What
    theirs holds is as it was afterwards: the tests of the repository read it.
    """
    ours = {
        name: _ours(config, name, several=many) for name, many in several.items() if is_taken(config, name)
    }
    config.stash[_OURS] = ours
    held = vars(config.option)
    theirs = {dest: held[dest] for name in ours if (dest := _dest(name)) in held}
    held.update({_dest(name): value for name, value in ours.items()})
    try:
        yield
    finally:
        for name in ours:
            held.pop(_dest(name))
        held.update(theirs)


def told_to_workers(config: pytest.Config) -> dict[str, Any]:
    """Return what shared options mean for us: a worker does not see what was typed."""
    return config.stash.get(_OURS, {})


def leave_to_others(config: pytest.Config) -> bool:
    """Let what was typed be for the others alone, and return whether there is any such thing."""
    given = [name for name, value in config.stash[_OURS].items() if value is not None]
    for name in given:
        config.stash[_OURS][name] = None
        setattr(config.option, _dest(name), None)
    return bool(given)


def given(config: pytest.Config) -> list[str]:
    """Return the options that were given and are ours alone: those of the suite, and each report."""
    own = (option for group in config._parser._groups if group.name == GROUP for option in group.options)
    values = ((it, getattr(config.option, it.dest, None)) for it in own)
    return [it.names()[0] for it, value in values if value and value != it.attrs().get("default")]


def asks(config: pytest.Config) -> bool:
    """Whether an option of ours was given, be it somebody else's, too."""
    return bool(given(config)) or any(value is not None for value in config.stash.get(_OURS, {}).values())


def _ours(config: pytest.Config, name: str, *, several: bool) -> Any:
    told = getattr(config, "workerinput", {}).get("plumbline_taken")
    if told is not None:
        return told.get(name)
    if not _is_typed(config, name):
        return None
    option = next(it for it in _others(config._parser) if name in it.names())
    value = getattr(config.option, option.dest, None)
    texts = value if isinstance(value, list) else [value]
    if value is not None and not all(isinstance(it, str) for it in texts):
        raise pytest.UsageError(
            f"{name} is an option of this repository too, and takes no text there: rename it, or run "
            "Plumbline in a folder of its own"
        )
    return value if value is None else texts if several else texts[-1]


def _dest(name: str) -> str:
    return name.strip("-").replace("-", "_")


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
