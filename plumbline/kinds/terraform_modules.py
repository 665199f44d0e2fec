"""Every folder of Terraform code of an environment: its roots, their modules, and what no root calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from plumbline.kinds.kind import Kind
from plumbline.kinds.provider_constraints import differs, takes_less
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


class OfModules(Model):
    """Which code is meant, and what is looked for in it."""

    below: str = ""
    """The folder that it lies below, by the end of its path: `infra/modules`; all code unless said."""
    attributes: list[str] = []
    """Attributes of types that are looked for in expressions: `aws_instance.public_ip`."""


class ModulesLimits(Model):
    """What can be expected of modules besides their fields."""

    provider_versions: dict[str, str]
    """The version of each provider that every module must require, used or not: `hashicorp/aws: ~> 5.0`."""

    least_provider_versions: dict[str, str]
    """The version that each module must ask for at least, by the provider: `hashicorp/aws`."""


class Modules(Kind):
    """All Terraform code of an environment, called or not. Its name says of what."""

    noun = "modules"
    plural = "modules"
    expects_some = ("least_provider_versions", "provider_versions")
    limits = ModulesLimits
    question = OfModules
    may_ask_nothing = True
    spans_roots = True

    without_required_version: list[Text] = []
    """The folders whose code does not say what release of Terraform it needs."""
    provider_constraints: list[ProviderConstraint] = []
    """What each folder asks of each provider that it uses."""
    folders: list[Text] = []
    """The folders themselves."""
    unknown_types: list[Text] = []
    """The types of resources and data sources that their provider does not have, with file and line."""
    attributes_read: list[Text] = []
    """Where an expression reads one of the attributes that are asked for: file, line, and what it reads."""

    @classmethod
    def across(cls, configuration: Configuration, name: str, question: Any) -> Self:
        """Return what the folders say. Raises `Undetermined` for a plan or a state, which do not say it."""
        roots = configuration.others()
        if any(it.source != "hcl" for it in roots):
            raise Undetermined(ONLY_SOURCE)
        code, doubts = _read(roots)
        if question is not None and question.below:
            code = [it for it in code if _lies_below(it.shown, question.below)]
            if not code and not doubts:
                raise Undetermined(f"no Terraform code lies below {question.below}")
        lacking = [it.shown for it in code if it.required_version is None]
        asked = [
            ProviderConstraint(folder=it.shown, provider=provider, constraint=constraint or "")
            for it in code
            for provider, constraint in it.providers.items()
        ]
        types = [it for each in code for it in each.types]
        not_known = [f"what types {it.provider} has is not known: {it}" for it in types if it.exists is None]
        found: dict[str, Any] = {
            "without_required_version": doubted(lacking, doubts),
            "provider_constraints": doubted(asked, doubts),
            "folders": doubted([it.shown for it in code], doubts),
            "unknown_types": doubted([str(it) for it in types if it.exists is False], [*doubts, *not_known]),
            "attributes_read": lambda: _reads(code, doubts, question),
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

    def requiring_otherwise(self, wanted: Mapping[str, str]) -> list[str] | SomeOf:
        """Return the folders that do not require each provider in what admits the same versions.

        What is known decides; where there may be more code, whoever asks whether that is all is refused.
        """
        folders, asked = self.folders, self.provider_constraints
        found = [
            told
            for folder in members(folders)
            for source, version in wanted.items()
            for told in _otherwise(folder, source, version, members(asked))
        ]
        return SomeOf(found, folders.reason) if isinstance(folders, SomeOf) else found


def _otherwise(folder: str, source: str, wanted: str, asked: Iterable[ProviderConstraint]) -> Iterator[str]:
    """Yield what a folder requires of a provider instead."""
    from plumbline.terraform.called_modules import provider_address

    address = provider_address(source)
    its = [it for it in asked if it.folder == folder and it.provider == address]
    if not its:
        yield f"{folder}: {source} is not required"
    for it in its:
        if differs(it.constraint, it.provider, wanted):
            yield f"{folder}: {source} {it.constraint or 'of any version'}"


def _reads(code: Iterable[Code], doubts: Iterable[str], question: OfModules | None) -> list[str] | SomeOf:
    """Return where attributes are read; what else may be, where a whole resource is handed on, is a doubt.

    Raises `Undetermined` where none are asked for.
    """
    if question is None or not question.attributes:
        raise Undetermined("no attributes are asked for that expressions may read")
    wanted, all_code = question.attributes, [*code]
    handed_on = [told for it in all_code for told in it.passed_on(wanted)]
    maybe = [told for it in all_code for told in it.may_read(wanted)] if handed_on else []
    unsure = [f"{it} may read it of what {handed_on[0]} hands on" for it in maybe]
    return doubted([told for it in all_code for told in it.reads(wanted)], [*doubts, *unsure])


def _lies_below(folder: str, above: str) -> bool:
    """Return whether a folder lies below one whose path ends so."""
    steps, ends = PurePosixPath(folder).parts, PurePosixPath(above).parts
    return any(steps[at : at + len(ends)] == ends for at in range(len(steps) - len(ends)))


def _read(roots: tuple[Configuration, ...]) -> tuple[list[Code], list[str]]:
    """Return the code of roots and folders and of what they call, and why there may be more."""
    from plumbline.terraform.called_modules import reached
    from plumbline.terraform.model import TerraformError

    code: dict[str, Code] = {}
    doubts: list[str] = []
    for root in roots:
        if root.is_unread and root.code is None:
            doubts += (f"{it} may hold more" for it in root.not_evaluated)
            continue
        try:
            code |= {it.shown: it for it in reached(root.code or root.root, root.tree)}
        except TerraformError as error:
            doubts.append(f"{root.root} cannot be read: {error}")
    return [*code.values()], doubts
