"""Mutations for tests/cloudfront."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.cloudfront.models import cloudfront_backends

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Set, Without
from selftest.mutations.edits import Described, Edit, Happened, Replaced
from selftest.mutations.mutation import mutation, near_miss, on_each

SERVING = "notes/serving.tf"
FRONT, METRICS = "aws_cloudfront_distribution.notes", "aws_cloudfront_monitoring_subscription.notes"
STATUS = "realtime_metrics_subscription_status"
SWITCHED = f"monitoring_subscription.0.realtime_metrics_subscription_config.0.{STATUS}"
LEAST = "minimum_protocol_version"
OLD_TLS = {"MinimumProtocolVersion": "TLSv1.1_2016"}


@dataclass(frozen=True)
class Changed(Described):
    """A distribution that somebody changes: all of its configuration is put anew."""

    service: str = "cloudfront"

    def apply(self, aws: Aws) -> None:
        """Read its configuration, change that and put it."""
        found = aws.write("cloudfront:GetDistributionConfig", Id=_id(aws))
        said = found["DistributionConfig"]
        self.change(said)
        aws.write(
            "cloudfront:UpdateDistribution", Id=_id(aws), IfMatch=found["ETag"], DistributionConfig=said
        )


@dataclass(frozen=True)
class Asked(Described):
    """A call about a distribution: its id is CloudFront's to choose."""

    service: str = "cloudfront"

    def apply(self, aws: Aws) -> None:
        """Make the call, with the id."""
        self.change(lambda operation, **more: aws.write(operation, DistributionId=_id(aws), **more))


def _id(aws: Aws) -> str:
    listed = aws.write("cloudfront:ListDistributions")["DistributionList"]["Items"]
    return next(str(it["Id"]) for it in listed if it["Comment"] == "notes-dev")


def switched_off(said: str | None) -> Edit:
    """Return that the additional metrics are switched off: by saying so, or by saying nothing of them."""

    def change(ask: Callable[..., Any]) -> None:
        if said is None:
            ask("cloudfront:DeleteMonitoringSubscription")
        else:
            switched = {"RealtimeMetricsSubscriptionConfig": {"RealtimeMetricsSubscriptionStatus": said}}
            ask("cloudfront:CreateMonitoringSubscription", MonitoringSubscription=switched)

    return Asked(f"the metrics of notes-dev: {said or 'no subscription'}", change)


def _with_policy(path: str, policy: str) -> Edit:
    def change(said: dict[str, Any]) -> None:
        found = said["DefaultCacheBehavior"] if path == "*" else said["CacheBehaviors"]["Items"][0]
        found["ViewerProtocolPolicy"] = policy

    return Changed(f"notes-dev serves {path} with {policy}", change)


def _rolling_out(aws: Aws) -> None:
    distribution = cloudfront_backends[aws.account]["aws"].distributions[_id(aws)]
    vars(distribution).update(_transitions=[], _status="InProgress")


MUTATIONS = [
    *on_each(
        "example-cf-01",
        Replaced(SERVING, "enabled = true", "enabled = false"),
        Set(FRONT, "enabled", False),
        Changed("notes-dev is disabled", lambda said: said.update(Enabled=False)),
    ),
    mutation("example-cf-02", Happened("notes-dev is still rolled out", _rolling_out)),
    *on_each(
        "example-cf-03",
        Replaced(SERVING, f'{STATUS} = "Enabled"', f'{STATUS} = "Disabled"'),
        Set(METRICS, SWITCHED, "Disabled"),
        switched_off("Disabled"),
    ),
    *on_each(
        "example-cf-03",
        Replaced(SERVING, "distribution_id = ", "count = 0\n  distribution_id = "),
        Without(METRICS),
        switched_off(None),
    ),
    *on_each(
        "example-cf-04",
        Replaced(SERVING, '"https-only"\n    allowed', '"allow-all"\n    allowed'),
        Set(FRONT, "ordered_cache_behavior.0.viewer_protocol_policy", "allow-all"),
        _with_policy("/notes/*", "allow-all"),
    ),
    *on_each(
        "example-cf-04",
        Replaced(SERVING, '"redirect-to-https"', '"allow-all"'),
        Set(FRONT, "default_cache_behavior.0.viewer_protocol_policy", "allow-all"),
        _with_policy("*", "allow-all"),
    ),
    *on_each(
        "example-cf-05",
        Replaced(SERVING, '"TLSv1.2_2021"', '"TLSv1.1_2016"'),
        Set(FRONT, f"viewer_certificate.0.{LEAST}", "TLSv1.1_2016"),
        Changed("notes-dev takes TLS 1.1", lambda said: said["ViewerCertificate"].update(OLD_TLS)),
    ),
    mutation("example-cf-05", Replaced(SERVING, f'    {LEAST} = "TLSv1.2_2021"\n', "")),
]

NEAR_MISSES = [
    near_miss(
        "example-cf-04",
        Replaced(SERVING, '"redirect-to-https"', '"https-only"'),
        why="who asks over plain HTTP gets nothing, instead of being sent elsewhere",
    ),
    near_miss(
        "example-cf-05",
        Replaced(SERVING, '"TLSv1.2_2021"', '"TLSv1.2_2025"'),
        why="that is newer",
    ),
    near_miss(
        "example-cf-01",
        Replaced(SERVING, "  enabled = true\n", "  enabled = true\n  staging = false\n"),
        why="it is no distribution for trying",
    ),
]
