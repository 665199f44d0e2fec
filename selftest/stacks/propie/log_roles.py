"""The roles as which services of AWS write logs for PropIE."""

from __future__ import annotations

from selftest.mutations.documents import Set
from selftest.mutations.edits import Edit, Replaced, call

_OF_LAMBDA = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
    ' "Principal": {"Service": "lambda.amazonaws.com"}}]}'
)


def trusting_another(service: str) -> tuple[Edit, Edit, Edit]:
    """Return that Lambda may assume the role of a service instead: in source, in files, in an account."""
    return (
        Replaced(
            "infrastructure/logs.tf",
            '"${each.key}.amazonaws.com"',
            f'"${{replace(each.key, "{service}", "lambda")}}.amazonaws.com"',
        ),
        Set(f'aws_iam_role.logging["{service}"]', "assume_role_policy", _OF_LAMBDA),
        call("iam:UpdateAssumeRolePolicy", RoleName=f"prop-ie-dev-{service}-logs", PolicyDocument=_OF_LAMBDA),
    )
