"""What plans and states have in common: JSON documents that list resource instances with their attributes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from plumbline.terraform import numbers
from plumbline.terraform.model import Location, Problem, TerraformError
from plumbline.terraform.values import InvalidValue, Value
from plumbline.values.files import named
from plumbline.values.unknown import Unknown

Json: TypeAlias = dict[str, Any]


NEWEST_FORMAT = 2
"""The minor version of the newest format that is known, of Terraform 1.5 to 1.14."""


def load(path: Path) -> Json:
    """The JSON object in a file, in UTF-8, or UTF-16 as PowerShell redirects; `TerraformError` for none."""
    try:
        content = named(path)
        if not content.strip():
            raise refusal(path, "is empty; `terraform show -json` prints something of an empty state, too")
        document = json.loads(content, parse_float=_decimal, parse_constant=_none)
    except OSError as error:
        raise refusal(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise refusal(path, "is not text: a saved plan must be printed with `terraform show -json`") from None
    except (ValueError, InvalidValue, RecursionError) as error:
        raise refusal(path, f"is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise refusal(path, "holds no JSON object")
    return document


def _none(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _decimal(text: str) -> numbers.Number:
    return numbers.simplest(Decimal(text))


def refusal(path: Path, why: str) -> TerraformError:
    """The error that refuses a file."""
    return TerraformError((Problem(f"{path} {why}."),))


def require_format(path: Path, document: Json) -> None:
    """Raises `TerraformError` unless the document has the format of Terraform 1.x."""
    version = str(document.get("format_version", ""))
    if version.split(".")[0] != "1":
        raise refusal(
            path, f"has the format version {version or 'of no Terraform 1 file'}; only 1.x is known"
        )


def doubts(document: Json) -> tuple[str, ...]:
    """What a reader should know of a document that is read nevertheless."""
    version = str(document.get("format_version", ""))
    newer = version.startswith("1.") and version[2:].isdigit() and int(version[2:]) > NEWEST_FORMAT
    told = f"its format {version} is newer than 1.{NEWEST_FORMAT}: what that added is not read"
    partial = is_partial(document)
    return (*(["not complete (-target, or deferred)"] if partial else []), *([told] if newer else []))


_KEYS = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def is_partial(document: Json) -> bool:
    """Whether a plan leaves something out (-target, or deferred).

    Terraform says so since 1.8. In a plan that does not say it, what is configured and has no instance was
    left out; where it is repeated over nothing, too, since a plan shows no `for_each` without a reference.
    """
    if "complete" in document:
        return document["complete"] is False
    changes = document.get("resource_changes") or ()
    planned = {_KEYS.sub("", str(change.get("address"))) for change in changes}
    return any(it not in planned for it in _configured_once(document.get("configuration") or {}, ""))


def _configured_once(configuration: Json, prefix: str) -> Iterator[str]:
    """Yield the addresses of the managed resources that are repeated by nothing."""
    module = configuration.get("root_module") or configuration.get("module") or {}
    for it in module.get("resources", ()):
        if it["mode"] == "managed" and not {"count_expression", "for_each_expression"} & it.keys():
            yield f"{prefix}{it['type']}.{it['name']}"
    for name, call in (module.get("module_calls") or {}).items():
        if not {"count_expression", "for_each_expression"} & call.keys():
            yield from _configured_once(call, f"{prefix}module.{name}.")


def location(path: Path) -> Location:
    """Plans and states do not say where a resource was written, only which file they are."""
    return Location(str(path), 1)


def configured(attributes: Mapping[str, Any]) -> dict[str, Value]:
    """The attributes that have a value."""
    return {name: value for name, value in attributes.items() if value is not None}


NOT_SHOWN = ", whose expression a plan does not show"
"""How the origin of an unknown value ends of which not even that is known whether anybody configured it."""


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The expressions that a mapping of values is made from, and what stands for an unknown one of them."""

    candidates: Sequence[Json]
    """Any of them may be it: the order of a set of blocks is not the written one. None: a plan shows none."""
    unknown: Callable[[str, Any], Unknown | None]

    def expression(self, name: str) -> Any:
        """The expression of an argument, or the blocks of a type; None where nobody configured it.

        Raises `LookupError` where the plan does not show it.
        """
        found = [candidate.get(name) for candidate in self.candidates]
        if not found or any(it != found[0] for it in found):
            raise LookupError(name)
        return found[0]

    def is_argument(self, name: str) -> bool:
        """Whether a name stands for an argument, which one expression gives, and not for blocks."""
        return any(isinstance(candidate.get(name), dict) for candidate in self.candidates)

    def blocks(self, name: str, planned: Sequence[Any]) -> list[MadeFrom]:
        """What each of the blocks of a type is made from; the content of dynamic ones is not in a plan.

        A block that is written out is there once, whatever dynamic ones add: it is the only one that has
        what is written in it, where there is one.
        """
        written = [candidate.get(name) or [] for candidate in self.candidates]
        if all(len(blocks) == len(planned) for blocks in written):
            every = replace(self, candidates=[block for blocks in written for block in blocks])
            return [every] * len(planned)
        [of_one] = written if len(written) == 1 else [[]]
        fitting = [[at for at, it in enumerate(planned) if _may_be(block, it)] for block in of_one]
        of = {
            it[0]: block
            for it, block in zip(fitting, of_one, strict=True)
            if len(it) == 1 and fitting.count(it) == 1
        }
        return [replace(self, candidates=[of[at]] if at in of else []) for at in range(len(planned))]

    def leaf(self, name: str, origin: str) -> Unknown:
        """What stands for an unknown argument; what nobody configured has its own place for an origin."""
        try:
            made = self.unknown(name, self.expression(name))
        except LookupError:
            return Unknown(f"{origin}{NOT_SHOWN}")
        return Unknown(origin) if made is None else made


