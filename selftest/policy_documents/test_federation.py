"""Who may assume a role by a token: the ways in which trust policies are written, and mistaken."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.policy import Policy, Trusted, locked_out, strangers
from plumbline.policy.matching import glob
from plumbline.policy.representatives import representatives
from plumbline.values.unknown import ReadError, Undetermined

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
MEANT = Trusted(PROVIDER, ["repo:shop/orders:*"], "sts.amazonaws.com")
AUD = {f"{ISSUER}:aud": "sts.amazonaws.com"}
SUB = f"{ISSUER}:sub"


def statement(conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a statement that trusts the provider."""
    own = {"Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {**own, "Condition": conditions, **more}


def trust(*statements: dict[str, Any]) -> Policy:
    """Return a trust policy of these statements."""
    return Policy.read({"Statement": [*statements]}, "here", "trust")


BOUND = statement({"StringEquals": AUD, "StringLike": {SUB: "repo:shop/orders:*"}})
NARROW = [
    BOUND,
    statement({"StringEquals": AUD, "StringLike": {SUB: "repo:shop/orders:*"}}, Principal={"Federated": "*"}),
    statement({"StringEquals": {**AUD, SUB: "repo:shop/orders:ref:refs/heads/main"}}),
    statement({"ForAnyValue:StringLike": {SUB: ["repo:shop/orders:*"]}, "StringEquals": AUD}),
    statement({"StringLikeIfExists": {SUB: "repo:shop/orders:*"}, "StringEquals": AUD}),
    statement({"ForAllValues:StringLike": {SUB: "repo:shop/orders:*"}, "StringEquals": AUD}),
    statement({"StringEqualsIgnoreCase": {SUB: "Repo:Shop/Orders:pull_request"}, "StringEquals": AUD}),
    statement(
        {
            "StringLike": {SUB: ["repo:*"]},
            "StringLikeIfExists": {SUB: "repo:shop/orders:*"},
            "StringEquals": AUD,
        }
    ),
]
WIDE = {
    "repo:* for sts.amazonaws.com": statement({"StringEquals": AUD, "StringLike": {SUB: "repo:*"}}),
    "repo:shop* for sts.amazonaws.com": statement({"StringEquals": AUD, "StringLike": {SUB: "repo:shop*"}}),
    "repo:shop/orders* for sts.amazonaws.com": statement(
        {"StringEquals": AUD, "StringLike": {SUB: "repo:shop/orders*"}}
    ),
    "repo:?hop/orders:* for sts.amazonaws.com": statement(
        {"StringEquals": AUD, "StringLike": {SUB: "repo:?hop/orders:*"}}
    ),
    "repo:shop/orders:* for any audience": statement({"StringLike": {SUB: "repo:shop/orders:*"}}),
    "any subject for sts.amazonaws.com": statement({"StringEquals": AUD}),
    "any subject for any audience": statement({}),
}
TRAPS = [
    statement({"StringEquals": AUD, "StringNotLike": {SUB: "repo:shop/orders:*"}}),
    statement({"StringEquals": AUD, "StringLikeIfExists": {f"{ISSUER}:subject": "repo:shop/orders:*"}}),
    statement({"StringEquals": AUD, "ForAllValues:StringLike": {f"{ISSUER}:subject": "repo:shop/orders:*"}}),
    statement({"StringEquals": AUD, "Null": {f"{ISSUER}:subject": "true"}}),
]


@pytest.mark.parametrize("narrow", NARROW, ids=str)
def test_what_is_narrow_enough_lets_nobody_else_in(narrow: dict[str, Any]) -> None:
    assert strangers(trust(narrow), MEANT) == []


@pytest.mark.parametrize("told", WIDE)
def test_what_is_too_wide_is_told_as_the_policy_names_it(told: str) -> None:
    assert strangers(trust(WIDE[told]), MEANT) == [told]


@pytest.mark.parametrize("trap", TRAPS, ids=str)
def test_what_looks_narrow_and_is_not_lets_others_in(trap: dict[str, Any]) -> None:
    assert strangers(trust(trap), MEANT) != []


@pytest.mark.parametrize("told", WIDE)
def test_a_statement_beside_a_narrow_one_counts(told: str) -> None:
    assert told in strangers(trust(BOUND, WIDE[told]), MEANT)


def test_a_denial_takes_away_what_another_statement_allows() -> None:
    denied = statement({"StringNotLike": {SUB: "repo:shop/orders:*"}}, Effect="Deny")
    assert strangers(trust(WIDE["any subject for sts.amazonaws.com"], denied), MEANT) == []


@pytest.mark.parametrize(
    "principal", [{"AWS": "arn:aws:iam::123456789012:root"}, {"Service": "ec2.amazonaws.com"}]
)
def test_whoever_else_is_trusted_is_told(principal: dict[str, str]) -> None:
    [(sort, name)] = principal.items()
    other = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    assert strangers(trust(BOUND, other), MEANT) == [f"{sort} {name}"]


def test_everybody_is_a_stranger() -> None:
    other = {"Effect": "Allow", "Principal": "*", "Action": "sts:*"}
    assert "AWS *" in strangers(trust(other), MEANT)


def test_a_pattern_that_is_compared_as_a_text_locks_everybody_out() -> None:
    mistaken = trust(statement({"StringEquals": {**AUD, SUB: "repo:shop/orders:*"}}))
    assert strangers(mistaken, MEANT) == []
    assert locked_out(mistaken, MEANT) == ["repo:shop/orders:*"]


@pytest.mark.parametrize(
    "other",
    [
        {"Principal": {"Federated": f"{PROVIDER}x"}},
        {"Action": "sts:AssumeRole"},
        {"Condition": {"StringEquals": {f"{ISSUER}:aud": "shop"}}},
    ],
    ids=str,
)
def test_who_is_meant_and_may_not_is_told(other: dict[str, Any]) -> None:
    assert locked_out(trust({**BOUND, **other}), MEANT) == ["repo:shop/orders:*"]


@pytest.mark.parametrize("key", ["aws:SourceIp", f"{ISSUER}:repository", f"{ISSUER}:job_workflow_ref"])
def test_what_hangs_on_more_than_the_token_says_is_not_known(key: str) -> None:
    with pytest.raises(Undetermined):
        strangers(trust(statement({"StringEquals": {**AUD, key: "shop/orders"}})), MEANT)


def test_a_trust_policy_of_everybody_but_some_is_none() -> None:
    without = {key: it for key, it in BOUND.items() if key != "Principal"}
    with pytest.raises(ReadError):
        trust({**without, "NotPrincipal": {"AWS": "*"}})


some_patterns = st.lists(st.text("ab*?", max_size=5), max_size=4)


@given(some_patterns, st.text("abc", max_size=6))
@settings(deadline=None)
def test_some_representative_matches_just_what_a_text_matches(patterns: list[str], text: str) -> None:
    def matched(it: str) -> list[bool]:
        return [glob(pattern)(it) for pattern in patterns]

    assert matched(text) in [matched(it) for it in representatives(patterns)]


def test_so_many_patterns_that_nobody_means_them_are_refused() -> None:
    seed = random.Random(7)
    patterns = ["*" + "*".join(seed.choices("abcdefgh", k=12)) + "*" for _ in range(12)]
    with pytest.raises(Undetermined):
        representatives(patterns)
