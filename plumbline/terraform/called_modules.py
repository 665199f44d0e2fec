"""The modules that a root calls, as `terraform init` meets them: what they say of themselves, unevaluated.

Whether a call has instances makes no difference to it: each module must be there, and what each requires of
a provider counts. Source: Terraform language, "Modules" and "Provider Requirements".
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from plumbline.terraform import code_reading, directory, references, schema, settings_block
from plumbline.terraform.code_reading import Typed
from plumbline.terraform.declarations import Declarations
from plumbline.terraform.directory import display_name
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.model import Problem, TerraformError
from plumbline.terraform.module import META
from plumbline.terraform.problems import Problems
from plumbline.terraform.run import is_local
from plumbline.values.files import Tree

_OFFICIAL = "hashicorp"
"""Whose a provider is that nobody says the source of."""
_REGISTRY = "registry.terraform.io/"
_BUILT_IN = "terraform"
"""The provider that is Terraform itself: of `terraform_data`, which nobody requires."""


@dataclass(frozen=True)
class Call:
    """A `module` block."""

    block: Block
    caller: Path

    @property
    def source(self) -> str:
        """Its source; empty where that is no constant."""
        found = getattr(self.block.body.expression("source"), "constant", None)
        return found if isinstance(found, str) else ""

    @property
    def folder(self) -> Path | None:
        """The folder that it names; None for a module that lies in a registry or another repository."""
        return Path(os.path.normpath(self.caller / self.source)) if is_local(self.source) else None

    @property
    def passed(self) -> set[str]:
        """The variables that it gives a value, which `null` is none of."""
        arguments = self.block.body.arguments.items()
        given = {name for name, it in arguments if getattr(it.expression, "constant", it) is not None}
        return given - META

    def __str__(self) -> str:
        return f'{self.block.location} module.{self.block.labels[0]} ("{self.source}")'


@dataclass(frozen=True)
class Code:
    """The Terraform code of one folder. Raises `TerraformError` where Terraform would not read it."""

    folder: Path
    tree: Tree

    @cached_property
    def _declared(self) -> Declarations:
        problems = Problems()
        try:
            declared = directory.read(self.folder, problems, self.tree)
        except RecursionError:
            told = Problem(f"{self.shown}: expressions are nested too deeply.")
            raise TerraformError((told,)) from None
        problems.raise_any()
        return declared

    @property
    def shown(self) -> str:
        """The folder, as a reader of this process's output can open it."""
        return display_name(self.folder)

    @property
    def required_version(self) -> str | None:
        """What it demands of Terraform itself."""
        return settings_block.required_version(self._declared)

    @property
    def variables(self) -> set[str]:
        """The variables that it declares."""
        return {*self._declared.variables}

    @cached_property
    def calls(self) -> list[Call]:
        """The modules that it calls."""
        return [Call(block, self.folder) for block in self._declared.modules.values()]

    @cached_property
    def providers(self) -> dict[str, str | None]:
        """What it demands of each provider that it uses, by the provider's address; None where nothing.

        A configuration of a provider may demand a version, too, which Terraform advises against and heeds.
        Source: Terraform language, "Provider Configuration", "version: An Older Way to Manage Provider
        Versions".
        """
        stated = settings_block.required_providers(self._declared)
        found: dict[str, str | None] = {}
        for name in dict.fromkeys((*stated, *self._used)):
            if name == _BUILT_IN and name not in stated:
                continue
            required = stated.get(name)
            source = required.source if required else None
            constraints = [required.version if required else None, *self._configured(name)]
            demanded = [it for it in constraints if it is not None]
            found[provider_address(source or name)] = ", ".join(demanded) if demanded else None
        return found

    def _configured(self, name: str) -> Iterator[str]:
        """Yield the versions that configurations of a provider demand, by its local name."""
        for called, block in self._declared.providers.items():
            version = getattr(block.body.expression("version"), "constant", None)
            if called.partition(".")[0] == name and isinstance(version, str):
                yield version

    @property
    def types(self) -> list[Typed]:
        """The resources and data sources that it declares, each with its type."""
        return [
            Typed(mode, block.labels[0], self._address(self._provider(block)), block.location)
            for mode, blocks in self._typed
            for block in blocks
        ]

    @property
    def data_sources(self) -> list[str]:
        """The data sources that it declares, as expressions write them: `data.aws_region.own`."""
        return [f"data.{type_}.{name}" for type_, name in self._declared.data]

    def reads(self, attributes: Iterable[str]) -> list[str]:
        """Return where its expressions read an attribute of a type: `aws_x.invoke_url`."""
        return [*code_reading.reads(self._declared, attributes)]

    def may_read(self, attributes: Iterable[str]) -> list[str]:
        """Return where its expressions read an attribute of such a name, of what may be anything."""
        return [*code_reading.may_read(self._declared, attributes)]

    def passed_on(self, attributes: Iterable[str]) -> list[str]:
        """Return where its expressions hand on a whole resource of one of these types."""
        return [*code_reading.passed_on(self._declared, attributes)]

    @property
    def _typed(self) -> tuple[tuple[schema.Mode, list[Block]], ...]:
        return ("resource", [*self._declared.resources.values()]), ("data", [*self._declared.data.values()])

    def _address(self, name: str) -> str:
        """Return the address of the provider that has a local name."""
        required = settings_block.required_providers(self._declared).get(name)
        if name == _BUILT_IN and required is None:
            return code_reading.BUILT_IN
        return provider_address(required.source if required and required.source else name)

    @staticmethod
    def _provider(block: Block) -> str:
        """Return the local name of the provider that a resource or data source is of."""
        named = block.body.expression("provider")
        written = None if named is None else getattr(named, "constant", None) or references.path(named)
        return str(written).partition(".")[0] if written else block.labels[0].split("_", 1)[0]

    @property
    def _used(self) -> Iterator[str]:
        """Yield the local names of the providers that its resources and data sources are of."""
        yield from (self._provider(block) for _, blocks in self._typed for block in blocks)
        yield from (it.partition(".")[0] for it in self._declared.providers)


def provider_address(source: str) -> str:
    """Return the whole address of a provider: `registry.terraform.io/hashicorp/aws` of `aws`.

    Source: Terraform language, "Provider Requirements", "Source Addresses".
    """
    steps = source.lower().split("/")
    if len(steps) == 1:
        steps = [_OFFICIAL, *steps]
    return "/".join(steps) if len(steps) > 2 else _REGISTRY + "/".join(steps)


def reached(root: Path, tree: Tree) -> list[Code]:
    """Return the code of a root, and of every module of the checkout that it calls, each folder once."""
    found: dict[str, Code] = {}
    ahead = [root]
    while ahead:
        folder = ahead.pop()
        if (real := os.path.realpath(folder)) not in found:
            found[real] = Code(folder, tree)
            ahead += (it.folder for it in found[real].calls if it.folder and is_held(it.folder, tree))
    return [*found.values()]


def is_held(folder: Path, tree: Tree) -> bool:
    """Return whether a folder is one of the checkout that holds Terraform code."""
    return tree.holds(folder) and bool(directory.configuration_files(folder))


def elsewhere(code: Iterable[Code]) -> list[Call]:
    """Return the calls of modules that are no folder of the checkout that holds Terraform code."""
    return [
        call
        for each in code
        for call in each.calls
        if call.folder is None or not is_held(call.folder, each.tree)
    ]


def code_of(call: Call, code: Iterable[Code]) -> Code | None:
    """Return the code that is called, if it is among some."""
    place = os.path.realpath(call.folder) if call.folder else ""
    return next((it for it in code if os.path.realpath(it.folder) == place), None)
