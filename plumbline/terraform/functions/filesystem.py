"""Functions that read files of the tree that is examined, and those that take paths apart."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

from plumbline.terraform.conversion import set_of
from plumbline.terraform.directory import display_name
from plumbline.terraform.expressions.base import EvaluationError, Scope
from plumbline.terraform.functions.function import Function, Parameter, declare
from plumbline.terraform.types import ANY, BOOL, STRING, SetType
from plumbline.terraform.values import InvalidValue, Pending, Value, derived
from plumbline.values.files import ALLOWED_BY, content
from plumbline.values.unknown import NOT_READ

TABLE: dict[str, Function] = {}
function = declare(TABLE)

_DEEPEST = 20  # templates inside templates


@function(STRING, returns=STRING, scoped=True)
def abspath(scope: Scope, path: str) -> Value:
    return os.path.abspath(scope.directory / path)


@function(STRING, returns=STRING)
def basename(path: str) -> Value:
    return os.path.basename(path.rstrip("/")) or ("/" if path else ".")


@function(STRING, returns=STRING)
def dirname(path: str) -> Value:
    return os.path.normpath(os.path.dirname(path) or ".")


@function(STRING, returns=STRING)
def pathexpand(path: str) -> Value:
    if not path.startswith("~"):
        return path
    if path != "~" and not path.startswith("~/"):
        raise InvalidValue("only one's own home directory can be told")
    return os.path.expanduser(path)


@function(STRING, returns=STRING, scoped=True)
def file(scope: Scope, path: str) -> Value:
    return unless_outside(scope, path, lambda: read_text(scope, path))


@function(STRING, returns=STRING, scoped=True)
def filebase64(scope: Scope, path: str) -> Value:
    return unless_outside(scope, path, lambda: base64.b64encode(read_bytes(scope, path)).decode())


@function(STRING, returns=BOOL, scoped=True)
def fileexists(scope: Scope, path: str) -> Value:
    if (unread := outside(scope, path)) is not None:
        return derived(unread, BOOL, not_null=True)
    place = resolved(scope, path)
    if place.is_dir():
        raise InvalidValue(f'"{path}" is a directory')
    return place.is_file()


@function(STRING, STRING, returns=SetType(STRING), scoped=True)
def fileset(scope: Scope, path: str, pattern: str) -> Value:
    from plumbline.terraform.functions.globs import is_nested, matching

    upwards, below = _upwards(os.path.normpath(pattern))
    if (unread := outside(scope, os.path.join(path, upwards))) is not None:
        return derived(unread, SetType(STRING), not_null=True)
    if is_nested(below):
        return Pending("fileset()", SetType(STRING), not_null=True)
    base, matches = resolved(scope, os.path.join(path, upwards)), matching(below)
    found = (base / file for file in _files(scope, base) if matches(file))
    return set_of((os.path.relpath(file, resolved(scope, path)) for file in found), STRING)


def _upwards(pattern: str) -> tuple[str, str]:
    """How far a pattern leads upwards before it matches anything, and the rest of it."""
    components = pattern.split("/")
    up = [*takewhile("..".__eq__, components)]
    return "/".join(up), "/".join(components[len(up) :])


def _files(scope: Scope, base: Path) -> Iterator[str]:
    """Every file below a folder, by its path from there."""
    for directory, _, names in os.walk(base):
        scope.budget.count(1 + len(names))
        for name in names:
            yield os.path.relpath(os.path.join(directory, name), base)


@function(STRING, Parameter(ANY, parts=True), scoped=True)
def templatefile(scope: Scope, path: str, variables: Value) -> Value:
    return unless_outside(scope, path, lambda: _of_file(scope, path, variables))


def _of_file(scope: Scope, path: str, variables: Value) -> Value:
    """A file as a template, without a mark of the order of its bytes."""
    return rendered(scope, path, read_text(scope, path).removeprefix("\ufeff"), variables)


def rendered(scope: Scope, name: str, text: str, variables: Value) -> Value:
    """A template's value with these variables; raises `InvalidValue`."""
    from plumbline.terraform.hcl.parser import parse_template
    from plumbline.terraform.references import roots
    from plumbline.terraform.source import Source, SyntaxProblem

    if not isinstance(variables, dict):
        raise InvalidValue("the variables must be a map or an object")
    if scope.templates >= _DEEPEST:
        raise InvalidValue("templates include one another too deeply")
    inner = scope.naming(_Variables(variables), variables, scope.templates + 1)
    try:
        template = parse_template(Source(name, text))
        for reference, _ in roots([template]):  # also where the template would not come to it
            if reference.path[0] not in variables:
                raise reference.error(_missing(reference.path[0]))
        value = template.evaluate(inner)
    except (SyntaxProblem, EvaluationError) as error:
        raise InvalidValue(f"{error.problem}") from None
    if value is None:
        raise InvalidValue("the template gives null")
    return value


class _Variables:
    def __init__(self, variables: dict[str, Value]) -> None:
        self.variables = variables

    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        raise InvalidValue(_missing(path[0]))


def _missing(name: str) -> str:
    return f'the template\'s variables do not contain "{name}"'


def resolved(scope: Scope, path: str) -> Path:
    """A path as Terraform, started in the root module, understands it."""
    return scope.directory / os.path.expanduser(path)


def unless_outside(scope: Scope, path: str, answer: Callable[[], Value]) -> Value:
    """What is made of a file; unknown for one that is not read."""
    unread = outside(scope, path)
    return answer() if unread is None else unread


def outside(scope: Scope, path: str) -> Pending | None:
    """What stands for a file that is not read, because it lies elsewhere; None for one that is."""
    if scope.tree.holds(resolved(scope, path)):
        return None
    where = display_name(scope.tree.folder)
    told = f'{NOT_READ}"{path}" lies outside of {where}; {ALLOWED_BY} reads it'
    return Pending(told, STRING, not_null=True)


def read_bytes(scope: Scope, path: str) -> bytes:
    """A file's content; raises `InvalidValue`."""
    try:
        return content(resolved(scope, path))
    except FileNotFoundError:
        raise InvalidValue(f'there is no file "{path}"') from None
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise InvalidValue(f'"{path}" cannot be read: {told}') from None


def read_text(scope: Scope, path: str) -> str:
    """A file's content as text; raises `InvalidValue`."""
    try:
        return read_bytes(scope, path).decode()
    except UnicodeDecodeError:
        raise InvalidValue(f'"{path}" is not UTF-8 text; use filebase64()') from None
