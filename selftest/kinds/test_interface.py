"""What kinds and facets from outside are written with is a promise: it does not change by accident.

`python -m selftest.kinds.test_interface` records it anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import plumbline.kinds
from plumbline.kinds import Facet, Kind

RECORDED = Path(__file__).parent / "interface.txt"


def interface() -> str:
    """Return what plumbline.kinds exports, what that takes and what its classes state, a line each."""
    return "\n".join(line for name in sorted(plumbline.kinds.__all__) for line in _lines(name)) + "\n"


def _lines(name: str) -> Iterator[str]:
    value = getattr(plumbline.kinds, name)
    if not isinstance(value, type):
        yield f"{name}{inspect.signature(value)}" if inspect.isfunction(value) else f"{name}: {_told(value)}"
        return
    yield f"class {name}({', '.join(base.__name__ for base in value.__bases__)})"
    if issubclass(value, Exception) and "__init__" in vars(value):
        yield f"    __init__{inspect.signature(value.__init__)}"
    for attribute, annotation in inspect.get_annotations(value).items():
        if not attribute.startswith("_"):
            yield f"    {attribute}: {annotation}{_default(value, attribute)}"
    for attribute, member in vars(value).items():
        if not attribute.startswith("_") and (line := _member(attribute, member)):
            yield f"    {line}"


def _told(value: object) -> str:
    """Return a value as Python shows it, less where a function lies in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def _default(value: type, attribute: str) -> str:
    default = vars(value).get(attribute)
    return f" = {default!r}" if isinstance(default, str | tuple | dict | bool) else ""


def _member(attribute: str, member: object) -> str:
    if isinstance(member, property):
        return f"property {attribute}"
    function = getattr(member, "__func__", member)
    return f"{attribute}{inspect.signature(function)}" if inspect.isfunction(function) else ""


def test_what_is_exported_is_what_was_promised():
    assert interface() == RECORDED.read_text(), (
        "plumbline.kinds is a promise to kinds of other repositories. Where the change keeps it (a name "
        "more, an attribute with a default), record it: python -m selftest.kinds.test_interface. Where it "
        "does not, say in CHANGELOG.md under [CHANGED] what they must write instead."
    )


def test_it_shows_what_a_kind_overrides():
    assert {"named", "holder", "derive", "requested"} <= vars(Kind).keys() | vars(Facet).keys()
    assert (
        "    named(cls, resource: 'Resource', configuration: 'Configuration') -> 'str | Unknown'"
        in interface()
    )


if __name__ == "__main__":
    RECORDED.write_text(interface())
