"""An option that the repository around has, too, takes what is ours, and its own tests do not see it."""

from collections.abc import Mapping
from typing import Any

import pytest

from plumbline.suite.taken import _theirs, add

CHOICES = {"choices": ["local", "ci"], "default": "local"}
NUMBER = {"type": int, "default": 4}
SEVERAL = {"choices": ["local", "ci"], "action": "append", "default": None}


@pytest.mark.parametrize(
    ("attributes", "typed", "for_us", "for_them"),
    [
        (CHOICES, ["--env=test"], "test", "local"),
        (CHOICES, ["--env=ci"], "ci", "ci"),
        (CHOICES, [], "local", "local"),
        (NUMBER, ["--env=test"], "test", 4),
        (NUMBER, ["--env=5"], 5, 5),
        ({"type": str, "default": "qa"}, ["--env=test"], "test", "test"),
        ({"default": "qa"}, ["--env", "test"], "test", "test"),
        (SEVERAL, ["--env=test", "--env=ci"], ["test", "ci"], ["ci"]),
        (SEVERAL, ["--env=test"], ["test"], None),
        ({"choices": ["local"], "default": "other"}, [], "other", "other"),
    ],
)
def test_what_theirs_would_refuse_is_ours_alone(
    attributes: Mapping[str, Any], typed: list[str], for_us: object, for_them: object
) -> None:
    parser = pytest.Parser(_ispytest=True)
    parser.addoption("--env", **attributes)
    add(parser, "--env", action="append")
    [option] = [it for it in parser._anonymous.options if "--env" in it.names()]
    held = parser.parse_known_args(typed).env
    assert held == for_us
    assert _theirs(option, held) == for_them
