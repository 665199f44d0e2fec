"""What Terraform cannot make true or false, moto does not answer: what cannot fail is not asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plumbline.kinds.kind import Kind
from plumbline.sources.hcl import Hcl
from plumbline.suite.subjects import Examination
from plumbline.values.unknown import Undetermined, Unexamined
from selftest.mutations.suite import Suite
from selftest.mutations.worlds import declared
from selftest.stacks.proven import Proven, every_stack

_OF_BUCKETS = {"bbws-s3-07"}
"""Who may read a bucket: moto is to be given its policy and its access control list."""


def _can_fail(examination: Examination, source: Hcl) -> bool:
    """Return whether some value that a test reads is one that Terraform declares."""
    for noun, subject in examination.arguments.items():
        try:
            model = source.whole(subject)
        except Undetermined:
            if subject.kind.spans_roots:
                raise
            continue
        if any(not isinstance(it, Unexamined) for it in _values(model, examination.reads[noun])):
            return True
    return False


def _values(model: Kind, reads: Iterable[str]) -> Iterator[object]:
    """Yield what is read of a model; of a method or a property, that it is one."""
    fields = type(model).model_fields
    yield from (getattr(model, it) if it in fields else it for it in reads if it != "name")


@every_stack
def test_every_sentence_that_moto_answers_is_about_what_terraform_declares(proven: Proven) -> None:
    """Of what tells that a resource is missing, just that is what it can fail of."""
    source = declared(proven)
    vacuous: set[str] = set()
    for environment in proven.stack.environments:
        spoken: set[object] = set()
        examinations = Suite(proven, environment, "moto").examinations
        for it in sorted(examinations, key=lambda it: (not it.invariant.tells_missing, it.rank)):
            speaks = it.subject not in spoken and it.subject.root is not None
            spoken.add(it.subject)
            if not speaks and not _can_fail(it, source):
                vacuous.add(it.id)
    assert vacuous - _OF_BUCKETS == set()
