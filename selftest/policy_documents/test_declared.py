"""What Terraform gives a role is found wherever it may stand, and what cannot be known is not guessed."""

from pathlib import Path

import pytest

from plumbline.kinds.iam import Role
from plumbline.kinds.iam_authorization import Authorization
from plumbline.kinds.policy_simulator import Simulation
from plumbline.kinds.registry import computed_attribute
from plumbline.kinds.vpc import VpcEndpoints
from plumbline.terraform.evaluation import evaluate
from plumbline.terraform.model import Configuration, Settings
from plumbline.values.unknown import Missing, ReadError, Undetermined

ACCOUNT, REGION = "536580886816", "af-south-1"
ASKED = "x may s3:GetObject, s3:PutObject on arn:aws:s3:::b/k"
TRUST = 'jsonencode({ Statement = { Effect = "Allow", Principal = "*", Action = "sts:AssumeRole" } })'
ROLE = f'resource "aws_iam_role" "x" {{\n  name               = "x"\n  assume_role_policy = {TRUST}\n'
MANAGED = 'resource "aws_iam_policy" "p" {\n  name   = "p"\n  policy = %s\n}\n'
UNKNOWN = 'resource "aws_kms_key" "k" {}\n'


def allowing(action: str, resource: str = '"*"', effect: str = "Allow") -> str:
    """Return the expression of a policy with one statement."""
    return (
        f'jsonencode({{ Statement = {{ Effect = "{effect}", Action = "{action}", Resource = {resource} }} }})'
    )


def given(*arguments: str) -> str:
    """Return the block of the role, with further arguments."""
    return "\n".join([ROLE, *arguments, "}\n"])


def declared(folder: Path, *blocks: str) -> Configuration:
    """Return what a root of these blocks declares."""
    (folder / "main.tf").write_text("\n".join(blocks))
    settings = Settings(account=ACCOUNT, region=REGION)
    return evaluate(folder, settings=settings, computed=computed_attribute)


def refused(configuration: Configuration) -> dict[str, str]:
    """Return what the role is refused."""
    simulation = Simulation.find(configuration, ASKED, "here")
    return dict(simulation.refused)


INLINE = f'inline_policy {{\n    name   = "i"\n    policy = {allowing("s3:*")}\n  }}'
PART = f'resource "aws_iam_role_policy" "i" {{\n  role   = %s\n  policy = {allowing("s3:*")}\n}}\n'
ATTACHED = 'resource "aws_iam_role_policy_attachment" "a" {\n  role       = "x"\n  policy_arn = %s\n}\n'
BY_ATTACHMENT = (
    'resource "aws_iam_policy_attachment" "a" {\n  name = "a"\n  roles = [aws_iam_role.x.name]\n'
    "  policy_arn = aws_iam_policy.p.arn\n}\n"
)
OF_AWS = '"arn:aws:iam::aws:policy/%s"'


@pytest.mark.parametrize(
    "blocks",
    [
        (given(INLINE),),
        (given(), PART % "aws_iam_role.x.id"),
        (given(), PART % '"x"'),
        (given(), MANAGED % allowing("s3:*"), ATTACHED % "aws_iam_policy.p.arn"),
        (given(), MANAGED % allowing("s3:*"), ATTACHED % f'"arn:aws:iam::{ACCOUNT}:policy/p"'),
        (given(), MANAGED % allowing("s3:*"), BY_ATTACHMENT),
        (given("managed_policy_arns = [aws_iam_policy.p.arn]"), MANAGED % allowing("S3:?*")),
        (given(), ATTACHED % (OF_AWS % "AdministratorAccess")),
        (given(INLINE, "permissions_boundary = aws_iam_policy.p.arn"), MANAGED % allowing("*")),
    ],
)
def test_a_policy_counts_wherever_it_is_given(blocks: tuple[str, ...], tmp_path: Path) -> None:
    assert refused(declared(tmp_path, *blocks)) == {}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ((given(),), {"s3:GetObject": "implicitDeny", "s3:PutObject": "implicitDeny"}),
        ((given(INLINE.replace("s3:*", "s3:Get*")),), {"s3:PutObject": "implicitDeny"}),
        (
            (given(INLINE), PART.replace("s3:*", "s3:Put*").replace('"Allow"', '"Deny"') % '"x"'),
            {"s3:PutObject": "explicitDeny"},
        ),
        (
            (given(INLINE, "permissions_boundary = aws_iam_policy.p.arn"), MANAGED % allowing("s3:Get*")),
            {"s3:PutObject": "outside the permissions boundary"},
        ),
        (
            (given(), PART.replace('"*"', "aws_kms_key.k.arn").replace("s3:*", "s3:Get*") % '"x"', UNKNOWN),
            None,
        ),
        ((given(INLINE), ATTACHED % "aws_kms_key.k.arn", UNKNOWN), None),
        ((given(INLINE), ATTACHED % (OF_AWS % "ReadOnlyAccess")), None),
        ((given(INLINE), ATTACHED % f'"arn:aws:iam::{ACCOUNT}:policy/elsewhere"'), None),
        ((given(INLINE), PART % "aws_kms_key.k.key_id", UNKNOWN), None),
    ],
)
def test_what_is_refused_and_what_is_not_known(
    blocks: tuple[str, ...], expected: dict[str, str] | None, tmp_path: Path
) -> None:
    configuration = declared(tmp_path, *blocks)
    if expected is None:
        with pytest.raises(Undetermined):
            refused(configuration)
    else:
        assert refused(configuration) == expected


