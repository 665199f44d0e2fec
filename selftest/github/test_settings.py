"""GitHub's settings are read as its REST API documents them; what is no answer is an error that says why."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plumbline.github.api import AddressError, GitHub
from plumbline.github.checkout import Checkout
from plumbline.kinds.github import DeploymentEnvironment, ProtectedBranch
from plumbline.kinds.run_history import RunHistory
from plumbline.values.unknown import Missing, NoData, ReadError, Undetermined
from selftest.front_door import SuiteRun, neutral_variables, run_suite
from selftest.github.replies import NAME, Canned, conforming, ended_runs, job
from selftest.github.server import TOKEN, Refusal, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(conforming("dev", "sit", "prod")) as served:
        yield served


def checkout(server: Server, **settings: Any) -> Checkout:
    return Checkout(Path.cwd(), GitHub(NAME, TOKEN, server.address, **settings))


def environment(server: Server, **settings: Any) -> DeploymentEnvironment:
    return DeploymentEnvironment.from_repository(checkout(server, **settings), "dev")


def branch(server: Server) -> ProtectedBranch:
    return ProtectedBranch.from_repository(checkout(server), "main")


def test_reviewers_and_branches_are_those_of_the_environment(server: Server) -> None:
    read = environment(server)
    assert (read.reviewers, read.branches) == (1, ["main"])
    assert read.where() == f"GET /repos/{NAME}/environments/dev"


def test_an_environment_without_a_policy_deploys_from_anywhere(server: Server) -> None:
    server.replies["environments/dev"] |= {"deployment_branch_policy": None, "protection_rules": []}
    read = environment(server)
    assert (read.reviewers, read.branches) == (0, ["*"])


def test_protected_branches_are_asked_for_by_name(server: Server) -> None:
    server.replies["environments/dev"]["deployment_branch_policy"] = {
        "protected_branches": True,
        "custom_branch_policies": False,
    }
    server.replies["branches?protected=true"] = [{"name": f"release-{number}"} for number in range(250)]
    assert environment(server).branches == [f"release-{number}" for number in range(250)]


def test_checks_are_required_by_a_ruleset_or_by_the_protection_of_the_branch(server: Server) -> None:
    assert branch(server).required_checks == ["validate schemas / static"]
    server.replies["rules/branches/main"] = []
    assert branch(server).required_checks == []
    protection = {"enforcement_level": "non_admins", "contexts": ["test"], "checks": [{"context": "test"}]}
    server.replies["branches/main"]["protection"] = {"enabled": True, "required_status_checks": protection}
    assert branch(server).required_checks == ["test"]


def history(**replies: Any) -> RunHistory:
    canned = conforming("sit") | replies
    return RunHistory.from_repository(Checkout(Path.cwd(), Canned(canned)), "sit")


def test_failures_in_a_row_are_counted_from_the_newest_run_on() -> None:
    read = history()
    assert set(read.failures_in_a_row.values()) == {2}
    assert read.failing(3) == []
    assert not read.waits_longer_than(4)


@pytest.mark.parametrize(
    ("conclusions", "failures"),
    [
        (["failure", "timed_out", "startup_failure", "success"], 3),
        (["failure", "cancelled", "failure", "failure"], 1),
        (["success", "failure", "failure", "failure"], 0),
        (["failure"], 1),
    ],
)
def test_what_did_not_fail_ends_a_row_of_failures(conclusions: list[str], failures: int) -> None:
    read = history(**{"actions/workflows/1/runs?status=completed": ended_runs(*conclusions)})
    assert read.failures_in_a_row[".github/workflows/terraform-apply.yml"] == failures


def test_a_deployment_waits_since_its_timer_started_and_for_its_own_environment() -> None:
    path = "actions/runs/30433642/pending_deployments"
    since = {"wait_timer": 0, "wait_timer_started_at": "2024-01-01T00:00:00Z"}
    assert history(**{path: [{"environment": {"name": "sit"}, **since}]}).waits_longer_than(4)
    assert not history(**{path: [{"environment": {"name": "prod"}, **since}]}).waits_longer_than(4)


RUN = {"id": 30433642, "status": "waiting", "created_at": "2024-01-01T00:00:00Z"}


def waiting(*jobs: dict[str, Any], also: str = "", **run: Any) -> RunHistory:
    """The history of a run of long ago, with jobs, of which one waits for sit without a timer."""
    named = [{"environment": {"name": it}, "wait_timer_started_at": None} for it in ("sit", also) if it]
    return history(
        **{
            "actions/runs?status=waiting": {"workflow_runs": [RUN | run]},
            "actions/runs/30433642/pending_deployments": named,
            "actions/runs/30433642/jobs": {"jobs": list(jobs)},
        }
    )


def test_a_deployment_waits_since_its_job_does_and_not_since_its_run_was_asked_for() -> None:
    assert not waiting(job("completed", hours=90), job("waiting", hours=1)).waits_longer_than(4)
    assert waiting(job("waiting", hours=5)).waits_longer_than(4)
    assert waiting().waits_longer_than(4)
    assert not waiting(run_started_at=job("waiting", hours=1)["created_at"]).waits_longer_than(4)


def test_of_several_that_wait_in_a_run_github_does_not_say_which_is_whose() -> None:
    both = job("waiting", hours=5), job("waiting", hours=1)
    with pytest.raises(Undetermined, match=r"a job of its run has been waiting for 5\.0 hours"):
        waiting(*both, also="prod").waits_longer_than(4)
    assert waiting(*both, also="prod").waits_longer_than(0.5)
    assert not waiting(*both, also="prod").waits_longer_than(6)


def test_a_queued_run_may_deploy_anywhere() -> None:
    old = {"id": 1, "created_at": "2024-01-01T00:00:00Z"}
    read = history(**{"actions/runs?status=pending": {"workflow_runs": [old]}})
    with pytest.raises(Undetermined, match="GitHub does not say to which environment"):
        read.waits_longer_than(4)


def test_no_run_at_all_is_no_data() -> None:
    with pytest.raises(NoData, match="has ended a run"):
        history(**{"actions/workflows": {"workflows": []}})


WORKFLOW = """
name: validate
on: push
jobs:
  static: {runs-on: ubuntu-latest, name: "Static of ${{ inputs.environment }}"}
  called: {uses: ./.github/workflows/other.yml}
