"""What methods read of a resource is told by their source: baselines, facts and calls rest on that."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from plumbline.expectations.home import Home
from plumbline.kinds.kind import with_what_they_read
from plumbline.kinds.registry import kinds
from plumbline.suite.reads import read_set
from plumbline.suite.sentences import all_functions
from selftest.front_door import REPOSITORY


def asked() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The methods and properties of kinds that sentences ask, and those that these ask."""
    home = Home(REPOSITORY / "fixtures", Path(REPOSITORY))
    for function in all_functions(home.sentences).values():
        for argument, names in read_set(function).items():
            if kind := kinds().get(argument):
                for name in with_what_they_read(kind, frozenset(names)):
                    member = inspect.getattr_static(kind, name, None)
                    member = member.fget if isinstance(member, property) else member
                    if inspect.isfunction(member):
                        yield f"{kind.__name__}.{name}", member


def hands_itself_on(method: Callable[..., Any]) -> bool:
    """Whether a method uses its resource otherwise than by naming an attribute of it."""
    written = ast.parse(textwrap.dedent(inspect.getsource(method)))
    own = next(iter(inspect.signature(method).parameters))
    named = {id(it.value) for it in ast.walk(written) if isinstance(it, ast.Attribute)}
    return any(isinstance(it, ast.Name) and it.id == own and id(it) not in named for it in ast.walk(written))


def test_a_method_that_a_sentence_asks_names_each_field_that_it_reads():
    found = dict(asked())
    assert "Alarm.tells" in found
    assert [name for name, method in found.items() if hands_itself_on(method)] == []
