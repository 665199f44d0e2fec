"""One instance of a module: evaluates what it declares when it is asked for, and remembers it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from plumbline.terraform import keeping, schema, settings_block, variables, versions
from plumbline.terraform.blocks import Evaluating
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.expressions.base import EvaluationError, Expression, Function, Scope
from plumbline.terraform.functions import find, provided
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.instances import Instances, Key, instances
from plumbline.terraform.managed import Managed
from plumbline.terraform.marks import marked
from plumbline.terraform.problems import Problems
from plumbline.terraform.providers import Providers, passed
from plumbline.terraform.references import Following, of_each, of_root
from plumbline.terraform.run import Run
from plumbline.terraform.schema import Mode, Schema
from plumbline.terraform.types import STRING
from plumbline.terraform.values import Ephemeral, Instance, InvalidValue, Pending, Value, settled
from plumbline.terraform.variables import Declared, Given
from plumbline.values.sensitive import mark

Result = TypeVar("Result")

# Arguments of a module block that are not variables of the module.
META = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


class Outputs(Instance):
    """The outputs of a module instance, each evaluated when it is asked for."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        super().__init__(module.address, {})
        self.module = module

    def __missing__(self, name: str) -> Value:
        if name not in self.module.declared.outputs:
            raise InvalidValue(f'{self.address} has no output named "{name}"')
        return self.module.output(name)

    def whole(self) -> Value:
        return {name: self.module.output(name) for name in sorted(self.module.declared.outputs)}


@dataclass(frozen=True, slots=True)
class Call:
    """The `module` block that a module is called by, and the module that it stands in."""

    module: Module
    block: Block


