"""Distributions of CloudFront: whether they serve, how viewers reach them, and which metrics they have.

CloudFront is no region's: whichever region asks for it is answered by one place for the whole partition.
"""

from __future__ import annotations

import operator
from collections.abc import Generator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from plumbline.kinds.by_name import id_among
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.in_remedies import known_texts
from plumbline.kinds.kind import NOT_DEPLOYED, Kind
from plumbline.kinds.listing import Listing
from plumbline.terraform.declared import Beside, Declaration, as_chosen, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Placeholder, Unknown

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer
    from plumbline.terraform.model import Configuration, Resource

_TYPE = "aws_cloudfront_distribution"
DISTRIBUTIONS = Call("cloudfront:ListDistributions", of="distributions of CloudFront")
_OF_ONE = "arn:aws:cloudfront::{account}:distribution/{id}"
_ENCRYPTED = ("https-only", "redirect-to-https")
"""The policies that serve nothing over plain HTTP. Source: CloudFront API reference, DefaultCacheBehavior,
ViewerProtocolPolicy."""
_LEAST = "TLSv1"
"""What CloudFront takes with a certificate of its own, whatever is said, and the AWS provider unless another
one is said. Source: CloudFront API reference, ViewerCertificate; provider, minimum_protocol_version."""
_ALL_PATHS = "*"
_ONGOING = "InProgress"
"""Source: CloudFront API reference, InvalidationSummary, Status: the other one is Completed."""


class CacheBehavior(Model):
    """How CloudFront serves the paths of a pattern."""

    path_pattern: Text
    viewer_protocol_policy: str
    """allow-all, redirect-to-https, https-only."""


