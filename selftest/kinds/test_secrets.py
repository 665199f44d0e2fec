"""What a role may do with a secret, by its policies and the secret's, and which others it may read, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.kinds.iam import Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.kms import Key
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.secretsmanager import Secret
from plumbline.policy import Policy
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Undetermined, Unexamined

ACCOUNT, REGION = "123456789012", "eu-west-3"
SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
PARTIAL = f"{SECRETS}keys"
ARN, ROLE = f"{PARTIAL}-AbCdEf", f"arn:aws:iam::{ACCOUNT}:role/worker"
READING = ["secretsmanager:GetSecretValue"]
MANAGED = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
TRUST = Policy.read(
    {
        "Statement": {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    },
    "here",
)


def statement(resource: Any, action: Any = "secretsmanager:GetSecretValue", **more: Any) -> dict[str, Any]:
    """A statement that allows something."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def policy(*statements: dict[str, Any]) -> Policy:
    """A policy of these statements."""
    return Policy.read({"Statement": list(statements)}, "here")


def role(*statements: dict[str, Any], **more: Any) -> Role:
    """A role with one inline policy."""
    return Role(name="worker", arn=ROLE, trust=TRUST, inline_policies={"own": policy(*statements)}, **more)


def holding(**policies: Policy) -> Authorization:
    """An authorization that holds these managed policies."""
    return Authorization(name="*", policies={f"policy/{name}": it for name, it in policies.items()})


def secret(of_secret: Policy | None = None) -> Secret:
    """A secret of an account."""
    return Secret(name="keys", arn=ARN, partial_arn=PARTIAL, policy=of_secret)


def refused(*statements: dict[str, Any], of_secret: Policy | None = None, **more: Any) -> bool:
    """Whether a role with these statements may not read it."""
    return secret(of_secret).refused(READING, role(*statements, **more), holding()) == READING


@pytest.mark.parametrize(
    "resource",
    [
        ARN,
        f"{PARTIAL}-??????",
        f"{PARTIAL}-*",
        f"{PARTIAL}*",
        f"{SECRETS}*",
        "*",
        [f"{SECRETS}else-123456", ARN],
    ],
)
def test_what_names_the_secret_with_what_aws_adds_lets_it_be_read(resource: Any) -> None:
    assert not refused(statement(resource))


@pytest.mark.parametrize(
    "resource",
    [
        PARTIAL,
        f"{PARTIAL}-",
        f"{PARTIAL}-?????",
        f"{SECRETS}else-AbCdEf",
        ARN.replace(REGION, "eu-west-1"),
        ARN.replace(ACCOUNT, "210987654321"),
        f"{PARTIAL}-prod-*",
    ],
)
def test_what_names_another_or_lacks_what_aws_adds_does_not(resource: str) -> None:
    assert refused(statement(resource))


@pytest.mark.parametrize(
    ("given", "is_refused"),
    [
        (statement(ARN, "secretsmanager:DescribeSecret"), True),
        (statement(ARN, "secretsmanager:Get*"), False),
        (statement(ARN, "secretsmanager:getsecretvalue"), False),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": ARN}, False),
        ({"Effect": "Allow", "Action": READING, "NotResource": f"{SECRETS}else-*"}, False),
        (statement(ARN, Condition={"Bool": {"aws:SecureTransport": "true"}}), False),
        (statement(ARN, Condition={"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::1:role/else"}}), True),
        (statement(ARN, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), True),
    ],
)
def test_statements_are_decided_as_iam_does(given: dict[str, Any], is_refused: bool) -> None:
    assert refused(given) == is_refused


def test_the_secret_may_let_the_role_in_itself_and_a_denial_of_either_wins() -> None:
    lets_in = statement("*", Principal={"AWS": ROLE})
    denies = {**lets_in, "Effect": "Deny", "Principal": "*"}
    assert not refused(statement("*", "s3:GetObject"), of_secret=policy(lets_in))
    assert refused(statement(ARN), of_secret=policy(denies))
    assert refused(
        statement(ARN), {**statement("*", "secretsmanager:*"), "Effect": "Deny"}, of_secret=policy(lets_in)
    )
    delegating = statement("*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    assert refused(statement("*", "s3:GetObject"), of_secret=policy(delegating)), (
        "that is up to the role's policies"
    )


