"""Finding a resource by its name, where an output of the Terraform root that declares it says that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plumbline.kinds.call import Call
from plumbline.kinds.kind import Kind, Wanted
from plumbline.terraform.companions import is_counted, uncounted
from plumbline.terraform.values import is_derived
from plumbline.values.mistakes import did_you_mean
from plumbline.values.unknown import Missing, ReadError, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration, Resource

_A_NAME = "a-name"


@dataclass(frozen=True)
class Output:
    """An output of a Terraform root that is the name of a resource there."""

    kind: type[Kind]
    root: str
    output: str
    told: Mapping[str, Any] | None = None
    """What a file says of the root's outputs; None where none was given."""

    def __str__(self) -> str:
        """Return what is looked for: `bucket that output raw_bucket of root envs/dev names`."""
        return f"{self.kind.noun.replace('_', ' ')} that {self._called} names"

    @property
    def reads(self) -> frozenset[str]:
        """The attributes that decide: none but its name."""
        return frozenset()

    def calls(self) -> Iterator[Call]:
        """Yield the calls that find it in an account: none."""
        return iter(())

    def in_source(
        self,
        configurations: Iterable[Configuration],
        region: str,
        where: str,
        wanted: Wanted,
        unread: Iterable[ReadError] = (),
    ) -> Kind:
        """Return the resource that is meant, as its root declares it.

        Raises what finding one by its name raises, `Undetermined` where only apply decides what the output
        is, and `ReadError` where the root has no such output, or one that is no name.
        """
        [configuration] = configurations
        if not isinstance(configuration.outputs.get(self.output), Unknown):
            return self.kind.find_in(region, configuration, self._among(configuration.outputs), where, wanted)
        resource = self._resource(configuration)
        if not self.kind.is_seen_in(region, resource, configuration):
            raise Missing(str(self), f"in {region}: {resource.location} declares it in another region")
        return self.kind.from_terraform(resource, configuration, wanted)

    def is_met_in(self, configuration: Configuration, region: str) -> bool:
        """Return whether the output is there, whatever it names."""
        return self.output in configuration.outputs

    def in_account(self, aws: Aws) -> str:
        """Return the name that it has in an account.

        Raises `Undetermined` where nobody gave what Terraform says of its outputs, and `ReadError` where that
        is no name.
        """
        if self.told is None:
            raise Undetermined(
                f"its name is {self._called}, which no account shows: --outputs {self.root}=FILE, "
                "what `terraform output -json` prints"
            )
        return self._among(self.told)

    @property
    def _called(self) -> str:
        return f"output {self.output} of root {self.root}"

    def _resource(self, configuration: Configuration) -> Resource:
        """Return the resource of which an output that only apply decides is the name."""
        for resource in self.kind.declared_in(configuration):
            if self.is_name_of(resource, configuration):
                if not is_counted(resource):
                    raise Undetermined(uncounted(resource))
                return resource
        value = configuration.outputs[self.output]
        assert isinstance(value, Unknown)
        raise Undetermined(f"its name is {self._called}, which is known only after apply: {value.origin}")

    def is_name_of(self, resource: Resource, configuration: Configuration) -> bool:
        """Return whether it is the name that a resource will get: only apply decides which one that is."""
        value = configuration.outputs.get(self.output)
        if not isinstance(value, Unknown) or is_derived(value):
            return False
        address, _, attribute = value.origin.rpartition(".")
        return address == resource.address and self._is_the_name(attribute, resource, configuration)

    def _is_the_name(self, attribute: str, resource: Resource, configuration: Configuration) -> bool:
        """Return whether an attribute of a resource is its name, whatever name that gets."""
        if attribute == self.kind.name_argument or attribute in self.kind.called_by:
            return True
        if f"{resource.type}.{attribute}" not in self.kind.computed:
            return False
        called = replace(resource, values={**resource.values, self.kind.name_argument: _A_NAME})
        return bool(self.kind.derive(attribute, called, configuration) == _A_NAME)

    def _among(self, outputs: Mapping[str, Any]) -> str:
        """Return the name among outputs. Raises `ReadError` where there is none, or something else."""
        if self.output not in outputs:
            raise self._no_name(f"there is none{did_you_mean(self.output, outputs)}")
        value = outputs[self.output]
        if isinstance(value, str) and value.startswith("arn:") and "arn" not in self.kind.called_by:
            name = f"{self.kind.terraform_type}.NAME.{self.kind.name_argument}"
            raise self._no_name(f"it is the ARN {value}; write an output that is {name}")
        if isinstance(value, str) and value:
            return value
        raise self._no_name("it is null" if value is None else f"it is {value!r}")

    def _no_name(self, why: str) -> ReadError:
        told = f"{self._called} is no name of a {self.kind.noun.replace('_', ' ')}: {why}"
        return ReadError(told, cause=told, command="terraform output -json")
