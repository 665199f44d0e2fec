"""Evaluates a root module: its variables' values, then everything that it and its modules declare."""

from __future__ import annotations

import functools
import gc
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

from plumbline.terraform import beforehand, lifecycle, moved, settings_block, variable_files, variables
from plumbline.terraform.budget import Spent, watch
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.given_data import Data
from plumbline.terraform.instances import Instances
from plumbline.terraform.managed import Managed
from plumbline.terraform.marks import mark_all
from plumbline.terraform.model import (
    Chosen,
    Computed,
    Configuration,
    Problem,
    Resource,
    Settings,
    TerraformError,
    Variable,
)
from plumbline.terraform.module import Module
from plumbline.terraform.references import Following, is_reference, of_depends_on
from plumbline.terraform.run import Run
from plumbline.terraform.validation import check
from plumbline.terraform.values import Value, settled
from plumbline.values.files import Tree

# Bytes of address space, of which only what is used is taken, and how many Python frames they are good for.
_STACKS = ((512 * 1024 * 1024, 20_000), (64 * 1024 * 1024, 2_500), (0, 1_000))


def evaluate(
    root: Path,
    *,
    variables: Mapping[str, Value] | None = None,
    var_files: Sequence[Path] = (),
    backend_files: Sequence[Path] = (),
    settings: Settings = Settings(),  # noqa: B008 - immutable
    computed: Computed | None = None,
    chosen: Chosen | None = None,
    data: Data | None = None,
    tree: Tree | None = None,
) -> Configuration:
    """What Terraform would plan for the root module in this directory, on an empty state.

    `variables` count as `-var`, `var_files` as `-var-file`, `backend_files` as `-backend-config`. `chosen`
    gives attributes that AWS has chosen by now, by the address of their resource: references to them are
    known, and nothing else changes. `data` gives attributes of data sources that an account alone knows.
    Files are read below `tree`, which is the checkout that the root lies in unless it is given. Raises
    `TerraformError` with everything that Terraform would refuse.
    """
    run = Run(root, settings, computed, chosen, data, tree)
    evaluation = _Evaluation(run, dict(variables or {}), var_files, backend_files)

    @functools.cache
    def with_variable(name: str, value: int) -> Configuration:
        return evaluate(
            root,
            variables={**(variables or {}), name: value},
            var_files=var_files,
            backend_files=backend_files,
            settings=settings,
            computed=computed,
            chosen=chosen,
            data=data,
            tree=tree,
        )

    def with_chosen(more: Chosen) -> Configuration:
        return evaluate(
            root,
            variables=variables,
            var_files=var_files,
            backend_files=backend_files,
            settings=settings,
            computed=computed,
            chosen={**(chosen or {}), **more},
            data=data,
            tree=tree,
        )

    @functools.cache
    def with_texts(texts: frozenset[tuple[str, str, str]]) -> Configuration:
        more: dict[str, dict[str, Value]] = {}
        for address, attribute, put in texts:
            more.setdefault(address, {})[attribute] = put
        return with_chosen(more)

    evaluated = evaluation.in_deep_stack()
    return replace(evaluated, with_variable=with_variable, with_chosen=with_chosen, with_texts=with_texts)


