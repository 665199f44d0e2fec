"""Applications of Amplify and their jobs, as Terraform declares them and as AWS describes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.amplify import AmplifyApp, Branch
from plumbline.kinds.amplify_jobs import AmplifyJobs, OfJobs
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, NoData, Undetermined, Unknown, Unreadable
from selftest.kinds import stub
from selftest.mutations import history

ACCOUNT, REGION = "123456789012", "eu-west-1"
SECRET = "of-nobody-but-the-build"
SHOP = """
resource "aws_amplify_app" "shop" {
  name     = "shop"
  platform = "WEB_COMPUTE"
  environment_variables = { COLOUR = "red" }
}
resource "aws_amplify_branch" "main" {
  app_id      = aws_amplify_app.shop.id
  branch_name = "main"
  framework   = "Next.js - SSR"
  environment_variables = { API = aws_kms_key.made.arn, SKIP = "false" }
}
resource "aws_kms_key" "made" {}
"""


@pytest.fixture(autouse=True)
def aws() -> Aws:
    """An account without any application."""
    empty_all()
    return account(ACCOUNT, REGION)


def declared(folder: Path, old: str = "", new: str = "") -> AmplifyApp:
    assert old in SHOP
    (folder / "main.tf").write_text(SHOP.replace(old, new, 1))
    return AmplifyApp.find(evaluate(folder), "shop", "main.tf")


def made(name: str = "shop", **more: Any) -> AmplifyApp:
    branch = Branch(framework="React", environment_variables={"SKIP": False})
    return AmplifyApp(**{"name": name, "branches": {"main": branch}, **more})


def test_source_says_how_it_is_built_and_served(tmp_path: Path) -> None:
    found = declared(tmp_path)
    assert found.platform == "WEB_COMPUTE"
    assert found.branches_missing(["main", "next"]) == ["next"]
    assert found.built_otherwise({"main": "Next.js - SSR"}) == []
    assert found.built_otherwise({"main": "React", "next": "React"}) == [
        "main: Next.js - SSR",
        "next: there is no such branch",
    ]
    assert found.other_variables({"main": ["SKIP", "API"]}) == []
    assert found.other_variables({"main": ["API", "REGION"], "next": []}) == [
        "main: no REGION",
        "main: also SKIP",
        "next: there is no such branch",
    ]


@pytest.mark.parametrize(
    ("old", "new", "on"),
    [
        ("", "", []),
        ('"false"', '"true"', ["main: SKIP"]),
        ('"false"', "true", ["main: SKIP"]),
        ('COLOUR = "red"', "SKIP = true", ["SKIP"]),
        ('"false"', '"yes"', []),
        (', SKIP = "false"', "", []),
    ],
)
def test_what_is_true_is_switched_on_wherever_it_is_set(
    tmp_path: Path, old: str, new: str, on: list[str]
) -> None:
    assert declared(tmp_path, old, new).switched_on(["SKIP", "SKIP_TOO"]) == on


def test_what_nobody_knows_of_one_variable_decides_nothing_of_another(tmp_path: Path) -> None:
    found = declared(tmp_path)
    assert found.switched_on(["SKIP"]) == []
    with pytest.raises(Undetermined, match="known only after apply: the value of API"):
        found.switched_on(["SKIP", "API"])
    assert declared(tmp_path, '"false"', '"true"').switched_on(["API", "SKIP"]) == ["main: SKIP"]
    unknown = {"main": Branch(environment_variables=Unknown("them"))}
    assert made(environment_variables={"SKIP": True}, branches=unknown).switched_on(["SKIP"]) == ["SKIP"]
    assert made(environment_variables={"SKIP": True}, branches=Unknown("it")).switched_on(["SKIP"]) == [
        "SKIP"
    ]
    with pytest.raises(Undetermined):
        made(branches=unknown).switched_on(["SKIP"])


def test_moto_is_given_the_others_and_knows_no_more(tmp_path: Path, aws: Aws) -> None:
    declared(tmp_path).model_copy(update={"id": "", "arn": ""}).create(aws)
    found = AmplifyApp.from_aws(aws, "shop")
    assert found.other_variables({"main": ["API", "SKIP"]}) == []
    assert found.switched_on(["SKIP"]) == []
    with pytest.raises(Undetermined, match="the value of API"):
        found.switched_on(["API"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{ COLOUR = "red" }', "{ for it in [aws_kms_key.made.arn] : it => it }"),
        ('{ API = aws_kms_key.made.arn, SKIP = "false" }', "{ for it in [aws_kms_key.made.arn] : it => it }"),
        ('"main"\n  framework', "aws_kms_key.made.arn\n  framework"),
    ],
)
def test_what_only_apply_tells_is_not_decided(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Undetermined):
        declared(tmp_path, old, new).switched_on(["SKIP"])


def test_a_framework_that_nobody_says_is_found_out_by_amplify(tmp_path: Path) -> None:
    found = declared(tmp_path, '  framework   = "Next.js - SSR"\n', "")
    assert isinstance(found.branches["main"].framework, Unknown)
    with pytest.raises(Undetermined):
        found.built_otherwise({"main": "React"})


def test_a_branch_of_another_application_is_none_of_its(tmp_path: Path) -> None:
    other = 'resource "aws_amplify_app" "other" {\n  name = "other"\n}\n'
    of_other = SHOP.replace("aws_amplify_app.shop.id", "aws_amplify_app.other.id")
    (tmp_path / "main.tf").write_text(other + of_other)
    found = AmplifyApp.find(evaluate(tmp_path), "shop", "main.tf")
    assert found.branches == {}
    assert found.platform == "WEB_COMPUTE"


def test_an_account_says_the_same(aws: Aws) -> None:
    made(platform="WEB_COMPUTE", environment_variables={"SKIP": True}).create(aws)
    found = AmplifyApp.from_aws(aws, "shop")
    assert found.platform == "WEB_COMPUTE"
    assert found.built_otherwise({"main": "React"}) == []
    assert found.switched_on(["SKIP"]) == ["SKIP"]
    assert found.named_in_remedies() == {"app_id": found.id}


def test_no_value_of_a_variable_is_kept(aws: Aws) -> None:
    variables = {"TOKEN": SECRET, "SKIP": "true"}
    app = aws.write("amplify:CreateApp", name="shop", environmentVariables=variables)["app"]
    aws.write("amplify:CreateBranch", appId=app["appId"], branchName="main", environmentVariables=variables)
    answers = Answers()
    reading = Aws(lambda service, _: aws.client(service), ACCOUNT, REGION, answers, calls=None)
    found = AmplifyApp.from_aws(reading, "shop")
    assert found.switched_on(["TOKEN", "SKIP"]) == ["SKIP", "main: SKIP"]
    assert SECRET not in repr(found)
    assert SECRET not in repr(answers.settle())


def test_one_that_is_not_there_is_missing_and_of_two_nobody_knows_which_is_meant(aws: Aws) -> None:
    with pytest.raises(Missing, match="application shop does not exist in eu-west-1"):
        AmplifyApp.from_aws(aws, "shop")
    for _ in range(2):
        aws.write("amplify:CreateApp", name="shop")
    with pytest.raises(Undetermined, match="2 applications in eu-west-1 are called shop"):
        _ = bool(AmplifyApp.from_aws(account(ACCOUNT, REGION), "shop").platform)


def jobs(aws: Aws, *statuses: str, looked_at: int = 10) -> AmplifyJobs:
    made().create(aws)
    history.jobs(aws, "shop", "main", *statuses)
    return AmplifyJobs.from_aws(aws, "shop", question=OfJobs(branch="main", looked_at=looked_at))


@pytest.mark.parametrize(
    ("statuses", "latest", "earlier"),
    [
        (["SUCCEED"], "SUCCEED", 0),
        (["SUCCEED", "FAILED", "SUCCEED"], "SUCCEED", 1),
        (["FAILED", "SUCCEED", "SUCCEED"], "FAILED", 1),
        (["FAILED", "FAILED"], "FAILED", 0),
        (["RUNNING", "SUCCEED", "SUCCEED"], "SUCCEED", 1),
        (["PENDING", "CANCELLING", "CREATED", "CANCELLED", "SUCCEED"], "CANCELLED", 0),
        (["SUCCEED", *["FAILED"] * 9, "SUCCEED"], "SUCCEED", 0),
    ],
)
def test_jobs_end_as_they_do(aws: Aws, statuses: list[str], latest: str, earlier: int) -> None:
    found = jobs(aws, *statuses)
    assert (found.latest, found.earlier_successes) == (latest, earlier)


def test_commands_are_told_which_jobs_are_meant(aws: Aws) -> None:
    found = jobs(aws, "RUNNING", "FAILED", "SUCCEED", "SUCCEED")
    assert found.named_in_remedies() == {"app_id": found.app_id, "job_id": "3", "good_job_id": "2"}


@pytest.mark.parametrize("statuses", [[], ["RUNNING"]])
def test_without_a_job_that_has_ended_there_is_no_data(aws: Aws, statuses: list[str]) -> None:
    found = jobs(aws, *statuses)
    with pytest.raises(NoData, match="no job of branch main of shop has ended"):
        _ = bool(found.latest)
    with pytest.raises(NoData):
        _ = bool(found.earlier_successes)


def test_no_more_jobs_are_looked_at_than_are_asked_about(aws: Aws) -> None:
    assert jobs(aws, "SUCCEED", "FAILED", "SUCCEED", looked_at=2).earlier_successes == 0


def test_a_branch_that_is_not_there_has_no_jobs(aws: Aws) -> None:
    made(branches={}).create(aws)
    with pytest.raises(Missing, match="branches/main/jobs"):
        AmplifyJobs.from_aws(aws, "shop", question=OfJobs(branch="main", looked_at=10))


def test_an_answer_without_a_list_is_no_empty_one() -> None:
    found = stub.account({"ListApps": stub.text("{}")})
    assert isinstance(AmplifyApp.from_aws(found, "shop", {"platform"}).platform, Unreadable)
