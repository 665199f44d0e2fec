"""What `moved`, `removed` and `import` blocks say of addresses, as far as Terraform refuses it.

Source: Terraform language, "Refactor modules", "Remove a resource from state" and "Import", and what
Terraform says of small roots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from plumbline.terraform import provisioners, references
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.module import Module
from plumbline.terraform.problems import Problems
from plumbline.terraform.strays import strays

_KEY = r"""\[(?:\d+|"(?:[^"\\]|\\.)*")\]"""
_KEYS = re.compile(_KEY)
_ENDS_IN_KEY = re.compile(rf"{_KEY}$")
_ADDRESS = re.compile(
    rf"(?:module\.[\w-]+(?:{_KEY})?(?:\.|$))*(?:(?:data\.)?(?!module\.)[\w-]+\.[\w-]+(?:{_KEY})?)?"
)
_UNKNOWN = re.compile(r"\[\*\]")
_OF_MODULE = re.compile(rf"(?:.*\.)?module\.[\w-]+(?:{_KEY})?$", re.DOTALL)

_TAKES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "moved": (("from", "to"), ()),
    "removed": (("from",), ("lifecycle", "provisioner", "connection")),
    "import": (("to", "id", "identity", "provider", "for_each"), ()),
}
"""The arguments and the blocks of each."""


def check(root: Module) -> None:
    """Report what a root module and those that it calls say of addresses, and Terraform refuses."""
    _Checks(root.run.problems, [*_tree(root)]).all()


def _tree(module: Module) -> Iterator[Module]:
    """Yield a module and all that it calls, each instance of them."""
    yield module
    for name in module.declared.modules:
        for child in (module.calls(name) or ({}, {}))[1].values():
            yield from _tree(child)


