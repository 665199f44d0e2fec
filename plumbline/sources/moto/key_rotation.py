"""How often a key of KMS is rotated, which moto forgets."""

import json
from typing import Any

from moto.kms.responses import KmsResponse

_UNLESS_SAID = 365
"""In days. Source: KMS API Reference, EnableKeyRotation."""
_enable_key_rotation = KmsResponse.enable_key_rotation
_get_key_rotation_status = KmsResponse.get_key_rotation_status


def _enable_with_its_period(self: KmsResponse) -> str:
    """Switch rotation on as moto does, and keep how often it is."""
    answer: str = _enable_key_rotation(self)
    vars(_key(self))["period"] = self._get_param("RotationPeriodInDays") or _UNLESS_SAID
    return answer


def _status_with_its_period(self: KmsResponse) -> str:
    """Tell what moto tells of a key, and how often it is rotated where it is."""
    told = json.loads(_get_key_rotation_status(self))
    if told["KeyRotationEnabled"]:
        told["RotationPeriodInDays"] = vars(_key(self)).get("period", _UNLESS_SAID)
    return json.dumps(told)


def _key(response: KmsResponse) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]


def install() -> None:
    """Replace what moto answers of it."""
    setattr(KmsResponse, "enable_key_rotation", _enable_with_its_period)  # noqa: B010
    setattr(KmsResponse, "get_key_rotation_status", _status_with_its_period)  # noqa: B010
