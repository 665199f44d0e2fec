"""What moto was never given it cannot answer: the source `moto` says so of a field, or of a whole kind."""

import pytest

from plumbline.kinds.registry import kinds
from plumbline.sources.moto.source import Moto
from plumbline.values.unknown import Undetermined
from selftest.kinds.given import BY_ITSELF
from selftest.mutations.worlds import declared
from selftest.stacks.bbws import BBWS

OF_EVERY_ACCOUNT = {it for it in kinds().values() if it.in_every_account and not it.shows}


@pytest.fixture(scope="module")
def moto() -> Moto:
    """The source `moto`, filled with the reference."""
    return Moto(declared(BBWS), lambda _, environment: BBWS.stack.home(environment))


@pytest.mark.parametrize(("noun", "name"), sorted(BY_ITSELF))
def test_what_nothing_declares_is_undetermined(moto: Moto, noun: str, name: str) -> None:
    subjects = [it for it in BBWS.stack.subjects("dev").values() if it.kind.noun == noun]
    assert subjects
    for subject in subjects:
        with pytest.raises(Undetermined, match=r"nothing declares|whatever is declared"):
            getattr(moto.read(subject), name).refuse()


def test_what_an_account_has_by_itself_is_not_asked_of_moto(moto: Moto) -> None:
    subjects = [it for it in BBWS.stack.subjects("dev").values() if it.kind in OF_EVERY_ACCOUNT]
    assert {subject.kind for subject in subjects} == OF_EVERY_ACCOUNT
    for subject in subjects:
        with pytest.raises(Undetermined, match="of its own, whatever is declared"):
            moto.read(subject)
