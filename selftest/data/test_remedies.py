"""What a card tells its reader to type can be typed."""

import pytest

from plumbline.kinds.registry import kinds
from plumbline.values.filling import PLACEHOLDER, fill
from selftest.data.commands import commands, mistakes
from selftest.mutations.suite import RUNBOOK, STACK

ASSERTED = {name: invariant for name, invariant in RUNBOOK.invariants.items() if invariant.tests}
IN_SOURCE = [
    name
    for name, invariant in ASSERTED.items()
    if any("hcl" in sources for sources in invariant.tests.values())
]
OF_KINDS = {name: "1" for kind in kinds().values() for name in kind.remedy_names}
"""What only a resource itself can fill in, such as the id of a lock."""
NAMES = (
    OF_KINDS
    | STACK.placeholders("prod")
    | {
        "name": "bbws-tenants-prod",
        "bucket": "bbws-templates-prod",
        "key": "receipts/invoice.html",
        "arn": "arn:aws:dynamodb:af-south-1:093646564004:table/bbws-tenants-prod",
    }
)
LINES = [(name, line) for name, invariant in RUNBOOK.invariants.items() for line in invariant.remedy.aws]


@pytest.mark.parametrize("name", ASSERTED)
def test_an_asserted_invariant_says_what_to_do(name: str) -> None:
    remedy = ASSERTED[name].remedy
    assert [*remedy.aws, *remedy.terraform]
    assert ASSERTED[name].causes


@pytest.mark.parametrize("name", IN_SOURCE)
def test_what_source_can_fail_says_how_the_source_is_put_right(name: str) -> None:
    assert ASSERTED[name].remedy.terraform


@pytest.mark.parametrize("name", ASSERTED)
def test_its_section_and_severity_are_known(name: str) -> None:
    assert ASSERTED[name].section in RUNBOOK.sections
    assert ASSERTED[name].severity in RUNBOOK.escalation


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_remedy_has_no_gap_once_its_names_are_filled_in(name: str, line: str) -> None:
    assert PLACEHOLDER.findall(fill(line, NAMES)) == []


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_the_aws_cli_takes_each_command_of_a_remedy(name: str, line: str) -> None:
    assert [mistake for command in commands(fill(line, NAMES)) for mistake in mistakes(command)] == []


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
