"""The tests read as sentences: short, about one thing, and without knowing where the evidence comes from."""

import ast

import pytest

from selftest.front_door import REPOSITORY
from selftest.stacks.proven import STACKS

FUNCTIONS = {
    f"{file.parent.name}/{file.name}::{node.name}": node
    for file in sorted((REPOSITORY / "tests").rglob("test_*.py"))
    for node in ast.walk(ast.parse(file.read_text()))
    if isinstance(node, ast.FunctionDef)
}
WORDS_OF_MACHINERY = ("boto3", "hcl2", "aws_", "client(", "session", "json")
NAMES = {name for proven in STACKS for pair in proven.accounts.items() for name in pair}
"""Environments and accounts."""
LONGEST = 4

each_test = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())


@each_test
def test_its_name_is_a_sentence(function: ast.FunctionDef) -> None:
    assert function.name.startswith("test_")
    assert len(function.name.split("_")) >= 3


@each_test
def test_it_is_a_few_statements_without_loops_or_branches(function: ast.FunctionDef) -> None:
    assert len(function.body) <= LONGEST
    assert [
        node for node in ast.walk(function) if isinstance(node, ast.For | ast.While | ast.If | ast.Try)
    ] == []


@each_test
def test_every_statement_but_a_name_for_something_is_an_assertion(function: ast.FunctionDef) -> None:
    assert {type(statement) for statement in function.body} <= {ast.Assert, ast.Assign}
    assert isinstance(function.body[-1], ast.Assert)


@each_test
def test_it_names_no_environment_and_no_machinery(function: ast.FunctionDef) -> None:
    said = ast.unparse(function.body[-1]).lower()
    texts = {node.value for node in ast.walk(function) if isinstance(node, ast.Constant)}
    assert not [word for word in WORDS_OF_MACHINERY if word in said]
    assert texts.isdisjoint(NAMES)
