"""What a word of a script stands for, with the variables of a way through it.

What is not known stays as it is written: `$NAME`, `$(date)`, `${{ inputs.name }}`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from plumbline.github.shell import arithmetic
from plumbline.github.shell.path import Path, is_known
from plumbline.github.shell.syntax import Source
from plumbline.values.shown import whole
from plumbline.values.unknown import Undetermined
from plumbline.values.wildcards import compiled, of_shell

if TYPE_CHECKING:
    from tree_sitter import Node

Substitute = Callable[["Node"], str]
"""What goes through the commands inside `$(...)`, `<(...)` and `>(...)`, and tells what that becomes."""

MOST_LETTERS = 50_000
"""How long a text may grow; one that is made of itself has no end."""
_SHORT = 1_000
"""How long a text may be of which an end is cut off."""
_ALL = re.compile(r"""^"?\$\{(\w+)\[[@*]\]\}"?$""")
_PARAMETER = re.compile(r"^\$\{(\w+)(?:(:?[-=+?]|%%?|##?)(.*))?\}$", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_OF_ANSI_C = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|.)", re.DOTALL)
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "e": "\033",
    "E": "\033",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def words(node: Node, source: Source, path: Path, substitute: Substitute) -> list[str]:
    """Return the words that one word of the script becomes."""
    written = source.text(node)
    if written in ('"$@"', '"${@}"', "$@", "$*"):
        return list(path.arguments)
    if (every := _ALL.match(written)) and every[1] in path.lists:
        return list(path.lists[every[1]])
    value = text(node, source, path, substitute)
    if node.type in ("simple_expansion", "expansion") and is_known(value):
        return _fields(value, path.variables.get("IFS"))
    return [value]


def text(node: Node, source: Source, path: Path, substitute: Substitute) -> str:
    """Return the text that a word becomes."""
    match node.type:
        case "raw_string":
            return source.text(node)[1:-1]
        case "ansi_c_string":
            return _unescaped(source.text(node)[2:-1])
        case "string":
            return _whole(_parts(node, source, path, substitute))
        case "concatenation" | "command_name" | "array" | "extglob_pattern" if node.named_children:
            return _whole(text(it, source, path, substitute) for it in node.children)
        case "simple_expansion" | "expansion":
            written = source.text(node)
            name = written.lstrip()  # the grammar counts blanks at the start of a text to the variable
            return written[: len(written) - len(name)] + _variable(name, path)
        case "command_substitution" | "process_substitution":
            return substitute(node)
        case "arithmetic_expansion":
            return arithmetic.expanded(source.text(node), path.variables)
    return _ESCAPED.sub(r"\1", source.text(node))


def _fields(value: str, separators: str | None) -> list[str]:
    """Return the words that a value without quotes is split into. Source: POSIX, "Field Splitting"."""
    if separators is None or not is_known(separators):
        return value.split()
    return [it for it in re.split(f"[{re.escape(separators)}]", value) if it] if separators else [value]


def _unescaped(written: str) -> str:
    """Return what stands in `$'...'`. Source: Bash's manual, "ANSI-C Quoting"."""

    def one(match: re.Match[str]) -> str:
        sort, digits = match[1][0], match[1][1:]
        if sort in "xuU" and digits:
            code = int(digits, 16)
        elif match[1].isdigit():
            code = int(match[1], 8)
        else:
            return _ESCAPES.get(sort, match[0][1:] if sort in "\\'\"?" else match[0])
        return chr(code) if code <= sys.maxunicode else match[0]

    return _OF_ANSI_C.sub(one, written)


def _whole(parts: Iterable[str]) -> str:
    """Return parts as one text. Raises `Undetermined` for one that is longer than any that says something."""
    found: list[str] = []
    letters = 0
    for part in parts:
        letters += len(part)
        if letters > MOST_LETTERS:
            raise Undetermined(f"a text of more than {MOST_LETTERS:,} letters is not followed")
        found.append(part)
    return "".join(found)


def _parts(node: Node, source: Source, path: Path, substitute: Substitute) -> Iterator[str]:
    """Yield the parts of a text in double quotes; the blanks between them belong to no node."""
    whole, start = node.text or b"", node.start_byte
    at = 1
    for part in node.named_children:
        yield _unquoted(source.restored(whole[at : part.start_byte - start].decode(errors="replace")))
        written = part.type == "string_content"
        yield _unquoted(source.text(part)) if written else text(part, source, path, substitute)
        at = part.end_byte - start
    yield _unquoted(source.restored(whole[at:-1].decode(errors="replace")))


def _unquoted(written: str) -> str:
    return re.sub(r'\\([$`"\\\n])', lambda match: match[1].strip("\n"), written)


def _variable(written: str, path: Path) -> str:
    if positional := re.fullmatch(r"\$\{?([1-9])\}?", written):
        position = int(positional[1]) - 1
        return path.arguments[position] if position < len(path.arguments) else ""
    if written in ("$0", "${0}", "${BASH_SOURCE[0]}", "${BASH_SOURCE}", "$BASH_SOURCE"):
        return path.variables.get("0", written)
    if written in ("$PWD", "${PWD}"):
        return path.folder
    if slice := re.fullmatch(r"\$\{@:(\d+)\}", written):
        return " ".join(path.arguments[int(slice[1]) - 1 :])
    if written in ("$?", "${?}"):
        return path.variables.get("?", "$?")
    if cased := re.fullmatch(r"\$\{(\w+)(,,|\^\^)\}", written):
        return _cased(path.variables.get(cased[1]), cased[2], written)
    if not (matched := _PARAMETER.match(written if written.startswith("${") else f"${{{written[1:]}}}")):
        return written
    name, operator, operand = matched[1], matched[2] or "", matched[3] or ""
    value = _positional(name, path) if name.isdigit() else path.variables.get(name)
    if operator in (":-", "-", ":=", "="):
        return value or _operand(operand, path) if value is not None or operator else written
    if value is None or not operator or operator[-1] in "+?":
        return value if value is not None else written
    if re.fullmatch(r"\$\{\{[^{}]*\}\}", value):
        return f"${{{value}{operator}{operand}}}"
    if not is_known(value + operand) or len(value) >= _SHORT:
        return written
    trimmed = _trimmed(value, operator, operand.strip("'\""))
    return written if trimmed is None else trimmed


def _cased(value: str | None, operator: str, written: str) -> str:
    """Return a value in small or capital letters; what an expression of GitHub stands for keeps its name."""
    if value is None or not (is_known(value) or re.fullmatch(r"\$\{\{[^{}]*\}\}", value)):
        return written
    if not is_known(value):
        return value
    return value.lower() if operator == ",," else value.upper()


def _positional(name: str, path: Path) -> str | None:
    position = int(name) - 1
    return path.arguments[position] if 0 <= position < len(path.arguments) else None


def _operand(operand: str, path: Path) -> str:
    inner = operand.strip("'\"")
    return _variable(inner, path) if inner.startswith("$") else inner


def _trimmed(value: str, operator: str, pattern: str) -> str | None:
    """Return a value without the end or beginning that matches, `${file%/*}`; None for what is no pattern."""
    fits = of_shell(pattern)
    expression = {
        "%": f"(.*)(?:{fits})",
        "%%": f"(.*?)(?:{fits})",
        "#": f"(?U:{fits})(.*)",  # each of its wildcards as short as can be
        "##": f"(?:{fits})(.*?)",
    }[operator]
    try:
        match = compiled(expression).fullmatch(whole(value))
    except ValueError:
        return None
    return match[1] if match else value
