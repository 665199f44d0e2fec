"""What the files of one module directory declare, with override files merged in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbline.terraform.hcl.body import Argument, Block, Body
from plumbline.terraform.problems import Problems

# The labels that each kind of block takes.
LABELS = {
    "variable": 1,
    "output": 1,
    "locals": 0,
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "module": 1,
    "provider": 1,
    "terraform": 0,
    "moved": 0,
    "removed": 0,
    "import": 0,
    "check": 1,
}
_REPEATING = frozenset({"count", "for_each"})


@dataclass(slots=True)
class Declarations:
    """One module as written; the keys of resources and data sources are (type, name)."""

    directory: Path
    variables: dict[str, Block] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Argument] = field(default_factory=dict)
    resources: dict[tuple[str, str], Block] = field(default_factory=dict)
    data: dict[tuple[str, str], Block] = field(default_factory=dict)
    ephemeral: dict[tuple[str, str], Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)
    providers: dict[str, Block] = field(default_factory=dict)
    terraform: list[Block] = field(default_factory=list)
    checks: dict[str, Block] = field(default_factory=dict)
    scoped: dict[tuple[str, str], str] = field(default_factory=dict)
    """The data sources of check blocks, which are known there alone, with the label of each one's check."""
    other: list[Block] = field(default_factory=list)


class Collecting:
    """Enters the blocks of one file after another, and refuses what is declared twice."""

    def __init__(self, declarations: Declarations, problems: Problems) -> None:
        self.declared = declarations
        self.problems = problems

    def add(self, body: Body) -> None:
        """Enters the blocks of an ordinary file."""
        for block in self._valid(body):
            if block.type == "locals":
                self._locals(block)
            elif block.type == "terraform":
                self._required_once(block)
                self.declared.terraform.append(block)
            elif block.type in ("moved", "removed", "import"):
                self.declared.other.append(block)
            else:
                self._unique(block)
            if block.type == "check":
                self._scoped(block)

    def _required_once(self, settings: Block) -> None:
        """A module has one required_providers block; those of override files are merged into it."""
        before = [it for block in self.declared.terraform for it in block.body.of_type("required_providers")]
        every = [*before, *settings.body.of_type("required_providers")]
        for extra in every[max(1, len(before)) :]:
            told = f"A required_providers block was already declared at {every[0].location}."
            self.problems.add(told, extra.location)

    def override(self, body: Body) -> None:
        """Merges the blocks of an override file into those declared already."""
        for block in self._valid(body):
            if block.type == "locals":
                self._override_locals(block)
            elif block.type == "terraform":
                override_settings(self.declared.terraform, block)
            elif block.type in ("moved", "removed", "import", "ephemeral"):
                self.problems.add(
                    f"An override file cannot have a {block.type} block.", block.location, hides=True
                )
            else:
                self._override(block)

    def _valid(self, body: Body) -> list[Block]:
        for argument in body.arguments.values():
            self.problems.add(f'An argument named "{argument.name}" is not expected here.', argument.location)
        return [block for block in body.blocks if self._check(block)]

    def _check(self, block: Block) -> bool:
        if block.type not in LABELS:
            self.problems.add(
                f'Blocks of type "{block.type}" are not expected here.', block.location, hides=True
            )
            return False
        if len(block.labels) != LABELS[block.type]:
            expected = LABELS[block.type]
            self.problems.add(
                f"The number of labels of a {block.type} block is {expected}, not {len(block.labels)}.",
                block.location,
                hides=True,
            )
            return False
        for label in block.labels:
            if not label.replace("-", "_").isidentifier():
                self.problems.add(f'"{label}" is not a valid name.', block.location)
        return True

    def _locals(self, block: Block) -> None:
        for stray in block.body.blocks:
            self.problems.add(f'Blocks of type "{stray.type}" are not expected here.', stray.location)
        for name, argument in block.body.arguments.items():
            if (first := self.declared.locals.get(name)) is not None:
                self.problems.add(
                    f'The local value "{name}" was already declared at {first.location}.',
                    argument.location,
                    hides=True,
                )
            self.declared.locals[name] = argument

    def _override_locals(self, block: Block) -> None:
        for name, argument in block.body.arguments.items():
            if name not in self.declared.locals:
                told = f'There is no local value "{name}" to override.'
                self.problems.add(told, argument.location, hides=True)
            self.declared.locals[name] = argument

    def _table(self, block: Block) -> tuple[dict[Any, Block], str | tuple[str, str]]:
        tables_of_types = {
            "resource": self.declared.resources,
            "data": self.declared.data,
            "ephemeral": self.declared.ephemeral,
        }
        if block.type in tables_of_types:
            return tables_of_types[block.type], (block.labels[0], block.labels[1])
        tables = {
            "variable": self.declared.variables,
            "output": self.declared.outputs,
            "module": self.declared.modules,
            "provider": self.declared.providers,
            "check": self.declared.checks,
        }
        return tables[block.type], provider_key(block) if block.type == "provider" else block.labels[0]

    def _unique(self, block: Block) -> None:
        table, key = self._table(block)
        first = table.get(key)
        if first is not None:
            name = key if isinstance(key, str) else ".".join(key)
            self.problems.add(
                f'The {block.type} "{name}" was already declared at {first.location}.',
                block.location,
                hides=True,
            )
        table[key] = block

    def _scoped(self, check: Block) -> None:
        """Enters the data sources of a check; their names are unique in the module."""
        for block in check.body.of_type("data"):
            if self._check(block):
                self._unique(block)
                self.declared.scoped[block.labels[0], block.labels[1]] = check.labels[0]

    def _override(self, block: Block) -> None:
        table, key = self._table(block)
        base = table.get(key)
        if base is None:
            name = key if isinstance(key, str) else ".".join(key)
            self.problems.add(f'There is no {block.type} "{name}" to override.', block.location, hides=True)
            return
        table[key] = merged(base, block)


