"""The tier of a user pool of Cognito, which moto has only where it is said.

Source: Amazon Cognito API Reference, CreateUserPool, UserPoolTier.
"""

from moto.cognitoidp.models import DEFAULT_USER_POOL_CONFIG


def install() -> None:
    """Let a pool have the tier that Cognito gives to whoever says none."""
    DEFAULT_USER_POOL_CONFIG["UserPoolTier"] = "ESSENTIALS"
