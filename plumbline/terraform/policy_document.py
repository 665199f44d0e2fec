"""`data.aws_iam_policy_document`: the JSON that the AWS provider renders from the blocks.

The order of everything follows the provider (5.x, internal/service/iam/policy_model.go): several actions,
resources or principals come in descending order, a single one stands without a list.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from plumbline.terraform.conversion import string
from plumbline.terraform.drafts import mark, put_back
from plumbline.terraform.functions.json_text import ESCAPING
from plumbline.terraform.types import STRING
from plumbline.terraform.values import Drafted, InvalidValue, Pending, Value, first_unknown
from plumbline.values.json_source import data_of
from plumbline.values.unknown import Unknown

Document: TypeAlias = dict[str, Any]
Statement: TypeAlias = dict[str, Any]

_ORDER = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)


_PARTS = ("Version", "Id", "Statement")
_LISTS = ("Action", "NotAction", "Resource", "NotResource")
_EFFECTS = ("Allow", "Deny")


def document(values: Mapping[str, Value], address: str) -> dict[str, Value]:
    """The attributes of the data source; raises `InvalidValue` for what the provider refuses."""
    unknown = first_unknown(dict(values))
    if unknown is not None:
        return _unknown(values, address)
    merged = _merged(values)
    text = _json(merged, indent=2)
    return {
        "json": text,
        "minified_json": _json(merged, indent=None),
        "id": str(zlib.crc32(text.encode())),
        "version": _text(values, "version", "2012-10-17"),
    }


_ATTRIBUTES = ("json", "minified_json", "id")
_DRAFTED = ("json", "minified_json")


def _unknown(values: Mapping[str, Value], address: str) -> dict[str, Value]:
    """The attributes where something is unknown: the documents say what of them is known."""
    found: dict[str, Value] = {
        name: Pending(f"{address}.{name}", STRING, exact=True, not_null=True) for name in _ATTRIBUTES
    }
    marks: dict[str, Unknown] = {}
    told = _marked(values, "statement", marks)
    if first_unknown(dict(told)) is not None:
        return found
    draft = put_back(_merged(told), marks)
    return {**found, **{name: Drafted(f"{address}.{name}", draft, exact=True) for name in _DRAFTED}}


_NAMES = {
    "statement": ("resources", "not_resources"),
    "principals": ("identifiers",),
    "not_principals": ("identifiers",),
    "condition": ("values",),
}
"""The lists whose members may be unknown while the rest of a document is known, by their blocks."""


def _marked(values: Mapping[str, Value], type_: str, marks: dict[str, Unknown]) -> dict[str, Value]:
    """What holds blocks of a type, in which a text stands for each unknown name."""
    blocks = values.get(type_)
    if not isinstance(blocks, list):
        return dict(values)
    return {**values, type_: [_with_names(it, type_, marks) if isinstance(it, dict) else it for it in blocks]}


def _with_names(block: Mapping[str, Value], type_: str, marks: dict[str, Unknown]) -> Value:
    found = dict(block)
    for argument in _NAMES[type_]:
        names = found.get(argument)
        listed = [names] if isinstance(names, Unknown) else names
        if isinstance(listed, list):
            found[argument] = [mark(it, marks) if isinstance(it, Unknown) else it for it in listed]
    for inner in [it for it in _NAMES if it in found]:
        found = _marked(found, inner, marks)
    return found


def _merged(values: Mapping[str, Value]) -> Document:
    result: Document = {"Version": "", "Id": "", "Statement": []}
    taken: set[str] = set()
    for source in _texts(values.get("source_policy_documents")):
        parsed = _parsed(source)
        _claim(parsed, taken)
        _merge(result, parsed)
    own = _own(values)
    _claim(own, set())
    _merge(result, own)
    for override in _texts(values.get("override_policy_documents")):
        _merge(result, _parsed(override))
    return result


def _claim(document: Document, taken: set[str]) -> None:
    """Statement ids must differ among all source documents, and among the data source's own statements."""
    for statement in document["Statement"]:
        sid = statement.get("Sid", "")
        if sid in taken:
            raise InvalidValue(f'the statement id "{sid}" appears twice')
        if sid:
            taken.add(sid)


def _merge(result: Document, other: Document) -> None:
    """Statements with an id replace those with the same id, the rest is appended."""
    result["Id"] = other.get("Id") or result["Id"]
    result["Version"] = max(result["Version"], other.get("Version") or "")
    statements = result["Statement"]
    for statement in other["Statement"]:
        sid = statement.get("Sid")
        place = next((i for i, old in enumerate(statements) if sid and old.get("Sid") == sid), None)
        if place is None:
            statements.append(statement)
        else:
            statements[place] = statement


def _own(values: Mapping[str, Value]) -> Document:
    version = _text(values, "version", "2012-10-17")
    statements = [_statement(block, version) for block in _blocks(values, "statement")]
    return {"Version": version, "Id": _text(values, "policy_id", ""), "Statement": statements}


def _statement(block: Mapping[str, Value], version: str) -> Statement:
    statement: Statement = {
        "Sid": _text(block, "sid", ""),
        "Effect": _effect(block),
        "Action": _several(_texts(block.get("actions"))),
        "NotAction": _several(_texts(block.get("not_actions"))),
        "Resource": _several(_variables(_texts(block.get("resources")), version)),
        "NotResource": _several(_variables(_texts(block.get("not_resources")), version)),
        "Principal": _principals(_blocks(block, "principals"), version),
        "NotPrincipal": _principals(_blocks(block, "not_principals"), version),
        "Condition": _conditions(_blocks(block, "condition"), version),
    }
    return {name: part for name, part in statement.items() if part}


