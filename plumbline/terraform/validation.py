"""Checks what Terraform refuses before it evaluates anything, so that it counts where nothing is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from plumbline.terraform import beforehand, references, schema, structure
from plumbline.terraform.conformity import Checking
from plumbline.terraform.declarations import provider_key
from plumbline.terraform.dynamic_blocks import before_evaluation, collections_inside
from plumbline.terraform.expressions.access import Reference
from plumbline.terraform.expressions.base import Expression, Literal
from plumbline.terraform.expressions.calls import Call
from plumbline.terraform.expressions.collections import Tuple
from plumbline.terraform.functions import SPECIAL, find
from plumbline.terraform.hcl.body import Argument, Block, Body
from plumbline.terraform.managed import META
from plumbline.terraform.providers import OF_THE_LANGUAGE, passed
from plumbline.terraform.run import is_local
from plumbline.terraform.sensitivity import Sensitivity
from plumbline.terraform.settings_block import configuration_aliases
from plumbline.terraform.strays import strays
from plumbline.terraform.values import InvalidValue

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

_RESERVED = frozenset(
    {
        "source",
        "version",
        "providers",
        "count",
        "for_each",
        "lifecycle",
        "depends_on",
        "locals",
        "provider",
        "_",
    }
)
# The arguments and blocks of what the language itself defines.
_KNOWN: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "output": (
        frozenset({"value", "description", "sensitive", "depends_on", "ephemeral"}),
        frozenset({"precondition"}),
    ),
    "lifecycle": (
        frozenset({"create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"}),
        frozenset({"precondition", "postcondition"}),
    ),
    "terraform": (
        frozenset({"required_version", "experiments", "language"}),
        frozenset({"backend", "cloud", "required_providers", "provider_meta"}),
    ),
    "validation": (frozenset({"condition", "error_message"}), frozenset()),
    "precondition": (frozenset({"condition", "error_message"}), frozenset()),
    "postcondition": (frozenset({"condition", "error_message"}), frozenset()),
    "assert": (frozenset({"condition", "error_message"}), frozenset()),
    "check": (frozenset(), frozenset({"assert", "data"})),
}
_CONDITIONS = frozenset({"validation", "precondition", "postcondition", "assert"})
_KEYWORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "provisioner": {"when": ("create", "destroy"), "on_failure": ("continue", "fail")},
}
# Blocks that the AWS provider takes once, and arguments of which it takes one: its schema says neither.
_ONCE = ("default_tags", "ignore_tags", "assume_role_with_web_identity")
_EITHER = ("allowed_account_ids", "forbidden_account_ids")
# Arguments whose words are no references to values.
_NO_VALUES = frozenset({"provider", "providers", "depends_on", "ignore_changes", "iterator"})


def check(module: Module) -> None:
    """Reports references to what is not declared, unknown functions and arguments, and the like."""
    structure.check(module)
    _Checks(module).all()


class _Checks:
    def __init__(self, module: Module) -> None:
        self.module = module
        self.declared = module.declared
        self.problems = module.run.stated
        self.beforehand = beforehand.scope(module)
        self.check = ""  # the label of the check block that is looked at

    def all(self) -> None:
        """Checks every block of the module."""
        for block in self._blocks():
            self.check = block.labels[0] if block.type == "check" else ""
            self._known(block)
            repeats: set[str] = {"count", "for_each"} & block.body.arguments.keys()
            skip = {"type"} if block.type == "variable" else set()
            self._body(block.body, frozenset(), repeats, skip)
            if block.type == "variable":
                self.module.declaration(block.labels[0])
            if block.type in ("resource", "data"):
                self._schema(block)
            if "for_each" in repeats:
                self._repeated(block)
            if block.type == "output" and self.module.call is None:
                self._given_out(block)
            if block.type == "output":
                self._flag(block, "sensitive")
            if block.type == "module":
                self._source(block)
                self._passed(block)
            if block.type == "check" and not block.body.of_type("assert"):
                self.problems.add("A check needs an assert block at least.", block.location)
            if block.type in ("resource", "data", "ephemeral"):
                self._provider(block)
        self.check = ""
        self._aliases()
        for block in self.declared.terraform:
            self._known(block)
        for block in self.declared.other:
            if block.type == "import":
                self._imported(block)
        for argument in self.declared.locals.values():
            self._expression(argument.expression, frozenset(), set())
        for name, block in self.declared.variables.items():
            if name in _RESERVED:
                self.problems.add(f'"{name}" is reserved, and cannot name a variable.', block.location)

    def _blocks(self) -> Iterator[Block]:
        tables: list[Mapping[str, Block] | Mapping[tuple[str, str], Block]] = [
            self.declared.variables,
            self.declared.outputs,
            self.declared.resources,
            self.declared.data,
            self.declared.ephemeral,
            self.declared.modules,
            self.declared.checks,
        ]
        for table in tables:
            yield from table.values()

    def _known(self, block: Block) -> None:
        """Reports what the language does not define in a block of its own, and in those inside."""
        if block.type in _KNOWN:
            for sentence, place in strays(block, *_KNOWN[block.type]):
                self.problems.add(sentence, place)
        for inner in block.body.blocks:
            if inner.type in _KNOWN and inner.type != "terraform":
                self._known(inner)
        if block.type in _CONDITIONS:
            self._condition(block)

    def _condition(self, block: Block) -> None:
        expression = block.body.expression("condition")
        if expression is None or "error_message" not in block.body.arguments:
            self.problems.add(f"A {block.type} needs a condition and an error_message.", block.location)
        elif not any(True for _ in references.roots([expression])):
            self.problems.report(expression.error("a condition that refers to nothing checks nothing"))

    def _flag(self, block: Block, name: str) -> None:
        expression = block.body.expression(name)
        if isinstance(expression, Literal) and expression.constant not in (True, False, "true", "false"):
            self.problems.report(expression.error("a bool is required"))

    def _source(self, block: Block) -> None:
        source, version = block.body.expression("source"), block.body.expression("version")
        if version is not None and isinstance(source, Literal) and is_local(str(source.constant)):
            self.problems.report(source.error("a version is for modules of a registry, not for directories"))

    def _aliases(self) -> None:
        """What a module says that it is to be passed must be, and a root module has to configure itself."""
        call = self.module.call
        given = self.declared.providers.keys() if call is None else passed(call.block).keys()
        for name in configuration_aliases(self.declared):
            if name not in given and (call is not None or "." in name):
                place = next((it.location for it in self.declared.terraform), None)
                told = f'{self.module.description} needs a configuration "{name}" of a provider'
                whose = "and has none" if call is None else "and is passed none: providers = { ... }"
                self.problems.add(
                    f"{told[:1].upper()}{told[1:]}, {whose}.", place if call is None else call.block.location
                )

    def _passed(self, block: Block) -> None:
        """What is passed to a module must be there."""
        own = {*self.declared.providers, *configuration_aliases(self.declared)}
        for name in passed(block).values():
            if "." in name and name not in own:
                told = f'There is no configuration "{name}" of a provider in {self.module.description}.'
                self.problems.add(told, block.body.arguments["providers"].location)

    def _imported(self, block: Block) -> None:
        """What is imported must be declared."""
        repeats = {"for_each"} & block.body.arguments.keys()
        target, given = block.body.expression("to"), block.body.expression("id")
        for reference, _ in references.roots([] if target is None else [target]):
            if reference.path[0] != "module":
                self._reference(reference, repeats, attributes=False)
        if given is not None:
            self._expression(given, frozenset(), repeats)
        if repeats:
            self._expression(block.body.arguments["for_each"].expression, frozenset(), set())

    def _provider(self, block: Block) -> None:
        """The configuration that a block uses; Terraform never looks at one that nothing uses."""
        declaring = self.module.providers.declaring(block)
        if declaring is not None:
            module, provider = declaring
            module.once(
                f"check of provider.{provider_key(provider)}", lambda: _Checks(module).provider(provider)
            )

    def provider(self, block: Block) -> None:
        """Checks the configuration of a provider: what it refers to, and what it may hold."""
        self._body(block.body, frozenset(), set())
        found = self.module.schema("provider", block.labels[0])
        if found is not None:
            Checking(self.problems, self.beforehand).body(block.body, found, block.location, OF_THE_LANGUAGE)
            for extra in (it for name in _ONCE for it in block.body.of_type(name)[1:]):
                self.problems.add(f'No more than 1 "{extra.type}" blocks are allowed.', extra.location)
            if all(name in block.body.arguments for name in _EITHER):
                self.problems.add(f"{' and '.join(_EITHER)} exclude each other.", block.location)

    def _ignored(self, block: Block, found: schema.Schema) -> None:
        """Ignored attributes must exist."""
        for lifecycle in block.body.of_type("lifecycle"):
            listed = lifecycle.body.expression("ignore_changes")
            for child in listed.children() if isinstance(listed, Tuple) else ():
                for reference, _ in references.roots([child]):
                    name = reference.path[0]
                    if found.attribute(name) is None and found.block(name) is None:
                        self.problems.report(reference.error(f'{block.labels[0]} has no attribute "{name}"'))

    def _repeated(self, block: Block) -> None:
        expression = block.body.arguments["for_each"].expression
        if Sensitivity(self.module).marks(expression):
            self.problems.report(expression.error("sensitive values cannot become the keys of instances"))

    def _given_out(self, block: Block) -> None:
        """An output of the root module that is sensitive must say so."""
        value, flag = block.body.expression("value"), block.body.expression("sensitive")
        marked = flag is not None and getattr(flag, "constant", True) in (True, "true")
        if value is not None and not marked and Sensitivity(self.module).contains(value):
            sentence = f'The output "{block.labels[0]}" is sensitive, and must say so: sensitive = true.'
            self.problems.add(sentence, block.location)

    def _schema(self, block: Block) -> None:
        mode: schema.Mode = "resource" if block.type == "resource" else "data"
        type = block.labels[0]
        found = self.module.schema(mode, type)
        if found is not None:
            skip = META if mode == "resource" else META - {"provisioner", "connection"}
            Checking(self.problems, self.beforehand).body(block.body, found, block.location, skip)
            self._ignored(block, found)
        elif type.startswith("aws_") and self.module.schema("resource", "aws_s3_bucket") is not None:
            self.problems.add(f'The AWS provider has no {mode} type "{type}".', block.location)

    def _body(
        self, body: Body, bound: frozenset[str], repeats: set[str], skip: Iterable[str] = (), of: str = ""
    ) -> None:
        for name, argument in body.arguments.items():
            if name == "depends_on":
                self._depends_on(argument.expression)
            elif name in _KEYWORDS.get(of, {}):
                self._keyword(argument, _KEYWORDS[of][name])
            elif name == "replace_triggered_by" and isinstance(argument.expression, Tuple):
                for reference, _ in references.roots(argument.expression.children()):
                    if reference.path[0] not in ("each", "count"):
                        self._reference(reference, repeats, attributes=False)
            elif name not in _NO_VALUES and name not in skip and name != "replace_triggered_by":
                own = set() if name in ("count", "for_each") and not bound else repeats
                self._expression(argument.expression, bound, own)
        for block in body.blocks:
            inner = bound | {references.iterator_name(block)} if block.type == "dynamic" else bound
            if block.type in ("provisioner", "connection", "postcondition"):
                inner = inner | {"self"}
            if block.type == "dynamic":
                self._dynamic(block, bound, inner, repeats)
            else:
                self._body(block.body, inner, repeats, of=block.type)

    def _keyword(self, argument: Argument, keywords: tuple[str, ...]) -> None:
        """A bare word that is no reference, and may be quoted."""
        expression = argument.expression
        word = references.path(expression) or getattr(expression, "constant", None)
        if word not in keywords:
            told = f"{argument.name} is one of these keywords: {', '.join(keywords)}"
            self.problems.report(expression.error(told))

    def _dynamic(self, block: Block, bound: frozenset[str], inner: frozenset[str], repeats: set[str]) -> None:
        """The iterator is known in the content, not in for_each; what is not repeated is not looked at."""
        for name, argument in block.body.arguments.items():
            if name == "for_each":
                self._expression(argument.expression, bound, repeats)
            elif name != "iterator":
                self.problems.add(f'An argument named "{name}" is not expected here.', argument.location)
        found = before_evaluation(block, self.beforehand)
        if found.scopes and found.unknown is None:
            self._body(found.content, inner, repeats)
        else:
            self._collections(found.content, inner, repeats)

    def _collections(self, body: Body, bound: frozenset[str], repeats: set[str]) -> None:
        """The references by which dynamic blocks inside would be repeated."""
        bound = bound | {references.iterator_name(block) for block, _ in collections_inside(body)}
        for _, for_each in collections_inside(body):
            for reference, local in references.roots([for_each]):
                if reference.path[0] not in bound | local:
                    self._reference(reference, repeats)

    def _depends_on(self, expression: Expression) -> None:
        if not isinstance(expression, Tuple):
            self.problems.report(expression.error("depends_on takes a list of references"))
        for child in expression.children():
            quoted = getattr(child, "constant", None)
            if isinstance(quoted, str):
                child = Reference(child.source, child.offset, tuple(quoted.split(".")))
            for reference, _ in references.roots([child]):
                self._reference(reference, set(), attributes=False)
                self._whole(reference)

    def _whole(self, reference: Reference) -> None:
        """depends_on waits for a whole object."""
        prefixed = reference.path[0] in ("data", "resource", "ephemeral")
        path = reference.path[1:] if prefixed else reference.path
        if reference.path[0] not in ("var", "local", "module") and len(path) > 2:
            self.problems.report(reference.error("depends_on takes whole objects, and no attributes of them"))

    def _expression(self, expression: Expression, bound: frozenset[str], repeats: set[str]) -> None:
        for node, local in expression.walk(bound):
            if isinstance(node, Reference) and node.path[0] not in local:
                self._reference(node, repeats)
            elif isinstance(node, Call):
                self._call(node)

    def _call(self, call: Call) -> None:
        if call.name in SPECIAL or "::" in call.name:
            return
        try:
            function = find(call.name)
            if not call.expand:
                function.check_count(len(call.arguments))
        except InvalidValue as error:
            self.problems.report(call.error(str(error)))

    def _reference(self, reference: Reference, repeats: set[str], *, attributes: bool = True) -> None:
        try:
            self._resolve(reference.path, repeats, attributes=attributes)
        except InvalidValue as error:
            self.problems.report(reference.error(str(error)))

    def _resolve(self, path: tuple[str, ...], repeats: set[str], *, attributes: bool) -> None:
        """Raises `InvalidValue` for a path that leads nowhere."""
        where = self.module.description
        root = path[0]
        if root in ("each", "count"):
            needed = "for_each" if root == "each" else "count"
            if needed not in repeats:
                raise InvalidValue(f'"{root}" can be used only in blocks in which {needed} is set')
            if path[1:2] not in ((("key",), ("value",)) if root == "each" else (("index",),)):
                raise InvalidValue(f'"{root}" has no attribute "{".".join(path[1:2])}"')
        elif root in ("var", "local", "module"):
            self._named(path, where)
        elif root in ("path", "terraform", "self", "ephemeral"):
            self.module.resolve(path)
        else:
            self._object(path, attributes=attributes)

    def _named(self, path: tuple[str, ...], where: str) -> None:
        root = path[0]
        tables: dict[str, tuple[Collection[str], str]] = {
            "var": (self.declared.variables, "variable"),
            "local": (self.declared.locals, "local value"),
            "module": (self.declared.modules, "module"),
        }
        table, what = tables[root]
        if len(path) < 2:
            raise InvalidValue(f'"{root}" must be followed by a name')
        if path[1] not in table:
            raise InvalidValue(f'there is no {what} named "{path[1]}" in {where}')

    def _object(self, path: tuple[str, ...], *, attributes: bool) -> None:
        mode: schema.Mode = "resource"
        if path[0] in ("data", "resource"):
            mode = "data" if path[0] == "data" else "resource"
            path = path[1:]
        if len(path) < 2:
            word = path[0] if path else mode
            raise InvalidValue(
                f'"{word}" is not the name of anything here; a reference needs two words or more'
            )
        table = self.declared.data if mode == "data" else self.declared.resources
        block = table.get((path[0], path[1]))
        if block is None:
            name = f"{'data.' if mode == 'data' else ''}{path[0]}.{path[1]}"
            raise InvalidValue(f"there is no {name} in {self.module.description}")
        check = self.declared.scoped.get((path[0], path[1])) if mode == "data" else None
        if check not in (None, self.check):
            raise InvalidValue(f'data.{path[0]}.{path[1]} is known in the check "{check}" alone')
        if attributes and len(path) > 2:
            self._attribute(block, mode, path)

    def _attribute(self, block: Block, mode: schema.Mode, path: tuple[str, ...]) -> None:
        name = f"{path[0]}.{path[1]}"
        for repeat, key in (("count", "[0]"), ("for_each", '["key"]')):
            if repeat in block.body.arguments:
                raise InvalidValue(f"{name} has {repeat} set: name one of its instances, such as {name}{key}")
        found = self.module.schema(mode, path[0])
        if found is not None and found.attribute(path[2]) is None and found.block(path[2]) is None:
            raise InvalidValue(f'{path[0]} has no attribute "{path[2]}"')
