"""YAML files as validated models: every mistake is named with file, line and the nearest valid key."""

from __future__ import annotations

import datetime
import functools
import types
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal
from operator import getitem
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from plumbline.values.files import content
from plumbline.values.mistakes import DataError, nearest

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | int, ...]


MOST_VALUES, MOST_LEVELS = 200_000, 100
"""How much a file may hold: aliases of aliases grow without end."""


_MAPPING = "input should be a mapping, a line `key: value` for each key"
_TOLD = {"model_type": _MAPPING, "dict_type": _MAPPING}
"""What pydantic says in words of Python's, in words of YAML's."""


class _TooDeep(Exception):
    """What is nested deeper than anybody writes, by the line of what is around it."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes, and none deeper than is read: libyaml's composer calls itself until the stack ends."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        """Note that a node begins below another one."""
        self._depth += 1
        if parent and self._depth > MOST_LEVELS + 2:
            raise _TooDeep(parent.start_mark.line + 1)
        super().descend_resolver(parent, index)

    def ascend_resolver(self) -> None:
        """Note that it ends."""
        self._depth -= 1
        super().ascend_resolver()


Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A text that says something."""


def _no_number(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("write a day, such as 2027-03-31")
    return value


Day = Annotated[datetime.date, BeforeValidator(_no_number)]
"""A day; a number is none, whatever it may count from 1970 on."""


class Entry(BaseModel):
    """An entry of a data file; a key that it does not know is a mistake, and so is what is no number: `.nan`.

    Nothing is above what is infinite, and nothing is compared with what is no number.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, defer_build=True, allow_inf_nan=False
    )


class Document:
    """A YAML file: its data, and the line that each value stands in.

    Raises `DataError` for what is not YAML, for a key that is written twice and for an unknown anchor.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[Place, int] = {}
        self._values = 0
        self._rounded: dict[Place, str] = {}
        """Numbers that are written otherwise than they are: `3.10` is 3.1."""
        self._truths: dict[Place, str] = {}
        """What is `true` or `false`, as it is written: to Python these are numbers, too."""
        self.data = self._read()

    def line(self, place: Place) -> int:
        """Return the line of the value at `place`, or of the nearest value around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def mistake(self, place: Place, message: str) -> str:
        """Return `message` with the file and line of the value at `place`."""
        return f"{self.path}:{self.line(place)}: {message}"

    def validated(self, model: type[M]) -> M:
        """Return the data as `model`. Raises `DataError` with every mistake in the file."""
        try:
            valid = model.model_validate(self.data)
            self._refuse_rounded(valid)
            self._refuse_truths(valid)
            return valid
        except ValidationError as invalid:
            errors = _without_other_branches(invalid.errors(), self.data)
            mistakes = [self.mistake(*self._explain(model, error)) for error in errors]
            raise DataError("\n".join(dict.fromkeys(mistakes))) from None

    def _refuse_rounded(self, model: BaseModel) -> None:
        """Raise `DataError` for a number that is taken for a text which was not written: `3.1` for `3.10`."""
        for place, written in self._rounded.items():
            taken = _taken(model, place)
            if isinstance(taken, str) and taken != written:
                raise DataError(self.mistake(place, f"{written} is the number {taken}: write it in quotes"))

    def _refuse_truths(self, model: BaseModel) -> None:
        """Raise `DataError` for `true` or `false` that is taken for a number."""
        for place, written in self._truths.items():
            taken = _taken(model, place)
            if isinstance(taken, int | float | Decimal) and not isinstance(taken, bool):
                raise DataError(
                    self.mistake(place, f"{'.'.join(map(str, place))} is {written}, and no number")
                )

    def strings(self, below: Place = ()) -> Iterator[tuple[Place, str]]:
        """Yield every string at `below` and under it, with its place in the file."""
        yield from _strings(functools.reduce(getitem, below, self.data), below)

    def _explain(self, model: type[BaseModel], error: ErrorDetails) -> tuple[Place, str]:
        place = _steps(error, self.data)
        where = ".".join(map(str, place)) or "the file"
        if error["type"] == "extra_forbidden":
            valid = _keys_at(model, place[:-1])
            near = nearest(str(place[-1]), valid)
            advice = f"did you mean {near!r}?" if near else f"valid keys: {', '.join(sorted(valid))}"
            return (
                place,
                f"unknown key {place[-1]!r} in {'.'.join(map(str, place[:-1])) or 'the file'}: {advice}",
            )
        if error["type"] == "missing":
            return place[:-1], f"{where} is missing"
        if error["type"] == "value_error":
            return place, f"{where}: {error['ctx']['error']}"
        if place in self._rounded and error["type"].startswith("string_"):
            written = self._rounded[place]
            return place, f"{where}: {written} is the number {error['input']}: write it in quotes"
        told = _TOLD.get(error["type"], error["msg"])
        return place, f"{where} is {error['input']!r}: {told[:1].lower()}{told[1:]}"

    def _read(self) -> Any:
        try:
            text = content(self.path).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            raise DataError(f"{self.path}: cannot be read: {told}") from None
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            return self._construct(node, (), loader.construct_object) if node else {}
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
            raise DataError(f"{self.path}{line}: {error.problem or error.context}") from None
        except _TooDeep as deep:
            raise DataError(f"{self.path}:{deep}: it has more than {MOST_LEVELS} levels") from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise DataError(f"{self.path}: is not YAML that can be used: {error}") from None

    def _construct(self, node: yaml.Node, place: Place, scalar: Callable[[yaml.Node], Any]) -> Any:
        self._values += 1
        if self._values > MOST_VALUES or len(place) > MOST_LEVELS:
            told = (
                f"it makes more than {MOST_VALUES:,} values of its aliases, or more than {MOST_LEVELS} levels"
            )
            raise DataError(f"{self.path}:{node.start_mark.line + 1}: {told}")
        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._construct(item, (*place, i), scalar) for i, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return self._scalar(node, place, scalar)
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                merged |= self._merged(value_node, place, scalar)
                continue
            if not isinstance(key_node, yaml.ScalarNode):
                raise DataError(f"{self.path}:{key_node.start_mark.line + 1}: a key must be a plain word")
            key = scalar(key_node)
            if isinstance(key, int | float) and not isinstance(key, bool):
                if str(key) != key_node.value:
                    told = f"{key_node.value} is the number {key}: write it in quotes"
                    raise DataError(f"{self.path}:{key_node.start_mark.line + 1}: {told}")
                key = str(key)
            if key in own:
                raise DataError(f"{self.path}:{key_node.start_mark.line + 1}: {key!r} is written twice")
            self._lines[(*place, key)] = key_node.start_mark.line + 1
            own[key] = self._construct(value_node, (*place, key), scalar)
        return merged | own

    def _scalar(self, node: yaml.Node, place: Place, scalar: Callable[[yaml.Node], Any]) -> Any:
        """Return a plain value. Raises `DataError` for what only looks like a date or a number."""
        try:
            value = scalar(node)
            if isinstance(value, bool):
                self._truths[place] = node.value
            if isinstance(value, int | float) and str(value) != node.value and not isinstance(value, bool):
                self._rounded[place] = node.value
            return value
        except ValueError as error:
            told = f"{getattr(node, 'value', '')!r} is no value: {error}"
            raise DataError(f"{self.path}:{node.start_mark.line + 1}: {told}") from None

    def _merged(self, node: yaml.Node, place: Place, scalar: Callable[[yaml.Node], Any]) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            constructed = self._construct(part, place, scalar)
            if not isinstance(constructed, dict):
                line = node.start_mark.line + 1
                raise DataError(f"{self.path}:{line}: << takes a mapping or a list of mappings")
            merged |= constructed
        return merged


def _taken(model: BaseModel, place: Place) -> Any:
    """Return what a model takes a value at a place of its file for; None where it keeps it elsewhere."""
    taken: Any = model
    for step in place:
        taken = getattr(taken, str(step), None) if isinstance(taken, BaseModel) else _at(taken, step)
    return taken


def _at(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _steps(error: ErrorDetails, data: Any) -> Place:
    """Return where in the data an error of pydantic's lies, without the branches of unions."""
    steps: list[str | int] = []
    for step in error["loc"]:
        is_key = isinstance(data, dict) and (step in data or error["type"] == "missing")
        if is_key or (isinstance(data, list) and isinstance(step, int)):
            steps.append(step)
            data = _at(data, step)
    return tuple(steps)


def _without_other_branches(errors: list[ErrorDetails], data: Any) -> list[ErrorDetails]:
    """Return errors of pydantic's without those that want a value to be of another sort than is written.

    Of `float | Series` it tells what is wrong as a number, too, where a key of a series is misspelt.
    """
    around = {place[:depth] for it in errors if (place := _steps(it, data)) for depth in range(len(place))}
    return [it for it in errors if not (it["type"].endswith("_type") and _steps(it, data) in around)]


def _strings(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*place, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _strings(item, (*place, position))


def _keys_at(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys that the model allows at `place`."""
    annotation: Any = model
    for step in place:
        annotation = _step_into(annotation, step)
    found = _model_in(annotation)
    return list(found.model_fields) if found else []


def _step_into(annotation: Any, step: str | int) -> Any:
    model = _model_in(annotation)
    if model is not None:
        field = model.model_fields.get(str(step))
        return field.annotation if field else None
    holding = (typing.get_args(it) for it in _branches(annotation))
    return next((held[-1] for held in holding if held), None)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a value may be of; of several the first."""
    branches = (it for it in _branches(annotation) if isinstance(it, type))
    return next((it for it in branches if issubclass(it, BaseModel)), None)


def _branches(annotation: Any) -> tuple[Any, ...]:
    is_union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    return typing.get_args(annotation) if is_union else (annotation,)
