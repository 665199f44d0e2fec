"""A broken account within a minute: a card for each thing that is wrong, on a machine that has nothing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plumbline.commands.demo import ACCOUNT
from plumbline.commands.demo.made import by_hand
from selftest.front_door import REPOSITORY, cards_in, neutral_variables, run_suite

BROKEN = {"shop-01", "shop-02", "shop-05", "shop-07", "shop-08", "shop-10", "shop-12"}
REFUSES_NETWORKS = """\
import os, socket

def refuse(self, address):
    with open(os.environ["TRIED"], "a") as file:
        print(address, file=file)
    raise OSError("no network here")

socket.socket.connect = socket.socket.connect_ex = refuse
"""
ELSEWHERE = {
    "AWS_PROFILE": "nobody",
    "AWS_ENDPOINT_URL": "http://192.0.2.1",
    "PYTEST_ADDOPTS": "--no-such-option",
    "GITHUB_ACTIONS": "true",
    "HTTPS_PROXY": "http://192.0.2.1",
}
"""What may be set on somebody's machine."""


def demo(here: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m plumbline demo` in a folder, with a folder of its own for what is temporary."""
    temporary = here / "temporary"
    temporary.mkdir()
    told = neutral_variables() | {"TMPDIR": str(temporary), "PYTHONPATH": str(REPOSITORY)} | variables
    ended = subprocess.run(
        [sys.executable, "-m", "plumbline", "demo", *words],
        cwd=here,
        env=told,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert [*temporary.iterdir()] == []
    return ended


def test_each_change_by_hand_is_a_card_and_the_run_ends_as_pytest_does(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --not-an-option\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('a file of somebody else')\n")
    ended = demo(tmp_path, **ELSEWHERE)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert ended.stderr == ""
    cards = cards_in(ended.stdout)
    assert {card.split()[2] for card in cards} == BROKEN
    assert len(cards) == len(BROKEN) == len(by_hand())
    for card in cards:
        assert "found in  shop/live on live" in card
        assert re.search(r"^    type      aws ", card, re.MULTILINE)
        assert re.search(r"^    owner     (Shop|Platform) Team$", card, re.MULTILINE)
    assert "✗ Post-deployment tests failed (8/15): 7 failed, 4 missing" in ended.stdout
    assert "\n$ pytest --env live --live\n" in ended.stdout
    assert "\npytest ended with 1: something that was read is wrong, or could not be read.\n" in ended.stdout
    for change in by_hand():
        assert f"\n  - {change.told}\n" in ended.stdout
    assert "::" not in re.sub(r"py::test_|arn:aws:\S+", "", ended.stdout)  # no commands of a job


def test_nothing_is_asked_of_a_network(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without/sitecustomize.py").write_text(REFUSES_NETWORKS)
    tried = tmp_path / "tried"
    path = os.pathsep.join((str(tmp_path / "without"), str(REPOSITORY)))
    ended = demo(tmp_path, PYTHONPATH=path, TRIED=str(tried))
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert {card.split()[2] for card in cards_in(ended.stdout)} == BROKEN
    assert not tried.exists(), tried.read_text()
    asking = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"
    control = {"PYTHONPATH": path, "TRIED": str(tried), "NO_PROXY": "*"}
    subprocess.run([sys.executable, "-c", asking], env=neutral_variables() | control, capture_output=True)
    assert tried.exists(), "nothing refuses networks"


def test_nothing_is_wrong_with_the_terraform_that_the_account_is_made_of(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(ACCOUNT, folder)
    variables = neutral_variables() | {"PYTHONPATH": str(REPOSITORY)}
    run = run_suite("-p", "plumbline.entry", "--env=live", tree=folder, variables=variables)
    assert run.exit_code == 0, run.output
    assert run.those("failed", "error", "skipped") == []
    assert run.invariants("passed") == BROKEN | {f"shop-{it:02}" for it in (3, 6, 9, 11, 13, 14)}


@pytest.mark.parametrize("word", ["--live", "shop"])
def test_there_is_nothing_to_choose(tmp_path: Path, word: str) -> None:
    ended = demo(tmp_path, word)
    assert ended.returncode == 2
    assert f"unrecognized arguments: {word}" in ended.stderr


def test_the_readme_begins_with_it() -> None:
    first = (REPOSITORY / "README.md").read_text().partition("```sh\n")[2].partition("\n")[0]
    assert first.startswith("make demo ")
    recipe = (REPOSITORY / "Makefile").read_text().partition("\ndemo: ")[2].partition("\n\n")[0]
    assert "-m plumbline demo" in recipe
