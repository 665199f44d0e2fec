"""What is new is added to a stack that somebody has worked on: every line stands as it was."""

import re
from pathlib import Path

import pytest

from plumbline.commands.init.insertion import inserted
from plumbline.kinds.registry import known_types
from plumbline.values.mistakes import DataError
from selftest.init.repository import FILES, FOLDER, MAIN, PLAN, Repository

STACK = f"{FOLDER}/stacks/books.yaml"
RUNBOOK = f"{FOLDER}/runbooks/books.yaml"
NEW = """
resource "aws_dynamodb_table" "users" {
  name                        = "${local.name}-users"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery { enabled = true }
}

resource "aws_iam_role" "lookup" {
  name = "${local.name}-lookup"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}
"""


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def is_kept(before: list[str], after: list[str]) -> bool:
    """Return whether all lines stand in their order among others; a section in one line may have more."""
    rest = iter(after)
    return all(any(it == line or it.startswith(line.rstrip("}")) for it in rest) for line in before)


@pytest.fixture
def grown(begun: Repository) -> Repository:
    """The stranger's repository, with comments in its stack and more Terraform."""
    begun.edit(STACK, "  carts:\n", "  # of guests, too\n  carts:  # kept for a day\n")
    begun.edit(MAIN, 'resource "aws_sqs_queue"', f'{NEW}\nresource "aws_sqs_queue"')
    return begun


def test_what_is_new_is_added_and_green_and_nothing_else_is_changed(grown: Repository) -> None:
    before = {name: lines(grown.folder / name) for name in (STACK, RUNBOOK)}
    ended = grown.init("books", "--add", "--to", FOLDER)
    assert ended.code == 0, ended.complained
    assert "1 role, 1 table, 1 authorization, 1 inventory" in ended.printed
    for name, kept in before.items():
        assert is_kept(kept, lines(grown.folder / name)), name
    stack = grown.text("stacks", "books")
    assert stack.index("  orders:") < stack.index("  users:") < stack.index("\nlog_groups:")
    run = grown.run()
    assert run.exit_code == 0, run.output
    assert {it.properties["resource"] for it in run.those("passed")} >= {
        "books-dev-users",
        "books-prod-lookup",
    }


def test_what_no_longer_holds_of_what_is_named_is_told(grown: Repository) -> None:
    """Every line stays, and so does what roles there were to be."""
    assert grown.init("books", "--add", "--to", FOLDER).code == 0
    text = (grown.folder / MAIN).read_text()
    role = NEW[NEW.index('resource "aws_iam_role"') :]
    grown.write({MAIN: text + role.replace('"lookup"', '"forgotten"').replace("-lookup", "-forgotten")})
    ended = grown.init("books", "--add", "--to", FOLDER)
    assert ended.code == 0, ended.complained
    assert "1 role" in ended.printed
    assert "(iam.declared) does not hold of it now" in ended.printed
    assert {"iam.declared"} == grown.fallen("books", "dev")


def test_it_is_noticed_where_it_breaks(grown: Repository) -> None:
    assert grown.init("books", "--add", "--to", FOLDER).code == 0
    text = NEW.replace("deletion_protection_enabled = true", "deletion_protection_enabled = false")
    grown.write({MAIN: (grown.folder / MAIN).read_text().replace(NEW, text)})
    assert grown.fallen("books", "dev") == {"dynamodb.deletion-protection"}


def test_the_second_time_nothing_is_new(grown: Repository) -> None:
    assert grown.init("books", "--add", "--to", FOLDER).code == 0
    before = grown.text("stacks", "books"), grown.text("runbooks", "books")
    ended = grown.init("books", "--add", "--to", FOLDER)
    assert ended.code == 0
    assert f"nothing is new to {FOLDER}/stacks/books.yaml" in ended.printed
    assert (grown.text("stacks", "books"), grown.text("runbooks", "books")) == before


