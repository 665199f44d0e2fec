"""Evaluations equal what Terraform sends to the provider when it plans, argument by argument."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings, TerraformError
from plumbline.terraform.values import Value
from plumbline.values.unknown import Unknown
from selftest.stacks.proven import Proven, of_each
from selftest.terraform import configurations
from selftest.terraform.configurations import CASES, INVALID, UNKNOWN
from selftest.terraform.record import TRUTH

SETTINGS = Settings(account="123456789012")

# What Terraform refuses and this evaluation does not, each with its reason.
ACCEPTED = {
    "unknown_count": "one instance stands for all of them, so that what is known of them can be checked",
}
# Errors that Terraform reports without a place.
PLACELESS = {
    "alias_in_root",
    "backend_variable",
    "cycle_conditional",
    "cycle_locals",
    "cycle_module",
    "cycle_resources",
    "cycle_try",
    "import_key_not_there",
    "infinite_output",
    "module_missing_directory",
    "moved_cycle_undeclared",
    "provider_alias_bad",
    "provider_alias_missing",
    "provider_not_there",
    "provisioner_file_of_nothing",
    "provisioner_file_twice",
    "provisioner_two_scripts",
    "provisioner_without_script",
    "res_cycle_depends",
}


def recorded(folder: str, name: str) -> dict[str, Any]:
    """Terraform's answer for one configuration."""
    answer: dict[str, Any] = json.loads((TRUTH / folder / f"{name}.json").read_text("utf-8"))
    return answer


def evaluated(directory: Path, options: dict[str, Any]) -> Configuration:
    """The evaluation of a directory with the options that it was recorded with."""
    files = [directory / name for name in options.get("var_files", ())]
    return evaluate(directory, variables=options.get("variables"), var_files=files, settings=SETTINGS)


def plain(value: Value) -> Any:
    """A value as a record has it."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def single_blocks(value: Any) -> Any:
    """Timeouts are sent to the provider as an object; here every block type is a list."""
    return {**value, "timeouts": [value["timeouts"]]} if "timeouts" in value else value


def assert_agrees(configuration: Configuration, answer: dict[str, Any]) -> None:
    """Every instance, argument and output is Terraform's."""
    assert sorted(resource.address for resource in configuration.resources) == answer["resources"]
    for resource in configuration.resources:
        ours = configurations.present(plain(resource.values))
        assert (resource.address, ours) == (
            resource.address,
            single_blocks(answer["configured"][resource.address]),
        )
    outputs = {name: configurations.present(plain(value)) for name, value in configuration.outputs.items()}
    assert {name: value for name, value in outputs.items() if value is not None} == {
        name: value for name, value in answer["outputs"].items() if value is not None
    }


@pytest.mark.parametrize("name", configurations.names(CASES))
def test_the_evaluation_is_terraforms(name: str) -> None:
    assert_agrees(evaluated(CASES / name, configurations.options(CASES / name)), recorded("cases", name))


@of_each("environment, root", configurations.places)
def test_every_reference_is_evaluated_as_by_terraform(proven: Proven, environment: str, root: str) -> None:
    options = configurations.stack_options(proven, environment, root)
    kept = json.loads(configurations.truth(proven, environment, root).read_text("utf-8"))
    assert_agrees(evaluated(proven.reference / root, options), kept)


@pytest.mark.parametrize("name", sorted(set(configurations.names(INVALID)) - ACCEPTED.keys()))
def test_an_invalid_configuration_is_refused_where_terraform_refuses_it(name: str) -> None:
    with pytest.raises(TerraformError) as refused:
        evaluated(INVALID / name, configurations.options(INVALID / name))
    theirs = {
        (error["file"], error["line"]) for error in recorded("invalid", name)["errors"] if error["line"]
    }
    ours = set(places(refused.value, INVALID / name))
    assert all(file and line and column for file, line, column in ours)
    if name not in PLACELESS:
        assert theirs & {(file, line) for file, line, _ in ours}


@pytest.mark.parametrize("name", sorted(ACCEPTED))
def test_an_accepted_configuration_is_refused_by_terraform(name: str) -> None:
    assert evaluated(INVALID / name, {})
    assert recorded("invalid", name)["errors"]


def places(error: TerraformError, directory: Path) -> Iterator[tuple[str, int, int]]:
    """Where each problem is, relative to a directory."""
    for problem in error.problems:
        assert problem.location is not None, problem
        file = Path(problem.location.file).absolute().relative_to(directory.absolute())
        yield str(file), problem.location.line, problem.location.column


def test_all_problems_of_a_directory_are_reported_at_once() -> None:
    with pytest.raises(TerraformError) as refused:
        evaluate(INVALID / "several")
    assert [problem.location.line for problem in refused.value.problems if problem.location] == [2, 3, 6]


def test_what_cannot_be_repeated_is_one_instance_with_a_star() -> None:
    (resource,) = evaluate(INVALID / "unknown_count").resources[1:]
    assert resource.address == "terraform_data.b[*]"


def test_the_records_hold_many_arguments() -> None:
    """The records hold enough arguments for the proofs above to mean something."""
    answers = [json.loads(path.read_text("utf-8")) for path in (TRUTH / "cases").glob("*.json")]
    assert sum(len(list(leaves(answer.get("configured", {})))) for answer in answers) > 400


def leaves(value: Any) -> Iterator[Any]:
    """Every value inside that is no collection."""
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


@pytest.mark.parametrize("name", sorted(set(configurations.names(INVALID)) - ACCEPTED.keys()))
def test_what_is_refused_leaves_a_rest_that_ends_in_no_other_error(name: str) -> None:
    with pytest.raises(TerraformError) as refused:
        evaluated(INVALID / name, configurations.options(INVALID / name))
    rest = refused.value.rest
    assert rest is None or all(it.location.line for it in (*rest.resources, *rest.data))


def test_a_problem_spoils_what_uses_it_and_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
locals {
  bad  = upper(null)
  good = "b"
}
resource "terraform_data" "spoilt" {
  input            = "x-${local.bad}"
  triggers_replace = local.good
}
resource "terraform_data" "uses" {
  input = terraform_data.spoilt.input
}
resource "terraform_data" "other" {
  input = [nosuch.value, local.good]
}
resource "terraform_data" "whole" {
  input = { a = [local.good] }
}
resource "terraform_data" "counted" {
  count = local.bad
  input = local.good
}
""",
        "utf-8",
    )
    with pytest.raises(TerraformError) as refused:
        evaluate(tmp_path)
    assert [it.location.line for it in refused.value.problems if it.location] == [3, 14]
    rest = refused.value.rest
    assert rest is not None
    assert {it.address: plain(it.values) for it in rest.resources} == {
        "terraform_data.spoilt": {"input": UNKNOWN, "triggers_replace": "b"},
        "terraform_data.uses": {"input": UNKNOWN},
        "terraform_data.other": {"input": UNKNOWN},
        "terraform_data.whole": {"input": {"a": ["b"]}},
        "terraform_data.counted[*]": {"input": "b"},
    }
