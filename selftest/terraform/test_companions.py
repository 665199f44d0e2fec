"""What belongs to a resource is found in every root of its environment, and two that differ are neither."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from plumbline.kinds.backup import BackupPlan
from plumbline.kinds.events import EventRule
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.sns import Topic
from plumbline.terraform.companions import companion, companions, speaking
from plumbline.terraform.declared import identity, region
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Location, Resource, Settings, unread
from plumbline.values.pseudonyms import pseudonym
from plumbline.values.unknown import Identity, Undetermined, Unexamined

ACCOUNT, REGION = "123456789012", "eu-west-1"
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
VERSIONING = """
resource "aws_s3_bucket_versioning" "%s" {
  bucket = %s
  versioning_configuration {
    status = "%s"
  }
}
"""
PART = "aws_s3_bucket_versioning"


def root(folder: Path, text: str, account: str = ACCOUNT) -> Configuration:
    """The evaluation of a root with this text."""
    folder.mkdir()
    (folder / "main.tf").write_text(text, "utf-8")
    return evaluate(folder, settings=Settings(account, REGION), computed=computed_attribute)


def beside(tmp_path: Path, text: str, account: str = ACCOUNT) -> tuple[Resource, Configuration]:
    """A bucket whose root declares nothing else, beside a root with this text."""
    here, there = root(tmp_path / "here", BUCKET), root(tmp_path / "there", text, account)
    return here.resources[0], replace(here, others=lambda: (there,))


def found(bucket: Resource, configuration: Configuration) -> list[str]:
    """The addresses of the bucket's companions."""
    return [it.address for it in companions(bucket, configuration, PART, "bucket", "b")]


@pytest.mark.parametrize("name", ['"b"', "local.name", "data.aws_s3_bucket.b.id"])
def test_another_root_names_it_by_its_name(tmp_path: Path, name: str) -> None:
    declared = 'locals {\n  name = "b"\n}\ndata "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
    bucket, configuration = beside(tmp_path, declared + VERSIONING % ("v", name, "Enabled"))
    assert found(bucket, configuration) == [f"{PART}.v"]


def test_what_names_another_is_not_of_it(tmp_path: Path) -> None:
    other = BUCKET.replace('bucket = "b"', 'bucket_prefix = "c"')
    text = VERSIONING % ("v", '"c"', "Enabled") + other + VERSIONING % ("w", "aws_s3_bucket.b.id", "Enabled")
    bucket, configuration = beside(tmp_path, text)
    assert found(bucket, configuration) == []


def test_another_account_or_region_has_things_of_its_own(tmp_path: Path) -> None:
    text = VERSIONING % ("v", '"b"', "Enabled")
    (tmp_path / "a").mkdir()
    (tmp_path / "r").mkdir()
    assert found(*beside(tmp_path / "a", text, account="210987654321")) == []
    assert found(*beside(tmp_path / "r", 'provider "aws" {\n  region = "eu-central-1"\n}\n' + text)) == []


@pytest.mark.parametrize("name", ["data.aws_ssm_parameter.p.value", "aws_s3_bucket_acl.a.id"])
def test_one_that_cannot_be_followed_may_be_of_it(tmp_path: Path, name: str) -> None:
    declared = 'data "aws_ssm_parameter" "p" {\n  name = "p"\n}\n'
    declared += 'resource "aws_s3_bucket_acl" "a" {\n  bucket = "b"\n}\n'
    bucket, configuration = beside(tmp_path, declared + VERSIONING % ("v", name, "Enabled"))
    with pytest.raises(Undetermined, match=rf"{PART}\.v.*{name}"):
        found(bucket, configuration)


NOT_GIVEN = unread("root there, which is not given,")


