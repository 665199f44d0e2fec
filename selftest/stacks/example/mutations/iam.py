"""Mutations for tests/iam."""

import json

from plumbline.aws.reads import Aws
from selftest.mutations.documents import Set
from selftest.mutations.edits import Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss

MAIN = "delivery/main.tf"
ROLE = "aws_iam_role.deployer"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
CLAIM = "token.actions.githubusercontent.com"
MEANT, AUDIENCE = "repo:notes/notes:environment:dev", "sts.amazonaws.com"
SUBJECT = '"repo:notes/notes:environment:${var.environment}"'


def trust(**conditions: dict[str, object]) -> str:
    """Return a trust policy under these conditions: operator, and values by claim."""
    named = {
        operator.replace("_", ":"): {f"{CLAIM}:{claim}": value for claim, value in claims.items()}
        for operator, claims in conditions.items()
    }
    allowed = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**allowed, "Condition": named}]})


def _trusting(**conditions: dict[str, object]):
    return call(
        "iam:UpdateAssumeRolePolicy", RoleName="notes-deployer-dev", PolicyDocument=trust(**conditions)
    )


def _no_provider(aws: Aws, name: str) -> None:
    aws.write("iam:DeleteOpenIDConnectProvider", OpenIDConnectProviderArn=PROVIDER)


ANY_OF_THE_OWNER = {"StringEquals": {"aud": AUDIENCE}, "StringLike": {"sub": "repo:notes*"}}
MUTATIONS = [
    mutation("example-iam-01", Replaced(MAIN, '["sts.amazonaws.com"]', '["https://github.com/notes"]')),
    mutation("example-iam-01", Set("aws_iam_openid_connect_provider.github", "client_id_list", [])),
    mutation("example-iam-01", Removed(CLAIM, _no_provider)),
    mutation("example-iam-02", Replaced(MAIN, SUBJECT, '"repo:*"'), unlisted=True),
    mutation("example-iam-02", Replaced(MAIN, SUBJECT, '"repo:notes*"'), unlisted=True),
    mutation(
        "example-iam-02",
        Replaced(
            MAIN, 'StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }', ""
        ),
        unlisted=True,
    ),
    mutation("example-iam-02", Replaced(MAIN, "StringLike  ", '"ForAllValues:StringNotLike"'), unlisted=True),
    mutation(
        "example-iam-02",
        Replaced(MAIN, f'StringLike   = {{ "token.actions.githubusercontent.com:sub" = {SUBJECT} }}', ""),
        unlisted=True,
    ),
    mutation("example-iam-02", Replaced(MAIN, SUBJECT, '"repo:notes/notes:environment:test"')),
    mutation("example-iam-02", Set(ROLE, "assume_role_policy", trust(**ANY_OF_THE_OWNER)), unlisted=True),
    mutation("example-iam-02", _trusting(**ANY_OF_THE_OWNER), unlisted=True),
    mutation(
        "example-iam-02",
        _trusting(StringEquals={"aud": AUDIENCE}, ForAllValues_StringLike={"subject": MEANT}),
        unlisted=True,
    ),
    mutation(
        "example-iam-02", _trusting(StringEquals={"aud": AUDIENCE, "sub": "repo:notes/notes:environment:*"})
    ),
]
NEAR_MISSES = [
    near_miss(
        "example-iam-02",
        _trusting(StringEquals={"aud": AUDIENCE}, ForAnyValue_StringLike={"sub": [MEANT]}),
        why="a token has one subject",
    ),
    near_miss(
        "example-iam-02",
        _trusting(
            StringEquals={"aud": AUDIENCE}, StringLike={"sub": "repo:*"}, StringEqualsIfExists={"sub": MEANT}
        ),
        why="both conditions must hold, and each token has a subject",
    ),
]
