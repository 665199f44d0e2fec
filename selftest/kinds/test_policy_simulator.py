"""What IAM's simulator answers is told as it is: what refuses an action, and when that is not decided."""

from typing import Any

import pytest

from plumbline.aws.reads import Answers, Aws, Refusal
from plumbline.kinds.policy_simulator import BY_ORGANIZATION, OUTSIDE, Simulation
from plumbline.values.unknown import Missing, ReadError, Undetermined

ORGANIZATION = {"AllowedByOrganizations": False}
BOUNDARY = {"AllowedByPermissionsBoundary": False}
NAME = "x may s3:GetObject on arn:aws:s3:::b/k"


class Canned(Answers):
    """Answers by operation, whatever is asked about."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__()
        self._answers = answers

    def ask(self, key: Any, call: Any) -> Any:
        """Return the answer to the operation."""
        self.known = {key: self._answers[key[2]]}
        return super().ask(key, call)


def read(result: Any = None, role: Any = None) -> Simulation:
    """Return what is read where the simulator answers this."""
    if isinstance(result, dict) and "EvaluationResults" not in result:
        result = {"EvaluationResults": [{"EvalActionName": "s3:GetObject", **result}]}
    role = role or {"Role": {"Arn": "arn:aws:iam::1:role/x"}}
    answers = {"iam:GetRole": role, "iam:SimulatePrincipalPolicy": result}
    return Simulation.from_aws(Aws(lambda *_: None, "1", "af-south-1", Canned(answers), None), NAME)


@pytest.mark.parametrize(
    ("result", "refused"),
    [
        ({"EvalDecision": "allowed"}, None),
        ({"EvalDecision": "allowed", "MissingContextValues": ["aws:SourceVpc"]}, None),
        ({"EvalDecision": "implicitDeny"}, "implicitDeny"),
        ({"EvalDecision": "explicitDeny"}, "explicitDeny"),
        (
            {
                "EvalDecision": "implicitDeny",
                "OrganizationsDecisionDetail": {"AllowedByOrganizations": False},
            },
            BY_ORGANIZATION,
        ),
        ({"EvalDecision": "allowed", "OrganizationsDecisionDetail": ORGANIZATION}, BY_ORGANIZATION),
        ({"EvalDecision": "allowed", "OrganizationsDecisionDetail": {"AllowedByOrganizations": True}}, None),
        ({"EvalDecision": "allowed", "PermissionsBoundaryDecisionDetail": BOUNDARY}, OUTSIDE),
        ({"EvalDecision": "explicitDeny", "PermissionsBoundaryDecisionDetail": BOUNDARY}, "explicitDeny"),
        (
            {
                "EvalDecision": "implicitDeny",
                "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
            },
            OUTSIDE,
        ),
    ],
)
def test_a_refusal_names_its_reason(result: dict[str, Any], refused: str | None) -> None:
    assert read(result).refused == ({} if refused is None else {"s3:GetObject": refused})


def test_the_alias_of_a_key_stands_for_the_key() -> None:
    key = "arn:aws:kms:af-south-1:1:key/0a1b"
    answers = Canned(
        {
            "iam:GetRole": {"Role": {"Arn": "arn:aws:iam::1:role/x"}},
            "kms:DescribeKey": {"KeyMetadata": {"Arn": key}},
            "iam:SimulatePrincipalPolicy": {
                "EvaluationResults": [{"EvalActionName": "kms:Decrypt", "EvalDecision": "allowed"}]
            },
        }
    )
    name = "x may kms:Decrypt on arn:aws:kms:af-south-1:1:alias/lake"
    read = Simulation.from_aws(Aws(lambda *_: None, "1", "af-south-1", answers, None), name)
    assert read.allowed == ["kms:Decrypt"]
    [(*_, parameters)] = answers.known
    assert key in parameters


def test_a_refusal_for_want_of_a_value_is_no_verdict() -> None:
    with pytest.raises(Undetermined, match="cannot decide s3:GetObject without a value of aws:SourceVpc"):
        assert read({"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:SourceVpc"]}).refused


WITH_MFA = {"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:MultiFactorAuthPresent"]}


def trusting(principal: dict[str, str]) -> dict[str, Any]:
    """Return what GetRole answers of a role that this principal may assume."""
    document = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}}
    return {"Role": {"Arn": "arn:aws:iam::1:role/x", "AssumeRolePolicyDocument": document}}


def test_no_machine_ever_shows_a_second_factor() -> None:
    workflow = trusting({"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"})
    assert read(WITH_MFA, workflow).refused == {"s3:GetObject": "implicitDeny"}
    with pytest.raises(Undetermined, match="without a value of aws:MultiFactorAuthPresent"):
        assert read(WITH_MFA, trusting({"AWS": "arn:aws:iam::1:root"})).refused


def test_an_answer_about_nothing_allows_nothing() -> None:
    with pytest.raises(ReadError, match="says nothing of s3:GetObject"):
        assert read({"EvaluationResults": []}).refused == {}


def test_a_caller_who_may_not_simulate_is_told_which_action_that_takes() -> None:
    with pytest.raises(ReadError, match="denied: iam:SimulatePrincipalPolicy on arn:aws:iam::1:role/x"):
        assert read(Refusal("AccessDenied", "no")).refused == {}


def test_a_role_that_does_not_exist_is_told_by_the_role() -> None:
    with pytest.raises(Missing) as missing:
        read(role=Refusal("NoSuchEntity", "no"))
    assert missing.value.holder == "x"
