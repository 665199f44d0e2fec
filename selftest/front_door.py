"""The suite as its users run it: pytest in a process of its own, and how every test ended."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from selftest.warm import Warm

Verdict = Literal["passed", "failed", "error", "skipped"]

REPOSITORY = Path(__file__).parents[1]
ENGINE = "plumbline"
_WARM = Warm()
PATIENCE_SECONDS = 180
NOT_A_USERS = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
"""Plugins left out: one would write into the tree, the other comes with what only the proofs need."""


@dataclass(frozen=True)
class Outcome:
    """How one test ended; `message` is its card, or the reason for which it was skipped."""

    test: str
    verdict: Verdict
    message: str
    properties: Mapping[str, str]

    @property
    def invariant(self) -> str:
        """The catalogue id, such as `bbws-ddb-15`; empty for a test of something else."""
        return self.properties.get("invariant", "")

    @property
    def resource(self) -> str:
        return self.properties.get("resource", "")

    @property
    def source(self) -> str:
        return self.properties.get("source", "")


@dataclass(frozen=True)
class SuiteRun:
    """A finished run."""

    exit_code: int
    printed: str
    """Its standard output."""
    complained: str
    """Its standard error; that is where a usage error stands."""
    outcomes: Mapping[str, Outcome]
    """By test id, such as `tests/dynamodb/test_tables.py::test_table_exists[bbws/dev/tenants/live]`."""

    @property
    def output(self) -> str:
        return self.printed + self.complained

    @property
    def last_line(self) -> str:
        return self.printed.rstrip().rpartition("\n")[2]

    @property
    def verdict(self) -> str:
        """The line that says what the run came to, in the runbook's own form; empty where there is none."""
        told = (line for line in self.printed.splitlines() if re.match(r"[✓✗!?] (Pre|Post)-deployment", line))
        return next(told, "")

    @property
    def cards(self) -> list[str]:
        """The cards that it printed, of what failed and what is broken."""
        return cards_in(self.printed)

    def those(self, *verdicts: Verdict) -> list[Outcome]:
        """The outcomes with one of these verdicts."""
        return [outcome for outcome in self.outcomes.values() if outcome.verdict in verdicts]

    def invariants(self, *verdicts: Verdict) -> set[str]:
        """The catalogue ids that have an outcome with one of these verdicts."""
        return {outcome.invariant for outcome in self.those(*verdicts)}


def cards_in(printed: str) -> list[str]:
    """Return the cards in what was printed; a line of the index below them has nothing under it."""
    return re.findall(r"^[✗!] P\d .*\n(?=[ \n])(?:(?: .*)?\n)*", printed, re.MULTILINE)


def run_suite(
    *arguments: str, variables: Mapping[str, str] | None = None, tree: Path = REPOSITORY
) -> SuiteRun:
    """Run `python -m pytest ARGUMENTS` in a tree, with these environment variables and no others.

    Without `variables` it has those of this process, less what would select an AWS account or steer pytest.
    It is forked from an interpreter that has the libraries loaded, where that makes no difference.
    """
    given = neutral_variables() if variables is None else _of_a_user(variables)
    with tempfile.TemporaryDirectory(prefix="front-door-") as name:
        folder = Path(name)
        results = folder / "junit.xml"
        words = [*NOT_A_USERS, f"--junitxml={results}", *arguments]
        finished = (
            _WARM.run(words, tree, given, folder, PATIENCE_SECONDS)
            if _WARM.takes(given)
            else run_cold(words, tree, given)
        )
        outcomes = _outcomes(results) if results.exists() else []
    return SuiteRun(
        exit_code=finished.returncode,
        printed=finished.stdout,
        complained=finished.stderr,
        outcomes={outcome.test: outcome for outcome in outcomes},
    )


def run_cold(words: list[str], tree: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `python -m pytest WORDS` in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=tree,
        env=dict(variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )


def neutral_variables() -> dict[str, str]:
    """The environment variables of this process without an AWS account in them."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return _of_a_user(inherited) | {"AWS_EC2_METADATA_DISABLED": "true"}


def variables_of_server(endpoint: str) -> dict[str, str]:
    """The environment variables with which an AWS client meets this moto server and no account."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


def _of_a_user(variables: Mapping[str, str]) -> dict[str, str]:
    """Leave out what this process's own pytest and xdist have set, and let the run keep its bytecode."""
    steering = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in variables.items() if not name.startswith(steering)}


def place_engine(tree: Path) -> None:
    """Put the engine into a tree: a link to it, so that its bytecode is made once for all trees."""
    (tree / ENGINE).symlink_to(REPOSITORY / ENGINE, target_is_directory=True)


def _outcomes(results: Path) -> list[Outcome]:
    return [_outcome(case) for case in ElementTree.parse(results).iter("testcase")]


def _outcome(case: ElementTree.Element) -> Outcome:
    verdict, message = _verdict(case)
    return Outcome(
        test=f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}",
        verdict=verdict,
        message=message,
        properties={each.get("name", ""): each.get("value", "") for each in case.iter("property")},
    )


def _verdict(case: ElementTree.Element) -> tuple[Verdict, str]:
    tags: dict[str, Verdict] = {"error": "error", "failure": "failed", "skipped": "skipped"}
    for tag, verdict in tags.items():
        told = case.find(tag)
        if told is not None:
            reason = told.get("message", "")
            return verdict, reason if verdict == "skipped" else told.text or reason
    return "passed", ""
