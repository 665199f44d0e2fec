"""Clients of user pools, what became of them, and whom identity pools let in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plumbline.aws.reads import Aws
from plumbline.kinds.cognito import UserPool
from plumbline.kinds.cognito_client_changes import ClientChanges, OfChanges
from plumbline.kinds.cognito_clients import UserPoolClient
from plumbline.kinds.cognito_identity import IdentityPool
from plumbline.kinds.cognito_sign_ins import ClientSignIns, OfSignIns
from plumbline.sources.moto.account import account, empty_all
from plumbline.terraform.evaluation import evaluate
from plumbline.values.unknown import Missing, Undetermined, Unknown
from selftest.mutations import history

ACCOUNT, REGION, NAME, SERVICE = "123456789012", "eu-west-1", "shop/web", "cognito-idp.amazonaws.com"
SHOP = """
resource "aws_cognito_user_pool" "shop" {
  name = "shop"
}
resource "aws_cognito_user_pool" "more" {
  name = "more"
}
resource "aws_cognito_user_pool_client" "web" {
  name                    = "web"
  user_pool_id            = aws_cognito_user_pool.shop.id
  explicit_auth_flows     = ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]
  enable_token_revocation = true
  access_token_validity   = 5
  id_token_validity       = 2

  token_validity_units {
    access_token = "minutes"
  }
}
resource "aws_cognito_user_pool_client" "more" {
  name         = "web"
  user_pool_id = aws_cognito_user_pool.more.id
}
resource "aws_cognito_identity_pool" "shop" {
  identity_pool_name = "shop"

  cognito_identity_providers {
    client_id     = aws_cognito_user_pool_client.web.id
    provider_name = aws_cognito_user_pool.shop.endpoint
  }
}
"""


@pytest.fixture(autouse=True)
def without_any() -> None:
    """Nobody has a pool at first."""
    empty_all()


@pytest.fixture
def aws() -> Aws:
    """An account with a client."""
    made = account(ACCOUNT, REGION)
    UserPool(name="shop").create(made)
    UserPoolClient(name=NAME, explicit_auth_flows=["ALLOW_USER_SRP_AUTH"]).create(made)
    return made


def declared(folder: Path, old: str = "", new: str = "") -> Any:
    assert old in SHOP
    (folder / "main.tf").write_text(SHOP.replace(old, new, 1))
    return evaluate(folder)


def test_source_says_how_a_client_is_set_up(tmp_path: Path) -> None:
    found = UserPoolClient.find(declared(tmp_path), NAME, "main.tf")
    assert found.explicit_auth_flows == ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert (found.access_token_seconds, found.id_token_seconds) == (300, 7200)
    assert found.enable_token_revocation
    assert not found.generate_secret


def test_what_terraform_leaves_as_it_was_is_not_known(tmp_path: Path) -> None:
    found = UserPoolClient.find(declared(tmp_path), "more/web", "main.tf")
    for field in ("explicit_auth_flows", "prevent_user_existence_errors", "refresh_token_seconds"):
        assert isinstance(getattr(found, field), Unknown)


def test_a_client_of_another_pool_is_another_one(tmp_path: Path, aws: Aws) -> None:
    with pytest.raises(Missing):
        UserPoolClient.find(declared(tmp_path), "shop/app", "main.tf")
    with pytest.raises(Missing, match="client shop/app does not exist") as none:
        UserPoolClient.from_aws(aws, "shop/app")
    assert none.value.holder == ""
    with pytest.raises(Missing, match="user pool other does not exist") as none:
        UserPoolClient.from_aws(aws, "other/web")
    assert none.value.holder == "other"


def test_a_client_of_a_pool_that_nobody_here_declares_may_be_the_one(tmp_path: Path) -> None:
    roots = declared(tmp_path, "aws_cognito_user_pool.shop.id", '"eu-west-1_abc"')
    with pytest.raises(Undetermined, match="may be shop/web: its name is known only after apply"):
        UserPoolClient.find(roots, NAME, "main.tf")


def test_of_two_clients_of_one_name_nobody_knows_which_is_meant(aws: Aws) -> None:
    UserPoolClient(name=NAME).create(aws)
    with pytest.raises(Undetermined, match="2 clients in eu-west-1 are called shop/web"):
        _ = bool(UserPoolClient.from_aws(aws, NAME).generate_secret)


@pytest.mark.parametrize(
    ("forbidden", "found"),
    [
        ("ADMIN_NO_SRP_AUTH", ["ADMIN_NO_SRP_AUTH"]),
        ("ALLOW_ADMIN_USER_PASSWORD_AUTH", ["ADMIN_NO_SRP_AUTH"]),
        ("ALLOW_USER_SRP_AUTH", ["ALLOW_USER_SRP_AUTH"]),
        ("USER_PASSWORD_AUTH", []),
    ],
)
def test_a_flow_is_found_by_either_of_its_names(forbidden: str, found: list[str]) -> None:
    flows = ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert UserPoolClient(name=NAME, explicit_auth_flows=flows).flows_among([forbidden]) == found


def test_flows_that_nobody_knows_decide_nothing() -> None:
    with pytest.raises(Undetermined):
        UserPoolClient(name=NAME, explicit_auth_flows=Unknown("them")).flows_among(["ALLOW_USER_AUTH"])


def test_what_cognito_does_not_say_is_as_it_documents(aws: Aws) -> None:
    [pool] = aws.write("cognito-idp:ListUserPools", MaxResults=60)["UserPools"]
    aws.write("cognito-idp:CreateUserPoolClient", UserPoolId=pool["Id"], ClientName="bare")
    found = UserPoolClient.from_aws(aws, "shop/bare")
    assert found.explicit_auth_flows == [
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ]
    assert (found.access_token_seconds, found.refresh_token_seconds) == (3600, 2592000)
    assert found.prevent_user_existence_errors == "LEGACY"


def test_that_there_is_a_secret_is_told_and_the_secret_is_not(aws: Aws) -> None:
    UserPoolClient(name="shop/server", generate_secret=True).create(aws)
    found = UserPoolClient.from_aws(aws, "shop/server")
    [pool] = aws.write("cognito-idp:ListUserPools", MaxResults=60)["UserPools"]
    own = {"UserPoolId": pool["Id"], "ClientId": found.id}
    secret = aws.write("cognito-idp:DescribeUserPoolClient", **own)["UserPoolClient"]["ClientSecret"]
    assert found.generate_secret is True
    assert secret not in repr(found)
    kept = aws.read("cognito-idp:DescribeUserPoolClient", own, of="it").answer
    assert kept["UserPoolClient"]["ClientSecret"] is True


def test_source_says_whom_an_identity_pool_lets_in(tmp_path: Path) -> None:
    root = declared(tmp_path)
    pools, web = [UserPool.find(root, it, "main.tf") for it in ("shop", "more")], NAME
    client = UserPoolClient.find(root, web, "main.tf")
    other = UserPoolClient.find(root, "more/web", "main.tf")
    found = IdentityPool.find(root, "shop", "main.tf")
    assert not found.allow_unauthenticated_identities
    assert found.admits(pools[0].endpoint, client.id)
    assert not found.admits(pools[1].endpoint, client.id)
    assert not found.admits(pools[0].endpoint, other.id)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aws_cognito_user_pool.shop.endpoint", "aws_cognito_user_pool.shop.id"),
        ("aws_cognito_user_pool.shop.endpoint", '"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"'),
        ("= aws_cognito_user_pool_client.web.id", '= "266afc7da9254d9c887faf508e"'),
    ],
)
def test_what_only_apply_tells_of_a_provider_decides_nothing(tmp_path: Path, old: str, new: str) -> None:
    root = declared(tmp_path, old, new)
    pool, client = UserPool.find(root, "shop", "main.tf"), UserPoolClient.find(root, NAME, "main.tf")
    with pytest.raises(Undetermined):
        IdentityPool.find(root, "shop", "main.tf").admits(pool.endpoint, client.id)


def test_an_account_says_whom_an_identity_pool_lets_in(aws: Aws) -> None:
    pool, client = UserPool.from_aws(aws, "shop"), UserPoolClient.from_aws(aws, NAME)
    assert pool.endpoint == f"cognito-idp.eu-west-1.amazonaws.com/{pool.id}"
    provider = {"ProviderName": pool.endpoint, "ClientId": client.id}
    for name, providers in (("shop", [provider]), ("bare", [])):
        aws.write(
            "cognito-identity:CreateIdentityPool",
            IdentityPoolName=name,
            AllowUnauthenticatedIdentities=not providers,
            CognitoIdentityProviders=providers,
        )
    shop, bare = (IdentityPool.from_aws(aws, it) for it in ("shop", "bare"))
    assert shop.admits(pool.endpoint, client.id)
    assert not shop.admits(pool.endpoint, "another")
    assert not bare.admits(pool.endpoint, client.id)
    assert (shop.allow_unauthenticated_identities, bare.allow_unauthenticated_identities) == (False, True)
    with pytest.raises(Missing, match="identity pool other does not exist"):
        IdentityPool.from_aws(aws, "other")


def changes(aws: Aws) -> ClientChanges:
    return ClientChanges.from_aws(
        aws, NAME, question=OfChanges(deployed_by=["deployer"], looked_back_minutes=1440)
    )


def event(aws: Aws, name: str, minutes: float, role: str = "Admin", **how: Any) -> None:
    asked = {"clientId": UserPoolClient.from_aws(aws, NAME).id}
    history.event(aws, SERVICE, name, minutes=minutes, role=role, parameters=asked, **how)


def test_a_client_that_nobody_changed_lately_is_as_it_was(aws: Aws) -> None:
    history.client_changed(aws, NAME, minutes=25 * 60)
    event(aws, "UpdateUserPoolClient", 25 * 60)
    assert changes(aws).outside_deployments == []


def test_a_change_by_somebody_else_than_who_deploys_is_told(aws: Aws) -> None:
    history.client_changed(aws, NAME, minutes=90)
    event(aws, "UpdateUserPoolClient", 90)
    event(aws, "AddUserPoolClientSecret", 120)
    event(aws, "UpdateUserPoolClient", 200, role="deployer")
    event(aws, "UpdateUserPoolClient", 300, code="NotAuthorizedException")
    history.event(aws, SERVICE, "UpdateUserPoolClient", role="Admin", parameters={"clientId": "another"})
    found = changes(aws).outside_deployments
    assert [it.partition(": ")[2] for it in found] == ["AddUserPoolClientSecret", "UpdateUserPoolClient"]


def test_what_a_deployment_changed_or_made_is_as_it_must_be(aws: Aws) -> None:
    history.client_changed(aws, NAME, minutes=90)
    event(aws, "UpdateUserPoolClient", 90, role="deployer")
    assert changes(aws).outside_deployments == []


def test_a_change_that_cloudtrail_does_not_tell_of_is_told(aws: Aws) -> None:
    history.client_changed(aws, NAME, minutes=90)
    event(aws, "UpdateUserPoolClient", 200, role="deployer")
    [found] = changes(aws).outside_deployments
    assert found.endswith("changed, and CloudTrail does not say by whom")


def test_what_cloudtrail_may_not_tell_yet_decides_nothing(aws: Aws) -> None:
    history.client_changed(aws, NAME, minutes=5)
    with pytest.raises(Undetermined, match="CloudTrail may not tell yet by whom"):
        _ = bool(changes(aws).outside_deployments)


def signed_in(aws: Aws) -> ClientSignIns:
    return ClientSignIns.from_aws(aws, NAME, question=OfSignIns(looked_back_minutes=30))


def test_the_share_of_sign_ins_that_succeed_is_that_of_the_client(aws: Aws) -> None:
    with pytest.raises(Undetermined, match="CloudWatch has no sign-in to shop/web"):
        _ = bool(signed_in(aws).succeeded)
    for success in (1, 1, 1, 0):
        history.signed_in(aws, "shop", success)
    other = {"UserPool": UserPool.from_aws(aws, "shop").id, "UserPoolClient": "another"}
    history.metric(aws, "AWS/Cognito", "SignInSuccesses", 0, **other)
    of_it = {**other, "UserPoolClient": UserPoolClient.from_aws(aws, NAME).id}
    history.metric(aws, "AWS/Cognito", "SignInSuccesses", 0, 45, **of_it)
    fresh = account(ACCOUNT, REGION)
    assert signed_in(fresh).succeeded == 0.75


def test_moto_says_when_a_client_was_made_and_changed(aws: Aws) -> None:
    [pool] = aws.write("cognito-idp:ListUserPools", MaxResults=60)["UserPools"]
    history.client_changed(aws, NAME, minutes=90)
    own = {"UserPoolId": pool["Id"], "ClientId": UserPoolClient.from_aws(aws, NAME).id}
    assert age(aws, own) > timedelta(minutes=80)
    aws.write("cognito-idp:UpdateUserPoolClient", **own, ClientName="web")
    assert age(aws, own) < timedelta(minutes=80)


def age(aws: Aws, own: dict[str, str]) -> timedelta:
    described = aws.write("cognito-idp:DescribeUserPoolClient", **own)["UserPoolClient"]
    changed: datetime = described["LastModifiedDate"]
    return datetime.now(UTC) - changed
