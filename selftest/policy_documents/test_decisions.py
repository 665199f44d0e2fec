"""A request is decided as other evaluators decide it, whatever the policies."""

import json
import os
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.access_control import IAMPolicy, PermissionResult

from plumbline.policy import Policy, decide
from selftest.policy_documents.cases import (
    ACTIONS,
    CONTEXT,
    INSTALLED,
    RECORDED,
    REQUESTS,
    RESOURCES,
    ROLE,
    Case,
    cases,
    decided,
)


def ours(case: Case) -> str:
    """Return what the suite decides of a case; of a resource's policy only whether it denies."""
    asked = {"action": case["action"], "resource": case["resource"], "context": CONTEXT}
    if "policies" in case:
        return decide([Policy.read(it, "a case") for it in case["policies"]], **asked)
    policy = Policy.read(case["resource_policy"], "a case")
    verdict = decide([policy], **asked, principal=("AWS", ROLE))
    return "allowed" if verdict == "implicitDeny" else verdict


def test_recorded_cases_are_decided_as_the_other_simulator_did() -> None:
    kept = json.loads(RECORDED.read_text())
    assert [case for case in kept if ours(case) != case["decision"]] == []
    assert min(Counter(case["decision"] for case in kept).values()) > 20


@pytest.mark.heavy
@pytest.mark.skipif(not INSTALLED.exists(), reason="needs a simulator: npm install in this folder")
def test_new_cases_are_decided_as_the_other_simulator_does() -> None:
    seed = int(os.environ.get("POLICY_SEED", random.randrange(10**9)))
    print(f"POLICY_SEED={seed}")
    asked = cases(seed, 5_000)
    theirs = decided(asked)
    assert [(case, it) for case, it in zip(asked, theirs, strict=True) if ours(case) != it] == []


texts = [pattern for pattern in ACTIONS if "?" not in pattern and pattern.lower() != "dynamodb:putitem"]
places = [pattern for pattern in RESOURCES if "?" not in pattern]
statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(st.sampled_from(texts), min_size=1, max_size=3),
        "Resource": st.lists(st.sampled_from(places), min_size=1, max_size=3),
    }
)
MOTO = {
    PermissionResult.PERMITTED: "allowed",
    PermissionResult.DENIED: "explicitDeny",
    PermissionResult.NEUTRAL: "implicitDeny",
}


@settings(deadline=None, print_blob=True, derandomize="CI" in os.environ)
@given(st.lists(statements, min_size=1, max_size=3), st.sampled_from(REQUESTS))
def test_moto_decides_the_same_where_it_can(given_statements: list[Case], request: tuple[str, str]) -> None:
    """moto knows neither `?` nor NotResource, and takes letter case as it stands."""
    document = {"Statement": given_statements}
    theirs = IAMPolicy(json.dumps(document)).is_action_permitted(*request)
    assert decide([Policy.read(document, "moto's")], *request) == MOTO[theirs]
