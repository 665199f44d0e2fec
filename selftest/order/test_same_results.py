"""The same outcomes however the suite is run: in any order, in any number of processes, whole or in part."""

import json
import random
import re
import shutil
from pathlib import Path

import pytest

from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_suite

SEED = 20261120


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Terraform with a table missing, a setting wrong, an object gone and a root that does not parse."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copytree(REPOSITORY / "terraform" / "bbws", folder, dirs_exist_ok=True)
    edit(folder / "dynamodb" / "main.tf", '"bbws-products-', '"other-products-')
    edit(folder / "dynamodb" / "main.tf", "enabled = true", "enabled = false")
    edit(folder / "s3" / "templates.tf", '"billing/invoice.html",', "")
    edit(folder / "state" / "main.tf", 'resource "aws_dynamodb_table" "locks" {', "resource {{")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, path
    path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def one_process(broken: Path) -> SuiteRun:
    run = run_on(broken)
    assert {"passed", "failed", "error", "skipped"} == {outcome.verdict for outcome in run.outcomes.values()}
    return run


def run_on(broken: Path, *arguments: str) -> SuiteRun:
    return run_suite("--env", "sit", f"--terraform={broken}", *arguments)


def verdicts(run: SuiteRun) -> dict[str, str]:
    return {test: outcome.verdict for test, outcome in run.outcomes.items()}


@pytest.mark.sampled(one_in=2)
@pytest.mark.parametrize(
    "arguments",
    [
        ("-n", "2"),
        ("-n", "3", "--dist", "worksteal"),
        ("--random-order", f"--random-order-seed={SEED}"),
        ("-n", "2", "--random-order-bucket=global", f"--random-order-seed={SEED}"),
    ],
    ids=" ".join,
)
def test_order_and_processes_change_no_outcome(
    broken: Path, one_process: SuiteRun, arguments: tuple[str, ...]
) -> None:
    print(f"seed {SEED}")
    run = run_on(broken, *arguments)
    assert verdicts(run) == verdicts(one_process)
    assert run.exit_code == one_process.exit_code == 1
    assert run.last_line == one_process.last_line


def test_a_test_alone_ends_as_it_does_among_the_others(broken: Path, one_process: SuiteRun) -> None:
    """But for one whose cause another test reports: alone, it reports the cause itself."""
    print(f"seed {SEED}")
    told = [test for test, verdict in verdicts(one_process).items() if verdict != "skipped"]
    for test in random.Random(SEED).sample(sorted(told), 5):
        assert verdicts(run_on(broken, test)) == {test: one_process.outcomes[test].verdict}


def test_a_cause_is_reported_by_whichever_of_its_tests_run(broken: Path, one_process: SuiteRun) -> None:
    skipped = [outcome.test for outcome in one_process.those("skipped") if "products/hcl" in outcome.test]
    alone = run_on(broken, skipped[-1])
    assert verdicts(alone) == {skipped[-1]: "failed"}


def test_what_failed_last_fails_again(broken: Path, one_process: SuiteRun, tmp_path: Path) -> None:
    cache = ("-o", f"cache_dir={tmp_path}", "-p", "cacheprovider")
    run_on(broken, *cache)
    again = run_on(broken, *cache, "--lf")
    wrong = {
        test: verdict for test, verdict in verdicts(one_process).items() if verdict in ("failed", "error")
    }
    assert verdicts(again) == wrong


COLLECTED = """
import json, pytest

@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    print("collected", json.dumps(ids))
"""


def test_a_worker_is_done_with_an_environment_on_a_source_before_it_begins_another(
    broken: Path, tmp_path: Path
) -> None:
    """Terraform is evaluated, and moto filled, for each environment once in a process that tests it."""
    (tmp_path / "collected.py").write_text(COLLECTED)
    run = run_suite(
        *("--stack", "bbws", "-k", "tables", "-n", "2", "-s", "-p", "collected", f"--terraform={broken}"),
        variables={**neutral_variables(), "PYTHONPATH": str(tmp_path)},
    )
    collected = [json.loads(it) for it in re.findall(r"^collected (.*)$", run.output, re.MULTILINE)]
    assert len(collected) == 2
    for tests in collected:
        places = [
            (*parameters[:2], parameters[-1])
            for it in tests
            if (parameters := it.split("[")[1][:-1].split("/"))
        ]
        assert len(set(places)) > 4
        assert places == sorted(places)
