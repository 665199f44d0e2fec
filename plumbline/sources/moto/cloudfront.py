"""What moto forgets of a distribution of CloudFront, or makes up.

An origin's access control is dropped; values that a cache policy stands for are given all the same, and so is
the way that TLS is negotiated where there is no certificate of one's own.
"""

from typing import Any

from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate

_origin, _behaviour, _certificate = (
    Origin.__init__,
    DefaultCacheBehaviour.__init__,
    ViewerCertificate.__init__,
)


def install() -> None:
    """Let moto keep what it is given, and make nothing up."""
    setattr(Origin, "__init__", _with_its_access_control)  # noqa: B010 (mypy refuses a plain assignment)
    setattr(DefaultCacheBehaviour, "__init__", _without_values_of_a_policy)  # noqa: B010
    setattr(ViewerCertificate, "__init__", _without_own_certificate)  # noqa: B010


def _with_its_access_control(self: Origin, origin: dict[str, Any]) -> None:
    _origin(self, origin)
    vars(self)["origin_access_control_id"] = origin.get("OriginAccessControlId") or ""


def _without_values_of_a_policy(self: DefaultCacheBehaviour, config: dict[str, Any]) -> None:
    _behaviour(self, config)
    if "ForwardedValues" not in config:
        vars(self)["forwarded_values"] = None


def _without_own_certificate(self: ViewerCertificate, config: dict[str, Any]) -> None:
    _certificate(self, config)
    if self.cloud_front_default_certificate:
        vars(self)["ssl_support_method"] = None
