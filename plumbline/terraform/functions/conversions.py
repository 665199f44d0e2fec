"""Conversions between types; sensitivity, which changes no value."""

from __future__ import annotations

from collections.abc import Callable

from plumbline.terraform import conversion, marks
from plumbline.terraform.functions.function import Function, Parameter, declare
from plumbline.terraform.types import ANY, BOOL, NUMBER, STRING, ListType, MapType, SetType, Type
from plumbline.terraform.values import Ephemeral, Pending, TfList, TfMap, Value

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_ANYTHING = Parameter(ANY, null=True, parts=True, unknown=True)


def _converting(wanted: Type) -> Callable[[Value], Value]:
    return lambda value: conversion.convert(value, wanted)


for _name, _type in {
    "tostring": STRING,
    "tonumber": NUMBER,
    "tobool": BOOL,
    "tolist": ListType(ANY),
    "toset": SetType(ANY),
    "tomap": MapType(ANY),
}.items():
    function(_ANYTHING, returns=_type, name=_name)(_converting(_type))


@function(_ANYTHING)
def sensitive(value: Value) -> Value:
    return marks.sensitive(value)


@function(_ANYTHING)
def nonsensitive(value: Value) -> Value:
    return value


@function(_ANYTHING)
def ephemeralasnull(value: Value) -> Value:
    """Null for each ephemeral value, and for what is made of one."""
    if isinstance(value, Ephemeral):
        return None
    if type(value) is list:
        return [ephemeralasnull(it) for it in value]
    if isinstance(value, TfList):
        return TfList(map(ephemeralasnull, value), value.element)
    if isinstance(value, TfMap):
        return TfMap(zip(value, map(ephemeralasnull, value.values()), strict=True), value.element)
    if type(value) is dict:
        return {name: ephemeralasnull(it) for name, it in value.items()}
    return value


@function(_ANYTHING, returns=BOOL)
def issensitive(value: Value) -> Value:
    """Sensitivity is not followed here, so that the answer is not known."""
    return Pending("issensitive()", BOOL)
