"""Reads the files of a module directory."""

from __future__ import annotations

import functools
import os
from pathlib import Path

from plumbline.terraform import json_blocks
from plumbline.terraform.declarations import Collecting, Declarations
from plumbline.terraform.hcl.body import Body
from plumbline.terraform.problems import Problems
from plumbline.terraform.source import Source, SyntaxProblem
from plumbline.values.files import ALLOWED_BY, Tree, content


def read(directory: Path, problems: Problems, tree: Tree) -> Declarations:
    """What the directory's `.tf` and `.tf.json` files declare; override files come last, in their order."""
    declarations = Declarations(directory)
    collecting = Collecting(declarations, problems)
    ordinary = [path for path in configuration_files(directory) if not _is_override(path)]
    for path in ordinary:
        collecting.add(read_body(path, problems, tree))
    for path in configuration_files(directory):
        if _is_override(path):
            collecting.override(read_body(path, problems, tree))
    return declarations


def configuration_files(directory: Path) -> list[Path]:
    """The files that Terraform reads, by name."""
    names = sorted(os.listdir(directory)) if directory.is_dir() else []
    return [
        directory / name
        for name in names
        if name.endswith((".tf", ".tf.json")) and not name.startswith(".") and not (directory / name).is_dir()
    ]


def _is_override(path: Path) -> bool:
    stem = path.name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def read_body(path: Path, problems: Problems, tree: Tree) -> Body:
    """The body of one file; what is wrong with it goes to the problems."""
    try:
        source = read_source(path, tree)
        if path.name.endswith(".json"):
            from plumbline.terraform.hcl.json import parse_json_file

            return json_blocks.told_apart(parse_json_file(source))
        return _native(source, problems)
    except SyntaxProblem as error:
        problems.report(error, hides=True)
        return Body()


def _native(source: Source, problems: Problems) -> Body:
    body, found = _parsed(source.file, source.text)
    for problem in found:
        problems.report(problem, hides=True)
    return body


@functools.lru_cache(maxsize=1024)
def _parsed(file: str, text: str) -> tuple[Body, list[SyntaxProblem]]:
    """A file is evaluated for each environment, and parsed once. Raises `SyntaxProblem`."""
    from plumbline.terraform.hcl.parser import parse_file

    return parse_file(Source(file, text))


def read_source(path: Path, tree: Tree) -> Source:
    """The text of a file, named relative to the current directory where it lies below it."""
    name = display_name(path)
    if tree.is_left_by(path):
        told = f"The file is a link that leads out of {display_name(tree.folder)}: {ALLOWED_BY} reads it."
        raise SyntaxProblem(told, Source(name, "").place(0))
    try:
        text = content(path).decode("utf-8")
    except UnicodeDecodeError:
        raise SyntaxProblem("The file is not valid UTF-8.", Source(name, "").place(0)) from None
    except OSError as error:
        raise SyntaxProblem(
            f"The file cannot be read: {error.strerror}.", Source(name, "").place(0)
        ) from None
    return Source(name, text)


def display_name(path: Path) -> str:
    """The path relative to the current directory where it lies below it, otherwise absolute."""
    absolute, here = os.path.abspath(path), os.getcwd()
    return os.path.relpath(absolute, here) if absolute.startswith(here + os.sep) else absolute
