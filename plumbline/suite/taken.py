"""Options of ours whose name the repository around gives to one of its own: both then mean the same value.

A repository with an `--env` of its own for its own tests can so hold its stacks with `--env sit`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from plumbline.entry import typed

_OURS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
_OURS_ALONE: pytest.StashKey[list[str]] = pytest.StashKey()
"""The options of which something was typed that theirs does not take."""
LEFT: pytest.StashKey[str] = pytest.StashKey()
"""What was wrong with what was typed, where that is left to others."""
GROUP = "plumbline"
APART = "plumbline_"
"""What begins the place of an option of ours where another of the repository's holds its own there."""
_TITLE = "Plumbline: infrastructure against its runbooks"


def add(parser: pytest.Parser, name: str, **attributes: Any) -> None:
    """Add an option of ours, unless somebody else has one of this name: that takes what is ours, too."""
    taken = next((option for option in _others(parser) if name in option.names()), None)
    if taken is None:
        held = any(option.dest == _dest(name) for option in _others(parser))
        apart = {"dest": f"{APART}{_dest(name)}"} if held else {}
        parser.getgroup(GROUP, _TITLE).addoption(name, **attributes, **apart)
    else:
        _widen(taken._action)


class _Ours(str):
    """What was typed, and the option of the repository itself would refuse."""


class _Anything(list[Any]):
    """The choices of an option, as its help lists them; `_widen` has seen to what is none of them."""

    def __contains__(self, value: object) -> bool:
        return True


def _widen(action: argparse.Action) -> None:
    """Let an option take any text; one that it would refuse, by its type or its choices, is ours alone."""
    convert, choices = action.type, action.choices

    def either(text: str) -> Any:
        try:
            value = convert(text) if callable(convert) else text
        except (argparse.ArgumentTypeError, TypeError, ValueError):
            return _Ours(text)
        refused = choices is not None and value not in choices and text != action.default
        return _Ours(text) if refused else value

    if (convert is not None or choices is not None) and action.nargs != 0:
        action.type = either
        action.choices = None if choices is None else _Anything(choices)


def _theirs(option: Any, value: Any) -> Any:
    """Return what another's option holds without what is ours alone: its default if that is all."""
    if isinstance(value, list) and any(isinstance(it, _Ours) for it in value):
        return [it for it in value if not isinstance(it, _Ours)] or option.default
    return option.default if isinstance(value, _Ours) else value


@contextmanager
def shared(config: pytest.Config, options: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Let each option of ours that is somebody else's, too, mean for us what was typed, while this lasts.

    `options` has what each of ours is added with. Raises UsageError for what is of another sort than ours.
    What theirs holds is as it was afterwards: the tests of the repository read it.
    """
    config.stash[_OURS_ALONE] = []
    ours = {name: _ours(config, name, it) for name, it in options.items() if is_taken(config, name)}
    config.stash[_OURS] = ours
    held = vars(config.option)
    apart = [_dest(name) for name in options if f"{APART}{_dest(name)}" in held]
    beside = {dest: held[dest] for dest in apart if dest in held}
    held.update({dest: held[f"{APART}{dest}"] for dest in apart})
    of_theirs = {_dest(name): _named(config, name) for name in ours}
    theirs = {dest: _theirs(option, held[dest]) for dest, option in of_theirs.items() if dest in held}
    held.update({_dest(name): value for name, value in ours.items()})
    try:
        yield
    finally:
        for dest in (*map(_dest, ours), *apart):
            held.pop(dest, None)
        held.update(theirs | beside)


def told_to_workers(config: pytest.Config) -> dict[str, Any]:
    """Return what shared options mean for us: a worker does not see what was typed."""
    return config.stash.get(_OURS, {})


def leave_to_others(config: pytest.Config) -> bool:
    """Let what was typed be for the others alone, and return whether they take it, and there is any."""
    if config.stash[_OURS_ALONE]:
        return False
    typed_for_both = _given_beside(config)
    for name in typed_for_both:
        config.stash[_OURS][name] = None
        setattr(config.option, _dest(name), None)
    return bool(typed_for_both)


def given(config: pytest.Config) -> list[str]:
    """Return the options that were given and are ours alone: those of the suite, and each report."""
    own = (option for group in config._parser._groups if group.name == GROUP for option in group.options)
    values = ((it, getattr(config.option, it.dest, None)) for it in own)
    return [it.names()[0] for it, value in values if value and value != it.attrs().get("default")]


def asks(config: pytest.Config) -> bool:
    """Whether an option of ours was given, be it somebody else's, too."""
    return bool(given(config) or _given_beside(config))


def _given_beside(config: pytest.Config) -> list[str]:
    """Return the options that were given and are somebody else's, too; a flag that is off is not."""
    shared_with = config.stash.get(_OURS, {})
    return [name for name, value in shared_with.items() if value is not None and value is not False]


def ours_of(config: pytest.Config, name: str) -> str | None:
    """Return what an option of ours that takes one text was given, whoever else has one of its name."""
    if is_taken(config, name):
        value = getattr(config.option, _named(config, name).dest, None)
        return value if isinstance(value, str) and _is_typed(config, name) else None
    given: str | None = config.getoption(f"{APART}{_dest(name)}", config.getoption(_dest(name), None))
    return given


def _ours(config: pytest.Config, name: str, added_with: Mapping[str, Any]) -> Any:
    told = getattr(config, "workerinput", {}).get("plumbline_taken")
    if told is not None:
        return told.get(name)
    flag = added_with.get("action") == "store_true"
    if not _is_typed(config, name):
        return False if flag else None
    value = getattr(config.option, _named(config, name).dest, None)
    several = value if isinstance(value, list) else [value]
    if any(isinstance(it, _Ours) for it in several):
        config.stash[_OURS_ALONE].append(name)
    if value is not None and any(isinstance(it, bool) != flag for it in several):
        raise pytest.UsageError(
            f"{name} is an option of this repository too, and takes {'a text' if flag else 'no text'} there: "
            "rename it, or run Plumbline in a folder of its own"
        )
    if flag:
        return bool(value)
    plain = [added_with.get("type", str)(it) for it in several if it is not None]
    return None if value is None else plain if added_with.get("action") == "append" else plain[-1]


def _named(config: pytest.Config, name: str) -> Any:
    """Return the option of somebody else that has a name of ours."""
    return next(it for it in _others(config._parser) if name in it.names())


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
