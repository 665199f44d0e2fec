"""What a module's names are known to be before any variable has a value.

Terraform checks a configuration in this state first, and refuses it for what it can tell already. Source:
Terraform CLI, "terraform validate": "independent of any provided variables or existing state".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.terraform.blocks import Evaluating
from plumbline.terraform.expressions.base import Scope
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.managed import Managed
from plumbline.terraform.values import Cycle, Pending, Value

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

_DEEPEST = 200
"""How many local values are followed through one another; what lies deeper is taken for unknown."""


def scope(module: Module) -> Scope:
    """The scope of a module's expressions in that state."""
    names = _Names(module)
    names.scope = module.scope.naming(names, {}, 0)
    return names.scope


def check(module: Module, block: Block) -> None:
    """Reports what of a resource or of a data source is refused, whatever instances it has."""
    Managed(module, block).check(scope(module), module.run.stated)


def check_all(module: Module) -> None:
    """Reports what of a module is refused that has no instances."""
    declared, evaluating = module.declared, Evaluating(scope(module), module.run.stated)
    for block in (*declared.resources.values(), *declared.data.values()):
        check(module, block)
    for name, argument in declared.locals.items():
        evaluating.value(argument.expression, f"local.{name}")
    for name, block in declared.outputs.items():
        evaluating.content(block.body, f"output.{name}", ("precondition",))


class _Names:
    scope: Scope

    def __init__(self, module: Module) -> None:
        self.module = module
        self.found: dict[str, Value] = {}
        self.open: set[str] = set()

    def resolve(self, path: tuple[str, ...]) -> tuple[Value, int]:
        """See `Names`: local values are as they evaluate, and what is decided later is unknown."""
        if path[0] in ("path", "terraform"):
            return self.module.resolve(path)
        if path[0] == "local" and path[1:2] and path[1] in self.module.declared.locals:
            return self._local(path[1]), 2
        return Pending(".".join(path)), len(path)

    def _local(self, name: str) -> Value:
        if name in self.open:
            raise Cycle(f"local.{name} depends on itself")
        if name not in self.found and len(self.open) < _DEEPEST:
            self.open.add(name)
            try:
                self.found[name] = self.module.declared.locals[name].expression.evaluate(self.scope)
            finally:
                self.open.discard(name)
        return self.found.get(name, Pending(f"local.{name}"))
