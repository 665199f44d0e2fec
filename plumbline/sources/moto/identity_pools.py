"""What moto lacks of Cognito's identity pools: as which role whoever has signed in acts."""

import json

from moto.cognitoidentity.exceptions import ResourceNotFoundError
from moto.cognitoidentity.responses import CognitoIdentityResponse

_ROLES = "_roles"
"""Where moto's own record of a pool keeps them."""


def _put(self: CognitoIdentityResponse) -> str:
    said = json.loads(self.body)
    vars(self.backend.identity_pools[_pool(self)])[_ROLES] = said
    return "{}"


def _told(self: CognitoIdentityResponse) -> str:
    pool = _pool(self)
    kept = vars(self.backend.identity_pools[pool]).get(_ROLES, {})
    return json.dumps({"Roles": {}, **kept, "IdentityPoolId": pool})


def _pool(self: CognitoIdentityResponse) -> str:
    pool: str = self._get_param("IdentityPoolId")
    if pool not in self.backend.identity_pools:
        raise ResourceNotFoundError(pool)
    return pool


def install() -> None:
    """Add the operations to moto."""
    setattr(CognitoIdentityResponse, "set_identity_pool_roles", _put)  # noqa: B010
    setattr(CognitoIdentityResponse, "get_identity_pool_roles", _told)  # noqa: B010