def test_a_boundary_bounds_it() -> None:
    bounded = {"permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/limit"}
    of_role = role(statement(ARN), **bounded)
    inside, outside = policy(statement("*", "secretsmanager:*")), policy(statement("*", "s3:*"))
    assert secret().refused(READING, of_role, holding(limit=inside)) == []
    assert secret().refused(READING, of_role, holding(limit=outside)) == READING
    with pytest.raises(Undetermined, match="policy/limit"):
        secret().refused(READING, of_role, holding())


def test_what_a_managed_policy_grants_is_looked_up() -> None:
    given = Role(name="worker", arn=ROLE, trust=TRUST, attached_policies=[f"arn:aws:iam::{ACCOUNT}:policy/a"])
    assert secret().refused(READING, given, holding(a=policy(statement(ARN)))) == []
    assert secret().others_read(given, holding(a=policy(statement("*")))) == [
        f"arn:aws:iam::{ACCOUNT}:policy/a names *"
    ]
    with pytest.raises(Undetermined, match="policy/a"):
        secret().refused(READING, given, holding())


def test_a_policy_that_nobody_knows_leaves_it_open_unless_another_denies() -> None:
    unknown = Role(
        name="worker",
        arn=ROLE,
        trust=TRUST,
        inline_policies={"own": policy(statement(ARN)), "b": Unexamined("who knows")},
    )
    with pytest.raises(Undetermined, match="who knows"):
        secret().refused(READING, unknown, holding())
    with pytest.raises(Undetermined, match="who knows"):
        secret().others_read(unknown, holding())
    denying = policy({**statement("*", Principal="*"), "Effect": "Deny"})
    assert secret(denying).refused(READING, unknown, holding()) == READING


def others(*statements: dict[str, Any]) -> list[str]:
    """By what a role may read other secrets."""
    return secret().others_read(role(*statements), holding())


@pytest.mark.parametrize(
    "given",
    [
        statement(ARN),
        statement(f"{PARTIAL}-??????"),
        statement(f"{ARN}*"),
        statement(PARTIAL),
        statement("arn:aws:secretsmanager:*:*:secret:keys-??????"),
        statement("*", "secretsmanager:ListSecrets"),
        statement("*", "s3:*"),
        statement("arn:aws:dynamodb:eu-west-3:123456789012:table/x", "*"),
        {"Effect": "Deny", "Action": READING, "Resource": "*"},
        statement("*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    ],
)
def test_what_names_the_secret_alone_is_enough(given: dict[str, Any]) -> None:
    assert others(given) == []


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        "arn:aws:secretsmanager:*",
        f"{SECRETS}*",
        f"{PARTIAL}-*",
        f"{PARTIAL}*",
        f"{SECRETS}k*",
        f"{SECRETS}other-AbCdEf",
        f"{SECRETS}other-??????",
        f"{SECRETS}key?-??????",
        ARN.replace(REGION, "eu-west-1"),
        f"{SECRETS}*-AbCdEf",
    ],
)
def test_what_covers_another_secret_is_told(resource: str) -> None:
    assert others(statement([ARN, resource], "secretsmanager:*")) == [f"own names {resource}"]


def test_all_but_some_is_everything_else() -> None:
    assert others({"Effect": "Allow", "Action": READING, "NotResource": f"{SECRETS}else-*"}) == [
        f"own names all but {SECRETS}else-*"
    ]
    assert others({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}) == ["own names *"]
    assert others({"Effect": "Allow", "NotAction": "secretsmanager:*", "Resource": "*"}) == []


def test_what_is_denied_again_is_not_read() -> None:
    denied = {"Effect": "Deny", "Action": "secretsmanager:*", "NotResource": f"{PARTIAL}-??????"}
    assert others(statement(f"{SECRETS}*"), denied) == []
    assert not refused(statement(f"{SECRETS}*"), denied)


def test_what_hangs_on_a_tag_is_undetermined() -> None:
    with pytest.raises(Undetermined, match="ResourceTag"):
        others(statement("*", Condition={"StringEquals": {"aws:ResourceTag/for": "worker"}}))


