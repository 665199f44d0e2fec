"""Expressions of GitHub Actions: what they refer to, and how two of them are compared.

Source: GitHub's documentation, "Evaluate expressions in workflows and actions" and "Contexts reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from plumbline.github.replacing import replaced

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_LITERAL_OR_INPUT = re.compile(r"'(?:[^']|'')*'|(?<![\w.-])inputs\.([\w-]+)(?![\w.-])")
_INDEX = re.compile(r"\[\s*'([\w-]+)'\s*\]")
_EVENT_INPUTS = re.compile(r"\bgithub\.event\.inputs\.")
_REFERENCE = re.compile(r"(?<![\w.-])[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*))+")
_FORMAT = re.compile(r"format\(\s*'((?:[^']|'')*)'\s*,(.*)\)", re.DOTALL)
_OPERAND = r"(?:format\((?:[^()']|'(?:[^']|'')*')*\)|'(?:[^']|'')*'|(?<![\w.-])[A-Za-z_][\w.-]*)"
_COMPARISON = re.compile(rf"({_OPERAND})\s*(==|!=)\s*({_OPERAND})")


def expressions(text: str) -> list[str]:
    """Return what stands between `${{` and `}}`, one way of writing it for all."""
    return [plain(inside) for inside in _EXPRESSION.findall(text[: _end(text)])]


def substituted(text: str, one: Callable[[str], str | None]) -> str:
    """Return a text with each of its expressions replaced by what `one` gives for its inside, if anything."""

    def of(match: re.Match[str]) -> str:
        found = one(match[1])
        return match[0] if found is None else found

    end = _end(text)
    return replaced(_EXPRESSION, of, text[:end]) + text[end:]


def _end(text: str) -> int:
    """Return where the last expression ends at the latest: behind it none is looked for, again and again."""
    return text.rfind("}}") + 2


def condition(text: str) -> str:
    """Return the expression of an `if`, which may stand without `${{`."""
    return plain(substituted(text, str))


def handed_in(expression: str, given: Mapping[Any, Any]) -> str:
    """Return an expression of what is used, with its inputs as what uses it hands them in.

    An input that is not given stands for nothing.
    """
    handed = {str(name).casefold(): _as_expression(str(it)) for name, it in given.items()}

    def one(match: re.Match[str]) -> str:
        return match[0] if match[1] is None else handed.get(match[1].casefold(), "null")

    return replaced(_LITERAL_OR_INPUT, one, expression)


def _as_expression(text: str) -> str:
    """Return an expression that comes to a text: `format('deploy-{0}', inputs.environment)`."""
    before, *behind = _EXPRESSION.split(text)
    inside, texts = [*map(plain, behind[::2])], [before, *behind[1::2]]
    if len(inside) == 1 and not "".join(texts).strip():
        return inside[0] if re.fullmatch(_OPERAND, inside[0]) else f"({inside[0]})"
    held = "".join(f"{{{position - 1}}}{it}" if position else it for position, it in enumerate(texts))
    quoted = "'" + held.replace("'", "''") + "'"
    return f"format({quoted}, {', '.join(inside)})" if inside else quoted


def normal(text: str) -> str:
    """Return a text with each of its expressions written in one way: `${{ inputs.environment }}`."""
    return substituted(text, lambda inside: _as_text(plain(inside)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a normal text with the references that `values` has, such as `inputs.environment`, replaced."""
    return substituted(text, lambda inside: values.get(inside.strip().casefold()))


def references(expression: str) -> Iterator[tuple[str, ...]]:
    """Yield the steps of each reference in an expression: `("needs", "plan", "outputs", "changes")`."""
    for reference in _REFERENCE.findall(_LITERAL.sub("''", expression)):
        yield tuple(reference.split("."))


def comparisons(expression: str, reference: str) -> Iterator[tuple[str, str]]:
    """Yield each `==` or `!=` that has the reference on one side, with the other side as a text.

    Nothing is yielded of an expression with `||`, where no single comparison decides.
    """
    if "||" in _LITERAL.sub("''", expression):
        return
    for left, operator, right in _COMPARISON.findall(expression):
        for one, other in ((left, right), (right, left)):
            if one.casefold() == reference:
                yield operator, _as_text(other)


def plain(expression: str) -> str:
    """Return an expression with single blanks, dots for names in brackets, and `inputs` for the event's."""
    dotted = _INDEX.sub(r".\1", " ".join(expression.split()))
    return _EVENT_INPUTS.sub("inputs.", dotted)


def _as_text(expression: str) -> str:
    """Return what an expression stands for as text: `deploy-${{ inputs.environment }}` of a `format`."""
    if literal := _LITERAL.fullmatch(expression):
        return literal[1].replace("''", "'")
    if called := _FORMAT.fullmatch(expression):
        arguments = [_as_text(argument.strip()) for argument in called[2].split(",")]
        return re.sub(r"\{(\d+)\}", lambda match: _at(arguments, int(match[1]), match[0]), called[1])
    return f"${{{{ {expression} }}}}"


def _at(arguments: list[str], position: int, otherwise: str) -> str:
    return arguments[position] if position < len(arguments) else otherwise
