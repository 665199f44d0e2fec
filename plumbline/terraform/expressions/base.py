"""What every expression has: a place in the source, parts, and an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from plumbline.terraform.budget import Budget
from plumbline.terraform.marks import is_marked
from plumbline.terraform.model import Location, Problem
from plumbline.terraform.source import Source
from plumbline.terraform.types import ANY, Type
from plumbline.terraform.values import Cycle, InvalidValue, Value
from plumbline.values.files import Tree
from plumbline.values.sensitive import are_there_any


class EvaluationError(Exception):
    """An expression that Terraform would refuse to evaluate."""

    def __init__(self, problem: Problem, *, is_final: bool = False) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.is_final = is_final  # whether it counts even where an expression may fail


class Names(Protocol):
    """Where references lead: a module, or the variables of a template."""

    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        """The value that the beginning of a path names, and how many of its words that took.

        Raises `InvalidValue` for a name that is not declared.
        """


class Function(Protocol):
    """A function of the Terraform language."""

    def call(self, arguments: Sequence[Value], scope: Scope) -> Value:
        """The function's value. Raises `InvalidValue`."""


class Scope:
    """What names mean at one place: `for` variables and the like first, then what the module declares."""

    __slots__ = ("budget", "decides_early", "directory", "functions", "local", "names", "templates", "tree")

    def __init__(
        self,
        names: Names,
        functions: Callable[[str], Function],
        directory: Path,
        local: Mapping[str, Value] | None = None,
        templates: int = 0,
        *,
        budget: Budget | None = None,
        tree: Tree | None = None,
        decides_early: bool = False,
    ) -> None:
        self.names = names
        self.functions = functions  # finds a function by its name; raises `InvalidValue`
        self.directory = directory  # paths that functions are given are relative to it
        self.local = local or {}
        self.templates = templates  # how many template functions this evaluation stands in
        self.budget = budget or Budget()
        self.decides_early = decides_early  # whether the left side of && and || can do without the right one
        self.tree = tree or Tree.around(directory)  # functions read files below it

    def inside(self, local: Mapping[str, Value]) -> Scope:
        """The scope with more local names, which hide outer ones."""
        return self.naming(self.names, {**self.local, **local}, self.templates)

    def naming(self, names: Names, local: Mapping[str, Value], templates: int) -> Scope:
        """A scope of the same evaluation with other names; one for each turn of a loop, so it is a step."""
        self.budget.step()
        return Scope(
            names,
            self.functions,
            self.directory,
            local,
            templates,
            budget=self.budget,
            tree=self.tree,
            decides_early=self.decides_early,
        )


class Expression:
    """A node of the syntax tree."""

    __slots__ = ("offset", "source")

    def __init__(self, source: Source, offset: int) -> None:
        self.source = source
        self.offset = offset

    def evaluate(self, scope: Scope) -> Value:
        """The expression's value; raises `EvaluationError` where Terraform would refuse it."""
        scope.budget.step(self)
        try:
            return self.value(scope)
        except Cycle as error:
            raise EvaluationError(self.error(str(error)).problem, is_final=True) from None
        except InvalidValue as error:
            raise self.error(str(error)) from None

    @property
    def gives(self) -> Type:
        """The type that its value has even where Terraform refuses to evaluate it; any unless it is told."""
        return ANY

    def value(self, scope: Scope) -> Value:
        """As `evaluate`, but may raise `InvalidValue`, which `evaluate` gives a place."""
        raise NotImplementedError

    def refers_to_marked(self, scope: Scope) -> bool:
        """Whether anything that this refers to is sensitive, or this says so itself."""
        if not are_there_any():
            return False
        if any(getattr(it, "name", "") == "sensitive" for it, _ in self.walk()):
            return True
        return any(is_marked(it) for it in _referred(self.traversals(), scope))

    def children(self) -> Iterable[Expression]:
        """The expressions directly inside this one."""
        return ()

    def bound(self) -> frozenset[str]:
        """Names that this expression declares for its children."""
        return frozenset()

    @property
    def location(self) -> Location:
        """Where the expression begins."""
        return self.source.location(self.offset)

    def error(self, summary: str) -> EvaluationError:
        """An error about this expression; the summary becomes a sentence."""
        sentence = summary[:1].upper() + summary[1:]
        return EvaluationError(
            Problem(sentence if sentence.endswith((".", "?")) else f"{sentence}.", self.location)
        )

    def walk(self, bound: frozenset[str] = frozenset()) -> Iterator[tuple[Expression, frozenset[str]]]:
        """This expression and all inside it, each with the local names that hide others there."""
        yield self, bound
        inner = bound | self.bound()
        for child in self.children():
            yield from child.walk(inner)

    def traversals(self, bound: frozenset[str] = frozenset()) -> Iterator[Expression]:
        """The longest constant paths inside, such as `local.x["k"].y`, that do not start at a local name."""
        inner = bound | self.bound()
        for child in self.children():
            yield from child.traversals(inner)

    def root(self) -> str | None:
        """The name that this expression, if it is a constant path, starts at."""
        return None


def _referred(references: Iterable[Expression], scope: Scope) -> Iterator[Value]:
    """What references lead to; one that fails is told where the expression around it is evaluated."""
    for it in references:
        with suppress(EvaluationError):
            yield it.evaluate(scope)


class Literal(Expression):
    """A constant."""

    __slots__ = ("constant",)

    def __init__(self, source: Source, offset: int, constant: Value) -> None:
        super().__init__(source, offset)
        self.constant = constant

    def evaluate(self, scope: Scope) -> Value:
        return self.constant
