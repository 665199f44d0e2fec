"""One line for each cause: what is wrong with which resource."""

import json

from plumbline.report.card import line_of
from plumbline.suite.finding import NOT_HELD, About, Difference, Finding, What


def test_a_line_says_what_a_method_has_found_and_shows_no_escapes() -> None:
    answer = Difference(
        "kept_though_refused(…)", "", json.dumps(["line 50: table.put_item", "line 60: \x1b[2Jrm"])
    )
    what = What("failed", f"{NOT_HELD}code.kept_though_refused() == []", differences=[answer])
    about = About("tests/test_code.py::test_kept", id="a-01", resource="processor.py")
    line = line_of([Finding(what, about)], 200)
    told = r"line 50: table.put_item; line 60: \x1b[2Jrm"
    assert line == f"✗ P1  a-01  processor.py: kept though refused: {told}"


def test_a_line_is_no_wider_than_the_terminal() -> None:
    what = What("failed", "is " + "very " * 40 + "wrong")
    same = [Finding(what, About("tests/test_code.py::test_kept", id="a-01", resource="processor.py"))] * 3
    line = line_of(same, 90)
    assert len(line) == 90
    assert line.endswith("… (3 tests)")
