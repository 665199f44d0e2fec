"""What AWS documents of the samples of its own metrics: of some each is 0 or 1, and the average a share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Samples(Enum):
    """What a metric publishes each time."""

    OUTCOME = "1 where it happened, 0 where it did not"
    EVENT = "1 for each"
    SUMMED = "of which AWS documents the statistic Sum alone"


_OUTCOMES: Mapping[str, Mapping[str, str | None]] = {
    "AWS/ApiGateway": dict.fromkeys(("4XXError", "5XXError", "4xx", "5xx"), "Count"),
    "AWS/Cognito": dict.fromkeys(
        ("FederationSuccesses", "SignInSuccesses", "SignUpSuccesses", "TokenRefreshSuccesses")
    ),
    "AWS/Lambda": {"Errors": "Invocations", "Throttles": None},
    "AWS/S3": {"4xxErrors": "AllRequests", "5xxErrors": "AllRequests", "OperationsFailedReplication": None},
}
"""Of what each sample is 0 or 1, so that Average is the share; by the metric that counts all of them.

Sources: API Gateway developer guide, "Amazon API Gateway dimensions and metrics"; Cognito developer guide,
"Metrics for Amazon Cognito user pools"; Lambda developer guide, "Types of metrics for Lambda functions"
(throttled requests are no invocations); S3 user guide, "Metrics and dimensions".
"""
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "AWS/ApiGateway": ("Count",),
    "AWS/DynamoDB": ("ReadThrottleEvents", "ThrottledRequests", "WriteThrottleEvents"),
    "AWS/Lambda": ("Invocations",),
    "AWS/S3": ("AllRequests",),
}
"""What is incremented by one for each. Source: as above; DynamoDB developer guide, "DynamoDB metrics"."""
_SUMMED: Mapping[str, tuple[str, ...]] = {
    "AWS/AmplifyHosting": ("4xxErrors", "5xxErrors", "Requests"),
    "AWS/WAFV2": ("AllowedRequests", "BlockedRequests", "CountedRequests"),
}
"""Sources: Amplify user guide, "Monitoring an application with CloudWatch"; AWS WAF developer guide, "AWS WAF
metrics and dimensions"."""


def samples_of(namespace: str | None, metric_name: str | None) -> Samples | None:
    """Return what the samples of a metric are; None where AWS documents nothing of it."""
    space, name = str(namespace), str(metric_name)
    if name in _OUTCOMES.get(space, ()):
        return Samples.OUTCOME
    if name in _EVENTS.get(space, ()):
        return Samples.EVENT
    return Samples.SUMMED if name in _SUMMED.get(space, ()) else None


def all_counted_by(namespace: str | None, metric_name: str | None) -> str | None:
    """Return the metric that counts all of which another one is an outcome: `Count` of `5XXError`."""
    return _OUTCOMES.get(str(namespace), {}).get(str(metric_name))


@dataclass(frozen=True)
class Traffic:
    """Of how many an outcome is that happened so often within a step, where nobody says more of it."""

    for_each: float = 1
    """There are as many for each that happened; 1 where it happened each time."""
    idle: float = 1
    """There are so many where it happened not once."""

    def of(self, happened: float) -> float:
        """Return how many there are; at least one, since something was published. A share is of one."""
        return max(happened * self.for_each, 1) if happened else self.idle


@dataclass(frozen=True)
class Said(Traffic):
    """So many as somebody says, and never fewer than what happened."""

    number: float = 1

    def of(self, happened: float) -> float:
        """Return how many there are."""
        return max(happened, self.number)


EACH_TIME = Traffic()
"""It happens each time: nothing is said of anything else."""
