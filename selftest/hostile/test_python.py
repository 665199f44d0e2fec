"""Python code that would take the machine, each by another way, is followed or given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.kinds import python_checks, python_code
from plumbline.kinds.python_answers import unlike
from plumbline.kinds.python_file import Entered, PythonFile

HANDLER = "def handler(event):\n"


def doubled(first: str, twice: str) -> str:
    """Return names at the top of which each is made of the one before, twice."""
    made = (f"a{it} = {twice.replace('_', f'a{it - 1}')}\n" for it in range(1, 60))
    return f"a0 = {first}\n{''.join(made)}{HANDLER}    check(a59)\n    return event > a0\n"


def called(body: str) -> str:
    """Return functions of which each calls the next one, twice."""
    made = (f"def f{it}(x):\n    {body.replace('_', f'f{it + 1}')}\n" for it in range(60))
    return f"{''.join(made)}def f60(x):\n    store(x)\n{HANDLER}    f0(event)\n    check(event)\n"


def in_place(statement: str) -> str:
    """Return a function that makes more of a name again and again."""
    return f"{HANDLER}    x = 10\n    for it in event:\n" + f"        {statement}\n" * 60 + "    check(x)\n"


ENDLESS = {
    "texts": (doubled("'xx'", "_ + _"), ["constants"]),
    "formats": (doubled("'xx'", "f'{_}{_}'"), ["constants"]),
    "tuples": (doubled("1", "(_, _)"), []),
    "tuples in loops": (in_place("x = (x, x)"), []),
    "numbers": (doubled("10", "_ * _"), ["constants"]),
    "numbers in place": (in_place("x *= x"), []),
    "calls": (called("_(x); _(x)"), ["though_refused"]),
    "calls that return": (called("return _(x) + _(x)"), ["though_refused"]),
    "calls that come back": (
        "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n" + HANDLER + "    check(f(1))\n",
        [],
    ),
    "calls of what calls": (
        "".join(f"def f{it}():\n    return f{it + 1}() + f{it + 1}()\n" for it in range(60))
        + f"def f60():\n    return 1\n{HANDLER}    check(f0())\n",
        ["though_refused"],
    ),
    "branches": (called("return _(x) if x else _(not x)"), ["though_refused"]),
}
"""Each with what is given up."""


@pytest.mark.parametrize(("source", "given_up"), ENDLESS.values(), ids=ENDLESS)
def test_code_is_followed_as_far_as_a_limit(
    source: str, given_up: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(python_code, "_MOST_STEPS", 20_000)
    monkeypatch.setattr(python_checks, "_MOST_STEPS", 20_000)
    (tmp_path / "code.py").write_text(source)
    question = Entered(entry="handler", check="check")
    file = PythonFile.asked_of_repository(Checkout(tmp_path), "code.py", question)
    told = {name: repr(getattr(file, name)) for name in PythonFile.model_fields}
    assert [name for name, it in told.items() if "it is too long to be followed" in it] == given_up


@pytest.mark.parametrize(
    "source",
    [
        "a0 = 1\n"
        + "".join(f"a{it} = a{it - 1}\n" for it in range(1, 3000))
        + f"{HANDLER}    check(a2999)\n",
        "".join(f"def f{it}():\n    return f{it + 1}()\n" for it in range(3000))
        + f"def f3000():\n    return 1\n{HANDLER}    check(f0())\n",
    ],
    ids=["names", "functions"],
)
def test_code_is_followed_as_deep_as_python_goes_itself(source: str, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(source)
    question = Entered(entry="handler", check="check")
    file = PythonFile.asked_of_repository(Checkout(tmp_path), "code.py", question)
    assert "it is nested too deeply to be followed" in repr(file.called)


@pytest.mark.parametrize("value", ["-" * 100_000 + "1", "not " * 50_000 + "a", "a" + ".b" * 100_000, "'\0'"])
def test_what_is_nested_deeper_than_python_reads_is_no_python(value: str) -> None:
    """CPython says so by three errors, none of them its own for that."""
    with pytest.raises(SyntaxError):
        unlike(f"x = {value}", "lambda/api.py", {"X": "1"})
