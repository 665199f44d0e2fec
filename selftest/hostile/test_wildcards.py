"""Patterns of those who are examined: they match what they say, and cost no more than they are long."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest
from hypothesis import Phase, example, given, seed, settings
from hypothesis import strategies as st

from plumbline.github.shell.comparing import decided
from plumbline.github.shell.script import Settings, outcome
from plumbline.github.uploads import leads_to
from plumbline.kinds.backup import _is_like
from plumbline.kinds.filter_pattern import counts
from plumbline.kinds.github import _check
from plumbline.kinds.listing import Existing
from plumbline.policy.conditions import _like, _like_arn
from plumbline.policy.matching import action_matches, resource_matches
from plumbline.values.patterns import is_found, matches
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import wildcard

ODD = "a" * 60
STARS = "*a" * 25 + "*X"
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/"
NEVER: dict[str, Callable[[], object]] = {
    "action": lambda: action_matches("dynamodb:" + "*" * 30 + "X9", "dynamodb:PutItem"),
    "actions of letters": lambda: action_matches("dynamodb:" + STARS, "dynamodb:" + ODD),
    "resource": lambda: resource_matches(ARN + STARS, ARN + ODD),
    "part of a resource": lambda: resource_matches(
        "arn:aws:" + "*a" * 25 + "*X:*:*:x", f"arn:aws:{ODD}:b:c:d"
    ),
    "wildcards of the other": lambda: resource_matches(ARN + ODD, ARN + STARS, in_part=True),
    "condition": lambda: _like(STARS, ODD),
    "condition of an ARN": lambda: _like_arn(ARN + STARS, ARN + ODD),
    "selection of a backup": lambda: _is_like(STARS, ODD),
    "listed name": lambda: Existing(name=ODD).is_called(STARS),
    "filter pattern": lambda: counts(f'{{ $.a = "{STARS}" }}', f'{{"a": "{ODD}"}}'),
    "expression of a filter pattern": lambda: counts(f"%{'a*' * 6}X%", ODD * 20),
    "destination": lambda: leads_to("s3://" + "".join(f"${{v{it}}}a" for it in range(25)) + "X/key", ODD),
    "name of a check": lambda: _check("a${{ v }}" * 40 + "X", "Plan")(ODD),
    "condition of a shell": lambda: decided([ODD, "=~", "^" + "(a|aa)" * 40 + "x$"]),
    "symptom": lambda: is_found("(a+)+$", "a" * 50_000 + "!"),
    "pattern of a name": lambda: matches("(a|aa)+", ODD * 100 + "!"),
    "pattern of a shell": lambda: decided([ODD, "==", STARS]),
}
"""What does not match, and takes for ever by going back."""


@pytest.mark.parametrize("asked", NEVER.values(), ids=NEVER)
def test_no_pattern_takes_the_run(asked: Callable[[], object]) -> None:
    assert asked() is False


def test_no_value_of_a_script_takes_the_run() -> None:
    lines = [f"x={'a' * 900}", *["y=${x%%*b*c*d*e}"] * 500, "aws s3 ls $y"]
    [listing] = outcome("\n".join(lines), Settings()).commands
    assert listing.words == ("aws", "s3", "ls", "a" * 900)


def test_what_is_too_long_for_a_pattern_is_told() -> None:
    with pytest.raises(Undetermined, match=r"^\*a\*a.*… \(600,000 characters\) is too long for a pattern$"):
        wildcard("*a" * 300_000)


TEXT = st.text(st.sampled_from("ab:?.\\[]\n\0é\ud800"), max_size=8)
PATTERN = st.text(st.sampled_from("ab:*?.\\é"), max_size=8)


@given(PATTERN, TEXT)
@example("*é?", "aaé\n")
def test_a_wildcard_is_any_text_and_all_else_itself(pattern: str, text: str) -> None:
    assert wildcard(pattern, one="?")(text) == fnmatchcase(text, pattern)
    assert wildcard(pattern)(text) == fnmatchcase(text, pattern.replace("?", "[?]"))


VALUE = st.text(st.sampled_from("ab/."), max_size=7)
SIGN = st.sampled_from(["%", "%%", "#", "##"])
PARTS = st.lists(
    st.sampled_from(["a", "b", "/", ".", "*", "?", "[ab]", "[!a]", "[/.]"]), min_size=1, max_size=5
)
TRIMMED = st.tuples(VALUE, SIGN, PARTS.map("".join))


@seed(20261127)
@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(st.lists(TRIMMED, min_size=60, max_size=60))
def test_a_value_is_trimmed_as_bash_does_it(cases: list[tuple[str, str, str]]) -> None:
    lines = [f'x={value}\naws "<${{x{sign}{pattern}}}>"' for value, sign, pattern in cases]
    script = "\n".join(["aws() { printf '%s\\n' \"$1\"; }", *lines])
    words = ["bash", "--noprofile", "--norc", "-c", script]
    printed = subprocess.run(words, capture_output=True, timeout=60, check=True, text=True).stdout
    read = [outcome(line, Settings()).commands[0].words[1] for line in lines]
    assert read == printed.splitlines()
