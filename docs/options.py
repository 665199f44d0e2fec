"""Writes docs/options.md, of the options and the commands themselves: `python -m docs.options`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plumbline import commands
from plumbline.report.markdown import prose
from plumbline.suite.taken import GROUP

PAGE = Path(__file__).with_suffix(".md")
HEAD = """\
# Options

<!-- python -m docs.options -->
What [README.md](../README.md#choosing-what-runs) tells at length, as `--help` has it.

## pytest

"""
COMMANDS = """
## plumbline

`plumbline COMMAND`, or `python -m plumbline COMMAND`; each tells more with `--help`.
"""


def page() -> str:
    """Return the page."""
    return HEAD + "\n".join(_of_pytest()) + "\n" + COMMANDS + "\n".join(_of_commands()) + "\n"


def _of_pytest() -> Iterator[str]:
    """Yield the options that a run has where stacks are named."""
    config = pytest.Config.fromdictargs({}, ["-p", "plumbline.plugin"])
    [group] = (it for it in config._parser._groups if it.name == GROUP)
    yield "| option | |"
    yield "|---|---|"
    for option in sorted(group.options, key=lambda it: str(it.names()[0])):
        yield _row(option.names(), option.attrs())


def _of_commands() -> Iterator[str]:
    """Yield each command with what it takes."""
    for module in sorted(it.name for it in pkgutil.iter_modules(commands.__path__)):
        command = importlib.import_module(f"plumbline.commands.{module}")
        parser = argparse.ArgumentParser(add_help=False)
        command.add_arguments(parser)
        summary = (command.__doc__ or "").partition("\n")[0].partition(": ")[2]
        yield f"\n### plumbline {module}\n"
        yield summary[:1].upper() + summary[1:]
        if parser._actions:
            yield "\n| | |\n|---|---|"
        for action in parser._actions:
            names = action.option_strings or [_value(action.metavar or action.dest.upper())]
            takes = action.metavar if action.option_strings and action.nargs != 0 else None
            yield _row(names, {"metavar": takes, "help": action.help})


def _value(metavar: str | tuple[str, ...]) -> str:
    return metavar if isinstance(metavar, str) else " ".join(metavar)


def _row(names: list[str], told: dict[str, Any]) -> str:
    option = " ".join(filter(None, [", ".join(names), told.get("metavar")])).replace("|", "\\|")
    return f"| `{option}` | {prose(str(told.get('help') or ''))} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
