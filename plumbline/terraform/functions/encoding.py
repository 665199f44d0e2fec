"""Encoding functions."""

from __future__ import annotations

import base64
import codecs
from urllib.parse import quote_plus

from plumbline.terraform.functions import base64_text, csv_text, json_text
from plumbline.terraform.functions.function import Function, Parameter, declare
from plumbline.terraform.types import ANY, STRING, ObjectType
from plumbline.terraform.values import (
    Drafted,
    Ephemeral,
    InvalidValue,
    Pending,
    TfList,
    Value,
    derived,
    first_unknown,
    settled,
)

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_ANY_KNOWN = Parameter(ANY, null=True)


@function(STRING, returns=STRING)
def base64encode(text: str) -> Value:
    return base64.b64encode(text.encode()).decode()


@function(STRING, returns=STRING)
def base64decode(text: str) -> Value:
    try:
        return base64_text.decoded(text).decode()
    except UnicodeDecodeError:
        raise InvalidValue("the decoded bytes are not UTF-8 text") from None


@function(STRING, returns=STRING)
def base64gzip(text: str) -> Value:
    """The bytes are those of Go's compressor; any other gives others of the same meaning."""
    return Pending("base64gzip()", STRING, not_null=True)


@function(STRING, STRING, returns=STRING)
def textencodebase64(text: str, encoding: str) -> Value:
    try:
        mark = b"\xfe\xff" if encoding.lower() == "utf-16" else b""
        return base64.b64encode(mark + text.encode(_codec(encoding))).decode()
    except UnicodeEncodeError as error:
        raise InvalidValue(f'"{text[error.start]}" is not a character of {encoding}') from None


@function(STRING, STRING, returns=STRING)
def textdecodebase64(text: str, encoding: str) -> Value:
    try:
        return base64_text.decoded(text).decode(_codec(encoding)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise InvalidValue(f"the bytes are not text in {encoding}") from None


def _codec(encoding: str) -> str:
    """Go's names are the IANA ones; UTF-16 without an order of bytes is big-endian there, after a mark."""
    name = {"utf-16": "utf-16-be"}.get(encoding.lower(), encoding)
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise InvalidValue(f'"{encoding}" is not a known encoding') from None


@function(STRING, returns=STRING)
def urlencode(text: str) -> Value:
    return quote_plus(text, safe="~")


@function(Parameter(ANY, null=True, unknown=True), returns=STRING)
def jsonencode(value: Value) -> Value:
    unknown = first_unknown(value)
    if isinstance(unknown, Ephemeral):
        return derived(unknown, STRING, not_null=True)
    return json_text.encoded(value) if unknown is None else Drafted(unknown.origin, settled(value))


@function(STRING)
def jsondecode(text: str) -> Value:
    return json_text.decoded(text)


@function(_ANY_KNOWN, returns=STRING)
def yamlencode(value: Value) -> Value:
    from plumbline.terraform.functions import yaml_text

    return yaml_text.encoded(value)


@function(STRING)
def yamldecode(text: str) -> Value:
    from plumbline.terraform.functions import yaml_text

    return yaml_text.decoded(text)


@function(STRING)
def csvdecode(text: str) -> Value:
    rows = csv_text.rows(text)
    if not rows:
        raise InvalidValue("a header line is required")
    header, *lines = rows
    if len(set(header)) < len(header):
        raise InvalidValue("the header names a column twice")
    records: list[Value] = []
    for line in lines:
        if len(line) != len(header):
            raise InvalidValue(f"a line has {len(line)} fields, the header {len(header)}")
        records.append(dict(zip(header, line, strict=True)))
    return TfList(records, ObjectType(dict.fromkeys(header, STRING)))
