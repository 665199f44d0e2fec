"""What the policies of a role name and grant too widely, and whether it may use a bucket and a log group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.cloudtrail import Trail
from plumbline.kinds.iam import Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.s3 import Bucket
from plumbline.policy import DataService, Policy
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Identity, Undetermined, Unexamined, Unknown

ACCOUNT, REGION = "123456789012", "eu-west-3"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
INDEX = f"{TABLE}/index/by-date"
SERVICES: list[DataService] = ["dynamodb", "kms", "s3", "secretsmanager"]
NOTHING = Authorization(name="*")


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    """A statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def read(*statements: dict[str, Any]) -> Policy:
    """A policy of these statements."""
    return Policy.read({"Statement": list(statements)}, "here")


def trusting(service: str, **condition: Any) -> Policy:
    """A trust policy that lets a service assume a role."""
    assumed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return read(assumed | ({"Condition": condition} if condition else {}))


def role(*statements: dict[str, Any], **more: Any) -> Role:
    """A role with one inline policy."""
    given = {"trust": trusting("lambda.amazonaws.com"), "inline_policies": {"own": read(*statements)}, **more}
    return Role(name="worker", arn=ROLE, **given)


def too_wide(*statements: dict[str, Any]) -> list[str]:
    """What such a role is granted too widely."""
    return [it.removeprefix("own grants ") for it in role(*statements).too_wide(NOTHING, SERVICES)]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("*", "*"),
        ("*", TABLE),
        ("*:*", TABLE),
        ("dynamodb:*", TABLE),
        ("DynamoDB:*", TABLE),
        ("dynamodb:**", TABLE),
        ("dynamodb:?*", TABLE),
        ("logs:*", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:x:*"),
        ("xray:*", "*"),
        ("s3:Get*", "*"),
        ("s3:List*", "*"),
        ("s3:GetObject", "*"),
        ("s3:GetObject", "arn:aws:s3:::*"),
        ("s3:GetObject", "arn:aws:s3:::*/*"),
        ("s3:ListBucket", "arn:aws:s3:::*"),
        ("s3:GetSomethingNew", "*"),
        ("dynamodb:GetItem", "*"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/*"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:*"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*"),
        ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/*/index/*"),
        ("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*"),
        ("iam:PassRole", "*"),
        ("iam:passrole", f"arn:aws:iam::{ACCOUNT}:role/*"),
        ("iam:Pass*", "arn:aws:iam::*:role/*"),
    ],
)
def test_what_is_granted_too_widely_is_told(action: str, resource: str) -> None:
    assert too_wide(allow(action, resource)) == [f"{action} on {resource}"]
    assert too_wide(allow(["sts:AssumeRole", action], resource)) == [f"{action} on {resource}"]
    assert too_wide(allow(action, resource, Condition={"Bool": {"aws:SecureTransport": "true"}}))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Get*", TABLE),
        ("dynamodb:GetItem", f"{TABLE}*"),
        ("dynamodb:ListTables", "*"),
        ("dynamodb:Query", f"{TABLE}/index/*"),
        ("s3:ListAllMyBuckets", "*"),
        ("s3:GetObject", "arn:aws:s3:::orders-*/*"),
        ("kms:ListAliases", "*"),
        ("secretsmanager:ListSecrets", "*"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:orders-*"),
        ("logs:PutLogEvents", "*"),
        ("logs:Create*", "*"),
        ("ec2:CreateNetworkInterface", "*"),
        ("xray:PutTraceSegments", "*"),
        ("lambda:InvokeFunction", "*"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/orders-*"),
        ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/orders/*"),
        ("iam:PassRole", "arn:aws:iam::*:user/*"),
        ("iam:ListRoles", "*"),
    ],
)
def test_what_is_narrow_or_cannot_be_narrower_is_not(action: str, resource: str) -> None:
    assert too_wide(allow(action, resource)) == []


def test_whatever_role_may_be_handed_to_one_service_where_that_is_named() -> None:
    one = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    assert too_wide(allow("iam:PassRole", "*", Condition=one)) == []
    assert too_wide(allow("iam:PassRole", "*", Condition={"Bool": {"aws:SecureTransport": "true"}}))


def test_several_patterns_that_are_a_whole_service_together_are_told() -> None:
    letters = [f"dynamodb:{it}*" for it in "abcdefghijklmnopqrstuvwxyz"]
    assert too_wide(allow(letters, TABLE)) == [f"{', '.join(letters)} on {TABLE}"]
    assert too_wide(allow(letters[1:], TABLE)) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"NotAction": "iam:*", "Resource": "*"}, ["all but iam:* on *"]),
        ({"NotAction": "iam:*", "Resource": TABLE}, [f"all but iam:* on {TABLE}"]),
        (
            {"NotAction": ["dynamodb:DeleteTable"], "Resource": TABLE},
            [f"all but dynamodb:DeleteTable on {TABLE}"],
        ),
        ({"NotAction": "*", "Resource": "*"}, []),
        (
            {"Action": "s3:GetObject", "NotResource": "arn:aws:s3:::x/*"},
            ["s3:GetObject on all but arn:aws:s3:::x/*"],
        ),
        ({"Action": "logs:PutLogEvents", "NotResource": "arn:aws:s3:::x/*"}, []),
    ],
)
def test_all_but_some_is_everything_else(given: dict[str, Any], told: list[str]) -> None:
    assert too_wide({"Effect": "Allow", **given}) == told


def test_a_denial_grants_nothing() -> None:
    assert too_wide({**allow("*", "*"), "Effect": "Deny"}) == []


def test_managed_policies_count_and_what_they_say_may_not_be_known() -> None:
    managed = f"arn:aws:iam::{ACCOUNT}:policy/wide"
    given = role(allow("s3:GetObject", "arn:aws:s3:::x/*"), attached_policies=[managed])
    wide = Authorization(name="*", policies={"policy/wide": read(allow("s3:*", "*"))})
    assert given.too_wide(wide, SERVICES) == [f"{managed} grants s3:* on *"]
    with pytest.raises(Undetermined, match="policy/wide"):
        given.too_wide(NOTHING, SERVICES)
    certain = role(allow("s3:*", "*"), attached_policies=[managed])
    assert certain.too_wide(NOTHING, SERVICES) == ["own grants s3:* on *"], "what is known decides"


def test_a_name_that_is_to_be_chosen_is_no_wildcard_and_another_unknown_may_be() -> None:
    def with_resource(resource: Any) -> Role:
        own = read(allow("s3:GetObject", "arn:aws:s3:::x"))
        [statement] = own.statements
        named = Policy(statements=[statement.model_copy(update={"resources": [resource]})])
        return role(inline_policies={"own": named})

    assert with_resource(Identity("r", "aws_kms_key.k", "arn")).too_wide(NOTHING, SERVICES) == []
    with pytest.raises(Undetermined, match="aws_ssm_parameter"):
        with_resource(Unknown("aws_ssm_parameter.which.value")).too_wide(NOTHING, SERVICES)


@pytest.mark.parametrize(
    ("resources", "left_out", "lost"),
    [
        ([TABLE, INDEX], [], []),
        ([TABLE, f"{TABLE}/index/*"], [], []),
        ([f"{TABLE}*"], [], []),
        (["*"], [], []),
        ([TABLE], [INDEX], []),
        ([f"{TABLE}/index/*"], [TABLE], []),
        ([TABLE, f"{TABLE}/index/by-name"], [INDEX], [f"{TABLE}/index/by-name"]),
        ([TABLE, INDEX, f"{TABLE}/index/by-name"], [], [f"{TABLE}/index/by-name"]),
        ([TABLE.replace("orders", "orders-old"), f"{TABLE}-old/index/*"], [TABLE, INDEX], []),
        ([it.replace(ACCOUNT, "210987654321") for it in (TABLE, INDEX)], [TABLE, INDEX], []),
    ],
)
def test_a_policy_names_a_table_and_its_indexes(
    resources: list[str], left_out: list[str], lost: list[str]
) -> None:
    given = role(allow("dynamodb:Query", resources))
    assert given.leaves_out("own", [TABLE, INDEX]) == left_out
    assert given.names_lost("own", [TABLE, INDEX]) == lost


def test_a_policy_that_is_not_there_names_nothing_and_one_that_may_be_is_not_known() -> None:
    assert role().leaves_out("other", [TABLE]) == [TABLE]
    doubtful = role(inline_policies={"there may be more": Unexamined("there may be more")})
    with pytest.raises(Undetermined, match="there may be more"):
        doubtful.leaves_out("own", [TABLE])
    unknown = role(inline_policies={"own": Unexamined("who knows")})
    with pytest.raises(Undetermined, match="who knows"):
        unknown.names_besides({"own": [TABLE]})


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        ([TABLE, INDEX], []),
        ([TABLE, f"{TABLE}/index/*"], []),
        ([TABLE, f"{TABLE}-old"], [f"own names {TABLE}-old"]),
        ([TABLE, f"{TABLE}*"], [f"own names {TABLE}*"]),
        ([TABLE, "*"], ["own names *"]),
        ([TABLE, TABLE.replace(REGION, "*")], [f"own names {TABLE.replace(REGION, '*')}"]),
    ],
)
def test_a_policy_names_nothing_else(resources: list[str], told: list[str]) -> None:
    named = {"own": [TABLE, f"{TABLE}/index/*"]}
    assert role(allow("dynamodb:Query", resources)).names_besides(named) == told


def test_a_denial_names_nothing_that_is_granted() -> None:
    denied = {**allow("dynamodb:*", "*"), "Effect": "Deny"}
    given = role(allow("dynamodb:Query", TABLE), denied)
    assert given.names_besides({"own": [TABLE]}) == []
    assert given.leaves_out("own", [TABLE, INDEX]) == [INDEX]


USED = ["s3:GetObject", "s3:PutObject"]


def bucket(policy: Policy | None = None) -> Bucket:
    """A bucket of an account."""
    return Bucket(name="depot", arn="arn:aws:s3:::depot", policy=policy)


@pytest.mark.parametrize(
    ("resource", "refused"),
    [
        ("arn:aws:s3:::depot/*", []),
        ("arn:aws:s3:::depot*", []),
        ("arn:aws:s3:::depot", USED),
        ("arn:aws:s3:::depot/in/*", USED),
        ("arn:aws:s3:::depot-old/*", USED),
    ],
)
def test_a_role_uses_the_objects_of_a_bucket(resource: str, refused: list[str]) -> None:
    assert bucket().refused(USED, role(allow(USED, resource)), NOTHING) == refused


def test_the_policy_of_the_bucket_decides_too() -> None:
    every = "arn:aws:s3:::depot/*"
    plain = {
        **allow("s3:*", "*", Principal="*"),
        "Effect": "Deny",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    unencrypted = {
        **allow("s3:PutObject", "*", Principal="*"),
        "Effect": "Deny",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
    }
    using = role(allow(USED, every))
    assert bucket(read(plain)).refused(USED, using, NOTHING) == []
    denied = read({**allow("s3:Put*", every, Principal={"AWS": ROLE}), "Effect": "Deny"})
    assert bucket(denied).refused(USED, using, NOTHING) == ["s3:PutObject"]
    assert bucket(read(allow(USED, every, Principal={"AWS": ROLE}))).refused(USED, role(), NOTHING) == []
    with pytest.raises(Undetermined, match="server-side-encryption"):
        bucket(read(unencrypted)).refused(USED, using, NOTHING)


TERRAFORM = """
resource "random_id" "suffix" { byte_length = 4 }
resource "aws_s3_bucket" "depot" {
  for_each = toset(["raw", "done"])
  bucket   = "depot-${each.key}-${random_id.suffix.hex}"
}
resource "aws_s3_bucket_policy" "depot" {
  for_each = aws_s3_bucket.depot
  bucket   = each.value.bucket
  policy = jsonencode({ Statement = [{
    Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [each.value.arn, "${each.value.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}
resource "aws_iam_role" "worker" {
  name = "worker"
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
  }] })
}
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = RESOURCES
  }
}
resource "aws_iam_role_policy" "own" {
  name   = "own"
  role   = aws_iam_role.worker.name
  policy = data.aws_iam_policy_document.own.json
}
"""


def declared(folder: Path, resources: str) -> Configuration:
    """A root in which a role is granted this, and two buckets whose names are made up."""
    (folder / "main.tf").write_text(TERRAFORM.replace("RESOURCES", resources))
    return evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


def of_source(here: Configuration, key: str) -> list[str]:
    """What the role may not do with the objects of a bucket."""
    resource = here.at(f'aws_s3_bucket.depot["{key}"]')
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    assert worker.too_wide(authorization, SERVICES) == []
    return Bucket.from_terraform(resource, here).refused(USED, worker, authorization)


@pytest.mark.parametrize(
    ("resources", "of_raw", "of_done"),
    [
        ('["${aws_s3_bucket.depot["raw"].arn}/*", "${aws_s3_bucket.depot["done"].arn}/*"]', [], []),
        ('[for it in aws_s3_bucket.depot : "${it.arn}/*"]', [], []),
        ('["${aws_s3_bucket.depot["raw"].arn}/*"]', [], USED),
        ('["arn:aws:s3:::${aws_s3_bucket.depot["raw"].id}/*"]', [], USED),
        ('[aws_s3_bucket.depot["raw"].arn]', USED, USED),
        ('["${aws_s3_bucket.depot["raw"].arn}/in/*"]', USED, USED),
        ('["arn:aws:s3:::depot-raw-*/*"]', [], USED),
        ('["arn:aws:s3:::depot-raw/*"]', USED, USED),
    ],
)
def test_source_tells_it_of_a_bucket_whose_name_is_made_up(
    tmp_path: Path, resources: str, of_raw: list[str], of_done: list[str]
) -> None:
    here = declared(tmp_path, resources)
    assert of_source(here, "raw") == of_raw
    assert of_source(here, "done") == of_done


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("arn:aws:s3:::depot-raw-${random_id.suffix.hex}/*", "random_id"),
        ("arn:aws:s3:::depot-raw-0a1b2c3d/*", "whether arn:aws:s3:::depot-raw-0a1b2c3d"),
        ("arn:aws:s3:::depot-raw-0a*", "whether"),
        ("arn:aws:s3:::*-0a1b2c3d/*", "whether"),
    ],
)
def test_what_is_made_otherwise_may_be_the_bucket(tmp_path: Path, resource: str, told: str) -> None:
    here = declared(tmp_path, f'["{resource}"]')
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    raw = Bucket.from_terraform(here.at('aws_s3_bucket.depot["raw"]'), here)
    with pytest.raises(Undetermined, match=told):
        raw.refused(USED, worker, authorization)


GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:trail"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t"
WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"]


def kept_out(
    resource: str, trust: Policy | None = None, group: str = GROUP, actions: Any = WRITES
) -> list[str]:
    """What keeps a trail from writing as a role that is granted this."""
    trail = Trail(name="t", arn=TRAIL, log_group_arn=group, log_role=ROLE)
    trusted = trust or trusting("cloudtrail.amazonaws.com")
    return trail.kept_out(role(allow(actions, resource), trust=trusted), NOTHING)


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        f"{GROUP}:*",
        f"{GROUP}:log-stream:*",
        f"{GROUP}:log-stream:{ACCOUNT}_CloudTrail_*",
        f"{GROUP}:log-stream:{ACCOUNT}_CloudTrail_{REGION}*",
    ],
)
def test_a_trail_writes_to_its_log_group(resource: str) -> None:
    assert kept_out(resource) == []


def test_what_keeps_a_trail_from_its_log_group_is_told() -> None:
    assert kept_out(GROUP) == WRITES, "the group is not its streams"
    assert kept_out(f"{GROUP}-old:*") == WRITES
    assert kept_out(f"{GROUP}:*", actions="logs:PutLogEvents") == ["logs:CreateLogStream"]
    assert kept_out(f"{GROUP}:*", group="") == ["no log group"]
    assert kept_out(f"{GROUP}:*", trusting("lambda.amazonaws.com")) == ["sts:AssumeRole"]


# Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
@pytest.mark.parametrize("key", ["aws:SourceArn", "aws:SourceAccount"])
def test_cloudtrail_says_not_for_which_trail_it_writes_logs(key: str) -> None:
    value = TRAIL if key == "aws:SourceArn" else ACCOUNT
    trust = trusting("cloudtrail.amazonaws.com", StringEquals={key: value})
    assert kept_out(f"{GROUP}:*", trust) == ["sts:AssumeRole"]


def test_a_trail_in_source_names_its_group_and_its_role(tmp_path: Path) -> None:
    logs = """
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.r.arn
"""
    text = """
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_iam_role" "r" {
  name               = "worker"
  assume_role_policy = POLICY
}
resource "aws_cloudtrail" "t" {
  name           = "t"
  s3_bucket_name = "depot"
LOGS
}
"""
    policy = json.dumps(trusting("cloudtrail.amazonaws.com").as_json())
    for given, expected in ((logs, (GROUP, ROLE)), ("", ("", ""))):
        (tmp_path / "main.tf").write_text(text.replace("POLICY", policy).replace("LOGS", given))
        here = evaluate(tmp_path, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)
        found = Trail.find(here, "t", "here")
        assert (found.log_group_arn, found.log_role) == expected
