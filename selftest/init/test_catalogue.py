"""What is said of each sentence: there is one for all that can be found, and it fits the sentence."""

import re

import pytest

from plumbline.commands.init.as_found import expected
from plumbline.commands.init.catalogue import Said, catalogue, said_of
from plumbline.commands.init.derived import DERIVED
from plumbline.expectations.deploying import deploys
from plumbline.expectations.stack import expectation
from plumbline.kinds.dynamodb import Table
from plumbline.kinds.registry import kinds
from plumbline.suite.reads import EXPECTED, noun_of, read_set
from plumbline.values.unknown import ReadError, Undetermined, Unknown, Unreadable
from selftest.front_door import REPOSITORY
from selftest.mutations.suite import sentences

BESIDE_TERRAFORM = ("root", "authorization", "inventory")
"""The nouns of what is found and no single resource declares."""
PAGE = REPOSITORY / "docs/init.md"


def test_every_sentence_about_what_can_be_found_is_in_it_and_no_other() -> None:
    nouns = {noun for noun, kind in kinds().items() if kind.terraform_type} | {*BESIDE_TERRAFORM}
    about = {name for name, function in sentences().items() if noun_of(read_set(function)) in nouns}
    assert {*catalogue()} == about


@pytest.mark.parametrize(
    ("name", "said"), catalogue().items(), ids=lambda it: it if isinstance(it, str) else ""
)
def test_what_it_says_fits_the_sentence(name: str, said: Said) -> None:
    reads = read_set(sentences()[name])
    kind = kinds()[noun_of(reads)]
    asked = {*reads.get(EXPECTED, ())}
    assert asked >= said.demands.keys() | said.besides.keys()
    assert {*expectation(kind).model_fields} >= said.unless.keys() | said.follows.keys()
    assert {*kind.model_fields} >= said.follows.keys()
    assert set(said.pairs.items()) <= {(it, it) for it in reads if it in kinds()}
    if said.is_written:
        assert said.statement.endswith(".")
        others = {*reads} - {noun_of(reads), EXPECTED}
        assert others == {*said.pairs}
        known = {*kind.model_fields, *said.demands, *said.besides, *kind.implied, "name"}
        assert asked <= known or kind.noun in (*DERIVED, "event_rule", "root")
        assert not [line for line in said.remedy.source if deploys(line)]
        assert said.remedy.source or "hcl" not in said.evidence


def test_a_sentence_of_ones_own_says_what_its_function_is_called() -> None:
    said = said_of("shop.retention", "test_invoices_are_deleted_in_time")
    assert (said.statement, said.severity) == ("Invoices are deleted in time.", "P3")


def test_the_page_says_which_severity_each_has() -> None:
    told = dict(re.findall(r"^\| `([\w.-]+)` \| (P\d) \|", PAGE.read_text(), re.MULTILINE))
    assert told == {name: it.severity for name, it in catalogue().items() if it.is_written}


@pytest.mark.parametrize(
    "recovery", [Unknown("var.recovery"), Unreadable(ReadError("denied", cause="denied"))], ids=repr
)
def test_what_it_follows_from_is_told_where_it_is_not_known(recovery: object) -> None:
    table = Table.of("main.tf:1", {"name": "orders", "point_in_time_recovery": recovery})
    with pytest.raises(Undetermined):
        expected(catalogue()["dynamodb.restore-window"], (), table, {"dev": {}}, "dev")
