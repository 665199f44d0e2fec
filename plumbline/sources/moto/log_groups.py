"""What moto lacks of log groups: the key that an existing one is given."""

from moto.core.responses import ActionResult
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse


def install() -> None:
    """Add the operation to moto."""
    setattr(LogsResponse, "associate_kms_key", _associate_kms_key)  # noqa: B010


def _associate_kms_key(self: LogsResponse) -> ActionResult:
    groups, name = self.logs_backend.groups, self._get_param("logGroupName")
    if name not in groups:
        raise ResourceNotFoundException
    groups[name].kms_key_id = self._get_param("kmsKeyId")
    return ActionResult({})
