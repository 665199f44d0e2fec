"""Which test files a run collects: the sentences, whatever the repository around them calls its tests.

`python_files`, `python_functions`, `testpaths` and the import mode of that repository are for its own tests.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plumbline.entry import HOME
from plumbline.suite.reads import asserted_by

_ASKED = (
    *("stack", "env", "source", "live", "window", "allow_writes", "stacks"),
    *("terraform", "repository", "github", "plan", "state", "evidence"),
)
"""The options with which a run asks for sentences; without one pytest collects what it always does."""


MARKERS = (
    "invariant(test, reads): the sentence of a runbook that the test asserts, and what a helper of it reads",
    "static: reads files: Terraform's, and the repository's",
    "deployed: reads resources through the AWS API, in moto or live",
    "operations: asks what happened in a time (--window), on live",
    "probe: tries something out and writes, on live with --allow-writes",
)
"""The markers of sentences, as pytest's configuration names them."""


def pytest_configure(config: pytest.Config) -> None:
    """Collect the sentences where they are asked for, and nothing else; what is named is found among them."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    home = config.stash.get(HOME, None)
    if home is None:
        return
    if config.args_source == pytest.Config.ArgsSource.ARGS:
        config.args = [_found(argument, config, home.sentences) for argument in config.args]
    elif any(getattr(config.option, name, None) for name in _ASKED):
        config.args = [str(folder) for folder in home.sentences]


def _found(argument: str, config: pytest.Config, folders: Iterable[Path]) -> str:
    """Return an argument such as `tests/s3/test_buckets.py::test_x` as a path, where it lies elsewhere."""
    path, parts, names = argument.partition("::")
    if (config.invocation_params.dir / path).exists():
        return argument
    elsewhere = (folder.parent / path for folder in folders)
    return next((f"{it}{parts}{names}" for it in elsewhere if it.exists()), argument)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the proofs of the suite to who names them: a run does not need what they import."""
    home = config.stash.get(HOME, None)
    proofs = home and home.repository / "selftest"
    return True if proofs == collection_path and (proofs / "front_door.py").is_file() else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a file of sentences that pytest would not take for a file of tests."""
    if not _is_sentences(file_path, parent.config) or parent.session.isinitpath(file_path):
        return None
    patterns = parent.config.getini("python_files")
    taken_by_pytest = any(_matches(file_path, pattern) for pattern in patterns)
    return None if taken_by_pytest else Sentences.from_parent(parent, path=file_path)


def _matches(path: Path, pattern: str) -> bool:
    return path.match(pattern) if "/" not in pattern else path.match(f"*{pattern}")


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Import a file of sentences in a way of our own."""
    if _is_sentences(module_path, parent.config):
        return Sentences.from_parent(parent, path=module_path)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> Any:
    """Collect a sentence under whatever name its function has."""
    if isinstance(collector, Sentences) and asserted_by(obj) and not collector.funcnamefilter(name):
        return list(collector._genfunctions(name, obj))
    return None


def _is_sentences(path: Path, config: pytest.Config) -> bool:
    home = config.stash.get(HOME, None)
    named = path.name.startswith("test_") and path.suffix == ".py"
    return home is not None and named and any(path.is_relative_to(it) for it in home.sentences)


class Sentences(pytest.Module):
    """A file of sentences, imported under a name that no module of the repository has."""

    def _getobj(self) -> ModuleType:
        folders = self.config.stash[HOME].sentences
        folder = next(it for it in folders if self.path.is_relative_to(it))
        steps = self.path.relative_to(folder).with_suffix("").parts
        name = ".".join(["plumbline_sentences", str(folders.index(folder)), *steps])
        try:
            return _imported(self.path, name, self.config)
        except Exception as error:
            told = pytest.ExceptionInfo.from_exception(error).getrepr(style="short")
            raise self.CollectError(str(told)) from error


def _imported(path: Path, name: str, config: pytest.Config) -> ModuleType:
    """Import a file with its assertions rewritten, as pytest does with a file of tests."""
    rewriting: Any = config.pluginmanager.rewrite_hook
    loader = rewriting if hasattr(rewriting, "exec_module") else None  # none under --assert=plain
    specification = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert specification is not None
    assert specification.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
