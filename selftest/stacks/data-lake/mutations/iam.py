"""Mutations for tests/iam."""

from plumbline.aws.reads import Aws
from selftest.mutations import keys
from selftest.mutations.documents import Added, Set
from selftest.mutations.edits import Called, Happened, Removed, Replaced, call
from selftest.mutations.mutation import mutation, near_miss
from selftest.mutations.policies import ISSUER, policy, trust
from selftest.mutations.removals import remove_provider

SOURCE, DECLARED, ROLE = "global/iam_gh_oidc/main.tf", "aws_iam_role_policy.keys", "gh-actions-plan-dev"
KEYS = "arn:aws:kms:eu-west-3:100000000001:key/*"
ALIAS = "alias/dp-dev-data-lake"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


READS = policy({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": KEYS})
OPENING = 'resource "aws_iam_role" "plan" {'
MORE = """resource "aws_iam_role" "more" {
  name               = "gh-actions-plan-more"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

"""
MORE_VALUES = {"name": "gh-actions-plan-more", "assume_role_policy": policy(TRUST)}

ACCOUNT, AUDIENCE = "100000000001", "sts.amazonaws.com"
MEANT = "repo:your-github-org/your-repo-name:environment:dev"
SUBJECT = '"repo:${var.repo}:environment:${local.environment}"'
LIMIT = f'''test     = "StringEquals"
      variable = "{ISSUER}:sub"
      values   = [{SUBJECT}]'''
LIMIT_OF_AUDIENCE = f'''
    condition {{
      test     = "StringEquals"
      variable = "{ISSUER}:aud"
      values   = ["{AUDIENCE}"]
    }}
'''
ANY_OF_THE_OWNER = {"StringEquals": {"aud": AUDIENCE}, "StringLike": {"sub": "repo:your-github-org*"}}


def trusting(**conditions: dict[str, object]) -> Called:
    """Return that the role trusts tokens under other conditions."""
    document = trust(ACCOUNT, **conditions)
    return call("iam:UpdateAssumeRolePolicy", RoleName=ROLE, PolicyDocument=document)


def use_on(arn: str) -> str:
    """Return the policy of a role that may use this key."""
    return policy({"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": arn})


def narrowed(aws: Aws) -> None:
    """Let the role use the key of the data lake, by its id, and no other one."""
    [key] = [it for it in aws.write("kms:ListAliases")["Aliases"] if it["AliasName"] == ALIAS]
    document = use_on(aws.arn("kms", f"key/{key['TargetKeyId']}"))
    aws.write("iam:PutRolePolicy", RoleName=ROLE, PolicyName="use-keys", PolicyDocument=document)


MUTATIONS = [
    mutation("data-lake-oidc-01", Replaced(SOURCE, f'= ["{AUDIENCE}"]', '= ["https://github.com/notes"]')),
    mutation("data-lake-oidc-01", Set("aws_iam_openid_connect_provider.github", "client_id_list", [])),
    mutation("data-lake-oidc-01", Removed(ISSUER, remove_provider)),
    mutation(
        "data-lake-oidc-02",
        Replaced(SOURCE, LIMIT, LIMIT.replace("Equals", "Like").replace(SUBJECT, '"repo:*"')),
        unlisted=True,
    ),
    mutation(
        "data-lake-oidc-02",
        Replaced(
            SOURCE,
            LIMIT,
            LIMIT.replace("StringEquals", "ForAllValues:StringEquals").replace(":sub", ":subject"),
        ),
        unlisted=True,
    ),
    mutation("data-lake-oidc-02", Replaced(SOURCE, LIMIT_OF_AUDIENCE, ""), unlisted=True),
    mutation("data-lake-oidc-02", Replaced(SOURCE, SUBJECT, '"repo:other/${var.repo}"')),
    mutation(
        "data-lake-oidc-02",
        Set("aws_iam_role.plan", "assume_role_policy", trust(ACCOUNT, **ANY_OF_THE_OWNER)),
        unlisted=True,
    ),
    mutation("data-lake-oidc-02", trusting(**ANY_OF_THE_OWNER), unlisted=True),
    mutation("data-lake-oidc-03 kms.use", Replaced(SOURCE, '"kms:Encrypt", ', "")),
    mutation("data-lake-oidc-03 kms.use", Set(DECLARED, "policy", READS)),
    mutation(
        "data-lake-oidc-03 kms.use",
        keys.has_policy(
            ALIAS,
            "the key leaves nothing to the account but to a role of it",
            keys.policy(f"arn:aws:iam::{ACCOUNT}:role/admin"),
        ),
        only_on="live",
        falls_with={
            "data-lake-kms-05": "the account does not administer it any more",
            "data-lake-mon-03": "CloudWatch may not use the key of the topic then",
        },
    ),
    *(
        mutation(
            "data-lake-oidc-03 iam.permissions",
            call("iam:PutRolePolicy", RoleName=ROLE, PolicyName="use-keys", PolicyDocument=document),
            only_on="live",
            falls_with={"data-lake-oidc-03 kms.use": "the policies of the role are its own, too"},
        )
        for document in (READS, use_on(KEYS.replace("*", "00000000-0000-0000-0000-000000000000")))
    ),
    mutation("data-lake-inv-07", Replaced(SOURCE, OPENING, MORE + OPENING), unlisted=True),
    mutation("data-lake-inv-07", Added("aws_iam_role.more", MORE_VALUES, "aws_iam_role.plan"), unlisted=True),
    mutation(
        "data-lake-inv-07",
        call("iam:CreateRole", RoleName="gh-actions-plan-more", AssumeRolePolicyDocument=policy(TRUST)),
        unlisted=True,
    ),
]

NEAR_MISSES = [
    near_miss(
        "data-lake-oidc-03 iam.permissions",
        Happened("the role may use the key of the data lake alone", narrowed),
        why="it is the key that the sentence speaks of",
    ),
    near_miss(
        "data-lake-oidc-02",
        trusting(StringEquals={"aud": AUDIENCE}, ForAnyValue_StringLike={"sub": [MEANT]}),
        why="a token has one subject",
    ),
    near_miss(
        "data-lake-oidc-02",
        trusting(
            StringEquals={"aud": AUDIENCE}, StringLike={"sub": "repo:*"}, StringEqualsIfExists={"sub": MEANT}
        ),
        why="both conditions must hold, and each token has a subject",
    ),
]
