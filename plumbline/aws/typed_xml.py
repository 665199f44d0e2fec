"""Whether an answer in XML is written as its operation's model has it: each thing once, and texts as texts.

botocore takes what stands there: of two elements where there is one it makes a list of both, of two words
for what is true or false `false`, of a list that stands there twice entries with nothing in them, and of a
text with elements in it what stands before them.
Source: Smithy, "AWS REST XML protocol", "AWS query protocol" and "EC2 query protocol".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from botocore.model import Shape


def miswritten(shape: Shape, root: Element) -> str:
    """Return the first element of an answer that is not written as its model has it; empty for none.

    Elements that the model does not have are passed over: AWS adds members.
    """
    wrapper = shape.serialization.get("resultWrapper")
    documents = [it for it in root if tag(it) == wrapper] if wrapper else [root]
    if len(documents) > 1:
        return str(wrapper)
    left: list[tuple[Shape, Element]] = [(shape, it) for it in documents]
    while left:
        of, element = left.pop()
        if of.type_name != "structure":
            if len(element):
                return tag(element)
            continue
        if (element.text or "").strip():
            return tag(element)
        for member, found in _members(of, element):
            if not _is_once(member, found):
                return tag(found[0])
            left += _within(member, found)
    return ""


def tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _members(shape: Any, element: Element) -> Iterator[tuple[Shape, list[Element]]]:
    """Yield the members of a structure that are elements, each with those that stand for it."""
    by_name: dict[str, list[Element]] = {}
    for it in element:
        by_name.setdefault(tag(it), []).append(it)
    for name, member in shape.members.items():
        is_element = not {"location", "xmlAttribute"} & {*member.serialization}
        if is_element and (found := by_name.get(_written(name, member))):
            yield member, found


def _written(name: str, member: Any) -> str:
    """Return what the element of a member is called: of a list without an element of its own, its entries."""
    own = member.member.serialization.get("name") if _is_repeated(member, "list") else None
    return str(own or member.serialization.get("name", name))


def _is_repeated(member: Any, *types: str) -> bool:
    """Return whether the entries of a list or map stand in the structure itself."""
    return member.type_name in (types or ("list", "map")) and bool(member.serialization.get("flattened"))


def _is_once(member: Any, found: Sequence[Element]) -> bool:
    """Return whether a member stands there once; of a map each key, and one value of it."""
    if len(found) > 1 and not _is_repeated(member):
        return False
    if member.type_name != "map":
        return True
    name = member.key.serialization.get("name", "key")
    entries = [[tag(it) for it in entry] for entry in _entries(member, found)]
    keys = [it.text for entry in _entries(member, found) for it in entry if tag(it) == name]
    return len({*keys}) == len(keys) and all(len({*it}) == len(it) for it in entries)


def _entries(member: Any, found: Sequence[Element]) -> list[Element]:
    """Return the entries of a list or map."""
    return [*found] if _is_repeated(member) else [it for element in found for it in element]


def _within(member: Any, found: Sequence[Element]) -> Iterator[tuple[Shape, Element]]:
    """Yield the elements of a member with their shapes: the entries of a list, the values of a map."""
    match member.type_name:
        case "list":
            yield from _all_of(member.member, _entries(member, found))
        case "map":
            name = member.value.serialization.get("name", "value")
            told = [it for entry in _entries(member, found) for it in entry if tag(it) == name]
            yield from _all_of(member.value, told)
        case _:
            yield from ((member, it) for it in found)


def _all_of(shape: Any, entries: Sequence[Element]) -> Iterator[tuple[Shape, Element]]:
    """Yield entries with their shape; of lists of lists, which no structure holds, their own entries."""
    if shape.type_name in ("list", "map"):
        yield from (found for it in entries for found in _within(shape, [it]))
    else:
        yield from ((shape, it) for it in entries)
