"""A sample of the cases is drawn by the commit, has some of every stack, and says how to have them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftest.front_door import REPOSITORY, SuiteRun, run_suite
from selftest.sample import SEED

PROOF = """
import pytest
from selftest.stacks.proven import STACKS

@pytest.mark.sampled(one_in=4)
@pytest.mark.parametrize("proven", STACKS, ids=str)
@pytest.mark.parametrize("number", range(8))
def test_of_many(proven, number):
    pass

@pytest.mark.parametrize("number", range(8))
def test_of_few(number):
    pass
"""

SLOW = """
import pytest

@pytest.mark.parametrize("number", range(25))
def test_started_anew(number):
    pass

def test_started_once():
    pass
"""


@pytest.fixture
def proofs(tmp_path: Path) -> Path:
    """A tree with proofs of its own beside the conftest of ours."""
    (tmp_path / "selftest").symlink_to(REPOSITORY / "selftest")
    (tmp_path / "proofs").mkdir()
    (tmp_path / "proofs/conftest.py").write_text("from selftest.conftest import *\n", "utf-8")
    (tmp_path / "proofs/test_proofs.py").write_text(PROOF, "utf-8")
    (tmp_path / "proofs/input").mkdir()
    (tmp_path / "proofs/input/test_slow.py").write_text(SLOW, "utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\npythonpath = .\naddopts = --import-mode=importlib\nmarkers = sampled(one_in):\n  heavy:\n",
        "utf-8",
    )
    return tmp_path


def tried(proofs: Path, *words: str, drawn_by: str = "a commit") -> SuiteRun:
    """Return a run of the proofs."""
    variables = {"PATH": "/usr/bin:/bin", SEED: drawn_by}
    return run_suite("proofs", "-p", "no:randomly", *words, tree=proofs, variables=variables)


def test_some_cases_of_every_stack_are_tried_and_each_of_what_has_few(proofs: Path) -> None:
    run = tried(proofs, "--sample")
    assert run.exit_code == 0, run.output
    many = [it for it in run.outcomes if "test_of_many" in it]
    stacks = {it.partition("[")[2].rpartition("-")[2] for it in many}
    assert len(many) == 2 * len(stacks)
    assert len([it for it in run.outcomes if "test_of_few" in it]) == 8
    assert len([it for it in run.outcomes if "test_slow" in it]) == 3  # 26 in one module, one in ten
    assert "deselected" in run.printed
    assert f"{SEED}='a commit'; all cases: make proofs" in run.printed


def test_the_same_draws_the_same_in_any_number_of_processes_and_another_one_others(proofs: Path) -> None:
    alone, twice = tried(proofs, "--sample"), tried(proofs, "--sample", "-n", "2")
    assert alone.outcomes.keys() == twice.outcomes.keys()
    other = tried(proofs, "--sample", drawn_by="another one")
    assert other.outcomes.keys() != alone.outcomes.keys()
    assert len(other.outcomes) == len(alone.outcomes)


def test_without_the_option_every_case_is_tried(proofs: Path) -> None:
    run = tried(proofs)
    stacks = {it.partition("[")[2].rpartition("-")[2] for it in run.outcomes if "test_of_many" in it}
    assert len(run.outcomes) == 8 * len(stacks) + 8 + 26
