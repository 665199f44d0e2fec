"""Mutations for tests/iam."""

import json

from selftest.mutations.documents import Added, Set
from selftest.mutations.edits import Replaced, call
from selftest.mutations.mutation import mutation

SOURCE, DECLARED, ROLE = "global/iam_gh_oidc/main.tf", "aws_iam_role_policy.keys", "gh-actions-plan-dev"
KEYS = "arn:aws:kms:eu-west-3:100000000001:key/*"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


def policy(*statements: dict[str, object]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


READS = policy({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEYS})
OPENING = 'resource "aws_iam_role" "plan" {'
MORE = """resource "aws_iam_role" "more" {
  name               = "gh-actions-plan-more"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

"""
MORE_VALUES = {"name": "gh-actions-plan-more", "assume_role_policy": policy(TRUST)}

MUTATIONS = [
    mutation("data-lake-oidc-03", Replaced(SOURCE, '"kms:Encrypt", ', "")),
    mutation("data-lake-oidc-03", Set(DECLARED, "policy", READS)),
    mutation(
        "data-lake-oidc-03",
        call("iam:PutRolePolicy", RoleName=ROLE, PolicyName="use-keys", PolicyDocument=READS),
    ),
    mutation("data-lake-inv-07", Replaced(SOURCE, OPENING, MORE + OPENING), unlisted=True),
    mutation("data-lake-inv-07", Added("aws_iam_role.more", MORE_VALUES, "aws_iam_role.plan"), unlisted=True),
    mutation(
        "data-lake-inv-07",
        call("iam:CreateRole", RoleName="gh-actions-plan-more", AssumeRolePolicyDocument=policy(TRUST)),
        unlisted=True,
    ),
]
