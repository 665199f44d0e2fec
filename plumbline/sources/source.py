"""What every source of evidence is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind, Wanted

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws
    from plumbline.terraform.model import Configuration

ReadSets = Callable[[Subject], Wanted]
"""The attributes of a subject that some chosen sentence reads; None for all of them."""


NO_ROOT = ""
"""Stands for the Terraform root of what lies in none."""
NO_ROOT_SAID = "no Terraform root is said to declare {}"
"""Why nothing is known of what source declares, and the stack does not say where."""


class Source(Protocol):
    """Where the evidence about a subject comes from."""

    def read(self, subject: Subject) -> Kind:
        """Return the subject's model. Raises `Missing`, `Undetermined` or `ReadError`."""


def name_of(subject: Subject, aws: Aws) -> str:
    """Return what a subject is called in an account, where it may be found by what it is.

    Raises as `Selection.in_account`.
    """
    return subject.found_by.in_account(aws) if subject.found_by else subject.name


def owned(configuration: Configuration, subject: Subject) -> Configuration:
    """Return a configuration in which what is another account's than the subject is not looked for."""
    settings = configuration.settings
    if settings.owner in ("", subject.account):
        return configuration
    return replace(configuration, settings=replace(settings, owner=subject.account))


def everything(subject: Subject) -> Wanted:
    """Return that every attribute of a subject is read."""
    return None
