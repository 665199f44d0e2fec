"""Values for the root module's variables: automatic files, named files, command line, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from plumbline.terraform.characters import composed_within
from plumbline.terraform.constants import constant
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.directory import read_body
from plumbline.terraform.expressions.access import Reference
from plumbline.terraform.expressions.base import EvaluationError
from plumbline.terraform.hcl.body import Argument
from plumbline.terraform.model import Location
from plumbline.terraform.problems import Problems
from plumbline.terraform.source import Source, SyntaxProblem
from plumbline.terraform.values import Pending, Value
from plumbline.terraform.variables import Given
from plumbline.values.files import Tree


def given(
    root: Path,
    declared: Declarations,
    command_line: Mapping[str, Value],
    files: Sequence[Path],
    problems: Problems,
    tree: Tree,
) -> dict[str, Given]:
    """The value of each variable that is set somewhere; the last setting wins as a whole."""
    values: dict[str, Given] = {}
    for path in [*automatic_files(root), *files]:
        for name, argument in _arguments(path, problems, tree).items():
            if name in declared.variables:
                values[name] = _from_file(argument, problems)
    for name, value in command_line.items():
        if name in declared.variables:
            values[name] = _from_command_line(name, value, declared, problems)
        else:
            told = f'A value was given for "{name}", but there is no variable of that name.'
            problems.add(told, None, hides=True)
    return values


def automatic_files(root: Path) -> list[Path]:
    """The files that Terraform reads unasked, the weakest first."""
    plain = [root / "terraform.tfvars", root / "terraform.tfvars.json"]
    auto = sorted(p for p in root.iterdir() if p.name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return [path for path in [*plain, *auto] if path.is_file()]


def _arguments(path: Path, problems: Problems, tree: Tree) -> dict[str, Argument]:
    if not path.is_file():
        problems.add(f"The variable file {path} does not exist.", None, hides=True)
        return {}
    body = read_body(path, problems, tree)
    for block in body.blocks:
        problems.add("A variable file can only set variables; this is a block.", block.location, hides=True)
    return body.arguments


def _from_file(argument: Argument, problems: Problems) -> Given:
    return Given(partial(_constant, argument, problems), argument.location)


def _constant(argument: Argument, problems: Problems) -> Value:
    try:
        return constant(argument.expression)
    except EvaluationError as error:
        problems.report(error)
        return Pending(f"var.{argument.name}", exact=True)


def _from_command_line(name: str, value: Value, declared: Declarations, problems: Problems) -> Given:
    """A text stands for itself where the type is primitive or not declared, otherwise for an expression."""
    expression = declared.variables[name].body.expression("type")
    simple = isinstance(expression, Reference) and expression.path[0] in ("string", "number", "bool")
    if not isinstance(value, str) or expression is None or simple:
        return Given(lambda: composed_within(value))
    return Given(partial(_parsed, name, value, problems))


def _parsed(name: str, text: str, problems: Problems) -> Value:
    from plumbline.terraform.hcl.parser import parse_expression

    try:
        return constant(parse_expression(Source(f"-var {name}", text)))
    except (SyntaxProblem, EvaluationError) as error:
        place = Location(f"-var {name}", 1)
        problems.add(f'The value given for "{name}" is not valid: {error}', place, hides=True)
        return None
