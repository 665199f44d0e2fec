"""What was read cannot break out of Markdown that others show: it stands in code spans, also in a table."""

import re

import pytest

from plumbline.report.apart import Told, as_json, markdown, text
from plumbline.report.markdown import code, row
from plumbline.sources.differences import Alone, Comparison, Difference, NotCompared, shown, shown_name

HOSTILE = [
    "a | b",
    "a \\| b",
    "\\\\| x",
    "`",
    "``x``",
    "` | `",
    "@somebody #1 https://x.example <img src=x> **b**",
    "line\nbreak\r\n| a | b |",
    "\u202egnitset\u2028",
    " spaces ",
    "\\",
]


def cells(line: str) -> list[str]:
    """The cells of a line of a table; a backslash takes what follows with it."""
    return re.findall(r"(?:\\.|[^|\\])+", line.strip().strip("|"))


@pytest.mark.parametrize("told", HOSTILE)
def test_a_text_is_one_cell_and_one_code_span(told: str) -> None:
    line = row(code(shown(told)), "end")
    assert "\n" not in line
    assert [it.strip() for it in cells(line)][1:] == ["end"]
    cell = cells(line)[0].strip()
    fence = re.match("`+", cell)
    assert fence
    assert cell.endswith(fence[0])
    inner = cell[len(fence[0]) : -len(fence[0])]
    assert not re.search(rf"(?<!`){fence[0]}(?!`)", inner)


def test_nothing_that_was_read_stands_outside_of_code() -> None:
    bad = shown(" ".join(HOSTILE))
    told = Told(
        title=bad,
        sides=("code", "account"),
        alone=("only in code", "only in the account"),
        comparison=Comparison(
            differences=(Difference(shown_name(bad), bad, (bad, bad), (bad, bad)),),
            alone=(Alone(bad, 0, bad), Alone(bad, 1, bad)),
            open=(NotCompared(bad, bad, bad),),
        ),
        examined=(bad,),
        notes=(bad,),
    )
    for line in markdown(told):
        outside = re.sub(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)", "", line)
        assert "@" not in outside, line
        assert "<img" not in outside
        assert "https:" not in outside
    assert all("\n" not in line and "\u202e" not in line for line in text(told))
    assert "\u202e" not in as_json(told)
