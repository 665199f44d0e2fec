"""A run that is forked from an interpreter with the libraries loaded is the run that a user starts."""

import re
from pathlib import Path

import pytest

from selftest.front_door import NOT_A_USERS, REPOSITORY, neutral_variables, run_cold
from selftest.warm import Warm

RUNS = [
    ("--env=sit", "--source=hcl,moto"),
    ("--env=sti",),
    ("--env=sit", "-k", "nothing"),
    ("--env=sit", "--source=hcl", "-n", "2"),
    ("--help",),
]


def told(text: str) -> str:
    """Return what was printed, without how long it took."""
    return re.sub(r"in \d+\.\d+s|=+|\d+\.\d+s", "", text)


@pytest.mark.sampled(one_in=2)
@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_it_ends_and_prints_the_same(words: tuple[str, ...], tmp_path: Path) -> None:
    arguments, variables = [*NOT_A_USERS, *words], neutral_variables()
    warm, cold = Warm(), run_cold(arguments, REPOSITORY, variables)
    assert warm.takes(variables)
    forked = warm.run(arguments, REPOSITORY, variables, tmp_path, patience=120)
    assert forked.returncode == cold.returncode
    assert told(forked.stdout) == told(cold.stdout)
    assert told(forked.stderr) == told(cold.stderr)


def test_what_python_reads_when_it_starts_needs_one_of_its_own() -> None:
    assert not Warm().takes(neutral_variables() | {"PYTHONHASHSEED": "1"})
    assert not Warm().takes(neutral_variables() | {"LC_ALL": "tr_TR.UTF-8"})
