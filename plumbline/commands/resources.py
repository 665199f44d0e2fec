"""`python -m plumbline resources`: what a Terraform directory declares, as the suite reads it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.given_data import read_data
from plumbline.terraform.model import Configuration, Problem, Resource, Settings, TerraformError
from plumbline.terraform.values import InvalidValue, Value
from plumbline.terraform.workspaces import selected
from plumbline.values.files import ALLOWED_BY, EVERYWHERE, Tree
from plumbline.values.mistakes import DataError
from plumbline.values.redaction import concealed, redacted
from plumbline.values.shown import text
from plumbline.values.unknown import NOT_READ, Unknown

Path_: TypeAlias = tuple[str | int, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--terraform", metavar="DIR", type=Path, required=True, help="the root module")
    parser.add_argument(
        "--var-file", metavar="FILE", type=Path, action="append", default=[], help="values of variables"
    )
    parser.add_argument(
        "--var",
        metavar="NAME=VALUE",
        type=_assignment,
        action="append",
        default=[],
        help="one variable's value",
    )
    parser.add_argument(
        "--data",
        metavar="ADDRESS=JSON",
        type=_data,
        action="append",
        default=[],
        help="what a data source gives that an account alone knows",
    )
    parser.add_argument(
        "--workspace", metavar="NAME", help="the workspace; unless said, the one that Terraform would take"
    )
    parser.add_argument("--account", help="the account id that data.aws_caller_identity gives")
    parser.add_argument("--region", help="the region of providers that do not set one")
    parser.add_argument(
        ALLOWED_BY, action="store_true", help="let functions read files outside of the checkout, too"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def _assignment(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise argparse.ArgumentTypeError(f'"{text}" is not of the form NAME=VALUE')
    return name, value


def _data(text: str) -> tuple[str, dict[str, Value]]:
    try:
        return read_data(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Prints the resources; 0, or 1 where Terraform would refuse the directory.

    Raises `DataError` for one without Terraform, with the nearest that has some.
    """
    if args.terraform.is_dir():
        _check(args.terraform)
    tree = EVERYWHERE if args.allow_outside_files else Tree.around(args.terraform)
    try:
        workspace = args.workspace or selected(args.terraform, os.environ, tree)
        settings = Settings(account=args.account, region=args.region, workspace=workspace)
        configuration = evaluate(
            args.terraform,
            variables=dict(args.var),
            var_files=args.var_file,
            settings=settings,
            data=dict(args.data),
            tree=tree,
        )
    except TerraformError as error:
        _print(error.rest, error.problems, as_json=args.json)
        return 1
    _print(configuration, (), as_json=args.json)
    return 0


def _check(folder: Path) -> None:
    """Raise `DataError` for a folder without Terraform, with the nearest that has some."""
    from plumbline.github.checkout import shown
    from plumbline.suite.roots import NO_TERRAFORM, holds_terraform, typed

    if holds_terraform(folder):
        return
    near = [*sorted(folder.glob("*/")), folder.absolute().parent]
    hint = next((f"; {shown(it)} does: --terraform {typed(it)}" for it in near if holds_terraform(it)), "")
    raise DataError(f"{shown(folder)} {NO_TERRAFORM}{hint}")


def _print(found: Configuration | None, problems: tuple[Problem, ...], *, as_json: bool) -> None:
    """Prints what is declared, and what Terraform would refuse; what hangs on that is unknown."""
    if as_json:
        _print_json(found, [_error(problem) for problem in problems])
        return
    for problem in problems:
        print(problem, file=sys.stderr)
    if found is not None:
        _print_table(found)


def _error(problem: Problem) -> Value:
    place = problem.location
    where: dict[str, Value] = {}
    if place is not None:
        where = {"file": place.file, "line": place.line, "column": place.column}
    return {"message": str(problem), "summary": problem.summary, **where}


def _print_json(found: Configuration | None, errors: list[Value]) -> None:
    from plumbline.terraform.functions.json_text import encoded

    printed: dict[str, Value] = {"resources": [], "errors": errors, "not_evaluated": []}
    if found is not None:
        printed["resources"] = [_entry(resource) for resource in found.resources]
        printed["not_evaluated"] = list(found.not_evaluated)
    # A runner of GitHub takes `##[` for a command anywhere in a line; in JSON this is the same text.
    print(encoded(printed).replace("##[", "#\\u0023["))


def _entry(resource: Resource) -> Value:
    unknown: list[Value] = [_path(path) for path in unknown_paths(resource.values)]
    return {
        "address": resource.address,
        "values": redacted(known(resource.values)),
        "unknown": unknown,
        "file": resource.location.file,
        "line": resource.location.line,
    }


def known(value: Value) -> Value:
    """The value without its unknown parts; an unknown element of a list leaves null in its place."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, dict):
        return {
            name: known(item)
            for name, item in value.items()
            if not isinstance(item, Unknown) and item is not None
        }
    if isinstance(value, list):
        return [known(item) for item in value]
    return value


def unknown_paths(value: Value, path: Path_ = ()) -> Iterator[Path_]:
    """Where a value is unknown: the names and indexes that lead there."""
    if isinstance(value, Unknown):
        yield path
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from unknown_paths(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_paths(item, (*path, index))


def _path(path: Path_) -> Value:
    """`rule[0].target`, or the list of its parts where a name would not read as one."""
    if any(isinstance(part, str) and not part.replace("-", "_").isidentifier() for part in path):
        return list(path)
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def _print_table(configuration: Configuration) -> None:
    for resource in configuration.resources:
        print(text(f"{resource.address}  ({resource.location})", None))
        for name, value in sorted(resource.values.items()):
            print(f"    {name:<32} {text(concealed(_shown(redacted({name: value})[name])), None)}")
    for name in configuration.not_evaluated:
        print(text(f"not evaluated: {name}", None))
    print(f"{len(configuration.resources)} resources")


def _shown(value: Value) -> str:
    if isinstance(value, Unknown):
        told = value.origin
        return f"({told})" if told.startswith(NOT_READ) else f"(known after apply: {told})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_shown(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    from plumbline.terraform.functions.json_text import encoded

    return encoded(value)