class AdditionalMetrics(Facet):
    """The metrics that cost extra: the cache hit rate, the latency of origins, errors by their status.

    Source: CloudFront Developer Guide, "Turn on additional CloudFront distribution metrics".
    """

    call = Call(
        "cloudfront:GetMonitoringSubscription",
        {"DistributionId": "{id}"},
        of=_OF_ONE,
        on="*",  # AWS grants it on no single one. Source: service authorization reference
        absent=("NoSuchMonitoringSubscription",),
    )
    further_calls: ClassVar[tuple[Call, ...]] = (DISTRIBUTIONS,)
    beside = Beside("aws_cloudfront_monitoring_subscription", "distribution_id")
    in_terraform: ClassVar = {
        "additional_metrics": "monitoring_subscription.realtime_metrics_subscription_config"
        ".realtime_metrics_subscription_status"
    }
    in_answer: ClassVar = {
        "additional_metrics": "MonitoringSubscription?.RealtimeMetricsSubscriptionConfig"
        ".RealtimeMetricsSubscriptionStatus"
    }

    additional_metrics: str = "Disabled"
    """Enabled or Disabled."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        reply = asked.ask(cls.call, id=summary(asked.ask(DISTRIBUTIONS).answer, asked)["Id"])
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    def requested(self) -> Requests:
        if self.additional_metrics != "Disabled":
            switched = {"RealtimeMetricsSubscriptionStatus": self.additional_metrics}
            yield request(
                "cloudfront:CreateMonitoringSubscription",
                DistributionId=(yield from _own_id(self.name)),
                MonitoringSubscription={"RealtimeMetricsSubscriptionConfig": switched},
            )


class Invalidations(Facet):
    """What was said to be stale, and may still be served by some edge locations."""

    call = Call(
        "cloudfront:ListInvalidations",
        {"DistributionId": "{id}"},
        of=_OF_ONE,
        on="arn:aws:cloudfront::{account}:distribution/*",
    )
    further_calls: ClassVar[tuple[Call, ...]] = (DISTRIBUTIONS,)
    in_terraform: ClassVar = dict.fromkeys(("minutes_invalidating", "oldest_invalidation"), NOT_DEPLOYED)

    minutes_invalidating: float = 0
    """For how many minutes the oldest invalidation has been in progress that still is; 0 where none is."""
    oldest_invalidation: Text = ""
    """The id of that one."""

    @classmethod
    def read(cls, asked: Asked) -> Found:
        assert cls.call is not None
        reply = asked.ask(cls.call, id=summary(asked.ask(DISTRIBUTIONS).answer, asked)["Id"])
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        listed = answer["InvalidationList"].get("Items") or []
        created: dict[str, datetime] = {
            it["Id"]: it["CreateTime"] for it in listed if it["Status"] == _ONGOING
        }
        if not created:
            return {}
        oldest = min(created, key=created.__getitem__)
        minutes = (asked.window.end - created[oldest]) / timedelta(minutes=1)
        return {"minutes_invalidating": minutes, "oldest_invalidation": oldest}


class DistributionLimits(Model):
    """What can be expected of a distribution besides its fields."""

    minimum_protocol_version_one_of: list[str]
    """The security policies of which it has one: TLSv1.2_2021, ..."""
    most_minutes_invalidating: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Distribution(AdditionalMetrics, Invalidations, Kind):
    """A distribution, by its comment; one without a comment, by the first of its aliases, or else by its id.

    What it is called in the API is an id, which CloudFront chooses.
    """

    noun = "distribution"
    plural = "distributions"
    expects_some = ("minimum_protocol_version_one_of",)
    terraform_type = _TYPE
    name_argument = "comment"
    regional = False
    limits = DistributionLimits
    call = DISTRIBUTIONS
    listing = Listing(
        DISTRIBUTIONS,
        "DistributionList.Items[].[Comment || Aliases.Items && min(Aliases.Items) || Id][]",
        regional=False,
    )
    selected_by: ClassVar = {"aliases": "is_reached_by"}
    remedy_names = ("distribution_id", "invalidation_id")
    chosen: ClassVar = {"id": "Distribution.Id", "arn": "Distribution.ARN"}
    arguments: ClassVar = {
        "is_reached_by": "aliases",
        "behaviors": "default_cache_behavior",
        "served_over_plain_http": "default_cache_behavior",
        "minimum_protocol_version": "viewer_certificate",
    }

    id: str = ""
    arn: str = ""
    comment: Text = ""
    aliases: list[Text] = []
    """The names of its own that viewers reach it by, sorted."""
    enabled: bool
    """Whether it serves viewers once it is deployed."""
    status: str = "Deployed"
    """InProgress until what was said last is in effect everywhere, then Deployed."""
    behaviors: list[CacheBehavior]
    """In the order in which CloudFront tries them; that of all paths is the last."""
    minimum_protocol_version: str = _LEAST
    """The security policy, named after the oldest version of TLS that it lets viewers use."""

    @property
    def served_over_plain_http(self) -> list[str]:
        """The patterns of what viewers get over plain HTTP. Raises `Undetermined` where that is not known."""
        plain = [it for it in known(self.behaviors) if not isinstance(it.viewer_protocol_policy, Placeholder)]
        found = [known(it.path_pattern) for it in plain if it.viewer_protocol_policy not in _ENCRYPTED]
        if not found:
            for it in self.behaviors:
                known(it.viewer_protocol_policy)
        return found

    def is_reached_by(self, aliases: list[str]) -> bool:
        """Return whether viewers reach it by all of these names. Raises `Undetermined`."""
        return all(one_is(self.aliases, partial(operator.eq, alias)) for alias in aliases)

    def named_in_remedies(self) -> dict[str, str]:
        """Return its id, which every command takes, and that of the oldest invalidation in progress."""
        return known_texts(distribution_id=self.id, invalidation_id=self.oldest_invalidation)

    @classmethod
    def named(cls, resource: Resource, configuration: Configuration) -> str | Unknown:
        comment = resource.values.get("comment")
        told = comment if given(comment) else _first(resource.values.get("aliases"))
        if isinstance(told, Unknown):
            return told
        return str(told) if given(told) else as_chosen(resource, "id")

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            **{it: as_chosen(declaration.resource, it) for it in ("id", "arn")},
            "comment": declaration.at("comment", default=""),
            "aliases": lambda: sorted(known(declaration.at("aliases", default=[])), key=repr),
            "enabled": declaration.at("enabled"),
            "status": NOT_DEPLOYED,
            "behaviors": lambda: _declared_behaviors(declaration),
            "minimum_protocol_version": _declared_policy(declaration),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        it = summary(answer, asked)
        ordered = it["CacheBehaviors"].get("Items") or []
        certificate = it["ViewerCertificate"]
        is_own = not certificate.get("CloudFrontDefaultCertificate")
        return {
            "id": it["Id"],
            "arn": it["ARN"],
            "comment": it["Comment"],
            "aliases": aliases_of(it),
            "enabled": it["Enabled"],
            "status": it["Status"],
            "behaviors": [
                *(_behavior(behavior["PathPattern"], behavior) for behavior in ordered),
                _behavior(_ALL_PATHS, it["DefaultCacheBehavior"]),
            ],
            "minimum_protocol_version": certificate["MinimumProtocolVersion"] if is_own else _LEAST,
        }

    def requested(self) -> Requests:
        """Yield what creates it, with an origin of nobody's."""
        *ordered, last = map(_requested_behavior, self.behaviors)
        aliases = [known(it) for it in self.aliases]
        yield request(
            "cloudfront:CreateDistribution",
            DistributionConfig={
                "CallerReference": self.name,
                "Comment": self.comment,
                "Enabled": self.enabled,
                "Aliases": {"Quantity": len(aliases), "Items": aliases},
                "Origins": {"Quantity": 1, "Items": [{"Id": "origin", "DomainName": "origin.example.com"}]},
                "DefaultCacheBehavior": {it: last[it] for it in last if it != "PathPattern"},
                "CacheBehaviors": {"Quantity": len(ordered), "Items": ordered},
                "ViewerCertificate": {
                    "CloudFrontDefaultCertificate": False,
                    "MinimumProtocolVersion": self.minimum_protocol_version,
                },
            },
        )