def test_a_missing_role_is_told_by_the_role(tmp_path: Path) -> None:
    with pytest.raises(Missing) as missing:
        refused(declared(tmp_path, UNKNOWN))
    assert missing.value.holder == "x"


def test_what_is_no_policy_is_an_error_at_its_line(tmp_path: Path) -> None:
    configuration = declared(tmp_path, given(INLINE.replace('"Allow"', '"allow"')))
    with pytest.raises(ReadError, match=r"main.tf:5: no IAM policy document: statement 1 has the Effect"):
        refused(configuration)
    broken = declared(tmp_path, given().replace(TRUST, '"{"'))
    with pytest.raises(ReadError, match=r"main.tf:3: no IAM policy document: Expecting property name"):
        assert Role.find(broken, "x", "here").trust.statements


def test_wide_grants_are_found_at_their_line(tmp_path: Path) -> None:
    found = Authorization.find(declared(tmp_path, given(), MANAGED % allowing("dynamodb:*")), "p x", "here")
    assert found.dynamodb_wildcards == ["policy/p grants dynamodb:* on *"]
    assert found.where("dynamodb_wildcards").endswith("main.tf:9")
    assert found.roles_and_policies == ["policy/p", "role/x"]
    assert Authorization.find(declared(tmp_path, given()), "y", "here").roles_and_policies == []


def test_a_wide_grant_is_told_even_where_another_policy_is_not_known(tmp_path: Path) -> None:
    unknown = ATTACHED % (OF_AWS % "ReadOnlyAccess")
    hidden = Authorization.find(declared(tmp_path, given(INLINE), unknown), "x", "here")
    with pytest.raises(Undetermined, match="AWS, not this Terraform root, holds what"):
        assert hidden.dynamodb_wildcards == []
    wide = given(INLINE.replace("s3:*", "*"))
    assert Authorization.find(declared(tmp_path, wide, unknown), "x", "here").dynamodb_wildcards == [
        "role/x i grants * on *"
    ]


ENDPOINT = 'resource "aws_vpc_endpoint" "e" {\n  vpc_id = "v"\n  service_name = %s\n%s}\n'
DYNAMODB = f"com.amazonaws.{REGION}.dynamodb"


def test_endpoints_of_the_service_count_and_no_others(tmp_path: Path) -> None:
    narrow = f"  policy = {allowing('dynamodb:GetItem')}\n"
    blocks = [ENDPOINT % (f'"{DYNAMODB}"', narrow), ENDPOINT.replace('"e"', '"o"') % ('"other"', "")]
    [policy] = VpcEndpoints.find(declared(tmp_path, *blocks), DYNAMODB, "here").policies
    assert policy.statements[0].actions == ["dynamodb:GetItem"]
    [everything] = VpcEndpoints.find(
        declared(tmp_path, ENDPOINT % (f'"{DYNAMODB}"', "")), DYNAMODB, ""
    ).policies
    assert everything.statements[0].actions == ["*"]
    assert VpcEndpoints.find(declared(tmp_path, given()), DYNAMODB, "here").policies == []
