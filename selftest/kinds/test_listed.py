"""What AWS lists with a kind is found whatever Terraform calls it: a composite alarm is an alarm."""

from pathlib import Path

import pytest

from plumbline.kinds.backup import BackupVault
from plumbline.kinds.cloudwatch import Alarm
from plumbline.kinds.elasticache import CacheCluster
from plumbline.kinds.hosted_zones import HostedZone
from plumbline.kinds.inventory import Inventory, OfWhat
from plumbline.kinds.kind import Kind
from plumbline.kinds.s3 import Bucket
from plumbline.kinds.secretsmanager import Secret
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Undetermined
from selftest.kinds.stub import account, text

COMPOSITE = """
provider "aws" { region = "eu-west-1" }
resource "aws_cloudwatch_composite_alarm" "any" {
  alarm_name      = "any"
  alarm_rule      = "ALARM(throttled)"
  actions_enabled = false
}
"""
DIRECTORY = """
provider "aws" { region = "eu-west-1" }
resource "aws_s3_directory_bucket" "fast" {
  bucket = "fast--euw1-az1--x-s3"
  location { name = "euw1-az1" }
}
"""
VAULT = """
provider "aws" { region = "eu-west-1" }
resource "aws_backup_logically_air_gapped_vault" "gapped" {
  name               = "gapped"
  min_retention_days = 7
  max_retention_days = 30
}
"""


@pytest.mark.parametrize(
    ("kind", "text", "found", "where"),
    [
        (Alarm, COMPOSITE, "any", " in eu-west-1"),
        (BackupVault, VAULT, "gapped", " in eu-west-1"),
        (Bucket, DIRECTORY, "fast--euw1-az1--x-s3", ""),
    ],
)
def test_what_is_listed_with_a_kind_is_in_its_inventory(
    tmp_path: Path, kind: type[Kind], text: str, found: str, where: str
) -> None:
    (tmp_path / "main.tf").write_text(text)
    inventory = Inventory.across(evaluate(tmp_path), "all", OfWhat(of=kind.plural))
    assert [it.told for it in inventory.found] == [f"{found}{where}"]
    (tmp_path / "main.tf").write_text(text.replace(f'"{found}"\n', "timestamp()\n"))
    doubtful = Inventory.across(evaluate(tmp_path), "all", OfWhat(of=kind.plural))
    assert f"the name of {next(iter(kind.listed_with))}" in doubtful.found.reason  # type: ignore[attr-defined]


GROUP = """
provider "aws" { region = "eu-west-1" }
resource "aws_elasticache_replication_group" "several" {
  replication_group_id = "sessions"
  description          = "sessions"
  num_cache_clusters   = 2
}
"""
SECRET = """
provider "aws" { region = "eu-west-1" }
resource "aws_secretsmanager_secret" "key" {
  name = "key"
  replica { region = "eu-central-1" }
}
"""
NAMESPACE = """
resource "aws_service_discovery_private_dns_namespace" "inside" {
  name = "inside.local"
  vpc  = "vpc-1"
}
"""


@pytest.mark.parametrize(
    ("kind", "text", "found", "unknown"),
    [
        (CacheCluster, GROUP, ["sessions-001 in eu-west-1", "sessions-002 in eu-west-1"], '"sessions"'),
        (Secret, SECRET, ["key in eu-central-1", "key in eu-west-1"], '"eu-central-1"'),
        (HostedZone, NAMESPACE, ["inside.local"], '"inside.local"'),
    ],
)
def test_what_a_resource_makes_besides_is_in_the_inventory(
    tmp_path: Path, kind: type[Kind], text: str, found: list[str], unknown: str
) -> None:
    (tmp_path / "main.tf").write_text(text)
    inventory = Inventory.across(evaluate(tmp_path), "all", OfWhat(of=kind.plural))
    assert sorted(it.told for it in inventory.found) == found
    before, _, after = text.partition(unknown)
    (tmp_path / "main.tf").write_text(f"{before}timestamp(){after}")
    doubtful = Inventory.across(evaluate(tmp_path), "all", OfWhat(of=kind.plural))
    assert "known only after apply" in doubtful.found.reason  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"MetricAlarms": [{"AlarmName": "one"}], "CompositeAlarms": []}, ["one"]),
        ({"MetricAlarms": [], "CompositeAlarms": [{"AlarmName": "any"}]}, ["any"]),
        ({"MetricAlarms": [{"AlarmName": "one"}], "CompositeAlarms": [{"AlarmName": "any"}]}, ["one", "any"]),
        ({"MetricAlarms": [{"AlarmName": "TargetTracking-table/orders-AlarmHigh-1"}]}, []),
        ({"MetricAlarms": [{"AlarmName": "StackSet-AWSControlTowerBP-1"}]}, []),
        ({"MetricAlarms": [{"AlarmName": "stacksets-exec-1"}]}, []),
        ({"MetricAlarms": [{"AlarmName": "StackSet-of-theirs-1"}]}, ["StackSet-of-theirs-1"]),
        ({"MetricAlarms": [], "CompositeAlarms": []}, []),
        ({"MetricAlarms": []}, []),
    ],
)
def test_an_account_lists_the_alarms_that_somebody_made(
    answer: dict[str, list[dict[str, str]]], names: list[str]
) -> None:
    assert list(Alarm.listing.named(answer)) == names


