"""What moto forgets of a distribution of CloudFront, makes up, or lacks.

An origin's access control is dropped; values that a cache policy stands for are given all the same, and so is
the way that TLS is negotiated where there is no certificate of one's own, and that there is none where there
is one. Additional metrics cannot be switched on.
"""

from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException, NoSuchDistribution
from moto.cloudfront.models import DefaultCacheBehaviour, Origin, ViewerCertificate
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

_origin, _behaviour, _certificate = (
    Origin.__init__,
    DefaultCacheBehaviour.__init__,
    ViewerCertificate.__init__,
)
_PATH = "{0}/2020-05-31/distributions/(?P<distribution_id>[^/]+)/monitoring-subscription/?$"
_KEPT = "monitoring_subscriptions"
"""Where moto's own backend keeps what says which metrics there are, by the id of the distribution."""


class MonitoringSubscriptions(CloudFrontResponse):
    """The operations to add; never made, only a place to write them.

    A second subscription replaces the first. Source: provider, aws_cloudfront_monitoring_subscription, which
    changes one by creating it.
    """

    def create_monitoring_subscription(self) -> ActionResult:
        said = self._get_param("MonitoringSubscription")
        _subscriptions(self)[self._get_param("DistributionId")] = said
        return ActionResult({"MonitoringSubscription": said})

    def get_monitoring_subscription(self) -> ActionResult:
        found = _subscriptions(self).get(self._get_param("DistributionId"))
        if found is None:
            raise NoSuchMonitoringSubscription
        return ActionResult({"MonitoringSubscription": found})

    def delete_monitoring_subscription(self) -> EmptyResult:
        if _subscriptions(self).pop(self._get_param("DistributionId"), None) is None:
            raise NoSuchMonitoringSubscription
        return EmptyResult()


class NoSuchMonitoringSubscription(CloudFrontException):
    """Raised where nobody has said which metrics a distribution has."""

    def __init__(self) -> None:
        super().__init__(
            "NoSuchMonitoringSubscription",
            "A monitoring subscription does not exist for the specified distribution.",
        )


def install() -> None:
    """Let moto keep what it is given, make nothing up, and have the operations that it lacks."""
    setattr(Origin, "__init__", _with_its_access_control)  # noqa: B010 (mypy refuses a plain assignment)
    setattr(DefaultCacheBehaviour, "__init__", _without_values_of_a_policy)  # noqa: B010
    setattr(ViewerCertificate, "__init__", _as_its_certificate_is)  # noqa: B010
    for name, operation in vars(MonitoringSubscriptions).items():
        if not name.startswith("_") and not hasattr(CloudFrontResponse, name):
            setattr(CloudFrontResponse, name, operation)
    urls.url_paths.setdefault(_PATH, CloudFrontResponse.dispatch)


def _subscriptions(self: CloudFrontResponse) -> dict[str, Any]:
    """Return what is kept, by id. Raises `NoSuchDistribution` where there is none of the id."""
    if self._get_param("DistributionId") not in self.backend.distributions:
        raise NoSuchDistribution
    kept: dict[str, Any] = vars(self.backend).setdefault(_KEPT, {})
    return kept


def _with_its_access_control(self: Origin, origin: dict[str, Any]) -> None:
    _origin(self, origin)
    vars(self)["origin_access_control_id"] = origin.get("OriginAccessControlId") or ""


def _without_values_of_a_policy(self: DefaultCacheBehaviour, config: dict[str, Any]) -> None:
    _behaviour(self, config)
    if "ForwardedValues" not in config:
        vars(self)["forwarded_values"] = None


def _as_its_certificate_is(self: ViewerCertificate, config: dict[str, Any]) -> None:
    _certificate(self, config)
    if config.get("ACMCertificateArn") or config.get("IAMCertificateId"):
        vars(self)["cloud_front_default_certificate"] = False
    if self.cloud_front_default_certificate:
        vars(self)["ssl_support_method"] = None