class Module:
    """An instance of a module, the root module included."""

    def __init__(
        self,
        run: Run,
        declared: Declarations,
        arguments: dict[str, Given],
        address: str = "",
        name: str = "",
        call: Call | None = None,
    ) -> None:
        self.run = run
        self.declared = declared
        self.arguments = arguments
        self.call = call
        self.address = address
        self.name = name  # without instance keys, as `modules.json` has it: `network.subnets`
        self.scope = Scope(
            self, self.function, run.root, budget=run.budget, tree=run.tree, decides_early=run.decides_early
        )
        self.providers: Providers = Providers(self)
        if call is not None:
            self.providers = Providers(self, call.module.providers, passed(call.block))
        self._variables: dict[str, Declared] = {}
        self._managed: dict[tuple[str, str, str], Managed] = {}
        self._children: dict[str, tuple[Instances, dict[Key, Module]] | None] = {}

    @property
    def prefix(self) -> str:
        """What the addresses of this module's objects begin with."""
        return f"{self.address}." if self.address else ""

    def function(self, name: str) -> Function:
        """The function of this name, one of a provider's included; raises `InvalidValue`."""
        if name.startswith(provided.PREFIX):
            return provided.find(name, settings_block.required_providers(self.declared))
        return find(name)

    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        """See `Names`."""
        if path[0] == "resource":
            value, taken = self._object("resource", path[1:])
            return value, taken + 1
        special = _ROOTS.get(path[0])
        if special is None:
            return self._object("resource", path)
        if len(path) < 2:
            raise InvalidValue(f'"{path[0]}" must be followed by a name')
        return special(self, path)

    def _object(self, mode: str, path: tuple[str, ...]) -> tuple[Value, int]:
        if len(path) < 2:
            word = path[0] if path else mode
            raise InvalidValue(
                f'"{word}" is not the name of anything here; a reference needs two words or more'
            )
        declared = self.declared.resources if mode == "resource" else self.declared.data
        block = declared.get((path[0], path[1]))
        name = f"{'data.' if mode == 'data' else ''}{path[0]}.{path[1]}"
        if block is None:
            raise InvalidValue(f"there is no {name} in {self.description}")
        return self.once(name, lambda: self.managed(block).reference()), 2

    @property
    def description(self) -> str:
        """The module in a sentence."""
        return self.address or "the root module"

    def _data(self, path: tuple[str, ...]) -> tuple[Value, int]:
        value, taken = self._object("data", path[1:])
        return value, taken + 1

    def _ephemeral(self, path: tuple[str, ...]) -> tuple[Value, int]:
        """What an ephemeral resource gives is there while Terraform runs, and not before."""
        if path[1:3] not in self.declared.ephemeral:
            raise InvalidValue(f"there is no {'.'.join(path[:3])} in {self.description}")
        return Ephemeral(f"{self.prefix}{'.'.join(path[:3])}", exact=True), 3

    def _variable(self, path: tuple[str, ...]) -> tuple[Value, int]:
        return self.variable(path[1]), 2

    def _local(self, path: tuple[str, ...]) -> tuple[Value, int]:
        argument = self.declared.locals.get(path[1])
        if argument is None:
            raise InvalidValue(f'there is no local value named "{path[1]}" in {self.description}')
        return self.evaluated(f"local.{path[1]}", argument.expression), 2

    def _module(self, path: tuple[str, ...]) -> tuple[Value, int]:
        name = path[1]
        if name not in self.declared.modules:
            raise InvalidValue(f'there is no module named "{name}" in {self.description}')
        expanded = self.calls(name)
        base = f"{self.prefix}module.{name}"
        if expanded is None:
            return Pending(self.run.unread.get(self._dotted(name), base), exact=True), 2
        found, children = expanded
        return found.collect(base, {key: Outputs(child) for key, child in children.items()}), 2

    def _path(self, path: tuple[str, ...]) -> tuple[Value, int]:
        root = self.run.root
        places = {
            "module": os.path.relpath(self.declared.directory, root),
            "root": ".",
            "cwd": str(Path(root).resolve()),
        }
        if path[1] not in places:
            raise InvalidValue(f'there is no "path.{path[1]}", only path.module, path.root and path.cwd')
        if path[1] == "module" and self._is_copied:
            return Pending(f"{self.prefix}path.module", STRING, exact=True, not_null=True), 2
        return places[path[1]], 2

    @cached_property
    def _is_copied(self) -> bool:
        """Whether `terraform init` would copy this module, as it does one that an absolute path names."""
        if self.call is None:
            return False
        source = getattr(self.call.block.body.expression("source"), "constant", None)
        is_named = isinstance(source, str) and os.path.isabs(source) and self.name not in self.run.installed()
        return is_named or self.call.module._is_copied

    def _terraform(self, path: tuple[str, ...]) -> tuple[Value, int]:
        if path[1] != "workspace":
            raise InvalidValue(f'there is no "terraform.{path[1]}", only terraform.workspace')
        if self.run.settings.workspace is None:
            return Pending("terraform.workspace", STRING, exact=True, not_null=True), 2
        return self.run.settings.workspace, 2

    def _iteration(self, path: tuple[str, ...]) -> tuple[Value, int]:
        where = {
            "each": "blocks in which for_each is set",
            "count": "blocks in which count is set",
            "self": "provisioners, connections and postconditions",
        }
        raise InvalidValue(f'"{path[0]}" can be used only in {where[path[0]]}')

    def variable(self, name: str) -> Value:
        """The value of an input variable, after conversion, default and validation."""
        block = self.declared.variables.get(name)
        if block is None:
            raise InvalidValue(f'there is no variable named "{name}" in {self.description}')
        given = self.arguments.get(name)
        return self.once(f"var.{name}", lambda: variables.value(self.declaration(name), given, self))

    def declaration(self, name: str) -> Declared:
        """A variable's declaration: type, default, rules."""
        if name not in self._variables:
            block = self.declared.variables[name]
            self._variables[name] = variables.declared(block, self.run.problems)
        return self._variables[name]

    def output(self, name: str) -> Value:
        """The value of an output."""
        block = self.declared.outputs[name]
        expression = block.body.expression("value")
        if expression is None:
            self.run.problems.add(f'The output "{name}" has no value.', block.location)
            return None
        value = self.evaluated(f"output.{name}", expression)
        if self.call is None:
            keeping.check_output(block, value, self.run.problems)
        if getattr(block.body.expression("sensitive"), "constant", False) is True:
            mark(settled(value))
            return marked(value)
        return value

    def origins(self, root: str, name: str) -> Iterable[str]:
        """See `references.Origins`."""
        try:
            return self.once(f"origins of {root}.{name}", lambda: tuple(self._origins(root, name)))
        except InvalidValue:
            return ()  # a cycle, which the evaluation reports

    def _origins(self, root: str, name: str) -> Iterable[str]:
        if root == "var" and self.call is None:
            return (of_root(name),)
        if root == "var":
            return self.arguments[name].origins() if name in self.arguments else ()
        argument = self.declared.locals.get(name)
        return () if argument is None else Following(self, self.scope).expression(argument.expression)

    def managed(self, block: Block) -> Managed:
        """The instances of a resource or a data source."""
        key = (block.type, block.labels[0], block.labels[1])
        if key not in self._managed:
            self._managed[key] = Managed(self, block)
        return self._managed[key]

    def schema(self, mode: Mode, type: str) -> Schema | None:
        """The recorded schema of a type, unless this module asks for another version of the provider."""
        return schema.find(mode, type) if self._takes_recorded_provider else None

    @cached_property
    def _takes_recorded_provider(self) -> bool:
        """One version of the provider serves all modules, so that a caller's requirement binds too."""
        if self.call is not None and not self.call.module._takes_recorded_provider:
            return False
        required = settings_block.required_providers(self.declared).get("aws")
        return (
            required is None
            or required.version is None
            or versions.admits(required.version, schema.version())
        )

    def calls(self, name: str) -> tuple[Instances, dict[Key, Module]] | None:
        """The instances of a child module; None where its source is not on disk."""
        if name not in self._children:
            self._children[name] = self._call(name)
        return self._children[name]

    def uninstantiated(self, name: str, scope: Scope) -> Module | None:
        """A child module apart from its instances, called in a scope; None if it is not on disk."""
        block = self.declared.modules[name]
        path = self._dotted(name)
        declared = self.run.child(block, path, self.declared.directory, is_called=False)
        if declared is None:
            return None
        address = f"{self.prefix}module.{name}"
        arguments = self._arguments(block, scope, declared, address, self.run.stated)
        return Module(self.run, declared, arguments, address, path, Call(self, block))

    def _dotted(self, child: str) -> str:
        return f"{self.name}.{child}" if self.name else child

    def _call(self, name: str) -> tuple[Instances, dict[Key, Module]] | None:
        block = self.declared.modules[name]
        path = self._dotted(name)
        base = f"{self.prefix}module.{name}"
        try:
            found = self.once(f"module.{name}", lambda: instances(block.body, self.scope))
        except EvaluationError as error:
            self.run.problems.report(error)
            found = Instances({}, Pending(base, exact=True), repeats=True)
        is_called = bool(found.scopes) or found.unknown is not None
        declared = self.run.child(block, path, self.declared.directory, is_called=is_called)
        if declared is None:
            return None
        run = self.run if found.unknown is None else self.run.supposing()
        children = {
            key: Module(
                run,
                declared,
                self._arguments(block, scope, declared, f"{found.address(base, key)}", run.problems),
                found.address(base, key),
                path,
                Call(self, block),
            )
            for key, scope in found.scopes.items()
        }
        return found, children

    def _arguments(
        self, block: Block, scope: Scope, declared: Declarations, address: str, problems: Problems
    ) -> dict[str, Given]:
        evaluating = Evaluating(scope, problems)
        arguments: dict[str, Given] = {}
        for name, argument in block.body.arguments.items():
            if name in META:
                continue
            if name not in declared.variables:
                told = f'The module has no variable named "{name}".'
                self.run.problems.add(told, argument.location, hides=True)
                continue
            evaluate = partial(evaluating.value, argument.expression, f"{address}.var.{name}")
            following = Following(self, scope, partial(self._of_each, block))
            origins = partial(following.expression, argument.expression)
            arguments[name] = Given(evaluate, argument.location, origins)
        return arguments

    def _of_each(self, block: Block) -> tuple[str, ...]:
        """What `each.value` of a call is made from besides references."""
        found = partial(of_each, Following(self, self.scope), block.body)
        return self.once(f"for_each of module.{block.labels[0]}", found)

    def evaluated(self, name: str, expression: Expression) -> Value:
        """The value of an expression of this module, remembered under its name; a failed one is unknown."""

        def evaluate() -> Value:
            return Evaluating(self.scope, self.run.problems).value(expression, f"{self.prefix}{name}")

        return self.once(name, evaluate)

    def once(self, name: str, compute: Callable[[], Result]) -> Result:
        """Computes a thing the first time; raises `InvalidValue` where it turns out to depend on itself."""
        return self.run.once((id(self), name), f"{self.prefix}{name}", compute)


_ROOTS: dict[str, Callable[[Module, tuple[str, ...]], tuple[Value, int]]] = {
    "var": Module._variable,
    "local": Module._local,
    "data": Module._data,
    "ephemeral": Module._ephemeral,
    "module": Module._module,
    "path": Module._path,
    "terraform": Module._terraform,
    "each": Module._iteration,
    "count": Module._iteration,
    "self": Module._iteration,
}
