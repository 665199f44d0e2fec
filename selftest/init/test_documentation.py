"""What docs/init.md tells to type is what the command takes, and does what the page says."""

import argparse
import re
import shlex

import pytest

from plumbline.commands import init
from selftest.front_door import REPOSITORY
from selftest.init.repository import FILES, Repository

PAGE = (REPOSITORY / "docs/init.md").read_text()
COMMANDS = re.findall(r"^plumbline init (.*)$", PAGE, re.MULTILINE)


def test_commands_are_found() -> None:
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("command", COMMANDS)
def test_it_can_be_typed(command: str) -> None:
    parser = argparse.ArgumentParser()
    init.add_arguments(parser)
    given = parser.parse_args(shlex.split(command, comments=True))
    assert given.name == "books"


def test_the_first_one_writes_what_the_page_shows(repository: Repository) -> None:
    first = shlex.split(COMMANDS[0], comments=True)
    assert repository.write(FILES).init(*first).code == 0
    [shown] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    written = repository.text("stacks", "books").splitlines()
    entry, name, root, _, comment = shown.splitlines()
    assert {entry, name, root, comment} <= {*written}
