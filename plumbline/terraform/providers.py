"""Which provider configuration a resource uses, also through the `providers` of module calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plumbline.terraform import references
from plumbline.terraform.blocks import Evaluating
from plumbline.terraform.conformity import conformed
from plumbline.terraform.expressions.base import Literal
from plumbline.terraform.expressions.collections import Object
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.values import Value

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

OF_THE_LANGUAGE = frozenset({"alias", "version"})
"""What the language itself defines in the configuration of any provider."""


class Providers:
    """The provider configurations that the resources of one module can name."""

    def __init__(
        self, module: Module, parent: Providers | None = None, passed: dict[str, str] | None = None
    ) -> None:
        self.module = module
        self.parent = parent
        self.passed = passed or {}

    def used_by(self, block: Block) -> dict[str, Value]:
        """The evaluated configuration that a resource block uses; empty where there is none."""
        return self.configuration(self.name(block), block)

    def name(self, block: Block) -> str:
        """The configuration's name in this module, such as `aws` or `aws.west`."""
        expression = block.body.expression("provider")
        if expression is None:
            return block.labels[0].split("_", 1)[0]
        if isinstance(expression, Literal):
            return str(expression.constant)
        return references.path(expression) or ""

    def declaring(self, block: Block) -> tuple[Module, Block] | None:
        """The configuration that a resource block uses as it is written, and the module that it stands in."""
        return self._found(self.name(block))

    def _found(self, name: str) -> tuple[Module, Block] | None:
        if name in self.passed and self.parent is not None:
            return self.parent._found(self.passed[name])
        block = self.module.declared.providers.get(name)
        if block is not None:
            return self.module, block
        return None if self.parent is None or "." in name else self.parent._found(name)

    def configuration(self, name: str, user: Block) -> dict[str, Value]:
        """The configuration of a name in this module, or in the calling one where it is not here."""
        if name in self.passed and self.parent is not None:
            return self.parent.configuration(self.passed[name], user)
        block = self.module.declared.providers.get(name)
        if block is not None:
            return self.module.once(f"provider.{name}", lambda: self._evaluated(block, name))
        if "." not in name:
            return {} if self.parent is None else self.parent.configuration(name, user)
        self.module.run.problems.add(
            f'There is no configuration "{name}" of a provider in {self.module.description}.', user.location
        )
        return {}

    def _evaluated(self, block: Block, name: str) -> dict[str, Value]:
        problems, address = self.module.run.problems, f"{self.module.prefix}provider.{name}"
        values = Evaluating(self.module.scope, problems).content(block.body, address, OF_THE_LANGUAGE)
        return conformed(values, self.module.schema("provider", block.labels[0]), block, address, problems)


def passed(block: Block) -> dict[str, str]:
    """What the `providers` argument of a module block passes: the child's names, each with the caller's."""
    expression = block.body.expression("providers")
    if not isinstance(expression, Object):
        return {}
    names: dict[str, str] = {}
    for key, value in expression.items:
        inner = key.constant if isinstance(key, Literal) else references.path(key)
        outer = value.constant if isinstance(value, Literal) else references.path(value)
        names[str(inner)] = str(outer)
    return names
