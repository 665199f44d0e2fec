"""Mutations for tests/iam."""

from selftest.mutations.documents import Set
from selftest.mutations.edits import Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss
from selftest.mutations.policies import ISSUER, trust
from selftest.mutations.removals import remove_provider

MAIN = "delivery/main.tf"
ROLE = "aws_iam_role.deployer"
ACCOUNT = "111122223333"
MEANT, AUDIENCE = "repo:notes/notes:environment:dev", "sts.amazonaws.com"
SUBJECT = '"repo:notes/notes:environment:${var.environment}"'


def _trusting(**conditions: dict[str, object]):
    return call(
        "iam:UpdateAssumeRolePolicy",
        RoleName="notes-deployer-dev",
        PolicyDocument=trust(ACCOUNT, **conditions),
    )


ANY_OF_THE_OWNER = {"StringEquals": {"aud": AUDIENCE}, "StringLike": {"sub": "repo:notes*"}}
MUTATIONS = [
    mutation("example-iam-01", Replaced(MAIN, '["sts.amazonaws.com"]', '["https://github.com/notes"]')),
    mutation("example-iam-01", Set("aws_iam_openid_connect_provider.github", "client_id_list", [])),
    mutation("example-iam-01", Removed(ISSUER, remove_provider)),
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
    mutation(
        "example-iam-02", Set(ROLE, "assume_role_policy", trust(ACCOUNT, **ANY_OF_THE_OWNER)), unlisted=True
    ),
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
