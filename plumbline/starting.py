"""Reads the configuration of pytest as if it had known our options from the beginning.

pytest looks for it before any plugin is there, and takes the folder in `--repository ../theirs` for one of
tests: what is examined would then say how it is, by its `addopts`, and its conftest.py would run.
Source: pytest's documentation, "Initialization: determining rootdir and configfile".
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from _pytest.config.findpaths import determine_setup

from plumbline.report.formats import OPTIONS_OF_OTHERS, formats, option_of
from plumbline.suite.offered import OF_REPORTS, OPTIONS


def read_again(config: pytest.Config, words: list[str]) -> None:
    """Read the configuration of a run again where something after an option was taken for a path.

    `words` are those that pytest goes on with: what `addopts` says there comes first, and is exchanged.
    Raises UsageError for a configuration that named plugins: these are there by now, or gone.
    """
    of_ini = [*config.getini("addopts")]
    if words[: len(of_ini)] != of_ini:  # a process of a run, which is told its words
        return
    typed = words[len(of_ini) :]
    own = [*_without_values_of_ours(typed)]
    known = config._parser.parse_known_args(own, namespace=copy.copy(config.option))
    root, file, settings, ignored = determine_setup(
        inifile=known.inifilename,
        override_ini=known.override_ini,
        args=known.file_or_dir,
        rootdir_cmd_arg=known.rootdir or None,
        invocation_dir=config.invocation_params.dir,
    )
    if (root, file) != (config.rootpath, config.inipath):
        if any(word.startswith("-p") for word in of_ini):
            raise pytest.UsageError(
                f"{config.inipath} was taken for the configuration of this run, and names plugins: write "
                "each path behind a sign of equality, as in --repository=DIR"
            )
        _forget_paths(config)
        config._rootpath, config._inipath, config._inicfg = root, file, settings
        config._ignored_config_files = ignored
        config._inicache.clear()
        config._parser.extra_info |= {"rootdir": str(root), "inifile": str(file)}
        of_ini = [*config.getini("addopts")]
        words[:] = [*of_ini, *typed]
        config._configure_python_path()
        config.pluginmanager.consider_preparse(of_ini, exclude_only=False)
    config.known_args_namespace = _known(config, [*of_ini, *own])


def _known(config: pytest.Config, words: Sequence[str]) -> Any:
    """Return what the options that there are so far say."""
    known = config._parser.parse_known_args([*words], namespace=copy.copy(config.option))
    known.confcutdir = known.confcutdir or str(config.inipath.parent if config.inipath else config.rootpath)
    return known


def _forget_paths(config: pytest.Config) -> None:
    """Take from where modules are looked for what a configuration that is not ours put there."""
    for path in map(str, config.getini("pythonpath")):
        if path in sys.path:
            sys.path.remove(path)


def _without_values_of_ours(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command line but for options of ours that are followed by their value."""
    ours = {**OPTIONS, **OF_REPORTS}
    taking = {name for name, it in ours.items() if it.get("action") != "store_true"}
    taking |= {option_of(name) for name, _ in formats() if name not in OPTIONS_OF_OTHERS}
    left = iter(words)
    for word in left:
        if word == "--":
            yield from (word, *left)
        elif word in taking:
            next(left, None)
        else:
            yield word
