"""What a card tells its reader to type can be typed."""

import re
from collections.abc import Iterator

import pytest

from plumbline.expectations.deploying import deploys
from plumbline.kinds.registry import kinds
from plumbline.values.filling import PLACEHOLDER, fill
from selftest.data.commands import commands, mistakes
from selftest.stacks.proven import Proven, of_each

OURS = "terraform/{}"
"""The folder of a stack's reference Terraform: whoever reads a card has it elsewhere."""
OF_SOURCE = re.compile(r"(?<![\w./{}-])[\w.-]+/[\w./-]+\.(?:tf|py)(?![\w.])")
"""A file of code that a remedy names; one with a placeholder in its path is another for each environment."""
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
UNQUOTED_PATTERN = re.compile(r"[*?\[]")
"""Zsh refuses a word with one of these that matches no file."""
SINGLE = re.compile(r"\"[^\"]*\"|'[^']*'")
"""A word in quotes, of either sort; within the one the other is a character."""
OF_HISTORY = re.compile(r"!(?![\s=(]|$)")
"""Bash and Zsh put an earlier command in its place where somebody types it, also between double quotes."""
GAP = re.compile(r"<(?!text>)[a-z][a-z-]*>")
"""What a remedy leaves to its reader; what a support case says is the reader's own."""
NOWHERE = re.compile(r"aws (iam|sts|budgets|s3|s3api) ")
"""What the CLI finds wherever its reader is: services of no region, and buckets."""
REPLACING = re.compile(
    r"aws (iam (update-assume-role-policy|put-\w+-policy|create-policy-version)"
    r"|s3api put-bucket-(policy|tagging|cors|replication|(lifecycle|notification)-configuration)"
    r"|(dynamodb|secretsmanager) put-resource-policy|kms put-key-policy|secretsmanager put-secret-value"
    r"|sns set-topic-attributes .*--attribute-name Policy|ec2 modify-vpc-endpoint .*-policy"
    r"|cloudwatch put-(metric-alarm|dashboard)|cloudtrail put-event-selectors"
    r"|configservice put-configuration-recorder|backup update-backup-plan|wafv2 update-web-acl"
    r"|cognito-idp update-user-pool|cloudfront update-distribution"
    r"|(lambda|amplify) update-\S+ .*--(environment|layers))"
)
"""What puts what it is given in the place of all that was there. Source: AWS CLI reference."""
OF_KINDS = {
    **{name: "1" for kind in kinds().values() for name in kind.remedy_names},
    "unnamed_region": "eu-west-1",
}
"""What only a resource itself can fill in, such as the id of a lock."""
OF_RESOURCES = {
    "name": "orders-prod",
    "bucket": "orders-prod",
    "key": "receipts/invoice.html",
    "unexpected": "orders-old",
    "arn": "arn:aws:dynamodb:af-south-1:123456789012:table/orders-prod",
}


def asserted(proven: Proven) -> Iterator[tuple[str]]:
    """The invariants of a stack that some test asserts."""
    return ((name,) for name, it in proven.runbook.invariants.items() if it.tests)


def asked(proven: Proven, name: str) -> set[str]:
    """The sources that can show that an invariant does not hold."""
    return {source for sources in proven.runbook.invariants[name].tests.values() for source in sources}


def on_sources(proven: Proven) -> Iterator[tuple[str, str]]:
    """Each asserted invariant with each source that can show that it does not hold."""
    return ((name, source) for (name,) in asserted(proven) for source in sorted(asked(proven, name)))


def lines_of(proven: Proven, name: str) -> list[str]:
    """Everything that the remedy of an invariant says to type."""
    remedy = proven.runbook.invariants[name].remedy
    return [*remedy.source, *remedy.account]


def with_remedies(proven: Proven) -> Iterator[tuple[str]]:
    """The invariants that say what to type."""
    return ((name,) for name in proven.runbook.invariants if lines_of(proven, name))


def repaired(proven: Proven) -> Iterator[tuple[str]]:
    """The asserted invariants that say what to type against the account."""
    return ((name,) for (name,) in asserted(proven) if proven.runbook.invariants[name].remedy.account)


def filled(proven: Proven, name: str) -> list[str]:
    """The commands of a remedy, with every name of the environment that has most names filled in."""
    richest = max(proven.environments, key=lambda it: len(proven.stack.placeholders(it)))
    names = OF_KINDS | proven.stack.placeholders(richest) | OF_RESOURCES
    return [fill(line, names) for line in lines_of(proven, name)]


def of_runbooks_with_causes(proven: Proven) -> Iterator[tuple[str]]:
    """The asserted invariants of a runbook that says of some of them what causes their failure."""
    with_causes = any(it.causes for it in proven.runbook.invariants.values())
    return asserted(proven) if with_causes else iter(())


@of_each("name", of_runbooks_with_causes)
def test_an_invariant_says_what_causes_its_failure_where_others_do(proven: Proven, name: str) -> None:
    assert proven.runbook.invariants[name].causes


@of_each("name, source", on_sources)
def test_what_a_source_can_fail_says_how_it_is_put_right_there(
    proven: Proven, name: str, source: str
) -> None:
    assert proven.runbook.invariants[name].remedy.on(source)


@of_each("name", asserted)
def test_it_advises_nothing_for_a_source_that_cannot_fail_it(proven: Proven, name: str) -> None:
    remedy, sources = proven.runbook.invariants[name].remedy, asked(proven, name)
    assert bool(remedy.account) == ("live" in sources)
    assert bool(remedy.source) == bool(sources - {"live"})


