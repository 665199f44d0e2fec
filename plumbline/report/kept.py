"""A folder with a results file of each run (--results-dir): since when each thing is wrong, as they tell.

A run adds a file and changes none, under a name that no other run takes; it is there as a whole or not at
all, so that runs at the same time, and whoever reads the folder meanwhile, do not meet.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC
from itertools import takewhile
from pathlib import Path

import pytest

from plumbline.report.collected import RESULTS, nothing_runs
from plumbline.report.results import Results
from plumbline.suite.finding import About, Finding, Outcome
from plumbline.suite.offered import OF_REPORTS
from plumbline.suite.results_file import ResultsFile, ended
from plumbline.suite.taken import add, ours_of
from plumbline.values.mistakes import DataError
from plumbline.values.shown import text

_OPTION = "--results-dir"
_STILL_WRONG = ("failed", "known", "waived")
"""How a test ended that told of the same thing: a waiver says who answers for it, not that it is gone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    add(parser, _OPTION, **OF_REPORTS[_OPTION])


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Refuse a folder in which no file can be made before anything runs."""
    folder = folder_of(config)
    if folder and not hasattr(config, "workerinput") and (reason := _hindrance(folder)):
        raise pytest.UsageError(f"--results-dir {folder} cannot be used: {reason}")


def folder_of(config: pytest.Config) -> Path | None:
    """Return the folder that results are kept in, if one was given."""
    given = ours_of(config, _OPTION)
    return Path(given) if given else None


def _hindrance(folder: Path) -> str:
    try:
        if folder.exists() and not folder.is_dir():
            return "it is no folder"
        if not folder.exists() and not folder.parent.is_dir():
            return f"there is no folder {folder.parent}"
        made_in = folder if folder.exists() else folder.parent
        return "" if os.access(made_in, os.W_OK | os.X_OK) else f"no file may be made in {made_in}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "strerror", None) or error)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Say of each finding since when it is there, before anybody shows it."""
    folder, results = folder_of(session.config), session.config.stash.get(RESULTS, None)
    if folder is None or results is None or nothing_runs(session.config):
        return
    before = [(it, {one.asked: one.outcome for one in it.results}) for it in _earlier(folder, results)]
    results.findings = [_dated(it, before) for it in results.findings]


def _earlier(folder: Path, results: Results) -> Iterator[ResultsFile]:
    """Yield what earlier runs kept, the last one first; note the files that cannot be read."""
    found = []
    for path in sorted(folder.glob("[!.]*.json")):
        try:
            found.append(ResultsFile.read(path))
        except DataError as error:
            results.notes.append(text(f"Warning: passed over in --results-dir: {error}", None))
    earlier = [it for it in found if it.written < results.started]
    yield from sorted(earlier, key=lambda it: it.written, reverse=True)


Before = tuple[ResultsFile, Mapping[tuple[str, ...], Outcome]]
"""An earlier run, and how each of its tests ended."""


def _dated(finding: Finding, before: Iterable[Before]) -> Finding:
    """Return a finding with since when it is there: in each run that asked, back to the first that found it.

    In a run that ended otherwise it was not found. One that did not ask the test says nothing of it; how many
    of those examined its environment all the same is told beside the others.
    """
    if finding.what.outcome not in _STILL_WRONG:
        return finding
    asked = ended(finding).asked
    back = [*takewhile(lambda it: it[1].get(asked) in (None, *_STILL_WRONG), before)]
    found = [number for number, (_, tests) in enumerate(back) if asked in tests]
    if not found:
        return finding
    first, about = back[found[-1]][0], finding.about
    silent = [it for it, tests in back[: found[-1]] if asked not in tests and _examines(it, about)]
    told = f"{first.written.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {len(found) + 1} runs"
    told += f"; {len(silent)} in between did not ask" if silent else ""
    return replace(finding, about=replace(about, since=told))


def _examines(run: ResultsFile, about: About) -> bool:
    """Whether a run examined the environment of a finding on its source."""
    return about.source in run.sources and about.environment in run.environments.get(about.stack, [])


def keep(folder: Path, results: Results, written: str) -> None:
    """Add the file of a run to a folder. Raises `OSError` where it cannot be written."""
    folder.mkdir(exist_ok=True)
    name = f"{results.started:%Y-%m-%dT%H%M%SZ}-{_of(results)}-{uuid.uuid4().hex[:12]}.json"
    begun = folder / f".{name}.tmp"
    try:
        with begun.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        begun.rename(folder / name)
    except OSError:
        with suppress(OSError):
            begun.unlink()
        raise


def _of(results: Results) -> str:
    """Return of what a run is, as part of the name of its file: `shop-sit`, or `3-environments`."""
    places = [f"{stack}-{it}" for stack, names in results.environments.items() for it in names]
    return places[0].replace("/", "-") if len(places) == 1 else f"{len(places)}-environments"
