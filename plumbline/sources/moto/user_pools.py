"""What moto lacks of user pools of Cognito: their tier where none is said, and when a client was changed.

Source: Amazon Cognito API Reference, CreateUserPool, UserPoolTier; UserPoolClientType, CreationDate and
LastModifiedDate.
"""

from typing import Any

from moto.cognitoidp.models import DEFAULT_USER_POOL_CONFIG, CognitoIdpBackend, CognitoIdpUserPoolClient
from moto.core.utils import utcnow

CREATED, CHANGED = "CreationDate", "LastModifiedDate"
"""Where moto's own record of a client keeps them, as in an answer; who tells them is asked for all of it."""
_made = CognitoIdpUserPoolClient.__init__
_updated = CognitoIdpBackend.update_user_pool_client


def _make(self: CognitoIdpUserPoolClient, *how: Any, **said: Any) -> None:
    _made(self, *how, **said)
    self.extended_config[CREATED] = self.extended_config[CHANGED] = utcnow()


def _update(self: CognitoIdpBackend, *how: Any, **said: Any) -> CognitoIdpUserPoolClient:
    client = _updated(self, *how, **said)
    client.extended_config[CHANGED] = utcnow()
    return client


def install() -> None:
    """Let a pool have the tier that Cognito gives to whoever says none, and a client its days."""
    DEFAULT_USER_POOL_CONFIG["UserPoolTier"] = "ESSENTIALS"
    setattr(CognitoIdpUserPoolClient, "__init__", _make)  # noqa: B010
    setattr(CognitoIdpBackend, "update_user_pool_client", _update)  # noqa: B010
