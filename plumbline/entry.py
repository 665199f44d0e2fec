"""What every pytest has where Plumbline is installed: a setting and an option that name stacks.

Only where one of them is used does the rest of the suite come in. A repository with options, hooks and tests
of its own that names no stacks is left as it is.

The setting is looked for from the folder that pytest was started in: pytest itself looks beside the paths
among its arguments, and takes the folder in `--terraform ../infra` for one before it knows the option.
Source: pytest's documentation, "Initialization: determining rootdir and configfile".
"""

from __future__ import annotations

import importlib
import os
import shlex
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from glob import iglob

import pytest

from plumbline.expectations.home import HELP, SETTING, Home, named_from, named_in, said
from plumbline.values.mistakes import DataError

_SUITE, _CALLED = "plumbline.plugin", "plumbline"
"""What brings in the suite, and what pytest's header calls all of it: `-p no:plumbline` leaves it out."""
_DEST = "plumbline_stacks"
"""Where the value of --stacks is held: no option of the repository around has its value there."""
HOME: pytest.StashKey[Home] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting and the option."""
    parser.addini(SETTING, HELP, default="")
    parser.getgroup("plumbline", "Plumbline: infrastructure against its runbooks").addoption(
        "--stacks",
        dest=_DEST,
        metavar="DIR",
        help=f"{HELP} (default: {SETTING} in the configuration of pytest)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None]:
    """Bring in the suite where stacks are named, after the repository's own options are known.

    Before that, what pytest took for a path and is none is left out of where it looks for its configuration.
    """
    if _found(early_config):
        if missing := importlib.import_module("plumbline.suite.installed").lacking():
            raise pytest.UsageError(missing)
        importlib.import_module("plumbline.starting").read_again(early_config, args)
    with _looked_into(early_config, _found(early_config)):
        yield
    home = _found(early_config)
    if home:
        early_config.stash[HOME] = home
        early_config.pluginmanager.import_plugin(_SUITE)


@contextmanager
def _looked_into(config: pytest.Config, home: Home | None) -> Iterator[None]:
    """Let pytest load what a conftest.py around sentences adds, also where a run is started elsewhere.

    It would load that as it collects them, and an option in it of the name of ours would be one too many.
    """
    known, paths = config.known_args_namespace, config.known_args_namespace.file_or_dir
    if home and getattr(known, _DEST) and not config.pluginmanager.has_plugin(_SUITE):
        known.file_or_dir = [*(paths or _without_paths(config)), *map(str, home.sentences[1:])]
    yield
    known.file_or_dir = paths


def _without_paths(config: pytest.Config) -> list[str]:
    """Return where pytest looks for what it loads first, in a run that is given no paths."""
    here = config.invocation_params.dir
    named = config.getini("testpaths") if here == config.rootpath else []
    return [it for path in named for it in sorted(iglob(path, recursive=True))] or [str(here)]


def _found(config: pytest.Config) -> Home | None:
    """Return what names the stacks of a run. Raises UsageError where it names none that there are."""
    if config.pluginmanager.is_blocked(_CALLED):
        if getattr(config.known_args_namespace, _DEST):
            raise pytest.UsageError(f"--stacks asks for what -p no:{_CALLED} leaves out: type one of them")
        return None
    try:
        return _home(config)
    except DataError as error:
        told = importlib.import_module("plumbline.values.shown").lines(str(error))
        raise pytest.UsageError(told) from None


def typed(config: pytest.Config) -> list[str]:
    """Return the words that pytest was started with, and those that the environment adds to them."""
    return [*map(str, config.invocation_params.args), *shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))]


def _home(config: pytest.Config) -> Home | None:
    """Return what names the stacks of a run: --stacks, -o, the file of -c, or the nearest configuration.

    What stands in `addopts` is relative to the file that it stands in. Raises `DataError`.
    """
    option, here = config.known_args_namespace, config.invocation_params.dir
    written = config.inipath.parent if config.inipath else here
    words = typed(config)
    if stacks := getattr(option, _DEST):
        return said(stacks, here if any(it.startswith("--stacks") for it in words) else written)
    set_to = [it.partition("=")[2] for it in option.override_ini or [] if it.startswith(f"{SETTING}=")]
    if set_to:
        place = here if any(f"{SETTING}={set_to[-1]}" in it for it in words) else written
        return said(set_to[-1], place, f"-o {SETTING}=") if set_to[-1] else None
    if option.inifilename:
        return named_in(here / option.inifilename)
    return named_from(here) or named_from(config.rootpath)
