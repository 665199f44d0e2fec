"""A resource that does not exist is one failure; the other tests about it skip, and no other test changes."""

from collections import Counter
from pathlib import Path

import pytest

from plumbline.values.unknown import Missing
from selftest.front_door import run_suite
from selftest.input.conftest import tree
from selftest.input.tree import Tree
from selftest.mutations.worlds import suite
from selftest.outcomes.snapshot import conforming, everywhere
from selftest.recorded.kept import file
from selftest.stacks.bbws import BBWS
from selftest.stacks.proven import Proven

__all__ = ["tree"]


@pytest.mark.sampled(one_in=12)
@everywhere
@pytest.mark.usefixtures("in_this_process")
def test_a_missing_resource_is_one_failure(proven: Proven, environment: str, source: str) -> None:
    tests = suite(proven, environment, source)
    evidence = conforming(proven, environment, source)
    told_of = tests.reading(evidence)
    for subject in proven.stack.subjects(environment).values():
        gone = evidence.replacing(subject, Missing(f"{subject.kind.noun} {subject.name}", "here"))
        about = tests.ends(gone, about=subject)
        ends = Counter(end.outcome for end in about.values())
        assert ends == Counter(failed=1, missing=len(about) - 1) or not about, (subject, ends)
        held = {test for test, it in tests.examined.items() if subject in it.subject.held_against}
        others = [test for test in told_of.get(subject, ()) if test not in {*about, *held}]
        assert [test for test, end in tests.each(others, gone) if end.outcome != "passed"] == []


@pytest.mark.parametrize("source", ["hcl", "moto"])
def test_a_table_in_another_region_is_not_there(tree: Tree, source: str) -> None:
    tree.edit("terraform/bbws/dynamodb/providers.tf", "var.region", '"eu-west-1"')
    run = tree.run(
        "--env=sit", f"--source={source}", "tests/dynamodb/test_tables.py", "-k", "ddb-01 or ddb-15"
    )
    assert {(it.invariant, it.verdict) for it in run.outcomes.values()} == {
        ("bbws-ddb-01", "failed"),
        ("bbws-ddb-15", "skipped"),
    }
    place = "in af-south-1: terraform/bbws/dynamodb/main.tf:"
    assert source == "moto" or f"does not exist {place}" in " ".join(run.output.split())
    assert run.exit_code == 1


def test_one_table_in_another_region_is_one_failure_for_all_sources(tree: Tree) -> None:
    other = 'provider "aws" {\n  alias  = "dr"\n  region = "eu-west-1"\n}\n\n'
    tree.edit("terraform/bbws/dynamodb/providers.tf", 'provider "aws"', f'{other}provider "aws"')
    tree.edit("terraform/bbws/dynamodb/main.tf", "  billing_mode", "  provider     = aws.dr\n  billing_mode")
    run = tree.run("--env=sit", "tests/dynamodb/test_tables.py")
    [failed] = run.those("failed")
    assert (failed.invariant, failed.source) == ("bbws-ddb-01", "hcl")
    assert "declares it in eu-west-1" in " ".join(failed.message.split())


@pytest.mark.parametrize("sort", ["plan", "state"])
def test_what_a_file_says_of_another_region_is_not_there(tmp_path: Path, sort: str) -> None:
    elsewhere = tmp_path / f"{sort}.json"
    elsewhere.write_text(file(BBWS, "prod", "dynamodb", sort).read_text().replace("af-south-1", "us-east-1"))
    run = run_suite("--env=bbws/prod", f"--{sort}=dynamodb={elsewhere}", "tests/dynamodb", "-k", "ddb-01")
    assert [it.invariant for it in run.those("failed")] == ["bbws-ddb-01"] * 3, run.output
    assert "declares it in us-east-1" in " ".join(run.output.split())
