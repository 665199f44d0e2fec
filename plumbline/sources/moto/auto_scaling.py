"""What moto lacks of Application Auto Scaling: the tags of a scalable target."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

_TAGS = "_tags"
"""Where moto's own backend keeps them, by the ARN of the target."""


def _register(self: ApplicationAutoScalingResponse) -> str:
    answer: str = _registered(self)
    if tags := self._get_param("Tags"):
        _of(self).setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(tags)
    return answer


def _listed(self: ApplicationAutoScalingResponse) -> str:
    return json.dumps({"Tags": _of(self).get(self._get_param("ResourceARN"), {})})


def _tag(self: ApplicationAutoScalingResponse) -> str:
    _of(self).setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags"))
    return "{}"


def _of(self: ApplicationAutoScalingResponse) -> dict[str, dict[str, str]]:
    kept: dict[str, dict[str, str]] = vars(self.applicationautoscaling_backend).setdefault(_TAGS, {})
    return kept


_registered = ApplicationAutoScalingResponse.register_scalable_target


def install() -> None:
    """Add the operations to moto."""
    setattr(ApplicationAutoScalingResponse, "register_scalable_target", _register)  # noqa: B010
    setattr(ApplicationAutoScalingResponse, "list_tags_for_resource", _listed)  # noqa: B010
    setattr(ApplicationAutoScalingResponse, "tag_resource", _tag)  # noqa: B010
