"""Every folder of Terraform code of an environment: its roots, their modules, and what no root calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from pydantic import PrivateAttr

from plumbline.kinds.kind import Kind
from plumbline.kinds.provider_constraints import asking_for_less
from plumbline.kinds.terraform import ONLY_SOURCE
from plumbline.values.model import Model, Text
from plumbline.values.some_of import doubted
from plumbline.values.unknown import Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.called_modules import Code
    from plumbline.terraform.model import Configuration


class ModulesLimits(Model):
    """What can be expected of modules besides their fields."""

    least_provider_versions: dict[str, str]
    """The version that each module must ask for at least, by the provider: `hashicorp/aws`."""


class Modules(Kind):
    """All Terraform code of an environment, called or not. Its name says of what."""

    noun = "modules"
    plural = "modules"
    limits = ModulesLimits
    spans_roots = True

    without_required_version: list[Text] = []
    """The folders whose code does not say what release of Terraform it needs."""

    _code: list[Code] = PrivateAttr(default_factory=list)
    _doubts: list[str] = PrivateAttr(default_factory=list)

    @classmethod
    def across(cls, configuration: Configuration, name: str, question: Any) -> Self:
        """Return what the folders say. Raises `Undetermined` for a plan or a state, which do not say it."""
        roots = configuration.others()
        if any(it.source != "hcl" for it in roots):
            raise Undetermined(ONLY_SOURCE)
        code, doubts = _read(roots)
        lacking = (it for it in code if it.required_version is None)
        found = {"without_required_version": doubted([it.shown for it in lacking], doubts)}
        modules = cls.of("Terraform code of all roots", {"name": name, **found})
        modules._code, modules._doubts = code, doubts
        return modules

    def asking_for_less(self, least: Mapping[str, str]) -> Any:
        """Return the modules that use a provider and would take a version below the least one."""
        told = ", ".join(f"{name} {version}" for name, version in least.items())

        def ask() -> list[str]:
            found = [*asking_for_less(self._code, least)]
            if self._doubts and not found:
                raise Undetermined(self._doubts[0])
            return found

        return self.answered(f"they ask for less than {told}", ask)


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