@of_each("name", with_remedies)
def test_no_shell_takes_a_part_of_a_command_for_a_pattern_of_files(proven: Proven, name: str) -> None:
    told = [command for line in filled(proven, name) for command in commands(line)]
    assert [it for it in told if UNQUOTED_PATTERN.search(QUOTED.sub("", it.partition(" #")[0]))] == []


@of_each("name", with_remedies)
def test_no_shell_takes_a_part_of_a_command_for_its_history(proven: Proven, name: str) -> None:
    told = [line for line in lines_of(proven, name) if line.startswith("aws ")]
    bare = [SINGLE.sub(lambda it: it[0] if it[0].startswith('"') else "", it) for it in told]
    assert [it for it in bare if OF_HISTORY.search(it)] == []


@of_each("name", repaired)
def test_a_command_says_in_which_region(proven: Proven, name: str) -> None:
    told = [it for line in lines_of(proven, name) for it in commands(line)]
    assert [it for it in told if not NOWHERE.match(it) and "--region " not in it] == []


@of_each("name", repaired)
def test_a_table_is_kept_before_it_is_deleted(proven: Proven, name: str) -> None:
    lines = proven.runbook.invariants[name].remedy.account
    for at, line in enumerate(lines):
        for table in re.findall(r"\bdelete-table --table-name (\S+)", line):
            before = " ".join(lines[:at])
            assert (
                f"create-backup --table-name {table} " in before or f"--target-table-name {table} " in before
            )


@of_each("name", repaired)
def test_what_replaces_a_whole_was_read_before_or_says_that_it_does(proven: Proven, name: str) -> None:
    lines = proven.runbook.invariants[name].remedy.account
    replacing = [it for it in lines if REPLACING.match(it)]
    assert [it for it in replacing if "file://" not in it and "  # replaces " not in it] == []


@of_each("name", repaired)
def test_what_is_left_to_its_reader_is_told_by_a_line_before(proven: Proven, name: str) -> None:
    lines = proven.runbook.invariants[name].remedy.account
    typed = [it for it in lines if it.startswith(("aws ", "gh "))]
    gaps = [at for at, line in enumerate(typed) if GAP.search(re.sub(r"'[^']*'", "", line))]
    assert [typed[at] for at in gaps if not any(not deploys(it) for it in typed[:at])] == []


@of_each("name", with_remedies)
def test_a_remedy_names_no_folder_of_ours(proven: Proven, name: str) -> None:
    assert not [line for line in lines_of(proven, name) if OURS.format(proven.name) in line]


@of_each("name", with_remedies)
def test_terraform_is_given_the_values_of_the_environment(proven: Proven, name: str) -> None:
    files = proven.stack.terraform.var_files
    for line in lines_of(proven, name):
        takes_values = re.search(r"\bterraform (-chdir=\S+ )?(plan|apply|import)\b", line)
        assert all((f"-var-file={it}" in line) == bool(takes_values) for it in files)


@of_each("name", repaired)
def test_what_is_typed_against_an_account_repairs_and_does_not_only_look(proven: Proven, name: str) -> None:
    lines = proven.runbook.invariants[name].remedy.account
    assert lines != [line for line in lines if line.startswith("aws ") and not deploys(line)]


@of_each("name", with_remedies)
def test_a_file_that_a_command_takes_was_written_by_one_before(proven: Proven, name: str) -> None:
    lines = lines_of(proven, name)
    for at, line in enumerate(lines):
        for file in re.findall(r"file://(\S+)", line):
            assert any(other.endswith(f"> {file}") for other in lines[:at])


@of_each("name", asserted)
def test_its_section_and_severity_are_known(proven: Proven, name: str) -> None:
    runbook, invariant = proven.runbook, proven.runbook.invariants[name]
    assert invariant.section in runbook.sections
    severities = {runbook.severity(invariant, it) for it in proven.environments}
    assert not runbook.escalation or severities <= set(runbook.escalation)


@of_each("name", with_remedies)
def test_a_remedy_has_no_gap_once_its_names_are_filled_in(proven: Proven, name: str) -> None:
    assert [PLACEHOLDER.findall(line) for line in filled(proven, name) if PLACEHOLDER.search(line)] == []


@of_each("name", with_remedies)
def test_the_aws_cli_takes_each_command_of_a_remedy(proven: Proven, name: str) -> None:
    lines = filled(proven, name)
    assert [told for line in lines for command in commands(line) if (told := mistakes(command))] == []


@pytest.mark.parametrize(
    ("command", "mistake"),
    [
        ("aws dynamo list-tables", "Invalid choice"),
        ("aws dynamodb list-table", "Invalid choice"),
        ("aws dynamodb describe-table --table-name x --name x", "Unknown options: --name"),
        ("aws dynamodb describe-table --region x", "required: --table-name"),
        ("aws dynamodb wait table-there --table-name x", "Invalid choice"),
        ("aws dynamodb tag-resource --resource-arn x --tags '[{]'", "Invalid JSON"),
        ("aws dynamodb tag-resource --resource-arn x --tags Kye=a,Value=b", "Unknown parameter"),
        ("aws s3 copy a s3://b/a", "Invalid choice"),
    ],
)
def test_a_wrong_command_would_be_noticed(command: str, mistake: str) -> None:
    assert mistake in mistakes(command)


@of_each("name", with_remedies)
def test_each_file_of_code_that_a_remedy_names_is_there(proven: Proven, name: str) -> None:
    named = {it for line in proven.runbook.invariants[name].remedy.source for it in OF_SOURCE.findall(line)}
    homes = (proven.reference, proven.repository)
    assert [it for it in sorted(named) if not any((home / it).exists() for home in homes)] == []
