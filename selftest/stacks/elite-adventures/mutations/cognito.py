"""Mutations for tests/cognito."""

from typing import Any

from plumbline.aws.reads import Aws
from selftest.mutations import history
from selftest.mutations.documents import Set
from selftest.mutations.edits import Described, Happened, Removed, Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each

FILE, POOL = "infra/terraform/cognito.tf", "aws_cognito_user_pool.admin"
NAME, GROUP = "elite-adventures-leads-prod-admin", "Admin"


def pool_id(aws: Aws) -> str:
    """Return the id that Cognito chose for the pool."""
    pools = aws.write("cognito-idp:ListUserPools", MaxResults=60)["UserPools"]
    return next(str(it["Id"]) for it in pools if it["Name"] == NAME)


def without_pool(aws: Aws, name: str) -> None:
    """Delete the pool."""
    aws.write("cognito-idp:DeleteUserPool", UserPoolId=pool_id(aws))


def with_mfa(mode: str, *, token: bool) -> Described:
    """Return that somebody sets MFA otherwise."""
    return Described(
        f"MFA is {mode}, by codes: {token}", lambda held: _set_mfa(held, mode, token), "cognito-idp"
    )


def _set_mfa(held: Any, mode: str, token: bool) -> None:
    for pool in held.user_pools.values():
        pool.mfa_config, pool.token_mfa_config = mode, {"Enabled": token}


def _configured(held: Any, **settings: Any) -> None:
    for pool in held.user_pools.values():
        pool.extended_config.update(settings)


def _renamed(held: Any) -> None:
    for pool in held.user_pools.values():
        for group in pool.groups.values():
            group.group_name = "Admins"


def joined(what: str, **told: Any) -> Happened:
    """Return that another user is created, about whom something is to be said."""
    return Happened(what, lambda aws: history.user(aws, NAME, "bob@example.com", **told))


def _alone(aws: Aws) -> None:
    aws.write(
        "cognito-idp:AdminRemoveUserFromGroup",
        UserPoolId=pool_id(aws),
        Username="ann@example.com",
        GroupName=GROUP,
    )


def _disabled(aws: Aws) -> None:
    aws.write("cognito-idp:AdminDisableUser", UserPoolId=pool_id(aws), Username="ann@example.com")


def _refused(aws: Aws) -> None:
    for _ in range(3):
        history.signed_in(aws, NAME, 0)


MFA, THREATS = "elite-adventures-cognito-03", "elite-adventures-cognito-06"
GROUPED = "elite-adventures-cognito-02 cognito.group"
MEMBERS = "elite-adventures-cognito-02 cognito.members"
TOKEN = "elite-adventures-cognito-04"
VERIFIED = "elite-adventures-cognito-05 cognito.verified-email"
WAITING = "elite-adventures-cognito-05 cognito.temporary-passwords"
SIGN_INS, NEW = "elite-adventures-cognito-07", "elite-adventures-cognito-08"

MUTATIONS = [
    mutation(
        "elite-adventures-cognito-01",
        Replaced(
            FILE, '"${local.name_prefix}-admin"\n  username', '"${local.name_prefix}-admins"\n  username'
        ),
    ),
    mutation("elite-adventures-cognito-01", Set(POOL, "name", "admins")),
    mutation(
        "elite-adventures-cognito-01",
        Removed(NAME, without_pool),
        only_on="moto",
    ),
    mutation(
        "elite-adventures-cognito-01",
        Removed(NAME, without_pool),
        falls_with={"elite-adventures-cognito-02 cognito.members": "nobody is in a group of it"},
        only_on="live",
    ),
    *on_each(
        GROUPED,
        Replaced(FILE, '"Admin"', '"Admins"'),
        Set("aws_cognito_user_group.admin", "name", "Admins"),
        Described("Admin is called Admins", _renamed, "cognito-idp"),
    ),
    mutation(MEMBERS, Happened("the only member leaves", _alone)),
    mutation(MEMBERS, Happened("the only member is disabled", _disabled)),
    *on_each(
        MFA,
        Replaced(FILE, '"OPTIONAL"', '"OFF"'),
        Set(POOL, "mfa_configuration", "OFF"),
        with_mfa("OFF", token=True),
    ),
    *on_each(
        MFA,
        Replaced(
            FILE,
            "software_token_mfa_configuration {\n    enabled = true",
            "software_token_mfa_configuration {\n    enabled = false",
        ),
        Set(POOL, "software_token_mfa_configuration.0.enabled", False),
        with_mfa("ON", token=False),
    ),
    mutation(TOKEN, joined("a member without a token", groups=[GROUP], token=False)),
    mutation(VERIFIED, joined("an address that is not verified", verified=False)),
    mutation(WAITING, joined("a forgotten temporary password", days=8, status="FORCE_CHANGE_PASSWORD")),
    *on_each(
        THREATS,
        Replaced(FILE, '"AUDIT"', '"OFF"'),
        Set(POOL, "user_pool_add_ons.0.advanced_security_mode", "OFF"),
        Described(
            "threat protection is switched off",
            lambda held: _configured(held, UserPoolAddOns={"AdvancedSecurityMode": "OFF"}),
            "cognito-idp",
        ),
    ),
    *on_each(
        THREATS,
        Replaced(FILE, '"PLUS"', '"ESSENTIALS"'),
        Set(POOL, "user_pool_tier", "LITE"),
        Described(
            "the pool is on another plan", lambda held: _configured(held, UserPoolTier="LITE"), "cognito-idp"
        ),
    ),
    mutation(SIGN_INS, Happened("three of four sign-ins fail", _refused)),
    mutation(NEW, joined("a user whom nobody knows", days=1), unlisted=True),
]

NEAR_MISSES = [
    near_miss(
        TOKEN, joined("a user without a token", token=False), why="who is in no group is no administrator"
    ),
    near_miss(
        TOKEN,
        joined("a disabled member without a token", groups=[GROUP], token=False, enabled=False),
        why="who is disabled cannot sign in",
    ),
    near_miss(
        WAITING, joined("a user of last year", days=365), why="who has a password of their own has no other"
    ),
    near_miss(NEW, joined("a user of last month", days=8), why="it was created before the last week"),
]
