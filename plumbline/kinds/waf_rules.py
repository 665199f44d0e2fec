"""The rules of a web ACL, as far as they say what becomes of requests from sets of addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plumbline.terraform.declared import blocks, first_block, given, known
from plumbline.values.model import Model, Text
from plumbline.values.some_of import one_is
from plumbline.values.unknown import Undetermined, Unknown

OF_A_GROUP, OF_AWS, OF_AWS_ALLOWING = "GROUP", "MANAGED", "MANAGED_ALLOWING"
_ACTIONS = ("allow", "block", "captcha", "challenge", "count")
_MAY_LET_THROUGH = ("ALLOW", OF_A_GROUP, OF_AWS_ALLOWING)


class WafRule(Model):
    """A rule. Rules are tried by priority, the lowest first, until one allows or blocks.

    Source: AWS WAF Developer Guide, "Setting rule priority in a web ACL".
    """

    name: str
    priority: int
    action: str
    """ALLOW, BLOCK, CAPTCHA, CHALLENGE or COUNT. Where a group of rules decides it: GROUP for somebody's own,
    MANAGED for one of AWS's, and MANAGED_ALLOWING for one of which somebody lets a rule allow."""
    ip_sets: list[Text] = []
    """The ARNs of the sets each address of which it matches, whatever else is so of a request."""


def blocks_set(rules: Collection[WafRule], ip_set: Any) -> bool:
    """Return whether a rule blocks whatever comes from the addresses of a set.

    Raises `Undetermined` where a rule before it may let some of that through, where it is not known which
    set a rule refers to, and where none blocks it but a group of somebody's own may.
    """
    doubts: list[str] = []

    def is_blocked_by(rule: WafRule) -> bool:
        if known(rule.action) in _MAY_LET_THROUGH:
            doubts.append(known(rule.name))
        if known(rule.action) != "BLOCK" or not one_is(rule.ip_sets, lambda it: bool(it == ip_set)):
            return False
        if doubts:
            raise Undetermined(
                f"rule {doubts[0]} is tried before {known(rule.name)}, and may let requests in"
            )
        return True

    is_blocked = one_is(sorted(rules, key=lambda it: known(it.priority)), is_blocked_by)
    groups = [known(it.name) for it in rules if known(it.action) == OF_A_GROUP]
    if groups and not is_blocked:
        raise Undetermined(
            f"no rule blocks the set, unless the group of rule {groups[0]} does, which is not read"
        )
    return is_blocked


@dataclass(frozen=True)
class _Words:
    """What the parts of a statement are called."""

    set: str
    arn: str
    forwarded: str
    either: str
    parts: str
    group: str
    managed: str
    overrides: str
    used: str
    allow: str


_IN_TERRAFORM = _Words(
    "ip_set_reference_statement",
    "arn",
    "ip_set_forwarded_ip_config",
    "or_statement",
    "statement",
    "rule_group_reference_statement",
    "managed_rule_group_statement",
    "rule_action_override",
    "action_to_use",
    "allow",
)
_IN_THE_API = _Words(
    "IPSetReferenceStatement",
    "ARN",
    "IPSetForwardedIPConfig",
    "OrStatement",
    "Statements",
    "RuleGroupReferenceStatement",
    "ManagedRuleGroupStatement",
    "RuleActionOverrides",
    "ActionToUse",
    "Allow",
)


def declared_rules(values: Mapping[str, Any]) -> list[WafRule]:
    """Return the rules that the arguments of a web ACL declare, by priority."""
    return _in_order(_declared(it) for it in blocks(values, "rule"))


def described_rules(rules: Iterable[Mapping[str, Any]]) -> list[WafRule]:
    """Return the rules as the API has them, by priority."""
    return _in_order(_described(it) for it in rules)


def _in_order(rules: Iterable[WafRule]) -> list[WafRule]:
    return sorted(rules, key=lambda it: known(it.priority))


def _declared(rule: Mapping[str, Any]) -> WafRule:
    action = first_block(rule, "action") or {}
    statement = first_block(rule, "statement") or {}
    own = next((it.upper() for it in _ACTIONS if given(action.get(it))), "")
    return WafRule(
        name=rule["name"],
        priority=known(rule["priority"]),
        action=own or _group(statement, _IN_TERRAFORM),
        ip_sets=[*_sets(statement, _IN_TERRAFORM)],
    )


def _described(rule: Mapping[str, Any]) -> WafRule:
    own = next((name.upper() for name in rule.get("Action") or {}), "")
    return WafRule(
        name=rule["Name"],
        priority=rule["Priority"],
        action=own or _group(rule["Statement"], _IN_THE_API),
        ip_sets=[*_sets(rule["Statement"], _IN_THE_API)],
    )


def _group(statement: Mapping[str, Any], words: _Words) -> str:
    """Return whose group of rules decides, where a rule says no action itself."""
    if given(statement.get(words.group)):
        return OF_A_GROUP
    managed = _each(statement.get(words.managed))
    overrides = [it for group in managed for it in _each(group.get(words.overrides))]
    used = [it for override in overrides for it in _each(override[words.used])]
    allows = any(it.get(words.allow) not in (None, []) for it in used)  # the API says {}, Terraform [{}]
    return OF_AWS_ALLOWING if allows else OF_AWS


_OF_A_HEADER = Unknown("the set is matched with what a header says, not with who sends")


def _sets(statement: Mapping[str, Any], words: _Words) -> Iterator[Any]:
    """Yield the sets each address of which a statement matches: what is joined by `and` matches less."""
    for it in _each(statement.get(words.set)):
        forwarded = given(it.get(words.forwarded))
        yield _OF_A_HEADER if forwarded else it[words.arn]
    for either in _each(statement.get(words.either)):
        for part in _each(either.get(words.parts)):
            yield from _sets(part, words)


def _each(value: Any) -> list[Mapping[str, Any]]:
    found = known(value)
    return [found] if isinstance(found, Mapping) else [known(it) for it in found or []]


def requested_rule(rule: WafRule) -> dict[str, Any]:
    """Return what creates a rule in moto."""
    sets = [{_IN_THE_API.set: {_IN_THE_API.arn: known(it)}} for it in rule.ip_sets]
    several = {_IN_THE_API.either: {_IN_THE_API.parts: sets}}
    managed = {"VendorName": "AWS", "Name": rule.name}
    overrides = [{"Name": rule.name, "ActionToUse": {"Allow": {}}}]
    of_a_group: dict[str, dict[str, Any]] = {
        OF_AWS: {"ManagedRuleGroupStatement": managed},
        OF_AWS_ALLOWING: {"ManagedRuleGroupStatement": {**managed, "RuleActionOverrides": overrides}},
        OF_A_GROUP: {"RuleGroupReferenceStatement": {"ARN": f"arn:aws:wafv2:::rulegroup/{rule.name}"}},
    }
    anything: dict[str, Any] = {"GeoMatchStatement": {"CountryCodes": ["AQ"]}}
    statement = sets[0] if len(sets) == 1 else several if sets else of_a_group.get(rule.action, anything)
    decides: dict[str, Any] = (
        {"OverrideAction": {"None": {}}}
        if rule.action in of_a_group
        else {"Action": {rule.action.capitalize(): {}}}
    )
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": rule.name}
    return {
        "Name": rule.name,
        "Priority": rule.priority,
        "Statement": statement,
        "VisibilityConfig": seen,
        **decides,
    }
