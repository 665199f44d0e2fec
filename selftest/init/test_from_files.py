"""Plans and states as Terraform writes them: what is begun of them holds of them."""

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
