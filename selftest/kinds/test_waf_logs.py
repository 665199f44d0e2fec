"""Which requests a web ACL logs, by its filters, and which rules may block a set without being read."""

from __future__ import annotations

import pytest

from plumbline.kinds.waf_log_filter import LogFilter, logs
from plumbline.kinds.waf_rules import OF_A_GROUP, WafRule, blocks_set, declared_rules
from plumbline.values.unknown import Undetermined

SET = "arn:aws:wafv2:us-east-1:123456789012:regional/ipset/blocked/1"


def filtered(behavior: str, requirement: str, actions: list[str], *labels: str) -> LogFilter:
    return LogFilter(behavior=behavior, requirement=requirement, actions=actions, labels=[*labels])


@pytest.mark.parametrize(
    ("filters", "otherwise", "logged"),
    [
        ([], "KEEP", True),
        ([], "DROP", False),
        ([filtered("KEEP", "MEETS_ANY", ["BLOCK", "COUNT"])], "DROP", True),
        ([filtered("KEEP", "MEETS_ALL", ["BLOCK", "COUNT"])], "DROP", False),
        ([filtered("DROP", "MEETS_ANY", ["ALLOW"])], "KEEP", True),
        ([filtered("DROP", "MEETS_ANY", ["BLOCK"], "awswaf:a:b")], "KEEP", False),
        ([filtered("DROP", "MEETS_ALL", ["ALLOW"], "awswaf:a:b")], "KEEP", True),
    ],
)
def test_filters_decide_what_of_the_blocked_is_logged(
    filters: list[LogFilter], otherwise: str, logged: bool
) -> None:
    assert logs("BLOCK", filters, otherwise) is logged


@pytest.mark.parametrize(
    "filters",
    [
        [filtered("DROP", "MEETS_ANY", ["ALLOW"], "awswaf:a:b")],
        [filtered("DROP", "MEETS_ALL", ["BLOCK"], "awswaf:a:b")],
        [filtered("KEEP", "MEETS_ANY", ["BLOCK"]), filtered("DROP", "MEETS_ANY", ["BLOCK"])],
    ],
)
def test_labels_and_filters_that_differ_leave_it_open(filters: list[LogFilter]) -> None:
    with pytest.raises(Undetermined):
        logs("BLOCK", filters, "KEEP")


def rule(priority: int, action: str, *ip_sets: str) -> WafRule:
    return WafRule(name=f"rule-{priority}", priority=priority, action=action, ip_sets=[*ip_sets])


def test_a_group_of_somebodys_own_may_block_what_no_rule_does() -> None:
    with pytest.raises(Undetermined, match="rule-1"):
        blocks_set([rule(1, OF_A_GROUP)], SET)
    assert blocks_set([rule(1, "BLOCK", SET), rule(2, OF_A_GROUP)], SET)
    assert not blocks_set([rule(1, "MANAGED")], SET)


def managed(action: str) -> WafRule:
    """A group of AWS's in which somebody gives a rule another action."""
    group = {
        "name": "AWSManagedRulesAmazonIpReputationList",
        "vendor_name": "AWS",
        "rule_action_override": [{"name": "A", "action_to_use": [{"allow": [], "count": [], action: [{}]}]}],
    }
    statement = [{"managed_rule_group_statement": [group]}]
    told = {"name": "reputation", "priority": 1, "override_action": [{"none": [{}]}], "statement": statement}
    [found] = declared_rules({"rule": [told]})
    return found


def test_a_managed_group_in_which_a_rule_allows_may_let_requests_in() -> None:
    with pytest.raises(Undetermined, match="reputation is tried before"):
        blocks_set([managed("allow"), rule(50, "BLOCK", SET)], SET)
    assert blocks_set([managed("count"), rule(50, "BLOCK", SET)], SET)
    assert not blocks_set([managed("allow")], SET)  # no group of AWS's knows the set