def _effect(block: Mapping[str, Value]) -> str:
    effect = _text(block, "effect", "Allow")
    if effect not in _EFFECTS:
        raise InvalidValue(f'the effect of a statement is {" or ".join(_EFFECTS)}, not "{effect}"')
    return effect


def _principals(blocks: list[Mapping[str, Value]], version: str) -> Any:
    principals: dict[str, Any] = {}
    for block in blocks:
        kind = _text(block, "type", "")
        named = sorted(set(_variables(_texts(block.get("identifiers")), version)), reverse=True)
        principals[kind] = [*principals.get(kind, []), *named]
    if principals == {"*": ["*"]}:
        return "*"
    return {kind: names[0] if len(names) == 1 else names for kind, names in sorted(principals.items())}


def _conditions(blocks: list[Mapping[str, Value]], version: str) -> dict[str, dict[str, Any]]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for block in blocks:
        variables = conditions.setdefault(_text(block, "test", ""), {})
        values = _variables(_texts(block.get("values")), version)
        variables.setdefault(_text(block, "variable", ""), []).extend(values)
    return {
        test: {name: values[0] if len(values) == 1 else values for name, values in sorted(variables.items())}
        for test, variables in sorted(conditions.items())
    }


def _several(texts: list[str]) -> str | list[str]:
    unique = sorted(set(texts), key=str.encode, reverse=True)
    return unique[0] if len(unique) == 1 else unique


def _variables(texts: list[str], version: str) -> list[str]:
    """`&{aws:username}` stands for a policy variable, which Terraform's own syntax would hide."""
    if version == "2008-10-17" and any("&{" in text for text in texts):
        raise InvalidValue("a document of version 2008-10-17 has no policy variables")
    return [text.replace("&{", "${") for text in texts]


def _parsed(text: str) -> Document:
    if not text:
        return {"Statement": []}
    try:
        parsed = data_of(text)
    except ValueError as error:
        raise InvalidValue(f"a policy document is not valid JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise InvalidValue("a policy document must be a JSON object")
    document = _named(parsed, _PARTS)
    statements = document.get("Statement") or []
    if not isinstance(statements, list) or not all(isinstance(it, dict) for it in statements):
        raise InvalidValue("the statements of a policy document must be a list of objects")
    return {**document, "Statement": [_read(_named(statement, _ORDER)) for statement in statements]}


def _named(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values by their names: the provider reads `statement` as `Statement`, and nothing else."""
    known = {name.lower(): name for name in names}
    return {known[name.lower()]: value for name, value in values.items() if name.lower() in known}


def _read(statement: Statement) -> Statement:
    """A statement of another document: its principals and conditions are put in order, and nothing else."""
    read = {name: _sorted(it) if name.endswith("Principal") else it for name, it in statement.items()}
    if isinstance(conditions := statement.get("Condition"), dict):
        read["Condition"] = _tested(conditions)
    return read


def _tested(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions of another document: a single value stands without a list, and of a bool its word.

    What else is no text, such as a number, the provider leaves out. Source: AWS provider 5.100,
    `IAMPolicyStatementConditionSet.UnmarshalJSON`.
    """
    tested = {
        test: {name: _values(values) for name, values in sorted(variables.items()) if _is_taken(values)}
        for test, variables in sorted(conditions.items())
        if isinstance(variables, dict)
    }
    return {test: variables for test, variables in tested.items() if variables}


def _is_taken(values: Any) -> bool:
    return isinstance(values, (str, bool, list))


def _values(values: Any) -> Any:
    if isinstance(values, bool):
        return str(values).lower()
    if not isinstance(values, list):
        return values
    if not all(isinstance(it, str) for it in values):
        raise InvalidValue("the values of a condition in a policy document must be texts")
    return values[0] if len(values) == 1 else values


def _sorted(principals: Any) -> Any:
    if not isinstance(principals, dict):
        return principals
    return {
        kind: sorted(names, reverse=True) if isinstance(names, list) else names
        for kind, names in sorted(principals.items())
    }


def _json(document: Document, indent: int | None) -> str:
    parts = {name: document[name] for name in ("Version", "Id", "Statement") if document[name]}
    if "Statement" in parts:
        parts["Statement"] = [
            {name: statement[name] for name in _ORDER if _is_kept(name, statement.get(name))}
            for statement in parts["Statement"]
        ]
    separators = (",", ":") if indent is None else None
    return json.dumps(parts, indent=indent, separators=separators, ensure_ascii=False).translate(ESCAPING)


def _is_kept(name: str, value: Any) -> bool:
    """Whether a part of a statement is written; of another document an empty list is, too."""
    return bool(value) or (name in _LISTS and value is not None)


def _blocks(values: Mapping[str, Value], name: str) -> list[Mapping[str, Value]]:
    found = values.get(name)
    return [block for block in found if isinstance(block, dict)] if isinstance(found, list) else []


def _texts(values: Value) -> list[str]:
    return [string(value) for value in values if value is not None] if isinstance(values, list) else []


def _text(values: Mapping[str, Value], name: str, default: str) -> str:
    value = values.get(name)
    return default if value is None or isinstance(value, Unknown) else string(value)
