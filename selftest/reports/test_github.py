"""GitHub: within its limits, at the right lines, and nothing that breaks out of its place."""

import re
from pathlib import Path

from plumbline.report.code import Code
from plumbline.report.extensions.github import MOST_BYTES, commands, summarized
from plumbline.report.outcomes import by_cause
from plumbline.suite.finding import Finding
from selftest.reports.broken_tree import Reported
from selftest.reports.made_up import finding, of_a_checkout, results
from selftest.reports.outcomes import annotations


def failure(number: int, **more: object) -> Finding:
    told: dict[str, object] = {"id": f"bbws-ddb-{number}", "message": f"cause {number}"}
    return finding(number, **({"outcome": "failed"} | told | more))


def anywhere(file: str) -> bool:
    return True


def test_an_annotation_names_no_file_of_ours_beside_a_checkout_that_is_given(tmp_path: Path) -> None:
    run = of_a_checkout(tmp_path).run
    expected = failure(1, where=[], declared=["fixtures/stacks/bbws.yaml:3"])
    read = failure(2, where=["pytest.ini:1", f"{tmp_path}/main.tf:1"])
    lines = list(commands(by_cause([expected, read]), Code(run).holds))
    assert [re.findall(r"file=([^,]+)", it) for it in lines] == [[], [f"{tmp_path}/main.tf"]]
    assert "file=fixtures/stacks/bbws.yaml" in next(iter(commands([[expected]], Code(results([]).run).holds)))


def test_an_annotation_names_file_and_line(broken: Reported, broken_tree: object) -> None:
    [located] = [it for it in annotations(broken) if "point_in_time_recovery is false" in it]
    assert re.search(rf"file={re.escape(str(broken_tree))}/dynamodb/main.tf,line=\d+::", located)


def test_what_is_cut_is_counted() -> None:
    groups = by_cause([failure(number) for number in range(25)])
    lines = list(commands(groups, anywhere))
    assert len(lines) == 10
    assert lines[-1].startswith("::error::16 more")


def test_text_cannot_start_another_command() -> None:
    [line] = commands([[failure(1, message="a\n::error::b\r%", resource="x,y:z")]], anywhere)
    assert "\n" not in line
    assert "\r" not in line
    assert line.count("::error") == 2
    assert "%0A" in line
    assert "%25" in line


def test_the_summary_stays_within_one_mebibyte() -> None:
    long = [failure(number, message=f"{number} " + "x" * 100_000) for number in range(60)]
    text = summarized(results(long))
    assert len(text.encode()) < MOST_BYTES
    assert "50 more findings" in text or "60 more findings" in text


def test_the_summary_has_a_cell_for_each_column(broken: Reported) -> None:
    _, _, matrix = broken.text("summary.md").partition("| | hcl | moto |\n")
    rows = matrix.partition("\n\n")[0].splitlines()
    assert len(rows) > 3
    assert {row.count("|") for row in rows} == {4}
