"""What a card tells its reader to type can be typed."""

import re

import pytest

from plumbline.expectations.deploying import deploys
from plumbline.kinds.registry import kinds
from plumbline.values.filling import PLACEHOLDER, fill
from selftest.data.commands import commands, mistakes
from selftest.mutations.suite import RUNBOOK, STACK

ASSERTED = {name: invariant for name, invariant in RUNBOOK.invariants.items() if invariant.tests}
ASKED = [
    (name, source)
    for name, invariant in ASSERTED.items()
    for source in sorted({source for sources in invariant.tests.values() for source in sources})
]
"""Each asserted invariant with each source that can show that it does not hold."""
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
LINES = [
    (name, line)
    for name, invariant in RUNBOOK.invariants.items()
    for line in (*invariant.remedy.source, *invariant.remedy.account)
]
OURS = "terraform/bbws"
"""The folder of the reference Terraform: whoever reads a card has it elsewhere."""


@pytest.mark.parametrize("name", ASSERTED)
def test_an_asserted_invariant_says_what_to_do(name: str) -> None:
    assert ASSERTED[name].causes


@pytest.mark.parametrize(("name", "source"), ASKED)
def test_what_a_source_can_fail_says_how_it_is_put_right_there(name: str, source: str) -> None:
    assert ASSERTED[name].remedy.on(source)


@pytest.mark.parametrize("name", ASSERTED)
def test_it_advises_nothing_for_a_source_that_cannot_fail_it(name: str) -> None:
    asked = {source for sources in ASSERTED[name].tests.values() for source in sources}
    remedy = ASSERTED[name].remedy
    assert bool(remedy.account) == bool(asked & {"moto", "live"})
    assert bool(remedy.source) == bool(asked - {"moto", "live"})


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_remedy_names_no_folder_of_ours(name: str, line: str) -> None:
    assert OURS not in line


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_terraform_is_given_the_values_of_the_environment(name: str, line: str) -> None:
    takes_values = any(f"terraform {verb}" in line for verb in ("plan", "apply", "import"))
    assert ("-var-file={env}.tfvars" in line) == takes_values


REPAIRS = [
    (name, invariant.remedy.account) for name, invariant in ASSERTED.items() if invariant.remedy.account
]


@pytest.mark.parametrize(("name", "lines"), REPAIRS, ids=[name for name, _ in REPAIRS])
def test_what_is_typed_against_an_account_repairs_and_does_not_only_look(name: str, lines: list[str]) -> None:
    looking = [line for line in lines if line.startswith("aws ") and not deploys(line)]
    assert looking != lines


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_file_that_a_command_takes_was_written_by_one_before(name: str, line: str) -> None:
    lines = [other for other_name, other in LINES if other_name == name]
    for file in re.findall(r"file://(\S+)", line):
        assert any(other.endswith(f"> {file}") for other in lines[: lines.index(line)])


@pytest.mark.parametrize("name", ASSERTED)
def test_its_section_and_severity_are_known(name: str) -> None:
    assert ASSERTED[name].section in RUNBOOK.sections
    assert {RUNBOOK.severity(ASSERTED[name], it) for it in STACK.environments} <= set(RUNBOOK.escalation)


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
