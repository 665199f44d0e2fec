"""Putting entries into YAML that somebody wrote: every line stands as it was, and new ones stand below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from plumbline.commands.init.yaml_text import flow, lines
from plumbline.values.mistakes import DataError

_LINE, _OF_WINDOWS = "\n", "\r\n"


def inserted(
    text: str, section: str, entries: Mapping[str, Any], told: Mapping[str, list[str]] | None = None
) -> str:
    """Return a text with entries at the end of one of its sections; of a new one at the end of the text.

    `told` are comments to stand below an entry, by its key. Raises `DataError` for a section that is no
    mapping, or stands elsewhere.
    """
    place = _section(text, section)
    end = _OF_WINDOWS if _OF_WINDOWS in text else _LINE
    if place is None:
        section_lines = [f"{section}:", *_written(entries, 2, told or {})]
        return text.rstrip() + end + end + end.join(section_lines) + end
    key, value = place
    if isinstance(value, yaml.MappingNode) and value.flow_style:
        last = _end_of_entries(text, value)
        comma = ", " if value.value else ""
        return text[:last] + comma + flow(entries)[1:-1] + text[last:]
    entered = value.value if isinstance(value, yaml.MappingNode) else []
    indent = entered[0][0].start_mark.column if entered else key.start_mark.column + 2
    last = (
        _last_line(text, value)
        if isinstance(value, yaml.MappingNode)
        else _end_of_line(text, key.end_mark.index)
    )
    last = _after_comments(text, last, indent)
    added = end.join(_written(entries, indent, told or {}))
    return text[:last].rstrip(_OF_WINDOWS) + end + added + (end + text[last:].removeprefix(_LINE))


def _written(entries: Mapping[str, Any], indent: int, told: Mapping[str, list[str]]) -> Iterator[str]:
    for key, entry in entries.items():
        yield from lines({key: entry}, indent)
        yield from (f"{' ' * (indent + 2)}# {it}" for it in told.get(key, []))


def _section(text: str, section: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the nodes of a section's key and of what it holds; None where there is none."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise DataError(f"it is not YAML that can be added to: {_told(error)}") from None
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise DataError("it is not a mapping with a line for each section, so nothing can be added to it")
    for key, value in root.value:
        if key.value == section:
            is_empty = isinstance(value, yaml.ScalarNode) and value.value in ("", "null", "~")
            here = value.start_mark.index >= key.end_mark.index
            if not here or not (isinstance(value, yaml.MappingNode) or is_empty):
                raise DataError(f"{section} is no mapping that stands there, so nothing can be added to it")
            return key, value
    return None


def _told(error: yaml.YAMLError) -> str:
    """Return what is wrong with a text, and in which line of it."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error)


def _last_line(text: str, mapping: yaml.MappingNode) -> int:
    """Return where the last line of a mapping ends."""
    return _end_of_line(text, len(text[: _end_of_entries(text, mapping)].rstrip()))


def _end_of_entries(text: str, mapping: yaml.MappingNode) -> int:
    """Return where the last entry of a mapping ends: of one that is an alias, that of the alias."""
    level, last, within = 0, _index(mapping.end_mark), False
    for event in yaml.parse(text, yaml.SafeLoader):
        start, end = _index(event.start_mark), _index(event.end_mark)
        if isinstance(event, yaml.MappingStartEvent) and start == _index(mapping.start_mark):
            within = True
        if not within:
            continue
        if isinstance(event, yaml.CollectionStartEvent):
            level += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            level -= 1
            if not level:
                break
        if end > start:  # where a block ends no character stands
            last = end
    return last


def _after_comments(text: str, last: int, indent: int) -> int:
    """Return where the comments end that stand below the last entry, further in than its key."""
    while last < len(text):
        end = _end_of_line(text, last + 1)
        line = text[last + 1 : end]
        if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= indent:
            break
        last = end
    return last


def _index(mark: Any) -> int:
    return int(mark.index)


def _end_of_line(text: str, index: int) -> int:
    found = text.find(_LINE, index)
    return len(text) if found < 0 else found
