"""A run speaks of what it was given and of nothing else: never of our own files beside a user's."""

import html
import json
import os
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plumbline.expectations.stack import Stack
from plumbline.github.checkout import Checkout
from plumbline.suite.choices import sources_of
from plumbline.suite.roots import looked_past, within
from selftest.front_door import REPOSITORY, SuiteRun, neutral_variables, run_suite
from selftest.github.action import in_action
from selftest.input.test_small_stacks import MAIN, RUNBOOK, STACK, TERRAFORM, THE_RUNBOOK, THE_STACK, write
from selftest.input.tree import Tree, assert_refused
from selftest.recorded.kept import file
from selftest.stacks.bbws import BBWS

FAULTS = [
    ("dynamodb/main.tf", "enabled = true", "enabled = false", {"bbws-ddb-15"}),
    ("dynamodb/main.tf", '"PAY_PER_REQUEST"', '"PROVISIONED"', {"bbws-ddb-06"}),
    ("s3/main.tf", "block_public_acls       = true", "block_public_acls       = false", {"bbws-s3-05"}),
]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A checkout of somebody else, whose roots lie one folder less deep than the stack says."""
    checkout = tmp_path / "foreign"
    shutil.copytree(
        REPOSITORY / "terraform/bbws", checkout / "terraform", ignore=shutil.ignore_patterns(".terraform*")
    )
    (checkout / "README.md").write_text("# Somebody else's\n")
    return checkout


def spoil(terraform: Path, file: str, old: str, new: str) -> None:
    text = (terraform / file).read_text()
    assert old in text
    (terraform / file).write_text(text.replace(old, new, 1))


def write_small(tree: Tree) -> None:
    """Put a stack of one table beside the others."""
    for path, text in (
        (STACK, THE_STACK),
        (RUNBOOK, THE_RUNBOOK),
        (MAIN, TERRAFORM.replace("ENABLED", "true")),
    ):
        write(tree.path / path, text)


@pytest.fixture
def small_checkout(tmp_path: Path) -> Path:
    """A checkout of a stack of one table, in a folder of nothing else."""
    checkout = tmp_path / "around/checkout"
    for path, text in ((STACK, THE_STACK), (MAIN, TERRAFORM)):
        write(checkout / path, text)
    return checkout


def last_lines(run: SuiteRun) -> dict[str, str]:
    """What the last lines say was examined, and what was not given."""
    return dict(re.findall(r"^(Examined|Not given|Not read): (.*)$", run.printed, re.MULTILINE))


@pytest.mark.parametrize(("name", "old", "new", "fallen"), FAULTS)
def test_a_pull_request_is_held_against_its_own_terraform(
    foreign: Path, name: str, old: str, new: str, fallen: set[str]
) -> None:
    spoil(foreign / "terraform", name, old, new)
    run = run_suite("--env=sit", f"--repository={foreign}", "-m", "static", "tests/dynamodb", "tests/s3")
    assert fallen <= run.invariants("failed")
    assert run.exit_code == 1


def test_a_checkout_without_the_roots_is_held_against_nobody_elses(tmp_path: Path) -> None:
    checkout = tmp_path / "docs"
    checkout.mkdir()
    (checkout / "README.md").write_text("# Words\n")
    run = run_suite("--env=sit", f"--repository={checkout}", "tests/dynamodb")
    assert not run.those("passed", "failed", "error")
    assert all("not given" in it.message for it in run.those("skipped"))
    assert run.exit_code == 5
    assert last_lines(run)["Not given"].startswith("Terraform roots ")


def test_roots_that_are_not_named_are_not_filled_in() -> None:
    roots = [f"--terraform={it}={BBWS.reference / it}" for it in ("dynamodb", "s3")]
    run = run_suite("--env=sit", *roots)
    assert {it.resource for it in run.those("skipped")} > {"bbws-lambda-execution-sit"}
    assert " x Terraform root iam is not given: --terraform iam=DIR" in run.printed
    assert not {"bbws-iam-01", "bbws-mon-01", "bbws-tf-03", "bbws-ci-10"} & run.invariants("passed")
    assert last_lines(run) == {
        "Examined": run.printed.partition("examined: ")[2].splitlines()[0],
        "Not given": "Terraform roots iam, monitoring, state; the repository",
    }


def test_with_terraform_alone_the_files_of_the_repository_are_not_given() -> None:
    run = run_suite("--env=sit", f"--terraform={BBWS.reference}")
    assert {it.message for it in run.those("skipped") if "repository" in it.message} == {
        "undetermined: the repository is not given: --repository DIR"
    }
    assert last_lines(run)["Not given"] == "the repository"


@pytest.mark.parametrize("sort", ["plan", "state"])
def test_with_one_plan_or_state_the_other_roots_are_not_given(sort: str) -> None:
    run = run_suite("--env=bbws/prod", f"--{sort}={file(BBWS, 'prod', 'dynamodb', sort)}")
    assert {it.source for it in run.those("passed")} == {sort}
    assert {it.invariant for it in run.those("passed")} >= {"bbws-ddb-15"}
    of_files = {it.message for it in run.outcomes.values() if it.source == "repository"}
    assert "undetermined: the repository is not given: --repository DIR" in of_files
    assert "; the repository" in last_lines(run)["Not given"]
    assert "undetermined: no file of Terraform root iam is given" in {
        it.message for it in run.those("skipped")
    }
    assert re.search(rf"examined: {sort} \S+ of bbws/prod, root dynamodb", run.printed)


def test_a_checkout_that_is_one_off_is_told_where_the_roots_lie(small_checkout: Path) -> None:
    stacks = {"small": Stack(small_checkout / STACK)}
    lacking = [("small", "test", "data")]

    def told(folder: str) -> str:
        return looked_past(stacks, lacking, {"small": [Checkout(small_checkout / folder)]}, {})

    roots = small_checkout / "terraform/small"
    assert not within(stacks, lacking, small_checkout.parent)
    assert told("..") == told("terraform") == f"{roots} holds data: --terraform {roots}"
    assert told("fixtures/stacks") == f"{small_checkout} holds them: --repository {small_checkout}"
    assert told("terraform/small/data") == f"{roots} holds them: --repository {roots}"
    of_another = {("other", "test", "data"): roots / "data"}
    assert looked_past(stacks, lacking, {"small": [Checkout(roots)]}, of_another).endswith(
        f"{small_checkout}"
    )
    assert looked_past(stacks, lacking, {"other": [Checkout(roots)]}, {}) == ""
    shutil.rmtree(roots)
    assert told("..") == told("fixtures") == ""


def test_nothing_given_the_reference_is_examined_and_named() -> None:
    run = run_suite("--env=sit", "tests/s3")
    assert re.search(r"^examined: Terraform in terraform/bbws( at [0-9a-f]{8})?: ", run.printed, re.MULTILINE)
    assert re.search(r"^examined: repository \.( at [0-9a-f]{8})?$", run.printed, re.MULTILINE)
    assert "Not given" not in last_lines(run)


def test_every_report_says_what_was_examined(foreign: Path, tmp_path: Path) -> None:
    written = {it: tmp_path / it for it in ("html", "sarif", "incident", "health-check", "save-evidence")}
    summary = tmp_path / "summary.md"
    run = run_suite(
        "--env=sit",
        f"--terraform=dynamodb={foreign / 'terraform/dynamodb'}",
        *(f"--{name}={path}" for name, path in written.items()),
        f"--alluredir={tmp_path / 'allure'}",
        f"--junitxml={tmp_path / 'own.xml'}",
        "tests/dynamodb",
        variables=neutral_variables() | {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)},
    )
    lacking = "Terraform roots iam, monitoring, state, s3; the repository"
    texts = [path.read_text() for name, path in written.items() if name != "incident"]
    texts += [html.unescape(summary.read_text()), (tmp_path / "allure/environment.properties").read_text()]
    for text in [*texts, run.printed]:
        assert f"Terraform in {foreign / 'terraform'}: dynamodb" in text
        assert lacking in text
    suite = ElementTree.parse(tmp_path / "own.xml").find(".//testsuite/properties")
    assert suite is not None
    assert {it.get("name"): it.get("value") for it in suite}["not given"] == lacking
    told = json.loads(written["save-evidence"].read_text())["examined"]
    assert f"Not given: {lacking}" in told
    again = run_suite(f"--evidence={written['save-evidence']}", variables=neutral_variables())
    assert f"\nNot given: {lacking}; evidence of " in again.printed, again.printed[-2000:]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("terraform/bbws/dynamodb", "it is a root itself: --terraform dynamodb=terraform/bbws/dynamodb"),
        ("terraform", "terraform/bbws does: --terraform terraform/bbws"),
        ("nowhere", "--terraform nowhere: there is no folder nowhere"),
        ("terraform/bbws/s3/main.tf", "that is a file; give the folder that holds it: terraform/bbws/s3"),
        ("README.md", "that is a file; Terraform lies in a folder; what `terraform show -json` prints"),
        ("dynamodbb=terraform", "unknown root in --terraform 'dynamodbb' (did you mean dynamodb?)"),
        (
            "bbws/dev=terraform/bbws",
            "this run does not examine bbws/dev: choose it with --env, or leave",
        ),
        ("bbws/dev/s3=terraform/bbws/s3", "this run does not examine bbws/dev: choose it with --env"),
        ("sit=terraform/bbws", "--terraform sit=terraform/bbws: sit goes with its stack: bbws/sit"),
        ("docs", "--terraform docs holds no Terraform root: "),
        (
            "dynamodb=terraform/bbws",
            "terraform/bbws/dynamodb does: --terraform dynamodb=terraform/bbws/dynamodb",
        ),
    ],
)
def test_a_folder_that_cannot_be_meant_is_refused_with_the_one_that_may(given: str, said: str) -> None:
    assert_refused(run_suite("--env=sit", f"--terraform={given}"), said)


def test_the_only_root_that_lies_in_a_folder_of_another_name_is_told(tree: Tree) -> None:
    write_small(tree)
    shutil.copytree(tree.path / "terraform/small/data", tree.path / "elsewhere/flat")
    told = "it is a root itself: --terraform data=elsewhere/flat"
    assert_refused(tree.run("--stack=small", "--terraform=elsewhere/flat"), told)


@pytest.mark.parametrize("key", ["bbws", "bbws/sit"])
def test_a_stack_can_be_named_in_the_place_of_a_root(key: str) -> None:
    run = run_suite("--env=sit", f"--terraform={key}={BBWS.reference}", "--source=hcl", "tests/s3")
    assert run.exit_code == 0
    assert not run.those("skipped")


def test_the_action_examines_the_checkout_of_its_caller(foreign: Path) -> None:
    spoil(foreign / "terraform", *FAULTS[0][:3])
    run = in_action(foreign, environment="sit", arguments="-p no:cacheprovider -m static tests/dynamodb")
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"examined: Terraform in {foreign / 'terraform'}: " in run.stdout
    assert "bbws-ddb-15" in run.stdout


def test_the_action_says_which_folder_of_stacks_is_not_there(foreign: Path) -> None:
    run = in_action(foreign, environment="sit", stacks="infra/plumblin")
    assert run.returncode == 4
    assert f"--stacks {foreign}/infra/plumblin: there is no folder {foreign}/infra/plumblin" in run.stderr
    assert "confcutdir" not in run.stderr


def test_the_action_takes_roots_relative_to_its_caller(foreign: Path) -> None:
    (foreign / "terraform").rename(foreign / "infra")
    given = " dynamodb = infra/dynamodb\n  s3=infra/s3 \n"
    arguments = "-p no:cacheprovider --source=hcl tests/dynamodb tests/iam"
    run = in_action(
        foreign,
        environment=" sit\n",
        repository=" . ",
        terraform=given,
        arguments=arguments,
        fail_on="P1,\n undetermined\n",
    )
    assert run.returncode == 1
    assert f"examined: Terraform in {foreign / 'infra'}: dynamodb, s3" in run.stdout
    assert "Not given: Terraform roots iam, monitoring, state" in run.stdout


def test_the_action_loads_no_code_of_its_caller(foreign: Path) -> None:
    (foreign / "conftest.py").write_text("raise SystemExit('loaded')\n")
    run = in_action(foreign, environment="sit", arguments="-p no:cacheprovider -m static tests/s3")
    assert "loaded" not in run.stdout + run.stderr
    assert run.returncode == 0, run.stdout


def test_files_of_one_stack_may_lie_in_several_repositories(foreign: Path, tmp_path: Path) -> None:
    schemas = tmp_path / "schemas"
    shutil.copytree(REPOSITORY / ".github", schemas / ".github")
    for name in (".pre-commit-config.yaml", "policies", "scripts"):
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
        copy(REPOSITORY / name, schemas / name)
    alone = run_suite("--env=sit", "--source=repository", f"--repository={foreign}")
    assert alone.invariants("failed")
    both = [f"--repository={foreign}", f"--repository=bbws={schemas}"]
    run = run_suite("--env=sit", "--source=repository", *both)
    assert not run.invariants("failed") & {"bbws-ci-10", "bbws-ci-13", "bbws-doc-02"}
    assert f"examined: repository {foreign}" in run.printed
    assert f"examined: repository {schemas}" in run.printed
    again = f"--repository={os.path.relpath(schemas, REPOSITORY)}"
    twice = run_suite("--env=sit", "--source=repository", again, *both)
    assert twice.verdict == run.verdict
    assert last_lines(twice)["Examined"].count("repository ") == 2
    shutil.copytree(schemas, tmp_path / "copy")
    copied = run_suite("--env=sit", "--source=repository", f"--repository={tmp_path}/copy", *both)
    assert any(" may be any of " in it.message for it in copied.those("skipped"))


def test_a_repository_of_an_unknown_stack_is_refused() -> None:
    assert_refused(
        run_suite("--repository=bbvs=."), "unknown stack in --repository 'bbvs' (did you mean bbws?)"
    )


def test_a_root_that_two_checkouts_hold_is_not_guessed(foreign: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(foreign, other)
    run = run_suite("--env=sit", f"--repository={foreign}", f"--repository={other}")
    assert_refused(run, "Terraform root iam lies in ", "say which with --terraform iam=DIR")


@pytest.mark.parametrize("option", ["--repository=", "--repository=bbws=", "--terraform=", "--terraform=s3="])
def test_an_empty_path_is_no_folder(option: str) -> None:
    assert_refused(run_suite("--env=sit", option), "there is no folder ''")


def test_the_roots_of_which_no_plan_is_given_are_named() -> None:
    run = run_suite("--env=bbws/prod", f"--plan={file(BBWS, 'prod', 's3', 'plan')}")
    roots = "a plan of Terraform roots iam, monitoring, dynamodb, state"
    assert last_lines(run)["Not given"] == f"{roots}; the repository"


def test_a_folder_may_be_called_as_if_it_gave_a_root(foreign: Path, tmp_path: Path) -> None:
    odd = tmp_path / "env=test" / "dynamodb=new"
    shutil.copytree(foreign / "terraform", odd)
    for given in (f"--terraform={odd}", f"--terraform=dynamodb={odd}/dynamodb", f"--repository={odd}"):
        run = run_suite("--env=sit", given, "--source=hcl", "tests/dynamodb/test_tables.py", "-k", "ddb-01")
        assert len(run.those("passed")) == 3, run.output
    spoilt = run_suite("--env=sit", f"--terraform=dynamdb={odd}/dynamodb")
    assert_refused(spoilt, "unknown root in --terraform 'dynamdb' (did you mean dynamodb?)")


def test_two_folders_of_one_root_are_refused_and_one_of_its_own_goes_first(
    foreign: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(foreign / "terraform", other)
    spoil(other, *FAULTS[0][:3])
    good = foreign / "terraform"
    for given in (
        (f"--terraform={other}", f"--terraform={good}"),
        (f"--terraform=dynamodb={other}/dynamodb", f"--terraform=dynamodb={good}/dynamodb"),
    ):
        assert_refused(run_suite("--env=sit", *given), "--terraform gives root", "twice")
    only = ("--env=sit", "--source=hcl", "tests/dynamodb", "-k", "ddb-15")
    one = f"--terraform=dynamodb={other}/dynamodb"
    for more in ((one, f"--terraform={good}"), (f"--terraform={good}", one)):
        assert run_suite(*only, *more).invariants("failed") == {"bbws-ddb-15"}
    twice = run_suite(*only, f"--terraform={good}", f"--terraform={good}/../terraform")
    assert twice.exit_code == 0, twice.output


def test_a_root_of_two_steps_that_is_given_itself_is_told_so(tree: Tree) -> None:
    write_small(tree)
    tree.edit("fixtures/stacks/small.yaml", "root: data", 'root: "envs/{env}"')
    (tree.path / "terraform/small/envs").mkdir()
    (tree.path / "terraform/small/data").rename(tree.path / "terraform/small/envs/test")
    run = tree.run("--stack=small", "--terraform=terraform/small/envs/test")
    said = "it is a root itself: --terraform envs/test=terraform/small/envs/test"
    assert_refused(run, said)
    above = tree.run("--stack=small", "--terraform=terraform/small/envs")
    assert_refused(above, "terraform/small does: --terraform terraform/small")


def test_a_folder_that_would_be_read_for_two_stacks_is_refused(tree: Tree) -> None:
    write_small(tree)
    for path in ("fixtures/stacks/small.yaml", "fixtures/runbooks/small.yaml"):
        text = (tree.path / path).read_text().replace("small", "crm")
        (tree.path / path.replace("small", "crm")).write_text(text)
    shutil.copytree(tree.path / "terraform/small", tree.path / "terraform/crm")
    both = ("--stack=small", "--stack=crm", "--source=hcl")
    run = tree.run(*both, "--terraform=terraform/small")
    assert_refused(run, "terraform/small/data would be read for small and crm: say of which")
    root = tree.run(*both, "--terraform=data=terraform/small/data")
    assert_refused(root, "say of which, such as --terraform small/data=terraform/small/data")
    each = tree.run(*both, "--terraform=crm=terraform/crm", "--terraform=small=terraform/small")
    assert each.exit_code == 0, each.output


def of_two_environments(tree: Tree) -> None:
    """Give the small stack a folder for each of two environments; what lies in that of `next` is wrong."""
    write_small(tree)
    stack = "fixtures/stacks/small.yaml"
    tree.edit(stack, "environments: {test: {}}", "environments: {test: {}, next: {}}")
    tree.edit(stack, "directory: terraform/small", 'directory: "terraform/small/{env}"')
    small = tree.path / "terraform/small"
    (small / "test").mkdir()
    (small / "data").rename(small / "test/data")
    shutil.copytree(small / "test", small / "next")
    main = small / "next/data/main.tf"
    main.write_text(main.read_text().replace("orders-test", "orders-next").replace("true", "false"))


def test_a_folder_of_one_environment_is_not_read_for_another(tree: Tree) -> None:
    of_two_environments(tree)
    both = ("--stack=small", "--source=hcl")
    for given in ("terraform/small/test", "data=terraform/small/test/data", "small=terraform/small/test"):
        run = tree.run(*both, f"--terraform={given}")
        ended = {(it.properties["environment"], it.verdict) for it in run.outcomes.values()}
        assert ended == {("test", "passed"), ("next", "skipped")}, run.output
    together = tree.run(*both, "--terraform=terraform/small/test", "--terraform=terraform/small/next")
    assert [it.properties["environment"] for it in together.those("failed")] == ["next"]
    refused = tree.run(*both, "--env=next", "--terraform=terraform/small/test")
    assert_refused(refused, "say that it is meant with --terraform small/next=terraform/small/test")
    meant = tree.run(*both, "--env=next", "--terraform=small/next=terraform/small/test")
    assert "orders-next does not exist" in meant.printed


def test_what_is_said_of_one_environment_goes_before_what_is_said_of_the_stack(tree: Tree) -> None:
    of_two_environments(tree)
    stack = tree.path / "fixtures/stacks/small.yaml"
    stack.write_text(stack.read_text().replace('"terraform/small/{env}"', "terraform/small"))
    given = ("--terraform=small=terraform/small/test", "--terraform=small/next=terraform/small/next")
    run = tree.run("--stack=small", "--source=hcl", *given)
    ended = {(it.properties["environment"], it.verdict) for it in run.outcomes.values()}
    assert ended == {("test", "passed"), ("next", "failed")}, run.output


def test_beside_a_plan_the_checkout_that_is_given_is_examined(foreign: Path) -> None:
    plan = f"--plan={file(BBWS, 'prod', 's3', 'plan')}"
    run = run_suite(
        "--env=bbws/prod", plan, f"--repository={foreign}", "tests/s3", "tests/repository", "tests/ci"
    )
    told = last_lines(run)["Examined"]
    assert f"plan {file(BBWS, 'prod', 's3', 'plan').relative_to(REPOSITORY)} of bbws/prod, root s3" in told
    assert f"repository {foreign}" in told
    assert {it.source for it in run.those("passed")} == {"plan", "repository"}
    assert "Terraform" not in told
    assert last_lines(run)["Not read"].startswith(f"Terraform in {foreign}/terraform: iam, monitoring")


def test_beside_a_state_the_source_that_is_given_is_examined(foreign: Path) -> None:
    spoil(foreign / "terraform", *FAULTS[0][:3])
    state, source = f"--state={file(BBWS, 'prod', 'dynamodb', 'state')}", f"--terraform={foreign}/terraform"
    run = run_suite("--env=bbws/prod", state, source, "tests/dynamodb", "-k", "ddb-15")
    assert {(it.source, it.resource) for it in run.those("failed")} == {("hcl", "bbws-tenants-prod")}
    assert {it.source for it in run.those("passed")} == {"state", "hcl"}


@pytest.mark.parametrize(
    ("chosen", "files", "terraform", "repositories", "sources"),
    [
        ([], [], [], [], ("hcl", "repository", "moto")),
        ([], [], ["infra"], [], ("hcl", "repository", "moto")),
        ([], ["state"], [], [], ("state", "repository")),
        ([], ["state"], ["infra"], [], ("hcl", "state", "repository")),
        ([], ["plan", "state"], ["infra"], ["."], ("hcl", "plan", "state", "repository")),
        (["plan"], ["plan"], ["infra"], [], ("plan",)),
        (["plan", "hcl"], ["plan"], ["infra"], [], ("hcl", "plan")),
    ],
)
def test_what_is_given_is_examined_unless_sources_are_chosen(
    chosen: list[str],
    files: list[str],
    terraform: list[str],
    repositories: list[str],
    sources: tuple[str, ...],
) -> None:
    given = {it: ["file.json"] for it in files}
    assert sources_of(chosen, False, given, terraform, repositories) == sources


def test_terraform_of_the_checkout_that_no_root_reads_is_named(tree: Tree) -> None:
    write_small(tree)
    call = 'module "shared" { source = "../../../elsewhere/shared" }\n'
    (tree.path / MAIN).write_text((tree.path / MAIN).read_text() + call)
    for path, text in (
        ("shared/main.tf", ""),
        ("legacy/main.tf", 'module "m" { source = "./m" }'),
        ("legacy/m/main.tf", ""),
        ("legacy/.terraform/modules/m/main.tf", ""),
    ):
        write(tree.path / "elsewhere" / path, text)
    run = tree.run("--source=hcl")
    assert last_lines(run)["Not read"] == "Terraform in elsewhere/legacy"
    of_one_stack = tree.run("--stack=small", "--source=hcl")
    assert last_lines(of_one_stack)["Not read"].startswith("Terraform in elsewhere/legacy")


def test_the_roots_of_one_stack_are_looked_for_though_those_of_another_are_given(tree: Tree) -> None:
    write_small(tree)
    for path in ("fixtures/stacks/small.yaml", "fixtures/runbooks/small.yaml"):
        text = (tree.path / path).read_text().replace("small", "crm")
        (tree.path / path.replace("small", "crm")).write_text(text)
    shutil.copytree(tree.path / "terraform/small", tree.path / "elsewhere/terraform/crm")
    given = ("--terraform=small=terraform/small", "--repository=crm=elsewhere")
    run = tree.run("--stack=small", "--stack=crm", "--source=hcl", *given)
    assert len(run.those("passed")) == 2, run.output
    assert "terraform/small: small/data; Terraform in " in last_lines(run)["Examined"]
    assert last_lines(run)["Examined"].endswith("/terraform/crm: crm/data")
    alone = tree.run("--env=crm/test", "--source=repository", "--repository=small=terraform/small")
    assert_refused(alone, "unknown stack in --repository 'small'; valid: crm")
    other = tree.run("--env=crm/test", "--terraform=crm=elsewhere/terraform/crm")
    assert last_lines(other)["Not given"] == "the repository"


@pytest.mark.parametrize("given", ["{}", "depot={}"])
def test_of_a_stack_without_terraform_the_checkout_that_is_given_is_all(tree: Tree, given: str) -> None:
    write(tree.path / STACK.replace("small", "depot"), A_DEPOT)
    write(tree.path / RUNBOOK.replace("small", "depot"), ITS_RUNBOOK)
    write(tree.path / "docs/RUN.md", "# Run\n")
    write(tree.path / "elsewhere/other.txt", "")
    run = tree.run("--env=depot/dev", f"--repository={given.format('elsewhere')}")
    assert run.exit_code == 1, run.output
    assert last_lines(run)["Examined"] == "repository elsewhere"
    assert tree.run("--env=depot/dev").exit_code == 0


A_DEPOT = """\
format: 2
stack: depot
title: A stack of one file
region: eu-west-1
environments: {dev: {}}
terraform: {directory: terraform/depot}
repository_files: {run: {name: docs/RUN.md}}
"""
ITS_RUNBOOK = """\
format: 2
stack: depot
title: A runbook of one sentence
source: depot.md
sections: {'1': Depot}
invariants:
  depot-01:
    {test: repository.exists, section: '1', statement: It is there., severity: P3, evidence: [repo]}
