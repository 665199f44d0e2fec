"""`python -m plumbline COMMAND`: the engine without pytest."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[:1] == [os.getcwd()]:  # `python -m` looks for every module there first
    sys.path.pop(0)  # and a checkout that somebody stands in is examined, not run

import argparse
import importlib
import pkgutil
from collections.abc import Sequence

from plumbline import __version__, commands
from plumbline.values.mistakes import DataError
from plumbline.values.shown import lines

INTERRUPTED = 130
"""How a command ends that Ctrl-C ends, as a shell tells it."""


def main(words: Sequence[str]) -> int:
    """Run the command that was asked for and return its exit code; 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m plumbline", description="Plumbline's engine without pytest."
    )
    parser.add_argument("--version", action="version", version=f"plumbline {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    for name in (
        words[:1] if words[:1] and words[0] in names else names
    ):  # one command loads no other's modules
        command = importlib.import_module(f"plumbline.commands.{name}")
        summary = (command.__doc__ or "").partition("\n")[0].partition(": ")[2]
        subparser = subparsers.add_parser(name, help=summary, description=command.__doc__)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    arguments = parser.parse_args(words)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except DataError as mistake:  # also a kind from outside that cannot be used
        print(lines(str(mistake)), file=sys.stderr)
        return 2
    return code


def console() -> int:
    """Run as the command `plumbline`."""
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(console())
