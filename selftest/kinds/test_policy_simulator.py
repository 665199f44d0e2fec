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
    if isinstance(result, dict):
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


def test_a_refusal_for_want_of_a_value_is_no_verdict() -> None:
    with pytest.raises(Undetermined, match="cannot decide s3:GetObject without aws:SourceVpc"):
        assert read({"EvalDecision": "implicitDeny", "MissingContextValues": ["aws:SourceVpc"]}).refused


def test_a_caller_who_may_not_simulate_is_told_which_action_that_takes() -> None:
    with pytest.raises(ReadError, match="denied: iam:SimulatePrincipalPolicy on arn:aws:iam::1:role/x"):
        assert read(Refusal("AccessDenied", "no")).refused == {}


def test_a_role_that_does_not_exist_is_told_by_the_role() -> None:
    with pytest.raises(Missing) as missing:
        read(role=Refusal("NoSuchEntity", "no"))
    assert missing.value.holder == "x"
