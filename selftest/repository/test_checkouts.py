"""Any checkout can be examined; what is no checkout is refused before anything runs."""

from pathlib import Path

import pytest

from plumbline.github.checkout import Checkout
from plumbline.values.unknown import Missing, Undetermined
from selftest.front_door import neutral_variables, run_suite
from selftest.input.tree import assert_refused
from selftest.mutations.worlds import checkout
from selftest.stacks.bbws import BBWS

APPLY = ".github/workflows/terraform-apply.yml"


def test_a_file_is_found_at_its_path_or_with_folders_between(tmp_path: Path) -> None:
    for name in ("terraform/bbws/s3/main.tf", "main.tf", "terraform/s3/other.tf", "docs/README.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = Checkout(tmp_path)
    assert found.find("terraform/s3/main.tf", "file") == tmp_path / "terraform/bbws/s3/main.tf"
    assert found.find("main.tf", "file") == tmp_path / "main.tf"
    assert found.find("README.md", "file") == tmp_path / "docs/README.md"


def test_a_file_that_several_may_be_is_not_guessed(tmp_path: Path) -> None:
    for name in ("one/policy.json", "two/policy.json", "three/deeper/policy.json"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    with pytest.raises(Undetermined, match=r"policy.json may be any of one/policy.json, two/policy.json"):
        Checkout(tmp_path).find("policy.json", "file")


@pytest.mark.parametrize("folder", [".git", ".venv", "node_modules", ".terraform", "__pycache__"])
def test_what_was_installed_or_made_is_not_the_repository(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "README.md").touch()
    with pytest.raises(Missing, match=r"file README.md does not exist in the checkout"):
        Checkout(tmp_path).find("README.md", "file")


def test_a_checkout_elsewhere_is_examined_with_its_own_paths(tmp_path: Path) -> None:
    place = checkout(BBWS, tmp_path / "schemas")
    text = (place / APPLY).read_text()
    (place / APPLY).write_text(text.replace("    environment: ${{ inputs.environment }}  #", "    #"))
    line = 1 + text[: text.index("  apply:\n")].count("\n")
    sarif = tmp_path / "results.sarif"
    run = run_suite(
        "--env=bbws/dev",
        "--source=repository",
        f"--repository={place}",
        f"--sarif={sarif}",
        variables=neutral_variables() | {"GITHUB_ACTIONS": "true"},
    )
    [failed] = run.those("failed")
    assert failed.invariant == "bbws-ci-10"
    assert "found in  bbws/dev on repository" in failed.message
    assert f"where     {place / APPLY}:{line}\n" in failed.message
    assert "::notice title=P4" in run.printed
    assert f",file={place / APPLY},line={line}::" in run.printed
    assert f'"startLine": {line}' in sarif.read_text()


def test_a_workflow_that_is_no_yaml_is_one_error_at_its_line(tmp_path: Path) -> None:
    place = checkout(BBWS, tmp_path / "schemas")
    (place / APPLY).write_text("on: push\njobs:\n\tapply: {}\n")
    run = run_suite(
        "--env=bbws/dev", "--source=repository", f"--repository={place}", "tests/ci/test_workflows.py"
    )
    assert run.exit_code == 1
    assert {outcome.verdict for outcome in run.outcomes.values()} == {"error", "passed"}
    assert run.printed.count(f"{APPLY}:3:1: found character that cannot start any token") == 1
    assert "Traceback" not in run.output


def test_a_missing_template_is_one_failure_on_files_and_in_moto(tmp_path: Path) -> None:
    place = checkout(BBWS, tmp_path / "schemas")
    (place / "terraform/bbws/templates/billing/invoice.html").unlink()
    run = run_suite("--env=bbws/dev", "--source=repository,moto", f"--repository={place}", "-k", "html")
    assert [failed.invariant for failed in run.those("failed")] == ["bbws-s3-15"]


@pytest.mark.parametrize("arguments", [("-n", "2"), ("--random-order", "--random-order-seed=7")])
def test_order_and_processes_change_no_outcome(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    place = checkout(BBWS, tmp_path / "schemas")
    (place / "README.md").unlink()
    (place / APPLY).write_text("on: [")
    whole = run_suite("--env=bbws/dev", "--source=repository", f"--repository={place}")
    again = run_suite("--env=bbws/dev", "--source=repository", f"--repository={place}", *arguments)
    verdicts = {test: outcome.verdict for test, outcome in whole.outcomes.items()}
    assert {test: outcome.verdict for test, outcome in again.outcomes.items()} == verdicts
    assert {"passed", "failed", "error", "skipped"} == set(verdicts.values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--repository=nowhere"], "--repository nowhere: there is no folder nowhere"),
        (["--repository=README.md"], "--repository README.md: that is a file; a checkout is a folder"),
        (["--repository=EMPTY"], "the folder is empty"),
        (["--live", "--source=repository"], "it cannot go with --source repository"),
        (["--live", "--github=a/b"], "--github a/b: this run examines the deployed account and nothing else"),
        (["--source=hcl", "--github=a/b"], "--github a/b: this run examines hcl and nothing else"),
        (["--source=repository", "--terraform=terraform/bbws"], "say which checkout with --repository DIR"),
        (["--github=a/b", "--terraform=terraform/bbws"], "say which checkout with --repository DIR"),
        (["--github=a/b"], "--github a/b needs a token in GH_TOKEN or GITHUB_TOKEN"),
        (
            ["--evidence=x.json", "--repository=."],
            "--evidence examines that file and nothing else, no --repository",
        ),
        (
            ["--evidence=x.json", "--github=a/b"],
            "--evidence examines that file and nothing else, no --github",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, arguments: list[str], said: str) -> None:
    given = [argument.replace("EMPTY", str(tmp_path)) for argument in arguments]
    tokenless = {
        name: value for name, value in neutral_variables().items() if name not in ("GH_TOKEN", "GITHUB_TOKEN")
    }
    assert_refused(run_suite(*given, variables=tokenless), said)


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("schemas", "", "--github: 'schemas' is no repository; it is written OWNER/NAME"),
        ("a/b", "http://github.example.com", "is no https address: the token would be sent in the clear"),
    ],
)
def test_a_repository_or_address_that_cannot_be_used_is_refused(name: str, address: str, said: str) -> None:
    variables = neutral_variables() | {"GH_TOKEN": "a-token", "GITHUB_API_URL": address}
    run = run_suite(f"--github={name}", variables=variables)
    assert_refused(run, said)
    assert "a-token" not in run.output


def test_one_repository_on_github_is_not_asked_for_stacks_of_several(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "README.md").write_text("# Of somebody\n")
    ours, theirs = (
        f"--repository={stack}={tmp_path / it}" for stack, it in (("bbws", "one"), ("propie", "two"))
    )
    run = run_suite("--stack=bbws,propie", "--env=dev", ours, theirs, "--github=a/b")
    assert run.exit_code == 4, run.output
    assert "--github a/b is one repository, and bbws and propie lie in checkouts" in run.complained
    of_one = run_suite("--stack=bbws,propie", "--env=dev", ours, theirs.replace("two", "one"), "--github=a/b")
    assert "needs a token" in of_one.complained