def test_what_its_own_root_declares_decides_whatever_is_not_read(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled"))
    assert found(here.resources[0], replace(here, others=lambda: (NOT_GIVEN,))) == [f"{PART}.v"]


def test_what_no_root_declares_may_be_declared_in_one_that_is_not_read(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET)
    with pytest.raises(Undetermined, match=rf"root there, which is not given, may declare {PART}"):
        found(here.resources[0], replace(here, others=lambda: (NOT_GIVEN,)))


def test_two_roots_that_say_different_things_are_named_and_neither_is_taken(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled"))
    there = root(tmp_path / "there", VERSIONING % ("v", '"b"', "Suspended"))
    both = rf"{PART}\.v \(.*here/main\.tf:5\) and {PART}\.v \(.*there/main\.tf:2\) both configure"
    with pytest.raises(Undetermined, match=both):
        companion(here.resources[0], replace(here, others=lambda: (there,)), PART, "bucket", "b")


def test_two_roots_that_say_the_same_agree(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled"))
    there = root(tmp_path / "there", VERSIONING % ("w", '"b"', "Enabled"))
    part = companion(here.resources[0], replace(here, others=lambda: (there,)), PART, "bucket", "b")
    assert part is not None
    assert part.address == f"{PART}.v"


MODULE = 'module "parts" {\n  source = "git::https://example.com/parts.git"\n}\n'


def test_a_module_that_is_not_evaluated_may_declare_it(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + MODULE)
    with pytest.raises(
        Undetermined, match=rf"module\.parts \(git::.*\) may declare {PART} of aws_s3_bucket\.b"
    ):
        found(here.resources[0], here)


def test_a_module_that_has_no_instances_declares_nothing(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET + MODULE.replace("\n}", "\n  count = 0\n}"))
    assert found(here.resources[0], here) == []


COUNTED = 'data "aws_availability_zones" "all" {}\n'
COUNT = "  count = length(data.aws_availability_zones.all.names)\n  bucket ="


def test_one_of_which_nobody_knows_how_many_there_are_may_not_be_there(tmp_path: Path) -> None:
    part = (VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled")).replace("  bucket =", COUNT)
    here = root(tmp_path / "here", COUNTED + BUCKET + part)
    with pytest.raises(Undetermined, match=rf"how many {PART}\.v there are"):
        found(here.resources[0], here)


def test_one_beside_it_in_a_module_of_unknown_count_is_there_with_it(tmp_path: Path) -> None:
    module = tmp_path / "m"
    module.mkdir()
    (module / "main.tf").write_text(BUCKET + VERSIONING % ("v", "aws_s3_bucket.b.id", "Enabled"), "utf-8")
    call = 'module "m" {\n  source = "../m"\n  count = length(data.aws_availability_zones.all.names)\n}\n'
    (tmp_path / ".git").mkdir()
    here = root(tmp_path / "here", COUNTED + call)
    assert found(here.resources[0], here) == [f"module.m[*].{PART}.v"]


SUBSCRIPTION = """
resource "aws_sns_topic_subscription" "%s" {
  topic_arn = %s
  protocol  = "email"
  endpoint  = "%s@example.com"
}
"""
TOPIC = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
PARAMETER = 'data "aws_ssm_parameter" "p" {\n  name = "p"\n}\n'


def topic(here: Configuration) -> Topic:
    """The topic of a root."""
    return Topic.find(here, "t", "here")


def _by_mail(address: str) -> str:
    return f"email:{pseudonym('email', address)}"


@pytest.mark.parametrize("doubt", ["a root", "a module", "a reference"])
def test_what_adds_up_is_at_least_what_is_found(tmp_path: Path, doubt: str) -> None:
    text = TOPIC + SUBSCRIPTION % ("s", "aws_sns_topic.t.arn", "ops")
    text += MODULE if doubt == "a module" else ""
    if doubt == "a reference":
        text += PARAMETER + SUBSCRIPTION % ("p", "data.aws_ssm_parameter.p.value", "dev")
    here = root(tmp_path / "here", text)
    others = (NOT_GIVEN,) if doubt == "a root" else ()
    subscriptions = topic(replace(here, others=lambda: others)).subscriptions
    assert subscriptions
    assert _by_mail("ops@example.com") in subscriptions
    assert subscriptions != [_by_mail("dev@example.com")]
    with pytest.raises(Undetermined):
        assert subscriptions == [_by_mail("ops@example.com")]
    with pytest.raises(Undetermined):
        assert _by_mail("dev@example.com") in subscriptions


def test_what_adds_up_to_nothing_may_be_more(tmp_path: Path) -> None:
    here = replace(root(tmp_path / "here", TOPIC), others=lambda: (NOT_GIVEN,))
    with pytest.raises(Undetermined, match="root there, which is not given, may declare aws_sns_topic_sub"):
        assert not topic(here).subscriptions


def test_a_namesake_in_another_region_has_parts_of_its_own(tmp_path: Path) -> None:
    rule = 'resource "aws_cloudwatch_event_rule" "%s" {\n  name = "r"\n%s}\n'
    target = (
        'resource "aws_cloudwatch_event_target" "%s" {\n'
        '  rule = aws_cloudwatch_event_rule.%s.name\n  arn = "arn:aws:sns:eu-west-1:1:%s"\n%s}\n'
    )
    other = "  provider = aws.other\n"
    text = 'provider "aws" {\n  alias = "other"\n  region = "eu-central-1"\n}\n'
    text += (
        rule % ("a", "")
        + rule % ("b", other)
        + target % ("a", "a", "a", "")
        + target % ("b", "b", "b", other)
    )
    here = root(tmp_path / "here", text)
    rules = [EventRule.from_terraform(it, here) for it in here.of_type("aws_cloudwatch_event_rule")]
    assert [it.targets for it in rules] == [["arn:aws:sns:eu-west-1:1:a"], ["arn:aws:sns:eu-west-1:1:b"]]


def test_an_id_that_aws_will_choose_may_be_written_out(tmp_path: Path) -> None:
    text = 'resource "aws_backup_plan" "p" {\n  name = "p"\n  rule {\n    rule_name = "r"\n'
    text += '    target_vault_name = "v"\n  }\n}\nresource "aws_backup_selection" "s" {\n  name = "s"\n'
    text += (
        '  plan_id = "0a1b"\n  iam_role_arn = "arn:aws:iam::123456789012:role/r"\n  resources = ["*"]\n}\n'
    )
    plan = BackupPlan.find(root(tmp_path / "here", text), "p", "here")
    with pytest.raises(Undetermined, match=r"whether aws_backup_selection\.s belongs to aws_backup_plan\.p"):
        assert plan.selections == []


def test_what_names_an_id_that_aws_has_chosen_by_now_belongs_to_it(tmp_path: Path) -> None:
    text = 'resource "aws_backup_plan" "p" {\n  name = "p"\n  rule {\n    rule_name = "r"\n'
    text += '    target_vault_name = "v"\n  }\n}\nresource "aws_backup_selection" "s" {\n  name = "s"\n'
    text += '  plan_id = aws_backup_plan.p.id\n  iam_role_arn = "arn:aws:iam::123456789012:role/r"\n}\n'
    (tmp_path / "main.tf").write_text(text, "utf-8")
    here = evaluate(
        tmp_path, settings=Settings(ACCOUNT, REGION), chosen={"aws_backup_plan.p": {"id": "0a1b"}}
    )
    [plan] = here.of_type("aws_backup_plan")
    found = companions(plan, here, "aws_backup_selection", "plan_id", "p")
    assert [it.address for it in found] == ["aws_backup_selection.s"]


def test_the_arn_of_a_target_does_not_say_where_its_rule_lies() -> None:
    target = Resource(
        address="aws_cloudwatch_event_target.t",
        type="aws_cloudwatch_event_target",
        name="t",
        module="",
        values={"rule": "r", "arn": "arn:aws:sns:us-east-1:123456789012:t"},
        location=Location("state", 1),
    )
    state = Configuration(Path(), "state", (target,))
    assert isinstance(region(target, state), Unexamined)


def test_a_resource_of_which_nobody_knows_how_many_there_are_may_not_be_there(tmp_path: Path) -> None:
    text = COUNTED + BUCKET.replace("  bucket =", COUNT)
    with pytest.raises(Undetermined, match=r"how many aws_s3_bucket\.b there are"):
        Bucket.find(root(tmp_path / "here", text), "b", "here")


@pytest.mark.parametrize(("second", "differ"), [("Enabled", False), ("Suspended", True)])
def test_two_that_differ_are_named_and_neither_is_taken(tmp_path: Path, second: str, differ: bool) -> None:
    text = VERSIONING % ("v", '"b"', "Enabled") + VERSIONING % ("w", "aws_s3_bucket.b.id", second)
    here = root(tmp_path / "here", BUCKET + text)
    if not differ:
        part = companion(here.resources[0], here, PART, "bucket", "b")
        assert part is not None
        assert part.address == f"{PART}.v"
        return
    with pytest.raises(Undetermined, match=rf"{PART}\.v and {PART}\.w both configure aws_s3_bucket\.b"):
        companion(here.resources[0], here, PART, "bucket", "b")


ENDPOINT = """
resource "aws_vpc_endpoint" "e" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.dynamodb"
  policy       = "{}"
}
resource "aws_vpc_endpoint_policy" "p" {
  vpc_endpoint_id = aws_vpc_endpoint.e.id
  policy          = "%s"
}
"""


def test_what_a_resource_says_itself_and_one_beside_it_says_otherwise_is_open(tmp_path: Path) -> None:
    endpoint, beside = root(tmp_path / "other", ENDPOINT % "[]").resources
    with pytest.raises(Undetermined, match=r"_policy\.p and aws_vpc_endpoint\.e both configure"):
        speaking(endpoint, beside, "policy", "hcl")
    assert speaking(endpoint, beside, "policy", "state") is beside
    assert speaking(endpoint, None, "policy", "hcl") is endpoint
    endpoint, beside = root(tmp_path / "same", ENDPOINT % "{}").resources
    assert speaking(endpoint, beside, "policy", "hcl") is beside


def test_none_is_none(tmp_path: Path) -> None:
    here = root(tmp_path / "here", BUCKET)
    assert companion(here.resources[0], here, PART, "bucket", "b") is None


def test_a_resource_has_the_identity_that_others_refer_to(tmp_path: Path) -> None:
    text = 'resource "aws_kms_key" "k" {}\n'
    text += 'resource "aws_kms_alias" "a" {\n  target_key_id = aws_kms_key.k.key_id\n}\n'
    key, alias = root(tmp_path / "here", text).resources
    own = identity(key, "arn")
    assert isinstance(own, Identity)
    assert alias.values["target_key_id"] == own
    assert not isinstance(identity(key, "policy"), Identity)
