"""The calls that a resource of a stack is read with in an account, and what their placeholders stand for."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.expectations.stack import Subject
from plumbline.kinds.call import names_of
from plumbline.kinds.kind import Wanted
from plumbline.kinds.permitted import OfResource
from plumbline.values.arns import partition_of

_OF_A_NAME = ("name", "bucket", "key", "last", "holder")
"""What a resource whose name only the account tells leaves open."""


def calls_of(
    subject: Subject, wanted: Wanted = None, *, writes: bool = False, secrets: bool = False
) -> Iterator[OfResource]:
    """Yield the calls that these attributes are read with in each region.

    With `writes` those of a probe, too, with `secrets` those whose answers are secret.
    """
    kind, question = subject.kind, subject.question
    for region in subject.regions:
        names, partition = _names(subject, region), partition_of(region)
        for call in (
            *(subject.found_by.calls() if subject.found_by else ()),
            *kind.calls_for(wanted, question),
            *(kind.secret_reads if secrets else ()),
        ):
            if call.can_be_made_in(region):
                yield OfResource(call.within(partition), names)
        for call in kind.writes if writes else ():
            yield OfResource(call.within(partition), names, writes=True)


def _names(subject: Subject, region: str) -> dict[str, str]:
    """Return what the placeholders of a call stand for, as far as the stack says it."""
    names = names_of(subject.name, subject.kind.holder(subject.name), subject.question)
    open_ = _OF_A_NAME if subject.found_by else ()
    known = {name: value for name, value in names.items() if name not in open_}
    return {**known, "account": subject.account, "region": region}
