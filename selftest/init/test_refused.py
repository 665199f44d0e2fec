"""What cannot be used is refused with what to do, and nothing is written."""

import os

import pytest

from selftest.init.repository import FILES, FOLDER, Repository

BROKEN = {
    "broken/main.tf": 'resource "aws_s3_bucket" "x" { bucket = \n',
    "none/main.tf": 'resource "aws_sqs_queue" "x" { name = "x" }\n',
    "wanting/main.tf": 'variable "colour" {}\nresource "aws_sns_topic" "t" { name = var.colour }\n',
    "useless/main.tf": 'resource "aws_sns_topic" "t" { name = "t" }\n',
    "empty/notes.txt": "nothing\n",
    "plan.json": "{}\n",
    "a.tfvars": "",
}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("shop", "nothing is given to make a stack of: give one of --terraform DIR"),
        ("shop --terraform none --live", "--terraform DIR and --live are given: give one of"),
        ("shop --terraform nowhere", "--terraform nowhere: there is no folder nowhere"),
        ("shop --terraform empty", "empty holds no Terraform: no file in it ends in .tf"),
        ("shop --terraform broken", "broken/main.tf:1:41: An expression cannot end here"),
        (
            "shop --terraform none",
            "so nothing is written\n  of types that no kind speaks of: 1 aws_sqs_queue",
        ),
        (
            "shop --terraform wanting",
            "give --env NAME for each environment, --var-file FILE, or --var NAME=VALUE or ROOT/NAME=VALUE",
        ),
        ("shop --terraform useless", "no sentence holds of anything that was found, so nothing is written"),
        ("a/b --terraform none", "a stack cannot be called 'a/b'"),
        ("shop --terraform none --var x", "--var x: it is not of the form NAME=VALUE"),
        ("shop --terraform none --var data/x=1", "--var data/x=1: there is no root data"),
        ("shop --terraform none --var-file no.tfvars", "--var-file no.tfvars: there is no file no.tfvars"),
        ("shop --terraform none --env a --var-file {env}.tfvar", "there is no file a.tfvar"),
        ("shop --terraform none --env a --env b --var-file a.tfvars", "there is no file b.tfvars"),
        ("shop --terraform none --account 12", "--account 12: an account has 12 digits"),
        ("shop --terraform none --account x=123456789012", "no environment x: default"),
        ("shop --terraform none --region here", "--region here: a region of AWS is called like eu-west-1"),
        ("shop --terraform none --env a,b", "an environment cannot be called 'a,b': letters, digits"),
        ("shop --terraform none --to plan.json", "--to plan.json: that is a file"),
        ("shop --plan nope.json", "--plan nope.json: there is no file nope.json"),
        ("shop --plan plan.json", "--plan plan.json"),
        ("shop --plan a=plan.json --plan a=plan.json", "is of the same root and environment"),
        ("shop --state broken/main.tf", "--state broken/main.tf"),
        ("shop --live", "--live takes what the stack's names begin with, or a tag"),
        ("shop --live --prefix s", "--live reads no account that nobody named: --account ID"),
        ("shop --live --prefix s --account 123456789012", "--live needs to know where: --region NAME"),
        ("shop --live --tag s --account 123456789012 --region eu-west-1", "--tag s: it is not of the form"),
        (
            "shop --live --prefix s --env a --env b --account 123456789012 --region eu-west-1",
            "environments of one account are told apart by what each one is called: --prefix 'shop-{env}-'",
        ),
        ("shop --live --prefix {x} --account 123456789012 --region eu-west-1", "only {env} is filled in"),
    ],
)
def test_wrong_usage_is_told_in_a_line(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, words: str, said: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    ended = repository.write(BROKEN).init(*words.split())
    assert ended.code == 2
    assert said in ended.complained
    assert not (repository.folder / FOLDER).exists()


@pytest.mark.parametrize("given", ["infra", "infra/app"])
def test_a_link_out_of_the_checkout_is_told_in_a_line(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, given: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret"
    elsewhere.write_text("SEKRIT")
    repository.write({"app/main.tf": FILES["infra/app/main.tf"], ".git/HEAD": "", "infra/app/main.tf": ""})
    (repository.folder / "infra/app/more.tf").symlink_to(elsewhere)
    ended = repository.init("books", "--terraform", given, "--env", "dev")
    assert ended.code == 2
    assert "infra/app/more.tf is a link that leads out of" in ended.complained


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_told(repository: Repository) -> None:
    (repository.folder / "infra").mkdir(mode=0o500)
    repository.write({"app/main.tf": FILES["infra/app/main.tf"]})
    ended = repository.init("books", "--terraform", "app", "--env", "dev", "--var", "stage=dev")
    assert ended.code == 2
    assert "cannot be written" in ended.complained


def test_a_file_in_the_place_of_a_folder_is_told(repository: Repository) -> None:
    repository.write(FILES | {f"{FOLDER}/stacks": "a file\n"})
    ended = repository.init("books", "--terraform", "infra/app")
    assert ended.code == 2
    assert "cannot be written" in ended.complained
