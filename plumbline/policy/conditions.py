"""Whether the conditions of a statement hold: yes, no, or why that is not known.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for multivalued
context keys".
"""

from __future__ import annotations

import ipaddress
import operator as compared
import re
from collections.abc import Callable, Sequence

from plumbline.policy.context import Context, Given, Several
from plumbline.policy.matching import VARIABLE, Entry, Match, arn_glob, every, glob, opposite, some
from plumbline.values.unknown import Placeholder

_SETS = ("ForAllValues", "ForAnyValue")
_OPERATOR = re.compile(rf"(?:(?P<set>{'|'.join(_SETS)}):)?(?P<base>[A-Za-z]+?)(?P<if_exists>IfExists)?")


def is_operator(text: str) -> bool:
    """Return whether IAM knows the operator of a condition."""
    match = _OPERATOR.fullmatch(text)
    if match is None:
        return False
    if match["base"] == "Null":
        return not match["if_exists"]
    return match["base"] in _COMPARISONS or match["base"].replace("Not", "", 1) in _WITH_NEGATION


def condition_holds(operator: str, key: str, values: Sequence[Entry], context: Context) -> Match:
    """Return whether a condition holds for what a request gives; keys in any letter case."""
    known = {name.lower(): value for name, value in context.items()}
    if key.lower() not in known:
        return _lacking(operator, key)
    given = known[key.lower()]
    if isinstance(given, Several):
        return _of_several(operator, key, values, given, known)
    found = {
        _holds(operator, key, values, it, known) for it in (given if isinstance(given, tuple) else (given,))
    }
    return found.pop() if len(found) == 1 else _lacking(operator, key)


def _of_several(
    operator: str, key: str, values: Sequence[Entry], given: Several, known: dict[str, Given]
) -> Match:
    match = _OPERATOR.fullmatch(operator)
    if match is None or match["set"] is None or not given:
        return _lacking(operator, key)
    each = [_holds(operator, key, values, it, known) for it in given]
    return every(each) if match["set"] == _SETS[0] else some(each)


def _lacking(operator: str, key: str) -> str:
    return f"a statement holds only under {operator} {key}, and what a request gives as {key} is not known"


def _holds(
    operator: str, key: str, values: Sequence[Entry], actual: str | None, known: dict[str, Given]
) -> Match:
    match = _OPERATOR.fullmatch(operator)
    if match is None:
        return _lacking(operator, key)
    if match["base"] == "Null":
        return some(_one(_equal_in_any_case, value, str(actual is None), known) for value in values)
    negated = "Not" in match["base"]
    if actual is None:
        return match["set"] == _SETS[0] or (not match["set"] and (negated or bool(match["if_exists"])))
    compare = _COMPARISONS.get(match["base"].replace("Not", "", 1))
    if compare is None:
        return _lacking(operator, key)
    found = some(_one(compare, value, actual, known) for value in values)
    return opposite(found) if negated else found


def _one(compare: Callable[[str, str], bool], value: Entry, actual: str, known: dict[str, Given]) -> Match:
    """Return whether one value of a condition matches, with what stands for its policy variables."""
    if isinstance(value, Placeholder):
        return value
    for variable in VARIABLE.finditer(value):
        given = known.get(variable[1].strip().lower())
        if not isinstance(given, str):
            return f"a condition asks for {value}, and what {variable[0]} stands for is not known"
        value = value.replace(variable[0], given)
    return compare(value, actual)


def _equal(wanted: str, actual: str) -> bool:
    return wanted == actual


def _equal_in_any_case(wanted: str, actual: str) -> bool:
    return wanted.lower() == actual.lower()


def _like(pattern: str, actual: str) -> bool:
    return glob(pattern)(actual)


def _like_arn(pattern: str, actual: str) -> bool:
    return arn_glob(pattern)(actual)


def _numeric(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    """Return how numbers compare; what is none equals none, and is neither less nor greater."""

    def holds(wanted: str, actual: str) -> bool:
        try:
            return compare(float(actual), float(wanted))
        except ValueError:
            return False

    return holds


def _is_in_range(wanted: str, actual: str) -> bool:
    try:
        return ipaddress.ip_address(actual) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


_NUMBERS: dict[str, Callable[[float, float], bool]] = {
    "Equals": compared.eq,
    "LessThan": compared.lt,
    "LessThanEquals": compared.le,
    "GreaterThan": compared.gt,
    "GreaterThanEquals": compared.ge,
}
_COMPARISONS: dict[str, Callable[[str, str], bool] | None] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_in_any_case,
    "StringLike": _like,
    "ArnEquals": _like_arn,
    "ArnLike": _like_arn,
    "Bool": _equal_in_any_case,
    "BinaryEquals": None,
    "IpAddress": _is_in_range,
    **{f"Numeric{name}": _numeric(compare) for name, compare in _NUMBERS.items()},
    **{f"Date{name}": None for name in _NUMBERS},
}
"""The operators and how they compare; of when a request is made nothing is known."""
_WITH_NEGATION = frozenset(it for it in _COMPARISONS if it.startswith(("String", "Arn"))) | {
    "IpAddress",
    "NumericEquals",
    "DateEquals",
}
"""Those that have a negation: StringNotEquals, ArnNotLike, NotIpAddress."""