"""


def test_a_live_run_reads_no_terraform_and_says_so(foreign: Path) -> None:
    run = run_suite("--env=sit", "--live", f"--terraform={foreign}/terraform")
    assert_refused(run, "a run with --live examines the deployed account alone and reads no Terraform")


def test_files_of_a_stack_lie_in_its_own_folder_of_a_checkout_that_holds_several(tree: Tree) -> None:
    tree.edit("fixtures/stacks/bbws.yaml", "title: BBWS", "repository: parts\ntitle: BBWS")
    (tree.path / "parts").mkdir()
    (tree.path / "parts/.pre-commit-config.yaml").write_text("repos: []\n")
    for given in ((), ("--repository=.",), ("--repository=parts",)):
        run = tree.run("--env=dev", "--source=repository", "tests/ci/test_pre_commit.py", *given)
        [failed] = run.those("failed")
        assert "where     parts/.pre-commit-config.yaml:1" in failed.message
    (tree.path / "parts/.pre-commit-config.yaml").unlink()
    (tree.path / "parts").rmdir()
    run = tree.run("--env=dev", "--source=repository", "tests/ci/test_pre_commit.py", "--repository=.")
    assert run.exit_code == 0, run.output


def of_two_stacks(tree: Tree) -> None:
    """Put two stacks of one table into a checkout, each in a folder of its own."""
    for name in ("small", "crm"):
        for path in (STACK, RUNBOOK):
            text = THE_STACK if path == STACK else THE_RUNBOOK
            write(tree.path / path.replace("small", name), text.replace("small", name))
        stack = STACK.replace("small", name)
        tree.edit(stack, f"terraform/{name}", f"apps/{name}/infra")
        tree.edit(stack, "environments: {test: {}}", f"repository: apps/{name}\nenvironments: {{test: {{}}}}")
        main = tree.path / f"apps/{name}/infra/data/main.tf"
        write(main, TERRAFORM.replace("ENABLED", "true"))


@pytest.mark.parametrize("given", [".", "apps/small"])
def test_of_a_checkout_of_several_stacks_only_what_is_chosen_is_examined(tree: Tree, given: str) -> None:
    of_two_stacks(tree)
    run = tree.run("--env=small/test", f"--repository={given}")
    assert len(run.those("passed")) == 2, run.output
    told = last_lines(run)["Examined"]
    assert re.sub(r" at \w+", "", told) == "Terraform in apps/small/infra: data; repository apps/small"
    assert "crm" not in run.printed


def test_the_folder_of_one_stack_is_not_that_of_another(tree: Tree) -> None:
    of_two_stacks(tree)
    run = tree.run("--stack=small", "--stack=crm", "--repository=apps/small")
    ended = {(it.properties["stack"], it.verdict) for it in run.outcomes.values()}
    assert ended == {("small", "passed"), ("crm", "skipped")}, run.output
    assert last_lines(run)["Not given"] == "Terraform root crm/data; the repository of crm"
    assert "Terraform root data is not given: --terraform crm/data=DIR" in run.printed


@pytest.mark.parametrize("chosen", ["--env=small/test", "--stack=small"])
def test_the_terraform_of_another_stack_is_no_hint(tree: Tree, chosen: str) -> None:
    of_two_stacks(tree)
    run = tree.run(chosen, "--repository=apps")
    own = "apps/small/infra holds data: --terraform apps/small/infra"
    assert last_lines(run)["Not given"] == f"Terraform root data ({own})", run.output


def test_a_hint_can_be_pasted_whatever_a_folder_is_called(tree: Tree) -> None:
    of_two_stacks(tree)
    (tree.path / "apps/small/infra").rename(tree.path / "apps/small/x; touch PWNED #")
    run = tree.run("--env=small/test", "--source=hcl", "--repository=apps")
    assert "--terraform 'apps/small/x; touch PWNED #'" in last_lines(run)["Not given"], run.output


def test_of_a_root_that_is_given_for_one_environment_the_others_are_named(tree: Tree) -> None:
    of_two_environments(tree)
    run = tree.run("--stack=small", "--source=hcl", "--terraform=small/test=terraform/small/test")
    assert last_lines(run)["Not given"].startswith("Terraform root small/next/data")


def test_a_hint_says_of_which_of_several_stacks_it_is(tree: Tree) -> None:
    of_two_stacks(tree)
    both = ("--stack=small", "--stack=crm", "--source=hcl", "--repository=apps")
    run = tree.run(*both)
    told = last_lines(run)["Not given"]
    assert "(apps/small/infra holds data: --terraform small=apps/small/infra)" in told, run.output
    run = tree.run(*both, "--terraform=small=apps/small/infra")
    assert last_lines(run)["Examined"].startswith("Terraform in apps/small/infra: small/data"), run.output
    assert "--terraform crm=apps/crm/infra" in last_lines(run)["Not given"]