def test_a_resource_is_taken_into_a_group_of_which_all_holds_of_it(grown: Repository) -> None:
    """And what the runbook asks of a group alone it is asked by that, not by a sentence of its own."""
    of_group = "    of: [kept-tables]\n"
    grown.edit(RUNBOOK, "    test: dynamodb.exists\n", f"    test: dynamodb.exists\n{of_group}")
    grown.edit(STACK, '-orders"\n    root: .\n', '-orders"\n    root: .\n    groups: [kept-tables]\n')
    assert grown.init("books", "--add", "--to", FOLDER).code == 0
    assert "kept-tables" in grown.stack("books").subjects("dev")["users"].groups
    assert "dynamodb.exists" not in {it.test for it in list(grown.runbook("books").invariants.values())[24:]}


def test_a_runbook_of_several_files_gets_new_sentences_in_the_last(grown: Repository) -> None:
    text = (grown.folder / RUNBOOK).read_text()
    head, _, sentences = text.partition("invariants:\n")
    (grown.folder / RUNBOOK).unlink()
    folder = f"{FOLDER}/runbooks/books"
    grown.write(
        {
            f"{folder}/runbook.yaml": f"{head}files: [all.yaml]\n",
            f"{folder}/all.yaml": f"format: 2\ninvariants:\n{sentences}",
        }
    )
    assert grown.init("books", "--add", "--to", FOLDER).code == 0
    added = (grown.folder / folder / "all.yaml").read_text()
    assert added.startswith(f"format: 2\ninvariants:\n{sentences}")
    assert "test: iam.execution-role" in added
    assert "Roles" in (grown.folder / folder / "runbook.yaml").read_text()
    assert grown.run().exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--add", "--env", "dev"), "--env is what"),
        (("--add", "--region", "eu-west-1"), "--region is what"),
        (("--add", "--terraform", "elsewhere"), "there is no folder elsewhere"),
    ],
)
def test_what_the_stack_says_itself_is_not_given(
    begun: Repository, words: tuple[str, ...], said: str
) -> None:
    ended = begun.init("books", *words, "--to", FOLDER)
    assert ended.code == 2
    assert said in ended.complained


def test_there_must_be_a_stack_to_add_to(repository: Repository) -> None:
    ended = repository.init("books", "--add")
    assert ended.code == 2
    assert "there is no stack infra/plumbline/stacks/books.yaml to add to" in ended.complained


WRITTEN = """\
# of whom
tables:   # all of them
  a: {name: a}  # the first

  # about b
  b: &b
    name: b
    expect:
      text: |
        two
        lines
    # found otherwise

buckets: {c: {name: c}}
topics:
last: *b
"""


def test_what_moto_refuses_and_the_runbook_asks_it_about_is_not_added(repository: Repository) -> None:
    """Two environments in two accounts have a bucket of one name, which S3 gives away once."""
    accounts = ("--account", "dev=111111111111", "--account", "prod=222222222222")
    assert repository.write(FILES).init("books", "--terraform", "infra/app", *accounts).code == 0
    before = repository.text("stacks", "books")
    bucket = 'resource "aws_s3_bucket" "one" { bucket = "of-both" }'
    repository.edit(MAIN, 'resource "aws_sqs_queue"', f'{bucket}\n\nresource "aws_sqs_queue"')
    ended = repository.init("books", "--add")
    assert (ended.code, repository.text("stacks", "books")) == (0, before)
    assert "of-both in dev, of-both in prod: it is not added, since" in ended.printed


PLAN_OF_TWO = (
    PLAN
    + """
resource "aws_backup_selection" "main" {
  name         = "all"
  plan_id      = aws_backup_plan.main.id
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  resources    = [aws_dynamodb_table.orders.arn, aws_dynamodb_table.carts.arn]
}
"""
)


