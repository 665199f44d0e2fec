"""Whatever is read: where it is shown it is one line that shows, and in a command it is a word."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from html import escape
from typing import Any

import execnet
import pytest
from hypothesis import Phase, example, given, seed, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from plumbline.report.formats.incident import calm
from plumbline.report.template import literal
from plumbline.suite.usage import pytest_cmdline_main
from plumbline.values.commands import command, left_out
from plumbline.values.counting import AtLeast, InPart
from plumbline.values.shown import MOST_CHARACTERS, MOST_LINES, data, lines, text, whole, wrapped

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
NASTY = st.text(st.sampled_from("$`'\"\\!;&|<>(){}[]*?~#% abz"), min_size=1, max_size=12)
NASTY = NASTY.filter(lambda it: it[0] not in "[{")  # which the AWS CLI reads as JSON
PLACES = {
    "{it}": ("", ""),
    "'{it}'": ("", ""),
    '"{it}"': ("", ""),
    '"$(printf %s {it})"': ("", ""),
    "\"$(printf %s '{it}')\"": ("", ""),
    '"$(printf %s "$(printf %s "{it}")")"': ("", ""),
}
"""Where a value may stand in a command as a word of its own, and what stands before and after it then."""
WITHIN = {
    "a{it}b": ("a", "b"),
    '"a{it}b"': ("a", "b"),
    "'a'{it}\"b\"": ("a", "b"),
    "\"x$(printf %s 'y{it}')\"": ("xy", ""),
    '"\\"{it}"': ('"', ""),
    "\\'{it}": ("'", ""),
}
"""The same, for places within a word that holds more: only a name can stand there."""


@given(ANYTHING)
def test_a_shown_text_is_one_line_and_all_of_it_shows(value: str) -> None:
    shown = text(value)
    assert all(it.isprintable() or unicodedata.category(it) == "Zs" for it in shown)
    assert len(shown.splitlines()) <= 1
    assert shown.encode("utf-8").decode() == shown
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x1b\x07")
    assert text(shown) == shown


@given(ANYTHING.filter(lambda it: it.isascii() and it.isprintable()))
def test_a_harmless_text_is_shown_as_it_is(value: str) -> None:
    if "##[" not in value and not value.lstrip().startswith("::"):
        assert text(value) == value
    assert value == whole(value) == data(value)


RUNNER = re.compile(r"^\s*::|##\[")
"""What a runner takes for a command, in a line. Source: actions/runner, ActionCommand.cs."""


@given(st.text(st.sampled_from("#[:] \n\r\t\x0b\x0c\x1c\x85\xa0\u2028adnpmsk-")))
@example("##[add-mask]x")
@example(" \u2028::error::x")
def test_what_is_shown_is_no_command_of_a_runner(value: str) -> None:
    assert not RUNNER.search(text(value))
    assert not any(map(RUNNER.search, lines(value).split("\n")))
    assert text(text(value)) == text(value)


@given(st.text(st.sampled_from(":: \n\xa0\u2028ab-#[")), st.integers(4, 12), st.booleans())
@example("it is aaaa ::error::x", 10, False)
@example("aaaa::error::x", 4, True)
def test_no_line_that_it_is_wrapped_into_is_one_either(value: str, width: int, broken: bool) -> None:
    how = {"subsequent_indent": "  ", "break_long_words": broken}
    assert not any(map(RUNNER.search, wrapped(text(value), width, **how)))


@pytest.mark.parametrize("character", ["a", "\x1b", "\ud800", "\u202e"])
def test_a_long_text_is_cut_and_says_how_long_it_was(character: str) -> None:
    shown = text(character * 3_000_000)
    assert len(shown) < 7 * MOST_CHARACTERS
    assert shown.endswith("… (3,000,000 characters)")
    assert data("a" * 3_000_000) != data("a" * 2_999_999 + "b")
    assert len(lines("x\n" * 10_000).splitlines()) == MOST_LINES + 1


@seed(20261126)
@settings(max_examples=20, deadline=None, phases=[Phase.generate])
@given(st.lists(st.tuples(st.sampled_from(sorted(PLACES | WITHIN)), NASTY), min_size=60, max_size=60))
def test_a_shell_takes_what_came_from_evidence_for_text(cases: list[tuple[str, str]]) -> None:
    script = "\n".join(command(f"printf '%s\\0' {place}", {"it": value}) for place, value in cases)
    words = ["bash", "--noprofile", "--norc", "-c", script]
    printed = subprocess.run(words, capture_output=True, timeout=60, check=True).stdout.decode()
    assert printed.split("\0")[:-1] == [expected(place, value) for place, value in cases]


def expected(place: str, value: str) -> str:
    """Return the word that a shell passes on."""
    before, after = (PLACES | WITHIN)[place]
    return before + (value if place in PLACES or value.isalnum() else left_out("it")) + after


@given(ANYTHING)
def test_what_no_terminal_takes_is_left_out_of_a_command(value: str) -> None:
    typed = command("rm {lock_id}", {"lock_id": value})
    assert typed.isprintable() or text(typed) == typed
    assert text(value) == value or typed == f"rm {left_out('lock_id')}" == "rm <lock-id>"


MARKUP = st.text(st.sampled_from("*_`~[]()!<>@#|$&;\\-+.=: ab1hteps/\u200b"), min_size=1, max_size=30)


@given(MARKUP)
@example("**All approved** [Approve](https://evil.example) ![x](https://evil.example/t.png)")
@example("<b>x</b> `code` &amp; ~~x~~ <https://evil.example> | x |")
def test_what_is_read_is_no_markdown(value: str) -> None:
    shown = escape(value.replace("@", "@\u200b"), quote=False)
    render = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render
    for place in ("| a | b |\n|---|---|\n| 1 | x{}x |\n", "Examined: x{}x\n"):
        assert render(place.format(literal(value))) == render(place.format("MARK")).replace("MARK", shown)


def test_what_is_read_calls_nobody() -> None:
    assert "@org" not in literal("@org/admins")
    assert calm(calm("<!channel> @here")) == "< !channel> @ here"


def test_a_run_that_cannot_start_says_so_in_text() -> None:
    config: Any = None
    hook = pytest_cmdline_main(config)
    next(hook)
    with pytest.raises(pytest.UsageError) as told:
        hook.throw(pytest.UsageError("there is no file x\n::error::INJECTED ##[add-mask]y\x1b[2J", "two"))
    assert told.value.args == (
        "there is no file x\n\\x3a:error::INJECTED #\\x23[add-mask]y\\x1b[2J",
        "two",
    )


def test_a_number_that_was_not_counted_to_its_end_is_a_text_that_processes_can_hand_on() -> None:
    shown = data({"number": [AtLeast(1000), InPart(0.5, "why", greater=False), 7]})
    assert shown == {"number": ["at least 1000", "at most 0.5", 7]}
    assert execnet.loads(execnet.dumps(shown)) == shown