def with_unknown(value: Any, unknown: Any, origin: str, made_from: MadeFrom | None = None) -> Value:
    """A planned value, in which what is known only after apply stands as such.

    `unknown` mirrors the value's structure, with true for what is unknown.
    """
    if unknown is True:
        return Unknown(origin)
    if isinstance(unknown, dict):
        given: Json = value if isinstance(value, dict) else {}
        return {
            name: _attribute(name, given.get(name), unknown.get(name), f"{origin}.{name}", made_from)
            for name in {**given, **unknown}
            if given.get(name) is not None or unknown.get(name)
        }
    if isinstance(unknown, list):
        pairs = enumerate(_paired(value, unknown))
        return [with_unknown(item, flag, f"{origin}[{i}]") for i, (item, flag) in pairs]
    return _known(value)


def _attribute(name: str, value: Any, unknown: Any, origin: str, made_from: MadeFrom | None) -> Value:
    """An argument, or the blocks of a type, by the expressions that it is made from."""
    if made_from is None:
        return with_unknown(value, unknown, origin)
    if unknown is True:
        return made_from.leaf(name, origin)
    if isinstance(unknown, list) and not made_from.is_argument(name):
        pairs = _paired(value, unknown)
        blocks = made_from.blocks(name, [item for item, _ in pairs])
        return [with_unknown(item, flag, f"{origin}[{i}]", blocks[i]) for i, (item, flag) in enumerate(pairs)]
    return with_unknown(value, unknown, made_from.leaf(name, origin).origin)


def _may_be(written: Json, planned: Any) -> bool:
    """Whether a planned block can be one that is written out: no text in it is another than it has there."""
    given: Json = planned if isinstance(planned, dict) else {}
    texts = (
        (given.get(name), it.get("constant_value")) for name, it in written.items() if isinstance(it, dict)
    )
    return all(one == other for one, other in texts if isinstance(one, str) and isinstance(other, str))


def _paired(value: Any, unknown: list[Any]) -> list[tuple[Any, Any]]:
    """Each element with what is unknown of it; either list may be shorter."""
    return list(zip_longest(value if isinstance(value, list) else [], unknown))


def _known(value: Any) -> Value:
    if isinstance(value, dict):
        return {name: _known(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_known(item) for item in value]
    known: Value = value
    return known