TERRAFORM = """
resource "aws_kms_key" "k" {}
resource "aws_kms_key" "other" {}
resource "aws_kms_alias" "k" {
  name          = "alias/k"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_secretsmanager_secret" "keys" {
  name       = "keys"
  kms_key_id = KEY
}
resource "aws_secretsmanager_secret" "other" { name = "other" }
resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = jsonencode({
    Statement = {
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }
    }
  })
}
resource "aws_iam_role_policy" "own" {
  name   = "own"
  role   = aws_iam_role.worker.name
  policy = POLICY
}
data "aws_iam_policy_document" "own" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "kms:Decrypt"]
    resources = RESOURCES
  }
}
"""


def declared(
    folder: Path, resources: str, *, as_json: bool = False, key: str = "aws_kms_key.k.arn"
) -> Configuration:
    """A root in which a role is granted this."""
    actions = '["secretsmanager:GetSecretValue", "kms:Decrypt"]'
    statement = f'{{ Effect = "Allow", Action = {actions}, Resource = {resources} }}'
    inline = f"jsonencode({{ Statement = [{statement}] }})"
    policy = inline if as_json else "data.aws_iam_policy_document.own.json"
    text = TERRAFORM.replace("POLICY", policy).replace("RESOURCES", resources).replace("KEY", key)
    (folder / "main.tf").write_text(text)
    return evaluate(folder, settings=Settings(ACCOUNT, REGION), computed=computed_attribute)


@pytest.mark.parametrize("as_json", [False, True], ids=["data source", "jsonencode"])
@pytest.mark.parametrize(
    ("resources", "is_refused", "told"),
    [
        ("[aws_secretsmanager_secret.keys.arn, aws_kms_key.k.arn]", False, []),
        ("[aws_secretsmanager_secret.keys.id]", False, []),
        ("[aws_secretsmanager_secret.other.arn]", True, ["own names {}"]),
        (
            '["arn:aws:secretsmanager:eu-west-3:123456789012:secret:keys-??????", aws_kms_key.k.arn]',
            False,
            [],
        ),
        ('["arn:aws:secretsmanager:eu-west-3:123456789012:secret:keys", aws_kms_key.k.arn]', True, []),
        (
            '["arn:aws:secretsmanager:eu-west-3:123456789012:secret:*", aws_kms_key.k.arn]',
            False,
            ["own names {}"],
        ),
    ],
)
def test_source_tells_it_before_aws_has_chosen_the_arn(
    tmp_path: Path, as_json: bool, resources: str, is_refused: bool, told: list[str]
) -> None:
    here = declared(tmp_path, resources, as_json=as_json)
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    found = Secret.find(here, "keys", "here")
    assert (found.refused(READING, worker, authorization) == READING) == is_refused
    assert len(found.others_read(worker, authorization)) == len(told)


def test_source_tells_whether_a_role_may_use_a_key_that_a_policy_refers_to(tmp_path: Path) -> None:
    here = declared(tmp_path, "[aws_kms_key.k.arn]")
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    key, service = Key.find(here, "alias/k", "here"), f"secretsmanager.{REGION}.amazonaws.com"
    assert key.refused(["kms:Decrypt", "kms:Encrypt"], worker, authorization, service) == ["kms:Encrypt"]
    here = declared(tmp_path, "[aws_kms_key.other.arn]")
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    assert key.refused(["kms:Decrypt"], worker, authorization, service) == ["kms:Decrypt"]


def test_a_literal_arn_may_be_the_one_that_aws_will_choose(tmp_path: Path) -> None:
    here = declared(tmp_path, f'["{ARN}"]')
    worker, authorization = Role.find(here, "worker", "here"), Authorization.find(here, "*", "here")
    with pytest.raises(Undetermined, match=r"secret\.keys\.arn"):
        Secret.find(here, "keys", "here").refused(READING, worker, authorization)


@pytest.mark.parametrize(
    ("key", "is_it"),
    [
        ("aws_kms_key.k.arn", True),
        ("aws_kms_key.k.key_id", True),
        ("aws_kms_alias.k.arn", True),
        ("aws_kms_alias.k.name", True),
        ('"alias/k"', True),
        ("aws_kms_key.other.arn", False),
        ("null", False),
    ],
)
def test_key_of_a_secret_goes_by_all_its_names(tmp_path: Path, key: str, is_it: bool) -> None:
    here = declared(tmp_path, "[aws_kms_key.k.arn]", key=key)
    assert Key.find(here, "alias/k", "here").is_named_by(Secret.find(here, "keys", "here").kms_key) == is_it
