"""Resources and data sources: their instances, what references to them give, and what they configure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from plumbline.terraform import (
    blocks,
    data_sources,
    defaults,
    given_data,
    keeping,
    lifecycle,
    nested_blocks,
    references,
    whereabouts,
    written_out,
)
from plumbline.terraform.blocks import Evaluating
from plumbline.terraform.conformity import conformed
from plumbline.terraform.conversion import type_of
from plumbline.terraform.expressions.base import EvaluationError, Scope
from plumbline.terraform.hcl.body import Block
from plumbline.terraform.identities import identity
from plumbline.terraform.instances import Instances, Key, instances
from plumbline.terraform.marks import mark_all
from plumbline.terraform.model import Resource, Settings
from plumbline.terraform.problems import Problems
from plumbline.terraform.schema import Mode
from plumbline.terraform.types import ANY, Primitive
from plumbline.terraform.values import Cycle, Instance, InvalidValue, Pending, TfList, Value, is_derived
from plumbline.values.unknown import Unknown

if TYPE_CHECKING:
    from plumbline.terraform.module import Module

# What is about a resource rather than of it.
META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})


class ManagedInstance(Instance):
    """A resource instance; what is not configured was chosen by AWS, or follows from the caller's rules."""

    __slots__ = ("owner",)

    def __init__(self, owner: Managed, address: str, values: dict[str, Value]) -> None:
        super().__init__(address, values)
        self.owner = owner

    def __missing__(self, name: str) -> Value:
        value = self.owner.decided(self.address, name, self)
        return self._unconfigured(name) if value is None else value

    def _unconfigured(self, name: str) -> Value:
        """Its default; else unknown, unless it can only become null: no provider gives a collection one."""
        schema = self.owner.schema
        attribute = None if schema is None else schema.attribute(name)
        if schema is not None and attribute is None and schema.block(name) is None:
            raise InvalidValue(f'{self.owner.type} has no attribute "{name}"')
        by_default = defaults.of(self.owner.type) if self.owner.mode == "resource" else None
        if attribute is not None and not attribute.computed and by_default is not None:
            return by_default.get(name)
        if by_default is not None and name in by_default:
            return TfList([], ANY)  # a block
        if attribute is None or attribute.computed or isinstance(attribute.type, Primitive):
            kind = ANY if attribute is None else attribute.type
            if attribute is not None and attribute.type is ANY and not attribute.computed:
                return None
            return Pending(f"{self.address}.{name}", kind, exact=True)
        return None

    def whole(self) -> Value:
        schema = self.owner.schema
        if schema is None:
            return super().whole()
        return {name: self[name] for name in sorted({*schema.attributes, *schema.blocks})}


class DataInstance(ManagedInstance):
    """A data source instance: what the provider finds is unknown."""

    def __missing__(self, name: str) -> Value:
        return self._unconfigured(name)


def _of(address: str, name: str, value: Value) -> Value:
    """An attribute as others see it: made of something unknown, it is what this resource calls it.

    Two buckets with one random suffix have two names.
    """
    if not isinstance(value, Pending) or not is_derived(value):
        return value
    origin = f"{address}.{name}"
    return Pending(origin, value.type, exact=True, not_null=value.not_null, prefix=value.prefix)


