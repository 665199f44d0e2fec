"""What is counted in a script comes to what bash says."""

from __future__ import annotations

import subprocess

import pytest

from plumbline.github.shell.script import Settings, outcome

COUNTED = {
    "one more": ("x=1", "$((x + 1))"),
    "none yet": ("unset x", "$((x+1))"),
    "times": ("x=3", "$(( $x*2 ))"),
    "less": ("x=1; y=4", "$((x - y))"),
    "++": ("x=1; ((x++))", "$x"),
    "before": ("x=1; ((++x))", "$x"),
    "--": ("x=3; ((x--))", "$x"),
    "+=": ("x=1; ((x += 4))", "$x"),
    "let": ("x=1; let x+=1", "$x"),
    "given": ("x=1; ((x = x + 2))", "$x"),
}


@pytest.mark.parametrize(("before", "counted"), COUNTED.values(), ids=COUNTED)
def test_what_is_counted_is_what_bash_counts(before: str, counted: str) -> None:
    script = f"{before}\nfound {counted}"
    settings = Settings(errexit=False)
    (told,) = (it.words[1:] for it in outcome(script, settings).commands if it.words[0] == "found")
    ran = subprocess.run(["bash", "-c", f"{before}\necho {counted}"], capture_output=True, text=True)
    assert told == (ran.stdout.strip(),)


@pytest.mark.parametrize("line", ["((x = $(date +%s)))", "((x **= 2))", "let x=y?1:2", "x=$((1 / 0))"])
def test_what_is_no_plain_counting_is_not_known(line: str) -> None:
    script = f"x=1\n{line}\nfound $x"
    (told,) = (
        it.words[1:] for it in outcome(script, Settings(errexit=False)).commands if it.words[0] == "found"
    )
    assert "$" in told[0]