@contextmanager
def _without_cycle_collection() -> Iterator[None]:
    """Syntax trees hold no cycles, and scanning them over and over makes large files quadratic."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Evaluation:
    def __init__(
        self,
        run: Run,
        variables: dict[str, Value],
        var_files: Sequence[Path],
        backend_files: Sequence[Path],
    ) -> None:
        self.root = run.root
        self.variables = variables
        self.var_files = var_files
        self.backend_files = backend_files
        self.run = run
        self.result: Configuration | BaseException | None = None

    def in_deep_stack(self) -> Configuration:
        """Evaluates in a thread with room for deeply nested source."""
        before, depth = threading.stack_size(), sys.getrecursionlimit()
        try:
            with _without_cycle_collection():
                watch(self._start(), self.run.budget)
        finally:
            threading.stack_size(before)
            sys.setrecursionlimit(depth)
        if isinstance(self.result, BaseException):
            raise self.result
        assert self.result is not None
        return self.result

    def _start(self) -> threading.Thread:
        """Starts with the deepest stack that the system gives."""
        for size, frames in _STACKS:
            threading.stack_size(size)
            sys.setrecursionlimit(frames)
            thread = threading.Thread(target=self._guarded, name=f"evaluate {self.root}")
            try:
                thread.start()
            except RuntimeError:  # no room for such a stack
                continue
            return thread
        raise TerraformError((Problem(f"{self.root}: the system gives no room for another thread."),))

    def _guarded(self) -> None:
        try:
            self.result = self.configuration()
        except Spent as spent:
            self.result = TerraformError((self._told(spent),))
        except RecursionError:
            self.result = TerraformError((self._too_deep(),))
        except BaseException as error:
            self.result = error

    def _too_deep(self) -> Problem:
        """Terraform has no such limit; nothing that anybody wrote comes near this one."""
        at = self.run.budget.at
        told = (
            "expressions are nested too deeply, or refer to one another in too long a chain, to be evaluated."
        )
        if at is None:
            return Problem(f"{self.root}: {told}")
        return Problem(f"{told[:1].upper()}{told[1:]}", at.location)

    def _told(self, spent: Spent) -> Problem:
        """What the evaluation was at when it had to end."""
        at, told = spent.at or self.run.budget.at, spent.why or self.run.budget.why
        return Problem(f"{told[:1].upper()}{told[1:]}, and is given up.", None if at is None else at.location)

    def configuration(self) -> Configuration:
        """Evaluates everything; raises `TerraformError`."""
        run = self.run
        if not self.root.is_dir():
            raise TerraformError((Problem(f"There is no directory {self.root}."),))
        declared = run.read(self.root)
        run.problems.raise_any()  # what such a file would have declared is missed elsewhere
        run.decides_early = settings_block.decides_early(declared)
        given = variable_files.given(
            self.root, declared, self.variables, self.var_files, run.problems, run.tree
        )
        module = Module(run, declared, given)
        settings_block.check_versions(declared, run.problems)
        resources = _everything(module)
        moved.check(module)
        backend = settings_block.backend(declared, self.backend_files, run.problems, run.tree)
        outputs = {name: settled(module.output(name)) for name in declared.outputs}
        mark_all(outputs)
        found = Configuration(
            root=self.root,
            source="hcl",
            resources=tuple(resources),
            variables=_variables(module, declared),
            outputs=outputs,
            required_version=settings_block.required_version(declared),
            required_providers=settings_block.required_providers(declared),
            backend=backend,
            not_evaluated=tuple(run.not_evaluated),
            settings=run.settings,
            chosen=run.chosen,
            made_from=dict(_made_from(module)),
            data=tuple(_data(module)),
            tree=run.tree,
        )
        run.problems.raise_any(rest=found)
        return found


def _variables(module: Module, declared: Declarations) -> dict[str, Variable]:
    return {
        name: variables.model(module.declaration(name), module, module.variable(name))
        for name in declared.variables
    }


def _everything(module: Module) -> list[Resource]:
    """Evaluates all that a module declares, used or not, and gives the resources of it and its children."""
    check(module)
    declared = module.declared
    for name in declared.variables:
        module.variable(name)
    for name in declared.locals:
        module.resolve(("local", name))
    objects = _objects(module)
    found = [resource for managed in objects for resource in managed.resources()]
    for managed in (*objects, *map(module.managed, declared.data.values())):
        if managed.may_be_nothing:
            beforehand.check(module, managed.block)
    for name in declared.modules:
        instances, children = module.calls(name) or (Instances({}), {})
        for child in children.values():
            found.extend(_everything(child))
        if not children or instances.unknown is not None:
            _check_uninstantiated(module, name)
    for name, block in declared.outputs.items():
        module.output(name)
        for condition in block.body.of_type("precondition"):
            lifecycle.require(condition, module.scope, module.run.problems)
    return found


def _made_from(module: Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the data sources and the outputs of modules, with the references that they are made from."""
    following = Following(module, module.scope)
    for (type, name), block in module.declared.data.items():
        made_from = filter(is_reference, chain.from_iterable(following.body(block.body).values()))
        yield f"{module.prefix}data.{type}.{name}", (*made_from, *of_depends_on(block, module.prefix))
    for name, block in module.declared.outputs.items() if module.address else ():
        value = block.body.expression("value")
        references = () if value is None else filter(is_reference, following.expression(value))
        yield f"{module.prefix}{name}", (*references, *of_depends_on(block, module.prefix))
    for name in module.declared.modules:
        for child in (module.calls(name) or ({}, {}))[1].values():
            yield from _made_from(child)


def _data(module: Module) -> Iterator[Resource]:
    """Yield the data sources that a module and its children read."""
    for block in module.declared.data.values():
        yield from module.managed(block).resources()
    for name in module.declared.modules:
        for child in (module.calls(name) or ({}, {}))[1].values():
            yield from _data(child)


def _check_uninstantiated(module: Module, name: str) -> None:
    """Checks a module that has no instances, or may have none, and those that it calls."""
    child = module.uninstantiated(name, beforehand.scope(module))
    if child is not None:
        check(child)
        for variable in child.declared.variables:
            child.variable(variable)
        beforehand.check_all(child)
        for inner in child.declared.modules:
            _check_uninstantiated(child, inner)


def _objects(module: Module) -> list[Managed]:
    """The managed resources, evaluated along with the data sources."""
    for type, name in module.declared.data:
        module.resolve(("data", type, name))
    for type, name in module.declared.resources:
        module.resolve((type, name))
    return [module.managed(block) for block in module.declared.resources.values()]
