"""Every single edit of the requests that an account is made by."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from selftest.survivors import siblings, ways

if TYPE_CHECKING:
    from botocore.model import Shape

Path = tuple[str | int, ...]
JSON = "{}"
"""The step of a path that leads into a text which is JSON: a policy, an event pattern."""
_NAMES = re.compile(r"(?i)name$|^(Bucket|Key|Rule)$")
CHOSEN = re.compile(r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}")
"""What moto, or a kind, chooses anew each time."""
OMITTED = "left out"
COPIED = "made again under another name"


@dataclass(frozen=True)
class Requested:
    """A request that the reference account is made by."""

    number: int
    """Its place among all of them, from 0."""
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Edit:
    """A value of a request, changed, or the request itself."""

    request: Requested
    about: str
    """What the request is about, as it names that itself."""
    name: str
    """The resource that it is about, as far as that is one that the reference declares."""
    path: Path
    way: str
    change: Any
    """What becomes of the value; `None` where it is taken out."""

    @property
    def part(self) -> str:
        """What a hash tells to be the same as before: the requests of one operation."""
        return self.request.operation

    @property
    def place(self) -> str:
        """What is edited, as the list has it."""
        steps = "".join(f"[{it}]" if isinstance(it, int) else f".{it}" for it in self.path if it != JSON)
        return f"{self.request.operation} {self.about}{steps}"

    @property
    def shown(self) -> str:
        """What is edited, to people."""
        return f"{self.place} (the account as moto makes it)"

    def applied(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters with the edit; what moto chose in them stays what it is."""
        made: dict[str, Any] = _put(copy.deepcopy(dict(parameters)), self.path, self.change)
        return made


def edits(requests: list[Requested], names: set[str]) -> Iterator[Edit]:
    """Yield the edits of some requests; `names` are those of the resources that the reference declares."""
    called = Counter[tuple[str, str]]()
    for request in requests:
        name = next((it for it in _texts(request.parameters) if it in names), "")
        for edit in _of_request(Edit(request, _about(request.parameters), name, (), OMITTED, None)):
            called[edit.place, edit.way] += 1
            number = called[edit.place, edit.way]
            yield replace(edit, way=f"{edit.way} ({number})") if number > 1 else edit


def _about(parameters: Mapping[str, Any]) -> str:
    """Return what names the object of a request: bucket and key, role and policy, or the end of an ARN."""
    top = {key: CHOSEN.sub("*", it) for key, it in parameters.items() if isinstance(it, str)}
    named = [it for key, it in top.items() if _NAMES.search(key)]
    arns = (it.rpartition(":")[2] for it in top.values() if it.startswith("arn:"))
    inner = (text for path, text in _leaves(parameters) if _NAMES.search(str(path[-1])))
    return "/".join(named) or next(itertools.chain(arns, inner), "")


def _of_request(edit: Edit) -> Iterator[Edit]:
    yield edit
    if edit.name:
        place = next(path for path, text in _leaves(edit.request.parameters) if text == edit.name)
        yield replace(edit, path=place, way=COPIED, change=f"{edit.name}-copy")
    yield from _of_value(edit, edit.request.parameters, siblings.input_of(edit.request.operation))


def _of_value(edit: Edit, value: Any, shape: Shape | None) -> Iterator[Edit]:
    """Yield the edits of a value, and of those in it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            inside = replace(edit, path=(*edit.path, key))
            yield replace(inside, way="removed", change=None)
            yield from _of_value(inside, inner, siblings.within(shape, key))
    elif isinstance(value, list | tuple):
        yield from _of_list(edit, list(value), shape)
    elif isinstance(value, bool):
        yield replace(edit, way="flipped", change=not value)
    elif isinstance(value, int | float):
        for way, number in ways.of_number(str(value)):
            yield replace(edit, way=way, change=type(value)(float(number)))
    elif isinstance(value, str):
        if (document := _document(value)) is not None:
            yield from _of_value(replace(edit, path=(*edit.path, JSON)), document, None)
        else:
            known = list(getattr(shape, "enum", None) or [])
            others = siblings.after(value, known) if value in known else []
            if shape is None:
                others = siblings.in_any(value)
            for way, text in ways.of_text(value, others):
                yield replace(edit, way=way, change=text)


def _of_list(edit: Edit, values: list[Any], shape: Shape | None) -> Iterator[Edit]:
    if len(values) > 1:
        yield replace(edit, way="emptied", change=[])
    for number, inner in enumerate(values):
        inside = replace(edit, path=(*edit.path, number))
        yield replace(inside, way="removed", change=None)
        if isinstance(inner, Mapping):
            yield replace(edit, path=(*edit.path, number), way="doubled", change=[inner, inner])
        yield from _of_value(inside, inner, siblings.within(shape, number))


def _document(text: str) -> Any:
    """Return what a text holds as JSON, if that is an object."""
    try:
        found = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return found


def _put(value: Any, path: Path, change: Any) -> Any:
    """Return a value with another one at a path; `None` takes it out."""
    if not path:
        return change
    step, *rest = path
    if step == JSON:
        return json.dumps(_put(json.loads(value), tuple(rest), change))
    if rest:
        value[step] = _put(value[step], tuple(rest), change)
    elif change is None:
        del value[step]
    elif isinstance(step, int) and isinstance(change, list):
        value[step : step + 1] = change
    else:
        value[step] = change
    return value


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, number))
    elif isinstance(value, str):
        yield path, value


def _texts(value: Any) -> Iterator[str]:
    return (text for _, text in _leaves(value))
