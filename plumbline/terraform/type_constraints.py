"""Reads `type = ...` of a variable."""

from __future__ import annotations

from plumbline.terraform.conversion import convert
from plumbline.terraform.expressions.access import Reference
from plumbline.terraform.expressions.base import Expression, Literal, Scope
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.expressions.collections import Object, Tuple
from plumbline.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from plumbline.terraform.values import InvalidValue, Value

_KEYWORDS: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_SHORTHANDS: dict[str, Type] = {"list": ListType(ANY), "map": MapType(ANY)}
_COLLECTIONS = {"list": ListType, "set": SetType, "map": MapType}


def read_type(expression: Expression, scope: Scope) -> Type:
    """The type that the expression stands for; raises `EvaluationError`."""
    if isinstance(expression, Reference) and len(expression.path) == 1:
        word = expression.path[0]
        if word in _KEYWORDS or word in _SHORTHANDS:
            return _KEYWORDS.get(word) or _SHORTHANDS[word]
    if isinstance(expression, Literal) and expression.constant in ("string", "list", "map"):
        raise expression.error(f"a type stands without quotes: {expression.constant}")
    if isinstance(expression, Call):
        return _constructor(expression, scope)
    raise expression.error("a type is required, such as string, list(string) or object({...})")


def _constructor(call: Call, scope: Scope) -> Type:
    if len(call.arguments) != 1:
        raise call.error(f'the type constructor "{call.name}" takes one argument')
    (argument,) = call.arguments
    if call.name in _COLLECTIONS:
        return _COLLECTIONS[call.name](read_type(argument, scope))
    if call.name == "tuple" and isinstance(argument, Tuple):
        return TupleType(tuple(read_type(element, scope) for element in argument.elements))
    if call.name == "object" and isinstance(argument, Object):
        return _object(argument, scope)
    raise call.error(f'"{call.name}" is not a type constructor that takes this argument')


def _object(expression: Object, scope: Scope) -> ObjectType:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults: dict[str, Value] = {}
    for name, part in expression.entries().items():
        if isinstance(part, Call) and part.name == "optional":
            optional.add(name)
            attributes[name], default = _optional(part, scope)
            if default is not None:
                defaults[name] = default
        else:
            attributes[name] = read_type(part, scope)
    return ObjectType(attributes, frozenset(optional), defaults)


def _optional(call: Call, scope: Scope) -> tuple[Type, Value]:
    if len(call.arguments) not in (1, 2):
        raise call.error("optional() takes a type, and may take a default")
    kind = read_type(call.arguments[0], scope)
    if len(call.arguments) == 1:
        return kind, None
    default = call.arguments[1].evaluate(scope)
    try:
        convert(default, kind)
    except InvalidValue as error:
        raise call.arguments[1].error(f"the default does not fit its type: {error}") from None
    return kind, default
