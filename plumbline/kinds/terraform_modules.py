"""Every folder of Terraform code of an environment: its roots, their modules, and what no root calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.kind import Kind
from plumbline.kinds.provider_constraints import takes_less
from plumbline.kinds.terraform import ONLY_SOURCE
from plumbline.values.model import Model, Text
from plumbline.values.some_of import SomeOf, doubted, members
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.called_modules import Code
    from plumbline.terraform.model import Configuration


class ProviderConstraint(Model):
    """What the code in a folder asks of the version of a provider that it uses."""

    folder: str
    provider: str
    """Its address: `registry.terraform.io/hashicorp/aws`."""
    constraint: str = ""
    """Empty where it takes any version."""


class ModulesLimits(Model):
    """What can be expected of modules besides their fields."""

    least_provider_versions: dict[str, str]
    """The version that each module must ask for at least, by the provider: `hashicorp/aws`."""


class Modules(Kind):
    """All Terraform code of an environment, called or not. Its name says of what."""

    noun = "modules"
    plural = "modules"
    expects_some = ("least_provider_versions",)
    limits = ModulesLimits
    spans_roots = True

    without_required_version: list[Text] = []
    """The folders whose code does not say what release of Terraform it needs."""
    provider_constraints: list[ProviderConstraint] = []
    """What each folder asks of each provider that it uses."""

    @classmethod
    def across(cls, configuration: Configuration, name: str, question: Any) -> Self:
        """Return what the folders say. Raises `Undetermined` for a plan or a state, which do not say it."""
        roots = configuration.others()
        if any(it.source != "hcl" for it in roots):
            raise Undetermined(ONLY_SOURCE)
        code, doubts = _read(roots)
        lacking = [it.shown for it in code if it.required_version is None]
        asked = [
            ProviderConstraint(folder=it.shown, provider=provider, constraint=constraint or "")
            for it in code
            for provider, constraint in it.providers.items()
        ]
        found = {
            "without_required_version": doubted(lacking, doubts),
            "provider_constraints": doubted(asked, doubts),
        }
        return cls.of("Terraform code of all roots", {"name": name, **found})

    def asking_for_less(self, least: Mapping[str, str]) -> list[str] | SomeOf:
        """Return the folders that use a provider and would take a version below the least one.

        What is known decides; where there may be more code, whoever asks whether that is all is refused.
        """
        asked = self.provider_constraints
        found = [
            f"{it.folder}: {source} {it.constraint or 'of any version'}"
            for it in members(asked)
            for source, version in least.items()
            if takes_less(it.constraint, it.provider, source, version)
        ]
        return SomeOf(found, asked.reason) if isinstance(asked, SomeOf) else found


def _read(roots: tuple[Configuration, ...]) -> tuple[list[Code], list[str]]:
    """Return the code of roots and folders and of what they call, and why there may be more."""
    from plumbline.terraform.called_modules import reached
    from plumbline.terraform.model import TerraformError

    code: dict[str, Code] = {}
    doubts: list[str] = []
    for root in roots:
        if root.is_unread:
            doubts += (f"{it} may hold more" for it in root.not_evaluated)
            continue
        try:
            code |= {it.shown: it for it in reached(root.root, root.tree)}
        except TerraformError as error:
            doubts.append(f"{root.root} cannot be read: {error}")
    return [*code.values()], doubts
