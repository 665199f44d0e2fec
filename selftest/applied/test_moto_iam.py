"""What is added to moto for IAM answers as AWS does, in this process and in a server alike."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import backend_index
from moto.iam.responses import IamResponse

from plumbline.sources.moto import access_analyzer, policy_simulator
from selftest.applied.test_moto_extensions import server, session

__all__ = ["server", "session"]

READ = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}


def policy(**statement: Any) -> str:
    """Return a policy that allows reading, or what is said instead."""
    return json.dumps({"Version": "2012-10-17", "Statement": [READ | statement]})


def test_an_analyzer_is_listed_and_described_until_it_is_deleted(session: Any) -> None:
    analyzers = session.client("accessanalyzer")
    arn = analyzers.create_analyzer(analyzerName="a", type="ACCOUNT", tags={"k": "v"})["arn"]
    [listed] = analyzers.list_analyzers()["analyzers"]
    assert (listed["name"], listed["status"], listed["arn"]) == ("a", "ACTIVE", arn)
    assert analyzers.get_analyzer(analyzerName="a")["analyzer"] == listed
    assert analyzers.list_tags_for_resource(resourceArn=arn)["tags"] == {"k": "v"}
    assert session.client("accessanalyzer", "eu-west-1").list_analyzers()["analyzers"] == []
    analyzers.delete_analyzer(analyzerName="a")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        analyzers.get_analyzer(analyzerName="a")


def decisions(iam: Any, role: str, *actions: str) -> dict[str, str]:
    """Return what the simulator decides of a role on an object."""
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=role, ActionNames=list(actions), ResourceArns=["arn:aws:s3:::b/k"]
    )
    return {it["EvalActionName"]: it["EvalDecision"] for it in simulated["EvaluationResults"]}


def test_the_simulator_decides_by_all_policies_of_a_role(session: Any) -> None:
    iam = session.client("iam")
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy())["Role"]["Arn"]
    asked = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    assert set(decisions(iam, role, *asked).values()) == {"implicitDeny"}
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy())
    managed = policy(Action="s3:DeleteObject", Effect="Deny")
    arn = iam.create_policy(PolicyName="m", PolicyDocument=managed)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    told = ["allowed", "implicitDeny", "explicitDeny"]
    assert decisions(iam, role, *asked) == dict(zip(asked, told, strict=True))


def test_the_simulator_keeps_within_the_boundary(session: Any) -> None:
    iam = session.client("iam")
    arn = iam.create_policy(PolicyName="b", PolicyDocument=policy(Action="s3:Put*"))["Policy"]["Arn"]
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy(), PermissionsBoundary=arn)
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy(Action="s3:*"))
    told = decisions(iam, role["Role"]["Arn"], "s3:GetObject", "s3:PutObject")
    assert told == {"s3:GetObject": "implicitDeny", "s3:PutObject": "allowed"}


@pytest.mark.parametrize(
    ("boundary", "told"),
    [("PowerUserAccess", ["allowed", None]), ("NoSuchPolicy", ["implicitDeny", "the boundary"])],
)
def test_a_boundary_of_awss_own_is_read_where_moto_knows_it(session: Any, boundary: str, told: Any) -> None:
    iam = session.client("iam")
    arn = f"arn:aws:iam::aws:policy/{boundary}"
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy(), PermissionsBoundary=arn)["Role"]
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy())
    [result] = iam.simulate_principal_policy(
        PolicySourceArn=role["Arn"], ActionNames=["s3:GetObject"], ResourceArns=["arn:aws:s3:::b/k"]
    )["EvaluationResults"]
    lacking = result.get("MissingContextValues") or [None]
    assert result["EvalDecision"] == told[0]
    assert lacking == [None] if told[1] is None else lacking[0].startswith(told[1])


def test_a_role_that_does_not_exist_cannot_be_asked_for(session: Any) -> None:
    with pytest.raises(ClientError, match="NoSuchEntity"):
        decisions(session.client("iam"), "arn:aws:iam::536580886816:role/nobody", "s3:GetObject")


def test_moto_itself_still_lacks_what_is_added() -> None:
    assert IamResponse.simulate_principal_policy is policy_simulator.simulate_principal_policy
    patterns = dict(backend_index.backend_url_patterns)
    assert patterns["accessanalyzer"].pattern == access_analyzer.url_bases[0]
