"""People in the user pools of an applied environment: Terraform makes the groups, and nobody for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.kinds.cognito_users import OfUsers

if TYPE_CHECKING:
    from selftest.applied.environment import Applied

_CODE = "123456"
"""moto takes any code of an authenticator app."""


def join(applied: Applied) -> None:
    """Put somebody into each group whose members are looked at, who signs in with an authenticator app."""
    for subject in applied.proven.stack.subjects(applied.environment).values():
        if isinstance(subject.question, OfUsers):
            _join(applied.client("cognito-idp"), subject.name, subject.question.group)


def _join(cognito: Any, called: str, group: str) -> None:
    pool = next(
        it["Id"] for it in cognito.list_user_pools(MaxResults=60)["UserPools"] if it["Name"] == called
    )
    person = {"UserPoolId": pool, "Username": "ann@example.com"}
    cognito.admin_create_user(**person, UserAttributes=[{"Name": "email_verified", "Value": "true"}])
    cognito.admin_set_user_password(**person, Password="Sunflower-42-river", Permanent=True)
    cognito.admin_add_user_to_group(**person, GroupName=group)
    [client, *_] = cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
    signed_in = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client["ClientId"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ann@example.com", "PASSWORD": "Sunflower-42-river"},
    )
    token = signed_in["AuthenticationResult"]["AccessToken"]
    cognito.associate_software_token(AccessToken=token)
    cognito.verify_software_token(AccessToken=token, UserCode=_CODE)
    cognito.admin_set_user_mfa_preference(
        **person, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