class Managed:
    """A resource or data block of one module instance."""

    def __init__(self, module: Module, block: Block) -> None:
        self.module = module
        self.block = block
        self.mode: Mode = "resource" if block.type == "resource" else "data"
        self.type, self.name = block.labels
        self.local_name = f"{'data.' if self.mode == 'data' else ''}{self.type}.{self.name}"
        self.address = f"{module.prefix}{self.local_name}"
        self.schema = module.schema(self.mode, self.type)
        self.values: dict[Key, dict[str, Value]] = {}
        self.instances = Instances({})
        self.problems = module.run.problems

    def reference(self) -> Value:
        """What a reference to the block gives: an instance, a tuple, or an object of instances."""
        self.evaluate()
        made: dict[Key, Value] = {key: self._instance(key, values) for key, values in self.values.items()}
        return self.instances.collect(self.address, made)

    def evaluate(self) -> None:
        """Evaluates every instance's arguments."""
        self._wait()
        try:
            self.instances = instances(self.block.body, self.module.scope)
        except EvaluationError as error:
            self.problems.report(error)
            self.instances = Instances({}, Pending(self.address, exact=True), repeats=True)
        if self.instances.unknown is not None:
            self.problems = Problems()  # there may be no instances, so that nothing is refused
        for key, scope in self.instances.scopes.items():
            self.values[key] = self._evaluated(scope, self.instances.address(self.address, key))

    def _wait(self) -> None:
        """Evaluates what `depends_on` names first, so that a circle is found."""
        listed = self.block.body.expression("depends_on")
        for reference, _ in references.roots([] if listed is None else [listed]):
            if reference.path[0] in ("var", "local", "module") or self.local_name == ".".join(reference.path):
                continue
            try:
                self.module.resolve(reference.path)
            except Cycle as error:
                self.problems.report(reference.error(str(error)))
            except InvalidValue:
                pass  # which is reported before anything is evaluated

    def check(self, scope: Scope, problems: Problems) -> None:
        """Reports what of its arguments is refused in a scope, whatever instances there are."""
        self.problems = problems
        self._evaluated(scope, self.address)
        for block in self.block.body.of_type("lifecycle"):
            for condition in block.body.of_type("precondition"):
                lifecycle.require(condition, scope, problems)

    def _evaluated(self, scope: Scope, address: str) -> dict[str, Value]:
        values = Evaluating(scope, self.problems).content(self.block.body, address, META)
        if self.schema is not None or self.type == "terraform_data":
            keeping.check_arguments(self.block, values, self.problems)
        return conformed(values, self.schema, self.block, address, self.problems)

    @property
    def may_be_nothing(self) -> bool:
        """Whether it has no instances, or nobody knows whether it has."""
        return not self.values or self.instances.unknown is not None

    def _instance(self, key: Key, values: dict[str, Value]) -> Value:
        address = self.instances.address(self.address, key)
        shown = nested_blocks.seen(values, self.schema, [self.block.body], address)
        if self.mode == "resource":
            own = {name: _of(address, name, value) for name, value in shown.items()}
            return ManagedInstance(self, address, self._with_output(address, own))
        try:
            provider = self.module.providers.used_by(self.block)
            read = data_sources.read(self.type, values, self.settings({}), address, provider) or {}
            said = given_data.of(self.module.run.data, address, self.type, self.schema)
        except InvalidValue as error:
            self.problems.add(f"{address}: {error}.", self.block.location)
            read, said = {}, {}
        found = {name: value for name, value in read.items() if self._has(name)}
        return DataInstance(self, address, {**said, **shown, **found})

    def _has(self, name: str) -> bool:
        """Whether this version of the provider gives an attribute."""
        return self.schema is None or self.schema.attribute(name) is not None

    def _with_output(self, address: str, values: dict[str, Value]) -> dict[str, Value]:
        """`terraform_data` gives its input back after apply, so that the type is known before."""
        if self.type != "terraform_data":
            return values
        given = values.get("input")
        output = None if given is None else Pending(f"{address}.output", type_of(given), exact=True)
        return {**values, "output": output}

    def decided(self, address: str, name: str, values: dict[str, Value]) -> Value:
        """What is not configured: as AWS chose it, by rule, or by its address; None for anything else."""
        run = self.module.run
        value = run.chosen.get(address, {}).get(name)
        value = _of(address, name, self.computed(name, values)) if value is None else value
        value = self._all_tags(values) if value is None and name == "tags_all" else value
        return identity(str(run.root), address, self.type, name) if value is None else value

    def _all_tags(self, values: dict[str, Value]) -> Value:
        """The tags with those that the provider gives whatever it makes; None where it plans them as unknown.

        Source: AWS provider, "Resource Tagging", default_tags; what it plans for no tags at all.
        """
        provider = self.module.providers.used_by(self.block)
        given = data_sources.default_tags(provider)
        own = values.get("tags")
        if "ignore_tags" in provider or not isinstance(given, dict) or not isinstance(own, dict | None):
            return None
        every: dict[str, Value] = {**given, **(own or {})}
        return None if not every or any(isinstance(it, Unknown) for it in every.values()) else every

    def computed(self, name: str, values: dict[str, Value]) -> Value:
        """An attribute that is not configured, by the caller's rules; None where they have none."""
        rule = self.module.run.computed
        return None if rule is None else rule(self.type, name, values, self.settings(values))

    def settings(self, values: dict[str, Value]) -> Settings:
        """The environment's settings with the region and the account of this block or of its provider."""
        provider = self.module.providers.used_by(self.block)
        settings = whereabouts.of(provider, self.module.run.settings)
        region = values.get("region") or provider.get("region")
        if region is None:
            return settings
        return replace(settings, region=None if isinstance(region, Unknown) else str(region))

    def resources(self) -> list[Resource]:
        """Each instance as the suite sees it."""
        return [self._resource(key, values) for key, values in self.values.items()]

    @cached_property
    def _of_each(self) -> tuple[str, ...]:
        """What `each.value` is made from besides references."""
        following = references.Following(self.module, self.module.scope)
        return references.of_each(following, self.block.body)

    def _resource(self, key: Key, values: dict[str, Value]) -> Resource:
        own = partial(self._instance, key, values)
        scope, prefix, body = self.instances.scopes[key], self.module.prefix, self.block.body
        mark_all(values)
        origins = references.Following(self.module, scope, lambda: self._of_each).body(body, META)
        files = _made_of(origins, references.is_file)
        variables = _made_of(origins, references.is_variable)
        return Resource(
            address=self.instances.address(self.address, key),
            type=self.type,
            name=self.name,
            root=str(self.module.run.root),
            module=self.module.address,
            values=values,
            location=self.block.location,
            locations=blocks.locations(body, META),
            provider=self.module.providers.used_by(self.block),
            lifecycle=lifecycle.evaluate(self.block, scope, own, self.problems),
            depends_on=references.of_depends_on(self.block, prefix),
            references=_made_of(origins, references.is_reference),
            from_files=tuple(files),
            files={name: tuple(map(references.file_of, some)) for name, some in files.items()},
            from_variables=tuple(variables),
            variables={name: tuple(map(references.variable_of, some)) for name, some in variables.items()},
            constant_keys=written_out.constant_keys(body, META),
        )


def _made_of(
    origins: Mapping[str, Iterable[str]], wanted: Callable[[str], bool]
) -> dict[str, tuple[str, ...]]:
    """Return of each argument those of its origins that are wanted, if there are any."""
    found = {name: tuple(filter(wanted, some)) for name, some in origins.items()}
    return {name: some for name, some in found.items() if some}
