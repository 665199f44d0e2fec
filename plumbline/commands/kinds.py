"""`python -m plumbline kinds`: what a stack can say of each kind of resource, and which sentences ask it.

It is made of the kinds and the sentences themselves, those beside the stacks included, as Markdown.
docs/kinds-reference.md is what it prints of all of ours.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from plumbline.expectations.home import HELP, SENTENCES, home_of, named_from
from plumbline.expectations.stack import expectation
from plumbline.kinds.kind import Kind
from plumbline.kinds.registry import by_section, kinds
from plumbline.kinds.selection import selectable
from plumbline.report.markdown import prose
from plumbline.suite.reads import EXPECTED, noun_of, read_set
from plumbline.suite.sentences import all_functions
from plumbline.values.mistakes import DataError, did_you_mean
from plumbline.values.python_source import tree_of

_HEAD = """\
# The kinds

<!-- python -m plumbline kinds > docs/kinds-reference.md -->
Each section of a stack's YAML is a kind. Of a resource in it `expect` says what must be true, and the
sentences that ask for it are named by the invariants of a runbook (`test: dynamodb.point-in-time-recovery`).
What no sentence asks cannot be expected, until a [sentence of your own](writing-sentences.md) does.
[The formats](formats.md) tell what more there is to some kinds.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("kind", nargs="*", metavar="KIND", help="only this one: tables, or table")
    parser.add_argument("--stacks", metavar="DIR", help=HELP)


def run(arguments: argparse.Namespace) -> int:
    """Print the reference, where no stacks are named of our own sentences. Raises `DataError` for a kind
    that there is not.
    """
    stacks, here = arguments.stacks, Path.cwd()
    sentences = home_of(stacks, here).sentences if stacks or named_from(here) else (SENTENCES,)
    chosen = [_kind(it) for it in arguments.kind]
    asked: dict[str, dict[str, set[str]]] = {}
    for sentence, function in all_functions(sentences).items():
        reads = read_set(function)
        fields = asked.setdefault(noun_of(reads), {})
        for field in ("", *reads.get(EXPECTED, ())):
            fields.setdefault(field, set()).add(sentence)
    every = [by_section()[it] for it in sorted(by_section())]
    parts = ["\n".join(_of_kind(it, asked.get(it.noun, {}))) for it in chosen or every]
    print("\n\n".join([*([] if chosen else [_HEAD.rstrip()]), *parts]))
    return 0


def _kind(given: str) -> type[Kind]:
    known = {**kinds(), **by_section()}
    if given not in known:
        raise DataError(f"no kind is called {given!r}{did_you_mean(given, known)}")
    return known[given]


def _of_kind(kind: type[Kind], asked: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what there is to say of a kind, line by line; `asked` are the sentences that ask each field."""
    yield f"## {kind.plural}"
    yield ""
    yield _first_sentence(kind)
    yield ""
    yield f"- **in a sentence**: `{kind.noun}`"
    if kind.terraform_type:
        yield f"- **in Terraform**: `{kind.terraform_type}`"
    yield f"- **which one**: {', '.join(_ways(kind))}"
    if kind.question:
        yield f"- **asks**: {', '.join(_keys(kind.question))}"
    if reads := dict.fromkeys(it.operation for it in kind.calls_for()):
        yield f"- **a live run calls**: {_code(sorted(reads))}"
    if about := asked.get(""):
        yield f"- **asked by**: {_code(sorted(about))}"
    if rows := list(_rows(kind, asked)):
        yield ""
        yield "| of `expect` | type | | asked by |"
        yield "|---|---|---|---|"
        yield from rows


def _first_sentence(kind: type[Kind]) -> str:
    told = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    return " ".join(told.split())


def _ways(kind: type[Kind]) -> Iterator[str]:
    yield "`name`"
    if kind.terraform_type and (kind.name_argument or kind.called_by):
        yield "`output`"
        if selectable(kind):
            yield "`select`"


def _keys(question: type[BaseModel]) -> Iterator[str]:
    schema = question.model_json_schema()
    of = schema.get("$defs", {})
    for name, value in schema["properties"].items():
        yield f"`{name}` ({_type(value, of)})"


def _rows(kind: type[Kind], asked: Mapping[str, set[str]]) -> Iterator[str]:
    """Yield what can be expected of it, first what some sentence asks."""
    schema = expectation(kind).model_json_schema()
    of, told = schema.get("$defs", {}), _told(kind)
    names = [it for it in schema["properties"] if it != "name"]
    for name in sorted(names, key=lambda it: (it not in asked, it)):
        by = _code(sorted(asked.get(name, ())))
        yield f"| `{name}` | {_type(schema['properties'][name], of)} | {prose(told.get(name, ''))} | {by} |"


def _type(schema: Mapping[str, Any], of: Mapping[str, Any]) -> str:
    """Return in words what may stand for a value, as a JSON schema says it; `of` are the schema's parts."""
    match schema:
        case {"anyOf": several}:
            return " or ".join(dict.fromkeys(_type(it, of) for it in several))
        case {"enum": values}:
            return " or ".join(f"`{it}`" for it in values)
        case {"const": value}:
            return f"`{value}`"
        case {"$ref": reference}:
            part = of[reference.rpartition("/")[2]]
            return _type(part, of) if "properties" not in part else f"`{{{', '.join(part['properties'])}}}`"
        case {"type": "array", **more}:
            return f"list of {_type(more.get('items', {}), of)}"
        case {"type": "object", "properties": keys}:
            return f"`{{{', '.join(keys)}}}`"
        case {"type": "object", **more}:
            values = more.get("additionalProperties", {})
            return f"mapping to {_type(values if isinstance(values, dict) else {}, of)}"
        case {"type": str(name)}:
            return {"string": "text", "boolean": "true or false", "integer": "number"}.get(name, name)
    return "anything"


def _told(kind: type[Kind]) -> dict[str, str]:
    """Return what is written below each field, and each limit, of a kind."""
    classes = [*kind.__mro__, *(kind.limits.__mro__ if kind.limits else ())]
    return {
        name: said
        for it in reversed(classes)
        if issubclass(it, BaseModel) and it is not BaseModel
        for name, said in _below_fields(it)
    }


def _below_fields(of: type) -> Iterator[tuple[str, str]]:
    [written] = tree_of(textwrap.dedent(inspect.getsource(of))).body
    assert isinstance(written, ast.ClassDef)
    for field, below in zip(written.body, written.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                yield name, " ".join(said.split())


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{it}`" for it in names)