"""


@pytest.mark.parametrize(
    ("check", "is_of_it"),
    [
        ("static", True),
        ("validate / static", True),
        ("Static of dev", True),
        ("called / inner", True),
        ("static (3.12)", True),
        (".github/workflows/validate.yml", True),
        ("validate", False),
        ("license/cla", False),
        ("other / static", False),
    ],
)
def test_a_check_is_known_as_a_job_of_a_workflow(
    server: Server, tmp_path: Path, check: str, is_of_it: bool
) -> None:
    file = tmp_path / ".github" / "workflows" / "validate.yml"
    file.parent.mkdir(parents=True)
    file.write_text(WORKFLOW, "utf-8")
    rule = server.replies["rules/branches/main"][1]
    rule["parameters"]["required_status_checks"] = [{"context": check}]
    read = ProtectedBranch.from_repository(Checkout(tmp_path, checkout(server).host), "main")
    assert bool(read.required_workflows) is is_of_it


def test_each_path_is_asked_for_once(server: Server) -> None:
    shared = checkout(server)
    for _ in range(3):
        DeploymentEnvironment.from_repository(shared, "dev")
    assert len(server.asked) == len(set(server.asked)) == 2


def test_without_a_named_repository_nothing_is_determined() -> None:
    with pytest.raises(Undetermined, match="--github OWNER/NAME and a token in GH_TOKEN"):
        DeploymentEnvironment.from_repository(Checkout(Path.cwd()), "dev")


def test_what_github_does_not_know_is_missing(server: Server) -> None:
    with pytest.raises(Missing, match=f"GitHub environment uat does not exist in {NAME}"):
        DeploymentEnvironment.from_repository(checkout(server), "uat")


def test_a_repository_that_the_token_does_not_see_is_an_error_not_a_missing_environment(
    server: Server,
) -> None:
    server.replies.clear()
    with pytest.raises(ReadError, match=f"GitHub knows no repository {NAME}, or the token may not see it"):
        environment(server)


@pytest.mark.parametrize(
    ("refusal", "message", "advice"),
    [
        (Refusal(401, "Bad credentials"), "GitHub does not accept the token", "GH_TOKEN or GITHUB_TOKEN"),
        (
            Refusal(
                403,
                "Resource not accessible by personal access token",
                {"X-Accepted-GitHub-Permissions": "actions=read"},
            ),
            "the token may not read this (403): Resource not accessible by personal access token",
            "lacks: actions=read",
        ),
        (
            Refusal(
                403,
                "API rate limit exceeded",
                {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1767225600"},
            ),
            "the rate limit of the token is used up",
            "after 00:00 UTC",
        ),
        (
            Refusal(429, "You have exceeded a secondary rate limit", {"Retry-After": "60"}),
            "the rate limit of the token is used up (429)",
            "after 60 seconds",
        ),
        (Refusal(502, "Server Error"), "GitHub answers 502 Server Error", "githubstatus"),
        (Refusal(200, ""), "is not laid out as GitHub documents it", "GITHUB_API_URL"),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Refusal) else "",
)
def test_a_refusal_is_an_error_that_says_what_to_do(
    server: Server, refusal: Refusal, message: str, advice: str
) -> None:
    server.refusal = refusal
    with pytest.raises(ReadError) as raised:
        environment(server)
    assert message in raised.value.message
    assert advice in raised.value.advice
    assert TOKEN not in str(raised.value.args)


def test_a_server_that_does_not_answer_in_time_is_an_error(server: Server) -> None:
    server.delay_seconds = 2
    asking = checkout(server, patience_seconds=0.2)
    for name in ("dev", "sit"):
        with pytest.raises(ReadError, match=r"127\.0\.0\.1:\d+ does not answer: .*timed out"):
            DeploymentEnvironment.from_repository(asking, name)
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_an_error(server: Server) -> None:
    gone = replace(server, address="http://127.0.0.1:9")
    with pytest.raises(ReadError, match=r"127\.0\.0\.1:9 does not answer: .*[Cc]onnection refused"):
        environment(gone)


def test_a_page_that_is_no_json_is_an_error(server: Server) -> None:
    server.replies["environments/dev"] = b"<html>Sign in to the network</html>"
    with pytest.raises(ReadError, match="not laid out as GitHub documents it"):
        environment(server)


def test_a_list_that_did_not_come_is_no_empty_list(server: Server) -> None:
    server.replies["environments/dev/deployment-branch-policies"] = {"total_count": 1}
    with pytest.raises(ReadError, match="not laid out as GitHub documents it"):
        environment(server)


@pytest.mark.parametrize("name", ["schemas", "octo-org/", "/schemas", "a/b/c", "octo org/schemas"])
def test_what_is_no_repository_is_refused(name: str) -> None:
    with pytest.raises(AddressError, match="written OWNER/NAME"):
        GitHub(name, TOKEN)


def test_a_token_goes_over_https_or_stays_on_this_machine() -> None:
    with pytest.raises(AddressError, match="the token would be sent in the clear"):
        GitHub(NAME, TOKEN, "http://github.example.com/api/v3")


def run(server: Server, **variables: str) -> SuiteRun:
    known = neutral_variables() | {"GITHUB_API_URL": server.address, "GH_TOKEN": TOKEN} | variables
    arguments = ["--source=repository", f"--github={NAME}", "tests/ci/test_github.py"]
    return run_suite(*arguments, variables=known)


def test_a_run_with_a_token_examines_the_settings(server: Server) -> None:
    server.replies["environments/prod"]["protection_rules"] = []
    examined = run(server)
    assert examined.exit_code == 1
    assert examined.last_line.startswith("Nothing deployed")
    [failed] = examined.those("failed")
    assert failed.invariant == "bbws-ci-11"
    assert f"GET /repos/{NAME}/environments/prod" in failed.message
    assert len(examined.those("passed")) == 5
    assert TOKEN not in examined.output


def test_a_token_that_is_refused_is_one_card(server: Server) -> None:
    refused = run(server, GH_TOKEN="another")
    assert refused.exit_code == 1
    assert {outcome.verdict for outcome in refused.outcomes.values()} == {"error"}
    assert refused.printed.count("GitHub does not accept the token (401)") == 1
