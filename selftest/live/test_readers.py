"""Readers of a live run look into the source of kinds at the same time, and none takes another along."""

import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from plumbline.values.python_source import tree_of
from selftest.front_door import REPOSITORY

SOURCES = [it.read_text() for it in sorted((REPOSITORY / "plumbline/kinds").glob("*.py"))[:40]]
PARSE = "ast.parse("


@pytest.fixture
def switching() -> Iterator[None]:
    """Another thread goes on whenever Python collects garbage, which it does all the time."""

    def let_others(*_: Any) -> None:
        time.sleep(0)

    before = gc.get_threshold()
    gc.callbacks.append(let_others)
    gc.set_threshold(20)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(let_others)


def deep(source: str, calls: int) -> None:
    """Parse a source at some depth of calls, as each reader is at another."""
    if calls:
        deep(source, calls - 1)
    else:
        tree_of(source)


def test_many_readers_parse_at_once(switching: None) -> None:
    with ThreadPoolExecutor(8) as readers:
        list(readers.map(deep, SOURCES, [3 * (at % 8) for at in range(len(SOURCES))]))


def test_nothing_parses_beside_the_others() -> None:
    package = REPOSITORY / "plumbline"
    parsing = [it for it in package.rglob("*.py") if PARSE in it.read_text()]
    assert [it.relative_to(package) for it in parsing] == [Path("values/python_source.py")]
