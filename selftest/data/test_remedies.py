"""What a card tells its reader to type can be typed."""

from collections.abc import Iterator

import pytest

from plumbline.expectations.stack import PLACEHOLDER, fill
from plumbline.kinds.kind import kinds
from selftest.data.commands import commands, mistakes
from selftest.stacks.proven import Proven, of_each

OF_KINDS = {name: "1" for kind in kinds().values() for name in kind.remedy_names}
"""What only a resource itself can fill in, such as the id of a lock."""
OF_RESOURCES = {
    "name": "orders-prod",
    "bucket": "orders-prod",
    "key": "receipts/invoice.html",
    "arn": "arn:aws:dynamodb:af-south-1:123456789012:table/orders-prod",
}


def asserted(proven: Proven) -> Iterator[tuple[str]]:
    """The invariants of a stack that some test asserts."""
    return ((name,) for name, it in proven.runbook.invariants.items() if it.tests)


def in_source(proven: Proven) -> Iterator[tuple[str]]:
    """Those that Terraform's source can fail."""
    for name, invariant in proven.runbook.invariants.items():
        if any("hcl" in sources for sources in invariant.tests.values()):
            yield (name,)


def with_commands(proven: Proven) -> Iterator[tuple[str]]:
    """Those whose remedy is typed against the account."""
    return ((name,) for name, it in proven.runbook.invariants.items() if it.remedy.aws)


def filled(proven: Proven, name: str) -> list[str]:
    """The commands of a remedy, with every name of a productive environment that the stack has in them."""
    names = OF_KINDS | proven.stack.placeholders(_richest(proven)) | OF_RESOURCES
    return [fill(line, names) for line in proven.runbook.invariants[name].remedy.aws]


def _richest(proven: Proven) -> str:
    """The environment with most placeholders."""
    return max(proven.environments, key=lambda name: len(proven.stack.placeholders(name)))


@of_each("name", asserted)
def test_an_asserted_invariant_says_what_to_do(proven: Proven, name: str) -> None:
    invariant = proven.runbook.invariants[name]
    assert [*invariant.remedy.aws, *invariant.remedy.terraform]
    assert invariant.causes


@of_each("name", in_source)
def test_what_source_can_fail_says_how_the_source_is_put_right(proven: Proven, name: str) -> None:
    assert proven.runbook.invariants[name].remedy.terraform


@of_each("name", asserted)
def test_its_section_and_severity_are_known(proven: Proven, name: str) -> None:
    invariant = proven.runbook.invariants[name]
    assert invariant.section in proven.runbook.sections
    assert invariant.severity in proven.runbook.escalation


@of_each("name", with_commands)
def test_a_remedy_has_no_gap_once_its_names_are_filled_in(proven: Proven, name: str) -> None:
    assert [PLACEHOLDER.findall(line) for line in filled(proven, name) if PLACEHOLDER.search(line)] == []


@of_each("name", with_commands)
def test_the_aws_cli_takes_each_command_of_a_remedy(proven: Proven, name: str) -> None:
    lines = filled(proven, name)
    assert [it for line in lines for command in commands(line) for it in mistakes(command)] == []


@pytest.mark.parametrize(
    ("command", "mistake"),
    [
        ("aws dynamo list-tables", "no service dynamo"),
        ("aws dynamodb list-table", "dynamodb has no list-table"),
        ("aws dynamodb describe-table --name x", "DescribeTable has no option --name"),
        ("aws dynamodb describe-table --region x", "DescribeTable needs --table-name"),
        ("aws dynamodb wait table-there --table-name x", "dynamodb cannot wait for table-there"),
        ("aws dynamodb tag-resource --resource-arn x --tags '[{]'", "not JSON: [{]"),
    ],
)
def test_a_wrong_command_would_be_noticed(command: str, mistake: str) -> None:
    assert mistake in list(mistakes(command))