@dataclass
class _Checks:
    problems: Problems
    modules: list[Module]
    moved_to: dict[str, str] = field(default_factory=dict)
    moved_from: dict[str, str] = field(default_factory=dict)

    def all(self) -> None:
        """Check the blocks of every module."""
        for module in self.modules:
            imported: set[str] = set()
            for block in module.declared.other:
                self._strays(block, *_TAKES[block.type])
                if block.type == "moved":
                    self._moved(module, block)
                elif block.type == "removed":
                    self._removed(module, block)
                else:
                    self._imported(module, block, imported)

    @cached_property
    def _declared(self) -> dict[str, Block]:
        """Resources and calls of modules by their addresses, whatever instances they have."""
        found: dict[str, Block] = {}
        for module in self.modules:
            prefix, declared = module.prefix, module.declared
            found |= {f"{prefix}{'.'.join(name)}": block for name, block in declared.resources.items()}
            found |= {f"{prefix}module.{name}": block for name, block in declared.modules.items()}
        return found

    @cached_property
    def _declared_once(self) -> dict[str, Block]:
        """As `_declared`, without the keys of the modules that they lie in."""
        return {_KEYS.sub("", address): block for address, block in self._declared.items()}

    @cached_property
    def _instances(self) -> set[str]:
        """The addresses of instances of resources and of modules."""
        found = {it.address for it in self.modules}
        for module in self.modules:
            for managed in map(module.managed, module.declared.resources.values()):
                found |= {managed.instances.address(managed.address, key) for key in managed.values}
        return found

    def _moved(self, module: Module, block: Block) -> None:
        source, target = self._address(module, block, "from"), self._address(module, block, "to")
        if not source or not target:
            return
        if bool(_OF_MODULE.match(source)) != bool(_OF_MODULE.match(target)):
            self._tell("A resource and a module cannot become one another.", block)
            return
        of_instances = _ENDS_IN_KEY.search(source) or _ENDS_IN_KEY.search(target)
        if source == target:
            self._tell(f"{source} is moved to where it is.", block)
        elif source in (self._instances if of_instances else self._declared):
            self._tell(f"{source} is moved away, and is still declared.", block)
        elif self.moved_to.setdefault(source, target) != target:
            self._tell(f"{source} is moved to {self.moved_to[source]} already.", block)
        elif self.moved_from.setdefault(target, source) != source:
            self._tell(f"{self.moved_from[target]} is moved to {target} already.", block)
        elif self._comes_back(source):
            self._tell(f"{source} is moved in a circle.", block)

    def _comes_back(self, address: str) -> bool:
        at, met = self.moved_to.get(address), {address}
        while at is not None and at not in met:
            met.add(at)
            at = self.moved_to.get(at)
        return at == address

    def _removed(self, module: Module, block: Block) -> None:
        source = self._address(module, block, "from")
        self._removal(block, of_module=bool(_OF_MODULE.match(source)))
        if not source:
            return
        source = _KEYS.sub("", module.prefix) + source.removeprefix(module.prefix)
        if _KEYS.search(source):
            self._tell("What is removed is named without the keys of instances.", block, "from")
            return
        if source in self._declared_once:
            told = f"{source} is still declared, and removed at {block.location}."
            self._tell(told, self._declared_once[source])

    def _removal(self, block: Block, *, of_module: bool) -> None:
        """How something is removed: whether it is destroyed, and what is done then."""
        for lifecycle in block.body.of_type("lifecycle"):
            self._strays(lifecycle, ("destroy",), ())
            destroy = lifecycle.body.expression("destroy")
            if destroy is not None and any(True for _ in references.roots([destroy])):
                self.problems.report(destroy.error("destroy is true or false, written out"))
        for sentence, place in provisioners.told_of_removed(block):
            self.problems.add(sentence, place)
        for provisioner in block.body.of_type("provisioner") if of_module else ():
            self._tell("Provisioners are of a resource that is removed, and of no module.", provisioner)

    def _imported(self, module: Module, block: Block, imported: set[str]) -> None:
        target = block.body.expression("to")
        address = None if target is None else references.path(target)
        if module.call is not None:
            self._tell("Only a root module can import.", block)
        elif target is None:
            self._tell('The argument "to" is required, and is missing.', block)
        elif not {"id", "identity"} & block.body.arguments.keys():
            self._tell('The argument "id" is required, and is missing.', block)
        elif "id" in block.body.arguments and not self._identifies(block, address):
            self._tell("The id of what is imported is a text of its own.", block, "id")
        elif address is not None and _OF_MODULE.match(address):
            self._tell("A resource is imported, and no module.", block, "to")
        elif address in imported:
            self._tell(f"{address} is imported twice.", block, "to")
        elif address is not None and not _UNKNOWN.search(address):
            imported.add(address)
            if self._is_nowhere(address.removeprefix("resource.")):
                self._tell(f"{address} is imported, and not declared.", block, "to")

    @staticmethod
    def _identifies(block: Block, address: str | None) -> bool:
        """Whether an id may be one: neither empty, nor taken from what is imported by it."""
        given = block.body.arguments["id"].expression
        own = _KEYS.sub("", _UNKNOWN.sub("", address or "")).removeprefix("resource.")
        read = {".".join(it.path[:2]) for it, _ in references.roots([given])}
        return getattr(given, "constant", given) not in (None, "") and own not in read

    def _is_nowhere(self, address: str) -> bool:
        """Whether nothing of this address is declared, nor may be: of some nobody knows the instances."""
        bare = _KEYS.sub("", address)
        lies_in_unread = any(bare.startswith(f"{it}.") for it in self._unread)
        return address not in self._instances and bare not in self._undecided and not lies_in_unread

    @cached_property
    def _undecided(self) -> set[str]:
        """The addresses without keys of what nobody knows the instances of."""
        return {_KEYS.sub("", _UNKNOWN.sub("", it)) for it in self._instances if _UNKNOWN.search(it)}

    @cached_property
    def _unread(self) -> set[str]:
        """The calls of modules that are not on disk, without the keys of instances."""
        return {
            _KEYS.sub("", f"{module.prefix}module.{name}")
            for module in self.modules
            for name in module.declared.modules
            if module.calls(name) is None
        }

    def _address(self, module: Module, block: Block, name: str) -> str:
        """Return what an argument names, from the root on; empty where it names nothing that can be."""
        given = block.body.expression(name)
        if given is None:
            self._tell(f'The argument "{name}" is required, and is missing.', block)
            return ""
        address = (references.path(given) or "").removeprefix("resource.")
        if not address or not _ADDRESS.fullmatch(address):
            self.problems.report(given.error("the address of a resource or of a module is required"))
            return ""
        return "" if address.startswith("data.") else f"{module.prefix}{address}"

    def _strays(self, block: Block, arguments: tuple[str, ...], blocks: tuple[str, ...]) -> None:
        for sentence, place in strays(block, arguments, blocks):
            self.problems.add(sentence, place)

    def _tell(self, sentence: str, block: Block, argument: str = "") -> None:
        given = block.body.expression(argument)
        self.problems.add(sentence, block.location if given is None else given.location)
