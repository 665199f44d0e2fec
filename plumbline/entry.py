"""What every pytest has where Plumbline is installed: a setting and an option that name stacks.

Only where one of them is used does the rest of the suite come in. A repository with options, hooks and tests
of its own that names no stacks is left as it is.

The setting is looked for from the folder that pytest was started in: pytest itself looks beside the paths
among its arguments, and takes the folder in `--terraform ../infra` for one before it knows the option.
Source: pytest's documentation, "Initialization: determining rootdir and configfile".
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

from plumbline.expectations.home import HELP, SETTING, Home, named_from, said
from plumbline.values.mistakes import DataError

HOME: pytest.StashKey[Home] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting and the option."""
    parser.addini(SETTING, HELP, default="")
    parser.getgroup("plumbline", "Plumbline: infrastructure against its runbooks").addoption(
        "--stacks", metavar="DIR", help=f"{HELP} (default: {SETTING} in the configuration of pytest)"
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Bring in the suite where stacks are named, after the repository's own options are known."""
    yield
    given, here = early_config.known_args_namespace.stacks, early_config.invocation_params.dir
    try:
        home = said(given, here) if given else named_from(here) or named_from(early_config.rootpath)
    except DataError as error:
        raise pytest.UsageError(str(error)) from None
    if home:
        early_config.stash[HOME] = home
        early_config.pluginmanager.import_plugin("plumbline.plugin")
