"""What is read once serves every sentence, and none hears what another one asked of it."""

import pytest

from plumbline.expectations.stack import Subject
from plumbline.kinds.inventory import Inventory
from plumbline.kinds.kind import Kind
from plumbline.kinds.listing import Existing
from plumbline.sources.once import Once
from plumbline.values.unknown import Undetermined
from selftest.stacks.bbws import BBWS

TABLE = BBWS.stack.subjects("dev")["tenants"]


class Evidence:
    """Counts how often it is read."""

    def __init__(self, gives: Kind | Exception) -> None:
        self.gives, self.times = gives, 0

    def read(self, _: Subject) -> Kind:
        self.times += 1
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


def test_what_one_sentence_found_in_an_inventory_is_not_told_of_another() -> None:
    evidence = Evidence(Inventory.of("x", {"name": "x", "found": [Existing(name="orders", region="")]}))
    once = Once(evidence)
    first, second = once.read(TABLE), once.read(TABLE)
    assert evidence.times == 1
    assert isinstance(first, Inventory)
    assert isinstance(second, Inventory)
    assert [it.name for it in first.beyond([])] == ["orders"]
    assert (first.offence, [it.name for it in first.offenders]) == ("the stack does not name", ["orders"])
    assert (second.offence, second.offenders) == ("", [])


def test_a_reason_is_as_short_the_last_time_as_the_first() -> None:
    evidence = Evidence(Undetermined("nobody said where it lies"))
    once, told = Once(evidence), []
    for _ in range(3):
        with pytest.raises(Undetermined) as raised:
            once.read(TABLE)
        told.append(len(raised.traceback))
    assert evidence.times == 1
    assert len({*told[1:]}) == 1
