"""What moto forgets of a distribution of CloudFront, or makes up.

An origin's access control is dropped; values that a cache policy stands for are given all the same, and so is
the way that TLS is negotiated where there is no certificate of one's own. Its additional metrics moto lacks.
"""

from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult

_origin, _behaviour, _certificate = (
    Origin.__init__,
    DefaultCacheBehaviour.__init__,
    ViewerCertificate.__init__,
)

_SUBSCRIPTION = "monitoring_subscription"
"""Where moto's own record of a distribution keeps it."""


class NoSuchMonitoringSubscription(ServiceException):
    """The distribution has none."""

    code = "NoSuchMonitoringSubscription"


def install() -> None:
    """Let moto keep what it is given, and make nothing up."""
    setattr(Origin, "__init__", _with_its_access_control)  # noqa: B010 (mypy refuses a plain assignment)
    setattr(DefaultCacheBehaviour, "__init__", _without_values_of_a_policy)  # noqa: B010
    setattr(ViewerCertificate, "__init__", _without_own_certificate)  # noqa: B010
    setattr(CloudFrontResponse, "create_monitoring_subscription", _subscribed)  # noqa: B010
    setattr(CloudFrontResponse, "get_monitoring_subscription", _subscription)  # noqa: B010
    setattr(CloudFrontResponse, "delete_monitoring_subscription", _unsubscribed)  # noqa: B010
    path = "{0}/2020-05-31/distributions/(?P<DistributionId>[^/]+)/monitoring-subscription/?$"
    urls.url_paths.setdefault(path, CloudFrontResponse.dispatch)


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


def _subscribed(self: CloudFrontResponse) -> ActionResult:
    _of(self)[_SUBSCRIPTION] = self.params["MonitoringSubscription"]
    return _subscription(self)


def _subscription(self: CloudFrontResponse) -> ActionResult:
    if _SUBSCRIPTION not in _of(self):
        raise NoSuchMonitoringSubscription("A monitoring subscription does not exist for the distribution.")
    return ActionResult({"MonitoringSubscription": _of(self)[_SUBSCRIPTION]})


def _unsubscribed(self: CloudFrontResponse) -> EmptyResult:
    _subscription(self)
    del _of(self)[_SUBSCRIPTION]
    return EmptyResult()


def _of(self: CloudFrontResponse) -> dict[str, Any]:
    distribution, _ = self.backend.get_distribution(self.params["DistributionId"])
    return vars(distribution)
