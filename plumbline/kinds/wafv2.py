"""AWS WAF in a region: sets of addresses, and web ACLs. Those that stand before CloudFront are not read."""

from __future__ import annotations

import ipaddress
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, ClassVar

from plumbline.aws.pages import MOST_PAGES
from plumbline.kinds.by_name import asked_of_moto
from plumbline.kinds.call import Asked, Call
from plumbline.kinds.facet import Facet, Fields, Found, Request, Requests, request
from plumbline.kinds.kind import Kind
from plumbline.kinds.log_groups import OF_STREAMS
from plumbline.kinds.waf_log_filter import (
    KEEP,
    LogFilter,
    declared_filters,
    described_filters,
    logs,
    requested_filter,
)
from plumbline.kinds.waf_rules import WafRule, blocks_set, declared_rules, described_rules, requested_rule
from plumbline.kinds.waf_stages import API, TYPES, ApiStage, declared_stages, described_stage
from plumbline.terraform.declared import Beside, Declaration, as_chosen, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Missing, ReadError, Undetermined

if TYPE_CHECKING:
    from plumbline.aws.reads import Answer

_REGIONAL = {"Scope": "REGIONAL"}
_SETS = Call("wafv2:ListIPSets", _REGIONAL, of="IP sets in {region}")
_SET = Call(
    "wafv2:GetIPSet",
    {"Name": "{name}", "Id": "{id}", **_REGIONAL},
    of="arn:aws:wafv2:{region}:{account}:regional/ipset/{name}/{id}",
    on="arn:aws:wafv2:{region}:{account}:regional/ipset/{name}/*",
)
_ACLS = Call("wafv2:ListWebACLs", _REGIONAL, of="web ACLs in {region}")
_ACL_ANY = "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/*"
_ACL = Call(
    "wafv2:GetWebACL",
    {"Name": "{name}", "Id": "{id}", **_REGIONAL},
    of="arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{id}",
    on=_ACL_ANY,
)


def _summary(asked: Asked, call: Call, member: str, what: str) -> dict[str, str]:
    """Return what a list has of the one of this name; WAF hands on a marker, also where nothing follows.

    Raises `Missing` where there is none.
    """
    marker: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        answer = asked.ask(call, parameters=marker).answer
        for it in answer[member]:
            if it["Name"] == asked.name:
                return {"id": it["Id"], "arn": it["ARN"]}
        if not answer[member] or not answer.get("NextMarker"):
            raise Missing(f"{what} {asked.name}", f"in {asked.region} ({call.operation})")
        marker = {"NextMarker": answer["NextMarker"]}
    told = f"AWS's answer to {call.operation} does not end"
    raise ReadError(told, cause=told)


class IpSetLimits(Model):
    """What can be expected of a set besides its fields."""

    none_of_ranges: list[str]
    """Ranges of which it may hold none, nor a part, in CIDR notation."""


