"""Which test files a run collects: the sentences, whatever the repository around them calls its tests.

`python_files`, `python_functions`, `testpaths` and the import mode of that repository are for its own tests.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from plumbline.entry import HOME
from plumbline.expectations.home import SENTENCES, Home
from plumbline.suite.reads import asserted_by
from plumbline.suite.taken import asks, given

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
    sentences = [str(folder) for folder in home.sentences]
    if config.args_source == pytest.Config.ArgsSource.ARGS:
        found = [_found(argument, config, home.sentences) for argument in config.args]
        config.args = [it for argument in found for it in _meant(argument, config, home, sentences)]
        if not (config.option.collectonly or comes_across_sentences(config)):
            _refuse_paths(config)
    elif asks(config):
        config.args = sentences


def _meant(argument: str, config: pytest.Config, home: Home, sentences: list[str]) -> list[str]:
    """Return what a path means: the repository itself, in a run that asks for sentences, means these.

    Raises UsageError for a folder elsewhere: who names it there would have it examined.
    """
    place = (config.invocation_params.dir / argument).resolve()
    if not asks(config) or not place.is_dir():
        return [argument]
    repository, folders = home.repository.resolve(), [Path(it).resolve() for it in sentences]
    if place == repository or any(it.is_relative_to(place) for it in folders):
        return sentences
    if given(config) and not any(place.is_relative_to(it) for it in (repository, *folders)):
        raise pytest.UsageError(
            f"{argument} stands for tests to run, and no sentence lies in it: a checkout is examined "
            f"with --repository={argument}, Terraform with --terraform={argument}"
        )
    return [argument]


def comes_across_sentences(config: pytest.Config) -> bool:
    """Whether sentences lie where a run looks for tests; those beside the stacks only count where it asks."""
    folders, here = config.stash[HOME].sentences, config.invocation_params.dir
    places = [(here / it.partition("::")[0]).resolve() for it in config.args]
    within = any(place.is_relative_to(it.resolve()) for place in places for it in folders)
    counted = folders if asks(config) else folders[:1]
    return within or any(it.resolve().is_relative_to(place) for place in places for it in counted)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a run that asks for sentences and was given paths that hold none: nothing would be examined."""
    config = session.config
    if HOME not in config.stash or config.option.collectonly:
        return
    if not session.items and comes_across_sentences(config):
        return
    if not any(isinstance(item.getparent(Sentences), Sentences) for item in session.items):
        _refuse_paths(config)


def _refuse_paths(config: pytest.Config) -> None:
    """Raise UsageError for paths without sentences, where an option asks for these."""
    if asked := given(config):
        raise pytest.UsageError(
            f"{', '.join(asked)} asks for sentences, and {', '.join(config.args)} holds none: leave the path "
            "out to hold the stacks, or the options to run these tests alone"
        )


def _found(argument: str, config: pytest.Config, folders: Iterable[Path]) -> str:
    """Return an argument such as `tests/s3/test_buckets.py::test_x` as a path, where it lies elsewhere."""
    path, parts, names = argument.partition("::")
    if (config.invocation_params.dir / path).exists():
        return argument
    above_sentences = (above for folder in folders for above in (folder.parent, folder))
    elsewhere = (above / path for above in (*above_sentences, config.rootpath))
    return next((f"{it}{parts}{names}" for it in elsewhere if it.exists()), argument)


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over no sentence, whatever the repository around them passes over.

    The proofs of the suite are left to who names them: a run does not need what they import.
    """
    if _holds_sentences(collection_path, config):
        return _is_walked_past(collection_path, config)
    home = config.stash.get(HOME, None)
    proofs = SENTENCES.parent / "selftest"
    own = home is not None and collection_path.name == "selftest"
    return True if own and (collection_path / "front_door.py").is_file() and proofs.is_dir() else None


def _is_walked_past(path: Path, config: pytest.Config) -> bool:
    """Whether a run that asks for no sentences comes across those beside the stacks: a verdict on them alone
    would look like one on all.
    """
    own = config.stash[HOME].folder / "tests"
    if asks(config) or not path.is_relative_to(own):
        return False
    here = config.invocation_params.dir
    return not any((here / it.partition("::")[0]).resolve().is_relative_to(own) for it in config.args)


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
    named = path.name.startswith("test_") and path.suffix == ".py"
    return named and _holds_sentences(path, config)


def _holds_sentences(path: Path, config: pytest.Config) -> bool:
    """Whether a path lies in a folder of sentences, and not among what Python keeps beside them."""
    home = config.stash.get(HOME, None)
    inside = home is not None and any(path.is_relative_to(it) for it in home.sentences)
    return inside and path.name != "__pycache__"


_PACKAGE = "plumbline_sentences"
"""What the modules of sentences are called below, whatever their folders are called."""


class Sentences(pytest.Module):
    """A file of sentences, imported under a name that no module of the repository has."""

    def _getobj(self) -> ModuleType:
        folders = self.config.stash[HOME].sentences
        folder = next(it for it in folders if self.path.is_relative_to(it))
        steps = self.path.relative_to(folder).with_suffix("").parts
        name = ".".join([_PACKAGE, str(folders.index(folder)), *steps])
        _hold_beside(folder, name)
        try:
            return _imported(self.path, name, self.config)
        except (Exception, SystemExit) as error:
            raise self.CollectError(_why_not(error, self.path)) from error


def _hold_beside(folder: Path, name: str) -> None:
    """Let a file of sentences import what lies beside it: `from .alike import alike`."""
    package, number, *steps = name.split(".")[:-1]
    places = [None, *(folder.joinpath(*steps[:depth]) for depth in range(len(steps) + 1))]
    for depth, place in enumerate(places, start=1):
        called = ".".join([package, number, *steps][:depth])
        holding = sys.modules.setdefault(called, ModuleType(called))
        holding.__path__ = [str(place)] if place else []


def _why_not(error: BaseException, path: Path) -> str:
    """Return what kept a file from being imported: in the first line what, then where in it and below."""
    info = pytest.ExceptionInfo.from_exception(error)
    frames = info.traceback.cut(path=path)
    if frames[0].path == path:
        info.traceback = frames
        where = str(info.getrepr(style="short"))
    else:  # it could not even be compiled
        where = info.exconly()
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}\n{where}"


@pytest.hookimpl(trylast=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Let nothing be set up for a sentence but what lies beside sentences, whatever the other tests need."""
    if isinstance(item, pytest.Function) and isinstance(item.getparent(Sentences), Sentences):
        folders = item.config.stash[HOME].sentences
        named = item._fixtureinfo.argnames
        everywhere = item.config.getini("usefixtures")
        item.fixturenames[:] = [
            it
            for it in item.fixturenames
            if it in named
            or it.startswith("_xunit")
            or _lies_in(item, it, folders, unless_unknown=it in everywhere)
        ]


def _lies_in(item: pytest.Function, fixture: str, folders: Iterable[Path], *, unless_unknown: bool) -> bool:
    """Whether a fixture is written in a file below some folders; what is none, such as `request`, is.

    What the configuration names for every test may be known to other tests alone, and is then none of ours.
    """
    defined = item._fixtureinfo.name2fixturedefs.get(fixture, ())
    if not defined and unless_unknown:
        return False
    places = [Path(inspect.getfile(inspect.unwrap(it.func))) for it in defined]
    return all(any(place.is_relative_to(it) for it in folders) for place in places)


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
