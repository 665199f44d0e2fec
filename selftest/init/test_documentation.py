"""What docs/init.md tells to type is what the command takes, and does what the page says."""

import argparse
import re
import shlex

import pytest

from plumbline.commands import init
from selftest.front_door import REPOSITORY
from selftest.init.repository import FILES, MAIN, PLAN, Repository

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


def test_the_settings_that_the_page_names_are_told(repository: Repository) -> None:
    [told] = re.findall(r"\*\*Settings that no sentence asks about\*\*(.*?)\n- ", PAGE, re.DOTALL)
    repository.write(
        FILES | {"infra/app/plan.tf": PLAN.replace("schedule ", "completion_window = 240\n    schedule ")}
    )
    key = "server_side_encryption {\n    enabled     = true\n    kms_key_arn = aws_kms_key.main.arn\n  }\n  "
    streams = 'stream_enabled = true\n  stream_view_type = "KEYS_ONLY"\n  '
    repository.edit(MAIN, "point_in_time_recovery {", f"{key}{streams}point_in_time_recovery {{")
    repository.edit(MAIN, '{ status = "Enabled" }', '{ status = "Enabled" }\n  mfa = "serial 123456"')
    repository.edit(
        MAIN, 'resource "aws_sqs_queue"', 'resource "aws_kms_key" "main" {}\n\nresource "aws_sqs_queue"'
    )
    ended = repository.init("books", "--terraform", "infra/app")
    [printed] = re.findall("settings that no sentence asks about: (.*)", ended.printed)
    assert {*re.findall(r"`(\w+\.[\w.]+)`", told)} <= {*re.findall(r"\d+ ([\w.]+)", printed)}