def provider_key(block: Block) -> str:
    """`aws`, or `aws.west` for a configuration with an alias."""
    alias = block.body.arguments.get("alias")
    name = getattr(alias.expression, "constant", None) if alias is not None else None
    return f"{block.labels[0]}.{name}" if isinstance(name, str) else block.labels[0]


def merged(base: Block, override: Block) -> Block:
    """A block with an override's arguments; nested blocks of a type that the override has are replaced."""
    arguments = {**base.body.arguments, **override.body.arguments}
    if arguments.keys() >= _REPEATING and not any(
        it.body.arguments.keys() >= _REPEATING for it in (base, override)
    ):
        del arguments["for_each"]  # which Terraform refuses in one file, and passes over in two
    replaced = {_block_type(block) for block in override.body.blocks} - {"lifecycle"}
    blocks = [_merged_lifecycle(b, override) for b in base.body.blocks if _block_type(b) not in replaced]
    own = {"lifecycle"} if any(block.type == "lifecycle" for block in blocks) else set()
    blocks += [block for block in override.body.blocks if block.type not in own]
    return Block(base.type, base.labels, Body(arguments, blocks), base.source, base.offset)


def _block_type(block: Block) -> str:
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _merged_lifecycle(block: Block, override: Block) -> Block:
    for other in override.body.of_type("lifecycle"):
        if block.type == "lifecycle":
            block = merged(block, other)
    return block


def override_settings(settings: list[Block], override: Block) -> None:
    """A `terraform` block of an override file: a backend replaces the backend, the rest merges."""
    if not settings:
        settings.append(override)
        return
    replaced = ("backend", "cloud") if override.body.of_type("backend", "cloud") else ()
    settings[:] = [*(_without(block, override.body.arguments, replaced) for block in settings), override]


def _without(block: Block, arguments: Collection[str], types: Collection[str]) -> Block:
    """A block without some arguments, and without the blocks of some types."""
    kept = {name: it for name, it in block.body.arguments.items() if name not in arguments}
    body = Body(kept, [it for it in block.body.blocks if it.type not in types])
    return Block(block.type, block.labels, body, block.source, block.offset)
