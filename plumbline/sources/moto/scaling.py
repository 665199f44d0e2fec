"""Tags of the targets of Application Auto Scaling, which moto lacks, and Terraform asks for."""

import json
from typing import Any

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

_KEPT = "tags_of_targets"
"""Where moto's own backend keeps them, by ARN."""

_register = ApplicationAutoScalingResponse.register_scalable_target


def install() -> None:
    """Add the operations to moto."""
    setattr(ApplicationAutoScalingResponse, "register_scalable_target", _registered)  # noqa: B010
    setattr(ApplicationAutoScalingResponse, "list_tags_for_resource", _listed)  # noqa: B010
    setattr(ApplicationAutoScalingResponse, "tag_resource", _tagged)  # noqa: B010
    setattr(ApplicationAutoScalingResponse, "untag_resource", _untagged)  # noqa: B010


def _tags(self: ApplicationAutoScalingResponse, arn: str) -> dict[str, Any]:
    kept: dict[str, Any] = vars(self.applicationautoscaling_backend).setdefault(_KEPT, {}).setdefault(arn, {})
    return kept


def _registered(self: ApplicationAutoScalingResponse) -> str:
    answer = _register(self)
    _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
    return answer


def _listed(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})


def _tagged(self: ApplicationAutoScalingResponse) -> str:
    _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags"))
    return "{}"


def _untagged(self: ApplicationAutoScalingResponse) -> str:
    for key in self._get_param("TagKeys"):
        _tags(self, self._get_param("ResourceARN")).pop(key, None)
    return "{}"
