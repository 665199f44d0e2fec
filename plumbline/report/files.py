"""Writes a run in the formats that were asked for, once it has ended. What cannot be written is one line."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plumbline.report.formats import OPTIONS_OF_OTHERS, formats, option_of
from plumbline.report.placing import hindrance, write
from plumbline.suite.taken import ours_of

if TYPE_CHECKING:
    from plumbline.report.results import Results

PRIVATE = ("save_evidence",)
"""Formats that hold more than anybody is shown."""
_WANTED: pytest.StashKey[dict[str, Path]] = pytest.StashKey()
ADDED: pytest.StashKey[dict[str, Callable[[Results], None]]] = pytest.StashKey()
"""What adds to a file that others write to, too, once the rest is written."""


@pytest.hookimpl(tryfirst=True)  # before pytest-html makes a folder for a page of its own
def pytest_configure(config: pytest.Config) -> None:
    """Take over the page of pytest-html, and refuse a file that cannot be written before anything runs."""
    config.stash[_WANTED] = wanted = _wanted(config)
    for option in OPTIONS_OF_OTHERS.values():
        setattr(config.option, option, None)
    if not hasattr(config, "workerinput"):
        for path in wanted.values():
            if reason := hindrance(path):
                raise pytest.UsageError(f"{path} cannot be written: {reason}")
        if (folder := config.getoption("allure_report_dir", None)) and Path(folder).is_file():
            raise pytest.UsageError(f"{folder} cannot be written: it is no folder")


def _wanted(config: pytest.Config) -> dict[str, Path]:
    """Return the file of each format that was asked for."""
    of_others = {name: config.getoption(it, None) for name, it in OPTIONS_OF_OTHERS.items()}
    given = {name: ours_of(config, option_of(name)) for name, _ in formats() if name not in of_others}
    given |= of_others
    return {name: Path(path) for name, path in given.items() if path}


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Empty what an earlier run wrote: of one that is killed it would be taken for the report."""
    from plumbline.report.collected import nothing_runs

    config = session.config
    if hasattr(config, "workerinput") or nothing_runs(config):
        return
    for path in config.stash.get(_WANTED, {}).values():
        if path.is_file() and path not in _read_from(config):
            with told(session, str(path)):
                write(path, "")


def _read_from(config: pytest.Config) -> Iterator[Path]:
    """Yield the files that options name, but those of reports: a baseline may be written anew at the end."""
    of_reports = dict(formats())
    for name, given in vars(config.option).items():
        if name not in of_reports:
            yield from (
                Path(it) for it in (given if isinstance(given, list) else [given]) if isinstance(it, str)
            )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    """Write the files, when everybody else has written theirs, or did not come to the end of it."""
    from plumbline.report.collected import RESULTS, nothing_runs

    results = session.config.stash.get(RESULTS, None)
    try:
        with told(session, "a report"):
            yield
    except BaseException as error:
        if results is not None:
            results.break_off(error)
        raise
    finally:
        if results is not None and not nothing_runs(session.config):
            _write(session, results)


def _write(session: pytest.Session, results: Results) -> None:
    """Write all that was asked for."""
    wanted = session.config.stash.get(_WANTED, {})
    for name, path in wanted.items():
        _render(session, results, name, path)
    for where, add in session.config.stash.get(ADDED, {}).items():
        with told(session, where):
            add(results)
    _keep(session, results)
    _notify(session, results)
    if results.unwritten:  # the others say so, too
        for name, path in wanted.items():
            if str(path) not in results.unwritten:
                _render(session, results, name, path)


def _keep(session: pytest.Session, results: Results) -> None:
    """Keep what the run came to where a folder was given for that, unless it held nothing."""
    from plumbline.report.kept import folder_of, keep

    if (folder := folder_of(session.config)) and results.findings:
        with told(session, str(folder)):
            keep(folder, results, importlib.import_module("plumbline.report.formats.results").render(results))


def _notify(session: pytest.Session, results: Results) -> None:
    """Tell whoever is to be told."""
    from plumbline.report.notify import address_of

    if url := address_of(session.config):
        from plumbline.report.channel import called, notify

        with told(session, called(url)):
            notify(url, results)


def _render(session: pytest.Session, results: Results, name: str, path: Path) -> None:
    with told(session, str(path)):
        render = importlib.import_module(f"plumbline.report.formats.{name}").render
        write(path, render(results), private=name in PRIVATE)


@contextmanager
def told(session: pytest.Session, what: str) -> Iterator[None]:
    """Tell of a file that cannot be written, and let the run fail: somebody waits for that file."""
    try:
        yield
    except OSError as error:
        from plumbline.report.collected import RESULTS

        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        named = error.filename if isinstance(error.filename, str) else what
        if (results := session.config.stash.get(RESULTS, None)) and named not in results.unwritten:
            results.unwritten.append(named)
        message = f"ERROR: {named} cannot be written: {error.strerror or error}"
        if reporter := session.config.pluginmanager.get_plugin("terminalreporter"):
            if session.config.get_terminal_writer().width_of_current_line:
                reporter.write_line("")
            reporter.write_line(message, red=True)