def _first(aliases: Any) -> Any:
    """Return the first of declared aliases by the alphabet; what is not known of them, or None."""
    if isinstance(aliases, Placeholder) or not aliases:
        return aliases
    unknown = [it for it in aliases if isinstance(it, Placeholder)]
    return unknown[0] if unknown else min(aliases)


def _declared_behaviors(declaration: Declaration) -> list[CacheBehavior]:
    ordered = declaration.blocks("ordered_cache_behavior")
    return [
        *(_declared_behavior(it.get("path_pattern"), it) for it in ordered),
        *(_declared_behavior(_ALL_PATHS, it) for it in declaration.blocks("default_cache_behavior")),
    ]


def _declared_behavior(pattern: Any, block: Mapping[str, Any]) -> CacheBehavior:
    return CacheBehavior(path_pattern=pattern, viewer_protocol_policy=block["viewer_protocol_policy"])


def _declared_policy(declaration: Declaration) -> Any:
    """Return the security policy; it is CloudFront's least unless it has a certificate of one's own.

    Source: provider, `expandViewerCertificate`: that of IAM or ACM goes before the default certificate.
    """
    certificates = ("iam_certificate_id", "acm_certificate_arn")
    if not any(given(declaration.at("viewer_certificate", it)) for it in certificates):
        return _LEAST
    told = declaration.at("viewer_certificate", "minimum_protocol_version")
    return told if given(told) else _LEAST


def _called(listed: Mapping[str, Any]) -> str:
    """Return what a distribution is called, as `listing` does."""
    return str(next(it for it in (listed["Comment"], *aliases_of(listed), listed["Id"]) if it))


def aliases_of(listed: Mapping[str, Any]) -> list[str]:
    """Return the names of its own that a distribution in a list is reached by, sorted."""
    return sorted(listed["Aliases"].get("Items") or [])


def summary(answer: Answer, asked: Asked) -> Mapping[str, Any]:
    """Return what is listed of the distribution of the name that is asked about.

    Raises `Missing` where there is none, and `Undetermined` where several have the name: AWS lets them.
    """
    listed = {it["Id"]: it for it in answer["DistributionList"]["Items"]}
    pairs = ((_called(it), identifier) for identifier, it in listed.items())
    found: Mapping[str, Any] = listed[id_among(pairs, asked, DISTRIBUTIONS, "distribution")]
    return found


def _behavior(pattern: str, behavior: Mapping[str, Any]) -> CacheBehavior:
    return CacheBehavior(path_pattern=pattern, viewer_protocol_policy=behavior["ViewerProtocolPolicy"])


def _requested_behavior(behavior: CacheBehavior) -> dict[str, Any]:
    return {
        "PathPattern": known(behavior.path_pattern),
        "TargetOriginId": "origin",
        "ViewerProtocolPolicy": known(behavior.viewer_protocol_policy),
    }


def _own_id(name: str) -> Generator[Request, dict[str, Any], str]:
    """Request of moto the id of a distribution."""
    answer = yield request(DISTRIBUTIONS.operation)
    return next(str(it["Id"]) for it in answer["DistributionList"]["Items"] if _called(it) == name)