def test_what_the_runbook_asks_of_all_and_is_not_so_of_what_is_new_is_not_added(
    repository: Repository,
) -> None:
    repository.write(FILES | {MAIN: FILES[MAIN] + PLAN_OF_TWO})
    assert repository.init("books", "--terraform", "infra/app").code == 0
    assert repository.run().exit_code == 0
    before = repository.text("stacks", "books")
    repository.edit(MAIN, 'resource "aws_sqs_queue"', f'{NEW}\nresource "aws_sqs_queue"')
    told = repository.init("books", "--add").printed
    assert re.search(r"books-dev-users, books-prod-users: it is not added, since books-\d+ \(backup", told)
    assert "lookup:" in repository.text("stacks", "books")
    assert "users" not in repository.text("stacks", "books")
    run = repository.run()
    fallen = {repository.runbook("books").invariants[it].test for it in run.invariants("failed")}
    assert fallen == {"inventory.named"}
    repository.edit(MAIN, "aws_dynamodb_table.carts.arn]", '"arn:aws:dynamodb:*:*:table/${local.name}-*"]')
    assert repository.init("books", "--add").code == 0
    assert repository.text("stacks", "books") != before
    assert repository.run().exit_code == 0


@pytest.mark.parametrize(
    ("section", "after", "line"),
    [
        ("tables", "    # found otherwise\n", "  z: {name: z}\n"),
        ("topics", "topics:\n", "  z: {name: z}\n"),
        ("alarms", "last: *b\n\nalarms:\n", "  z: {name: z}\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_entry_stands_at_the_end_of_its_section(section: str, after: str, line: str, end: str) -> None:
    text = WRITTEN.replace("\n", end)
    added = inserted(text, section, {"z": {"name": "z"}})
    assert (after + line).replace("\n", end) in added
    assert "\n" not in added.replace(end, "")
    if section in WRITTEN:
        assert added.replace(line.replace("\n", end), "") == text


def test_a_section_in_one_line_goes_on_in_it() -> None:
    assert "buckets: {c: {name: c}, z: {name: z}}\n" in inserted(WRITTEN, "buckets", {"z": {"name": "z"}})


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("tables: {}\n", "tables: {z: {}}\n"),
        ("tables: { a: 1 }\n", "tables: { a: 1, z: {} }\n"),
        ("tables: {\n  a: 1  # one\n}\n", "tables: {\n  a: 1, z: {}  # one\n}\n"),
        ("tables: {\n  a: 1,  # one\n}\n", "tables: {\n  a: 1, z: {},  # one\n}\n"),
        ("tables: {  # none\n}\n", "tables: {z: {}  # none\n}\n"),
        ("tables: &all\n   a: 1\n", "tables: &all\n   a: 1\n   z: {}\n"),
        ("tables: !!map\n   a: 1\n", "tables: !!map\n   a: 1\n   z: {}\n"),
        ("x: &x {b: 1}\ntables: {a: *x  # x\n}\n", "x: &x {b: 1}\ntables: {a: *x, z: {}  # x\n}\n"),
    ],
)
def test_what_stands_around_the_entries_stays_where_it_is(text: str, added: str) -> None:
    assert inserted(text, "tables", {"z": {}}) == added


def test_a_file_behind_a_link_is_written_with_its_mode(grown: Repository) -> None:
    stack = grown.folder / STACK
    real = stack.rename(stack.with_suffix(".real"))
    real.chmod(0o640)
    stack.symlink_to(real.name)
    ended = grown.init("books", "--add", "--to", FOLDER)
    assert ended.code == 0, ended.complained
    assert stack.is_symlink()
    assert "users:" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_what_nothing_reads_is_not_told_as_read() -> None:
    assert known_types().isdisjoint({"aws_ecs_cluster", "aws_sqs_queue"})
    assert known_types() >= {
        "aws_s3_bucket",
        "aws_s3_bucket_versioning",
        "aws_kms_key_policy",
        "aws_dynamodb_tag",
    }


@pytest.mark.parametrize(
    "text", ["{tables: {}}", "- tables", "tables: [a]", "a: &a {}\ntables: *a\n", "a: ["]
)
def test_what_cannot_be_added_to_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="added to"):
        inserted(text, "tables", {"z": {}})