def test_an_answer_without_any_list_is_no_empty_one() -> None:
    with pytest.raises(LookupError):
        list(Alarm.listing.named({}))


def test_composite_alarms_are_told_who_is_permitted_on_everything() -> None:
    assert Alarm.listing.call.granted_on == ("*",)


@pytest.mark.parametrize(("region", "asked"), [("eu-west-1", 1), ("af-south-1", 0)])
def test_directory_buckets_are_listed_where_there_are_any(region: str, asked: int) -> None:
    calls = [it for it in Bucket.listing.all if it.call.can_be_made_in(region)]  # type: ignore[union-attr]
    assert [it.call.operation for it in calls] == ["s3:ListBuckets", "s3:ListDirectoryBuckets"][: asked + 1]


def test_an_inventory_of_buckets_has_those_of_both_lists() -> None:
    """Some emulators list every bucket in either."""
    answers = {
        f"List{which}Buckets": text(
            f"<ListAllMy{which}BucketsResult><Buckets><Bucket><Name>{name}</Name></Bucket>"
            f"<Bucket><Name>said-twice</Name></Bucket></Buckets></ListAllMy{which}BucketsResult>"
        )
        for which, name in (("", "orders"), ("Directory", "fast--euw1-az1--x-s3"))
    }
    inventory = Inventory.from_aws(account(answers), "all", question=OfWhat(of="buckets"))
    assert [it.told for it in inventory.found] == ["orders", "said-twice", "fast--euw1-az1--x-s3"]


POLICIES = """<ListPoliciesResponse><ListPoliciesResult><IsTruncated>false</IsTruncated><Policies>
<member><PolicyName>orders-all</PolicyName><Arn>arn:aws:iam::123456789012:policy/teams/orders-all</Arn></member>
<member><PolicyName>of-others</PolicyName><Arn>arn:aws:iam::123456789012:policy/teams/of-others</Arn></member>
</Policies></ListPoliciesResult></ListPoliciesResponse>"""


@pytest.mark.parametrize("prefix", ["orders-", "teams/orders-"])
def test_a_policy_is_the_stacks_whatever_its_path(prefix: str) -> None:
    asked = OfWhat(of="managed_policies", prefixes=[prefix])
    inventory = Inventory.from_aws(account({"ListPolicies": text(POLICIES)}), "all", question=asked)
    assert [it.told for it in inventory.found] == ["teams/orders-all"]
    assert asked.may_hold("teams/*")


@pytest.mark.parametrize(
    ("of", "name", "held"),
    [
        ("event_rules", "own/orders-placed", True),
        ("event_rules", "own/of-others", False),
        ("secrets", "teams/orders-key", False),
        ("log_groups", "/aws/lambda/orders-placed", False),
    ],
)
def test_what_lies_in_something_is_called_by_its_own_name(of: str, name: str, held: bool) -> None:
    assert OfWhat(of=of, prefixes=["orders-"]).holds(name) is held


@pytest.mark.parametrize(
    ("section", "type_"),
    [
        ("cache_clusters", "awscc_elasticache_replication_group"),
        ("hosted_zones", "awscc_servicediscovery_private_dns_namespace"),
        ("alarms", "awscc_cloudwatch_composite_alarm"),
    ],
)
def test_what_is_listed_with_a_kind_may_be_made_by_another_provider(
    tmp_path: Path, section: str, type_: str
) -> None:
    (tmp_path / "main.tf").write_text(f'resource "{type_}" "it" {{\n  name = "it"\n}}\n')
    with pytest.raises(Undetermined, match=f"{type_}.it .* may make aws_"):
        assert Inventory.across(evaluate(tmp_path), "all", OfWhat(of=section)).beyond([]) == []
