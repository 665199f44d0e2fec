"""What modules ask of the versions of their providers, held against each other and against a least one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plumbline.values.unknown import ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.terraform.called_modules import Code
    from plumbline.terraform.provider_versions import Version


def disagreeing(code: Iterable[Code]) -> list[str]:
    """Return the providers of which a root and its modules ask for versions that no one version is.

    Raises `ReadError` for what is no constraint, and `Undetermined` where all that is read agrees and a
    module that is not read may ask for something else.
    """
    from plumbline.terraform.called_modules import elsewhere

    code = [*code]
    stated: dict[str, list[tuple[str, str]]] = {}
    for each in code:
        for provider, constraint in each.providers.items():
            if constraint is not None:
                stated.setdefault(provider, []).append((constraint, each.shown))
    found = [
        f"{provider}: " + " and ".join(f"{constraint} in {folder}" for constraint, folder in asked)
        for provider, asked in stated.items()
        if least_of(", ".join(constraint for constraint, _ in asked), provider) is None
    ]
    unread = elsewhere(code)
    if unread and not found:
        raise Undetermined(f"what it asks of providers is not read: {unread[0]}")
    return found


def takes_less(constraint: str, provider: str, source: str, version: str) -> bool:
    """Return whether a constraint of a provider, of this source, admits a version below a least one.

    An empty one admits any, and one that nothing fulfils asks for none. Raises `ReadError` for what is none.
    """
    from plumbline.terraform.called_modules import provider_address
    from plumbline.terraform.provider_versions import Version

    if provider != provider_address(source):
        return False
    taken = least_of(constraint, provider) if constraint else None
    return taken is None or taken < Version.of(version)


def differs(constraint: str, of: str, wanted: str) -> bool:
    """Return whether a constraint admits other releases than a wanted one; an empty one admits all.

    Raises `ReadError` for what is no constraint.
    """
    from plumbline.terraform import provider_versions

    try:
        return not provider_versions.alike(constraint or ">= 0", wanted)
    except ValueError as error:
        message = f"{of}: {error}"
        raise ReadError(message, cause=message, advice="terraform init refuses it too") from None


def least_of(constraint: str, of: str) -> Version | None:
    """Return the least version that a constraint admits. Raises `ReadError` for what is none."""
    from plumbline.terraform import provider_versions

    try:
        return provider_versions.least(constraint)
    except ValueError as error:
        message = f"{of}: {error}"
        raise ReadError(message, cause=message, advice="terraform init refuses it too") from None
