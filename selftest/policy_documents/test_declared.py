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
            (given(INLINE), MANAGED % allowing("s3:Put*", effect="Deny"), ATTACHED % "aws_iam_policy.p.arn"),
            {"s3:PutObject": "explicitDeny"},
        ),
        (
            (given(INLINE, "permissions_boundary = aws_iam_policy.p.arn"), MANAGED % allowing("s3:Get*")),
            {"s3:PutObject": "outside the permissions boundary"},
        ),
        (
            (given(), PART.replace('"*"', "aws_kms_key.k.arn").replace("s3:*", "s3:Get*") % '"x"', UNKNOWN),
            {"s3:PutObject": "implicitDeny"},
        ),
        ((given(INLINE), ATTACHED % "aws_kms_key.k.arn", UNKNOWN), None),
        ((given(INLINE), ATTACHED % (OF_AWS % "ReadOnlyAccess")), None),
        ((given(INLINE), ATTACHED % f'"arn:aws:iam::{ACCOUNT}:policy/elsewhere"'), None),
        ((given(INLINE), PART % "aws_kms_key.k.key_id", UNKNOWN), {}),
        ((given(INLINE), PART % "aws_instance.k.public_ip", 'resource "aws_instance" "k" {}\n'), None),
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
    anybody = allowing("dynamodb:GetItem").replace("Effect", 'Principal = "*", Effect')
    narrow = f"  policy = {anybody}\n"
    blocks = [ENDPOINT % (f'"{DYNAMODB}"', narrow), ENDPOINT.replace('"e"', '"o"') % ('"other"', "")]
    [policy] = VpcEndpoints.find(declared(tmp_path, *blocks), DYNAMODB, "here").policies
    assert policy.statements[0].actions == ["dynamodb:GetItem"]
    [everything] = VpcEndpoints.find(
        declared(tmp_path, ENDPOINT % (f'"{DYNAMODB}"', "")), DYNAMODB, ""
    ).policies
    assert everything.statements[0].actions == ["*"]
    assert VpcEndpoints.find(declared(tmp_path, given()), DYNAMODB, "here").policies == []


WIDE = allowing("dynamodb:*")
FULL = OF_AWS % "AmazonDynamoDBFullAccess"
USER = 'resource "aws_iam_user" "u" { name = "developer" }\n'
GROUP = 'resource "aws_iam_group" "g" { name = "developers" }\n'
ATTACHES = 'resource "aws_iam_{0}_policy_attachment" "w" {{\n  {0} = {1}\n  policy_arn = {2}\n}}\n'
INLINES = 'resource "aws_iam_{0}_policy" "w" {{\n  name = "w"\n  {0} = {1}\n  policy = {2}\n}}\n'
TO_SEVERAL = 'resource "aws_iam_policy_attachment" "w" {\n  name = "w"\n  %s\n  policy_arn = %s\n}\n'
JOINED = (
    'resource "aws_iam_user_group_membership" "m" {\n  user = aws_iam_user.u.name\n'
    "  groups = [aws_iam_group.g.name]\n}\n"
)


@pytest.mark.parametrize(
    "blocks",
    [
        (USER, INLINES.format("user", "aws_iam_user.u.name", WIDE)),
        (USER, ATTACHES.format("user", '"developer"', FULL)),
        (USER, GROUP, JOINED, ATTACHES.format("group", "aws_iam_group.g.name", FULL)),
        (USER, GROUP, JOINED, INLINES.format("group", '"developers"', WIDE)),
        (GROUP, TO_SEVERAL % ("groups = [aws_iam_group.g.name]", FULL)),
        (TO_SEVERAL % ('users = ["somebody"]', FULL),),
        (ATTACHES.format("user", '"somebody"', FULL),),
        (INLINES.format("role", '"made-by-hand"', WIDE),),
        (given(INLINE.replace("s3:*", "dynamodb:*")),),
        (given(f"managed_policy_arns = [{FULL}]"),),
        (given(), MANAGED % WIDE, ATTACHED % "aws_iam_policy.p.arn"),
    ],
)
def test_a_wide_grant_is_found_whoever_has_it(blocks: tuple[str, ...], tmp_path: Path) -> None:
    found = Authorization.find(declared(tmp_path, *blocks), "bbws-*", "here").dynamodb_wildcards
    assert len(found) == 1
    assert found[0].endswith("grants dynamodb:* on *")


@pytest.mark.parametrize(
    "blocks",
    [
        (given("permissions_boundary = aws_iam_policy.p.arn"), MANAGED % WIDE),
        (
            given().replace('Principal = "*"', 'Principal = { Service = "config.amazonaws.com" }'),
            ATTACHED % (OF_AWS % "service-role/AWS_ConfigRole"),
        ),
    ],
)
def test_what_bounds_others_and_what_a_service_needs_is_no_wide_grant(
    blocks: tuple[str, ...], tmp_path: Path
) -> None:
    assert Authorization.find(declared(tmp_path, *blocks), "x p", "here").dynamodb_wildcards == []


KEEPS = 'resource "aws_iam_role_%s_exclusive" "k" {\n  role_name = aws_iam_role.x.name\n  %s\n}\n'
OWN = ATTACHED % "aws_iam_policy.p.arn"
NAMED = PART.replace("  role ", '  name = "i"\n  role ') % '"x"'


@pytest.mark.parametrize(
    ("blocks", "known"),
    [
        (
            (given(), MANAGED % allowing("s3:*"), OWN, KEEPS % ("policy_attachments", "policy_arns = []")),
            False,
        ),
        (
            (
                given(),
                MANAGED % allowing("s3:*"),
                OWN,
                KEEPS % ("policy_attachments", "policy_arns = [aws_iam_policy.p.arn]"),
            ),
            True,
        ),
        (
            (
                given(),
                MANAGED % allowing("s3:*"),
                KEEPS % ("policy_attachments", "policy_arns = [aws_iam_policy.p.arn]"),
            ),
            True,
        ),
        ((given(), NAMED, KEEPS % ("policies", "policy_names = []")), False),
        ((given(), NAMED, KEEPS % ("policies", 'policy_names = ["i"]')), True),
        ((given(INLINE), NAMED.replace('name = "i"', 'name = "j"')), False),
        ((given("managed_policy_arns = []"), MANAGED % allowing("s3:*"), OWN), False),
        (
            (
                given(),
                MANAGED % allowing("s3:*"),
                OWN,
                TO_SEVERAL % ('roles = ["other"]', "aws_iam_policy.p.arn"),
            ),
            False,
        ),
    ],
)
def test_what_another_resource_takes_away_is_not_counted_on(
    blocks: tuple[str, ...], known: bool, tmp_path: Path
) -> None:
    configuration = declared(tmp_path, *blocks)
    if known:
        assert refused(configuration) == {}
    else:
        with pytest.raises(Undetermined, match="takes away what"):
            refused(configuration)


def test_a_statement_without_resources_is_refused_as_iam_does(tmp_path: Path) -> None:
    bare = given(INLINE.replace(', Resource = "*"', ""))
    with pytest.raises(ReadError, match="statement 1 has neither Resource nor NotResource"):
        refused(declared(tmp_path, bare))
