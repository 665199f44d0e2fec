"""moto as evidence: what Terraform source declares, created and read back as a deployed resource is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import BaseModel

from plumbline.expectations.stack import Subject
from plumbline.kinds.kind import Kind
from plumbline.sources.hcl import Hcl
from plumbline.values.unknown import ReadError, Undetermined, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Aws


class Moto:
    """What Terraform source declares, created in moto and read back as a deployed resource is."""

    def __init__(self, declared: Hcl, subjects: Callable[[str, str], Iterable[Subject]]) -> None:
        self._declared, self._subjects = declared, subjects
        self._account = functools.cache(self._create)

    def read(self, subject: Subject) -> Kind:
        """Return the subject as moto describes it after everything of its environment was created."""
        aws, unmade = self._account(subject.stack, subject.environment)
        if subject in unmade:
            raise unmade[subject]
        return subject.kind.from_aws(aws.within(subject.region), subject.name)

    def _create(self, stack: str, environment: str) -> tuple[Aws, dict[Subject, Exception]]:
        from botocore.exceptions import BotoCoreError, ClientError

        from plumbline.sources.moto.account import account

        subjects = list(self._subjects(stack, environment))
        aws = account(subjects[0].account, subjects[0].region)
        unmade: dict[Subject, Exception] = {}
        named = {subject.name: subject for subject in subjects}
        for subject in sorted(subjects, key=lambda subject: subject.kind.needs_others):
            holder = unmade.get(named.get(subject.kind.holder(subject.name), subject))
            if isinstance(holder, Undetermined | ReadError):
                unmade[subject] = holder
                continue
            try:
                model = self._declared.read(subject) if subject.root else subject.kind(name=subject.name)
                _refuse_unknown(model)
                model.create(aws.within(subject.region))
            except (ClientError, BotoCoreError) as refused:
                unmade[subject] = _not_created(subject, refused)
            except Exception as reason:  # told by this subject's tests alone, be it a fault of the suite
                unmade[subject] = reason
        return aws, unmade


def _refuse_unknown(value: object) -> None:
    """Raise `Undetermined` for a model of which a part is known only after apply: it cannot be created."""
    if isinstance(value, Unknown):
        value.refuse()
    elif isinstance(value, BaseModel):
        for _, part in value:
            _refuse_unknown(part)
    elif isinstance(value, Mapping):
        for part in value.values():
            _refuse_unknown(part)
    elif isinstance(value, list):
        for part in value:
            _refuse_unknown(part)


def _not_created(subject: Subject, refused: Exception) -> ReadError:
    what = f"{subject.kind.noun.replace('_', ' ')} {subject.name}"
    return ReadError(
        f"moto refuses to create {what} as declared: {refused}",
        cause=f"not created: {what}",
        advice="AWS may well refuse it too: compare what is declared with the message.",
    )