class IpSet(Kind):
    """A set of addresses that rules refer to."""

    noun = "ip_set"
    plural = "ip_sets"
    expects_some = ("none_of_ranges",)
    limits = IpSetLimits
    terraform_type = "aws_wafv2_ip_set"
    chosen: ClassVar = {"id": "IPSet.Id", "arn": "IPSet.ARN"}
    further_calls: ClassVar[tuple[Call, ...]] = (_SETS, _SET)
    arguments: ClassVar = {"of_ranges": "addresses"}

    arn: str = ""
    scope: str = "REGIONAL"
    """REGIONAL or CLOUDFRONT; an account is asked for the former."""
    ip_address_version: str = ""
    """IPV4 or IPV6."""
    addresses: list[Text] = []
    """In CIDR notation, sorted."""

    def of_ranges(self, ranges: list[str]) -> list[str]:
        """Return the addresses that some ranges share any with. Raises `Undetermined` for what is none."""
        several = [ipaddress.ip_network(it) for it in ranges]
        return [it for it in self.addresses if any(_overlaps(it, range_) for range_ in several)]

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": as_chosen(declaration.resource, "arn"),
            "scope": declaration.at("scope"),
            "ip_address_version": declaration.at("ip_address_version"),
            "addresses": lambda: sorted(known(declaration.at("addresses", default=[])), key=repr),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        found = _summary(asked, _SETS, "IPSets", "IP set")
        reply = asked.ask(_SET, id=found["id"])
        return Found(reply.at("IPSet").map(lambda it: cls.described(it, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "arn": answer["ARN"],
            "scope": "REGIONAL",
            "ip_address_version": answer["IPAddressVersion"],
            "addresses": sorted(answer["Addresses"]),
        }

    def requested(self) -> Requests:
        made = yield request(
            "wafv2:CreateIPSet",
            Name=self.name,
            Scope=self.scope,
            IPAddressVersion=self.ip_address_version,
            Addresses=[known(it) for it in self.addresses],
        )
        yield request("wafv2:GetIPSet", Name=self.name, Scope=self.scope, Id=made["Summary"]["Id"])


def _overlaps(address: Any, range_: Any) -> bool:
    try:
        network = ipaddress.ip_network(known(address), strict=False)
    except ValueError:
        raise Undetermined(f"{address} is no range of addresses") from None
    return network.version == range_.version and network.overlaps(range_)


class Logging(Facet):
    """Where requests are logged, and which."""

    call = Call(
        "wafv2:GetLoggingConfiguration",
        {"ResourceArn": "{arn}"},
        of="{arn}",
        on=_ACL_ANY,
        absent=("WAFNonexistentItemException",),
    )
    further_calls: ClassVar[tuple[Call, ...]] = (_ACLS,)
    beside = Beside("aws_wafv2_web_acl_logging_configuration", "resource_arn")
    arguments: ClassVar = {
        **dict.fromkeys(("log_destinations", "logs_to"), "log_destination_configs"),
        **dict.fromkeys(("log_filters", "logged_otherwise", "logs_blocked"), "logging_filter"),
    }

    log_destinations: list[Text] = []
    """The ARNs of log groups, buckets or streams; none where nothing is logged."""
    log_filters: list[LogFilter] = []
    logged_otherwise: Text = KEEP
    """KEEP or DROP: what becomes of the log lines of requests that no filter is for."""

    def logs_to(self, group: str) -> bool:
        """Return whether requests are logged to the log group of an ARN."""
        return one_is(self.log_destinations, lambda it: bool(known(it).removesuffix(OF_STREAMS) == group))

    @property
    def logs_blocked(self) -> bool:
        """Whether no filter keeps requests from the log that it blocks. Raises `Undetermined`."""
        return logs("BLOCK", self.log_filters, self.logged_otherwise)

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "log_destinations": declaration.at("log_destination_configs", default=[]),
            "log_filters": lambda: declared_filters(declaration.values),
            "logged_otherwise": declaration.at("logging_filter", "default_behavior", default=KEEP),
        }

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        configured = answer.get("LoggingConfiguration", {})
        filtered = configured.get("LoggingFilter", {"Filters": [], "DefaultBehavior": KEEP})
        return {
            "log_destinations": configured.get("LogDestinationConfigs", []),
            "log_filters": described_filters(filtered["Filters"]),
            "logged_otherwise": filtered["DefaultBehavior"],
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        reply = asked.ask(cls.call, arn=_summary(asked, _ACLS, "WebACLs", "web ACL")["arn"])
        return Found(reply.at("@").map(lambda answer: cls.described(answer, asked)), reply.call)

    def requested(self) -> Requests:
        if self.log_destinations:
            arn = yield from _arn_of(self.name)
            destinations = [known(it) for it in self.log_destinations]
            configured: dict[str, Any] = {"ResourceArn": arn, "LogDestinationConfigs": destinations}
            if self.log_filters:
                configured["LoggingFilter"] = requested_filter(self.log_filters, self.logged_otherwise)
            yield request("wafv2:PutLoggingConfiguration", LoggingConfiguration=configured)


class Associations(Facet):
    """What it stands before. In moto there is nothing to stand before."""

    call = Call(
        "wafv2:ListResourcesForWebACL",
        {"WebACLArn": "{arn}", "ResourceType": "API_GATEWAY"},
        of="{arn}",
        on=_ACL_ANY,
    )
    further_calls: ClassVar[tuple[Call, ...]] = (_ACLS, API)
    further_types = TYPES
    beside = Beside("aws_wafv2_web_acl_association", "web_acl_arn", many=True)
    arguments: ClassVar = dict.fromkeys(("stages", "protects"), "resource_arn")

    stages: list[ApiStage] = []
    """The stages of REST APIs; what else it stands before is not read."""

    def protects(self, api: str, stage: str) -> bool:
        """Return whether each request to a stage of the API of this name passes through it."""
        return one_is(self.stages, lambda it: bool(it.api == api and it.stage == stage))

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {"stages": lambda: declared_stages(declaration)}

    @classmethod
    def read(cls, asked: Asked) -> Found:
        """Start to list them; the name of each API is then asked for."""
        reply = asked.ask(cls.call, arn=_summary(asked, _ACLS, "WebACLs", "web ACL")["arn"])
        named = reply.at("ResourceArns").map(lambda arns: [described_stage(it, asked) for it in sorted(arns)])
        return Found({"stages": named}, reply.call)


class WebAclLimits(Model):
    """What can be expected of a web ACL besides its fields."""

    api: str
    """The name of a REST API that it stands before."""
    stage: str
    """The stage of the API."""


class WebAcl(Logging, Associations, Kind):
    """A list of rules that requests pass through before they reach what the list stands before."""

    noun = "web_acl"
    plural = "web_acls"
    limits = WebAclLimits
    terraform_type = "aws_wafv2_web_acl"
    arn_lists: ClassVar = ("aws_wafv2_web_acl_logging_configuration.log_destination_configs",)
    chosen: ClassVar = {"id": "WebACL.Id", "arn": "WebACL.ARN"}
    further_calls: ClassVar[tuple[Call, ...]] = (_ACLS, _ACL)
    arguments: ClassVar = {
        **dict.fromkeys(("rules", "blocks"), "rule"),
        **dict.fromkeys(("metrics_enabled", "metric_name", "published_as"), "visibility_config"),
    }

    arn: str = ""
    scope: str = "REGIONAL"
    """REGIONAL or CLOUDFRONT; an account is asked for the former."""
    rules: list[WafRule] = []
    """By priority."""
    metrics_enabled: bool = False
    """Whether WAF publishes what it counts to CloudWatch."""
    metric_name: str = ""
    """Under which name: the dimension WebACL."""

    def blocks(self, ip_set: str) -> bool:
        """Return whether a rule blocks whatever comes from the addresses of a set, given by its ARN.

        Raises `Undetermined` where a rule before it may let some of that through.
        """
        return blocks_set(self.rules, ip_set)

    @property
    def published_as(self) -> dict[str, str]:
        """The dimensions that its metrics have in CloudWatch, but for the region's.

        Source: AWS WAF Developer Guide, "AWS WAF metrics and dimensions".
        """
        return {"WebACL": self.metric_name, "Rule": "ALL"}

    @classmethod
    def declared(cls, declaration: Declaration) -> Fields:
        return {
            "arn": as_chosen(declaration.resource, "arn"),
            "scope": declaration.at("scope"),
            "rules": lambda: _declared_rules(declaration),
            "metrics_enabled": declaration.at("visibility_config", "cloudwatch_metrics_enabled"),
            "metric_name": declaration.at("visibility_config", "metric_name"),
        }

    @classmethod
    def read(cls, asked: Asked) -> Found:
        found = _summary(asked, _ACLS, "WebACLs", "web ACL")
        reply = asked.ask(_ACL, id=found["id"])
        return Found(reply.at("WebACL").map(lambda it: cls.described(it, asked)), reply.call)

    @classmethod
    def described(cls, answer: Answer, asked: Asked) -> Fields:
        return {
            "arn": answer["ARN"],
            "scope": "REGIONAL",
            "rules": described_rules(answer.get("Rules", [])),
            "metrics_enabled": answer["VisibilityConfig"]["CloudWatchMetricsEnabled"],
            "metric_name": answer["VisibilityConfig"]["MetricName"],
        }

    def requested(self) -> Requests:
        made = yield request(
            "wafv2:CreateWebACL",
            Name=self.name,
            Scope=self.scope,
            DefaultAction={"Allow": {}},
            Rules=[requested_rule(it) for it in self.rules],
            VisibilityConfig={
                "SampledRequestsEnabled": True,
                "CloudWatchMetricsEnabled": self.metrics_enabled,
                "MetricName": self.metric_name,
            },
        )
        yield request("wafv2:GetWebACL", Name=self.name, Scope=self.scope, Id=made["Summary"]["Id"])


def _declared_rules(declaration: Declaration) -> list[WafRule]:
    """Return the rules of the blocks. Raises `Undetermined` for those that are written as JSON."""
    if known(declaration.at("rule_json")):
        raise Undetermined(f"{declaration.place('rule_json')}: rules that are written as JSON are not read")
    return declared_rules(declaration.values)


def _arn_of(name: str) -> Generator[Request, dict[str, Any], str]:
    return asked_of_moto(_ACLS, "WebACLs", "ARN", Name=name)
