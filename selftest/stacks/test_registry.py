"""No stack is without what the proofs walk, and one that is turns them red with what to write."""

import shutil
from pathlib import Path

import pytest

from plumbline.expectations.runbook_files import RunbookFiles
from plumbline.suite.roots import own
from plumbline.values.mistakes import DataError
from selftest.stacks.proven import EXAMPLE, STACKS, Proven, every_stack
from selftest.stacks.registry import lacking

pytestmark = pytest.mark.sampled(one_in=1)  # what a stack lacks is never left to a sample


@pytest.fixture
def copied(tmp_path: Path) -> Proven:
    """A copy of the example, to take something away from."""
    folder = shutil.copytree(EXAMPLE.folder, tmp_path / EXAMPLE.name)
    return Proven(folder / "repository", folder)


@every_stack
def test_a_stack_lacks_nothing_that_the_proofs_walk(proven: Proven) -> None:
    told = list(lacking(proven))
    assert not told, "\n".join(told)


def test_every_stack_under_fixtures_is_walked() -> None:
    under_fixtures = {proven.name for proven in STACKS} - {EXAMPLE.name}
    assert under_fixtures == {path.stem for path in EXAMPLE.folder.parents[2].glob("fixtures/stacks/*.yaml")}


def test_a_stack_without_a_runbook_is_told_what_to_write_by_every_run(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        RunbookFiles(tmp_path / "shop.yaml")
    assert str(refused.value) == (
        f"{tmp_path}/shop.yaml is missing, and a stack has a runbook: write there what must be true of it, "
        'with `stack: shop` (docs/formats.md, "A runbook")'
    )


def test_a_root_that_is_not_there_is_to_be_written_where_the_stack_says(copied: Proven) -> None:
    shutil.rmtree(copied.reference)
    known = [("example", copied.environments[0], copied.roots[0])]
    with pytest.raises(
        pytest.UsageError, match=r"there is no Terraform root .*; write it there, or say where"
    ):
        own({"example": copied.stack}, known, copied.repository)


def test_a_whole_copy_lacks_nothing(copied: Proven) -> None:
    assert list(lacking(copied)) == []


def test_a_stack_without_mutations_is_told_what_to_write(copied: Proven) -> None:
    shutil.rmtree(copied.folder / "mutations")
    assert list(lacking(copied)) == [
        f"{copied.folder}/mutations holds no mutations: write a module for each folder of tests/ that its"
        ' runbook uses, each with MUTATIONS = [mutation("ID", edit), ...];'
        " selftest/stacks/example/mutations shows how"
    ]


def test_an_invariant_without_a_mutation_on_a_source_is_named_with_both(copied: Proven) -> None:
    module = copied.folder / "mutations" / "monitoring.py"
    lines = module.read_text().splitlines(keepends=True)
    module.write_text("".join(line for line in lines if 'mutation("example-mon-01", Set(' not in line))
    told = 'add to a module in {}/mutations: mutation("example-mon-01", Set(address, path, value))'
    assert list(lacking(copied)) == [
        f"no mutation turns example-mon-01 red on {source}: {told.format(copied.folder)}"
        for source in ("plan", "state")
    ]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "repository/fixtures/runbooks/example.yaml",
            "write what must be true of example, after another runbook",
        ),
        ("repository/docs/runbook-corrections/example.md", "say where the runbook is wrong"),
        ("plans_and_states/prod/notes-plan.json", "run python -m selftest.recorded.record example"),
        ("truth/notes-dev.json", "run python -m selftest.terraform.record example"),
    ],
)
def test_a_missing_file_is_told_with_what_makes_it(copied: Proven, path: str, told: str) -> None:
    (copied.folder / path).unlink()
    [message] = lacking(copied)
    assert message.startswith(f"{copied.folder / path} is missing: ")
    assert told in message


def test_a_stack_whose_plans_are_not_kept_is_told_how_to_record_them(copied: Proven) -> None:
    shutil.rmtree(copied.folder / "plans_and_states")
    [message] = lacking(copied)
    assert message.endswith("holds no environment: run python -m selftest.recorded.record example")


def test_a_root_without_terraform_is_told(copied: Proven) -> None:
    shutil.rmtree(copied.reference / "notes")
    [message] = lacking(copied)
    assert message == f"{copied.reference}/notes holds no Terraform: write the root that the stack names"
