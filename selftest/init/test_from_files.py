"""Plans and states as Terraform writes them: what is begun of them holds of them."""

import json

import pytest

from selftest.front_door import REPOSITORY
from selftest.init.repository import Repository
from selftest.stacks.bbws import BBWS

FILES = REPOSITORY / "selftest/stacks/bbws/plans_and_states"


@pytest.mark.parametrize("sort", ["plan", "state"])
def test_several_roots_in_several_environments_are_green_at_once(repository: Repository, sort: str) -> None:
    given = [
        word
        for env in ("dev", "prod")
        for root in BBWS.roots
        for word in (f"--{sort}", f"{env}/{root}={FILES}/{env}/{root}-{sort}.json")
    ]
    ended = repository.init("portal", *given)
    assert ended.code == 0, ended.complained
    stack = repository.stack("portal")
    assert stack.region == BBWS.stack.region
    assert {env: it.account for env, it in stack.environments.items()} == {
        env: BBWS.accounts[env] for env in ("dev", "prod")
    }
    files = [f"--{sort}={root}={FILES}/prod/{root}-{sort}.json" for root in BBWS.roots]
    run = repository.run("--env=prod", *files)
    assert run.exit_code == 0, run.output
    assert len(run.those("passed")) > 100


def test_one_file_is_one_root_of_one_environment(repository: Repository) -> None:
    file = f"{FILES}/dev/state-plan.json"
    ended = repository.init("locks", "--plan", file, "--env", "dev")
    assert ended.code == 0, ended.complained
    assert ended.printed.rstrip().endswith(f"--env dev --plan {file}")
    run = repository.run("--env=dev", f"--plan={file}")
    assert run.exit_code == 0, run.output


def test_what_is_left_out_counts_once_what_two_environments_have(repository: Repository) -> None:
    queue = {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q"}
    for env in ("dev", "prod"):
        plan = json.loads((FILES / f"{env}/state-plan.json").read_text())
        values = {"name": "q"}
        plan["planned_values"]["root_module"]["resources"].append({**queue, "values": values})
        change = {"actions": ["create"], "after": values, "after_unknown": {}}
        plan["resource_changes"].append({**queue, "change": change})
        repository.write({f"{env}.json": json.dumps(plan)})
    ended = repository.init("locks", "--plan", "dev=dev.json", "--plan", "prod=prod.json")
    assert ended.code == 0, ended.complained
    assert "of types that no kind speaks of: 1 aws_sqs_queue" in ended.printed
