"""Mutations for tests/kms, and for what became of keys."""

import json

from selftest.mutations import keys
from selftest.mutations.documents import Set
from selftest.mutations.edits import Replaced, call
from selftest.mutations.mutation import mutation, near_miss

MAIN = "delivery/main.tf"
KEY, ROLE_POLICY = "aws_kms_key.notes", "aws_iam_role_policy.key"
ALIAS, DELIVERIES = "alias/notes-dev", "alias/notes-deliveries-dev"
OWN, OTHER = "arn:aws:iam::111122223333:root", "arn:aws:iam::999988887777:root"
RESOURCE = "arn:aws:kms:eu-central-1:111122223333:key/*"
BY_ALIAS = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ALIAS}}
LETS_IN = "Principal = { AWS = "
PRINCIPAL = f'{LETS_IN}"arn:aws:iam::${{local.account}}:root" }}'


def _role_policy(*actions: str, **more: object) -> str:
    allowed = {"Effect": "Allow", "Action": [*actions], "Resource": RESOURCE, "Condition": BY_ALIAS}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**allowed, **more}]})


READS_ONLY = _role_policy("kms:Decrypt")
MUTATIONS = [
    mutation("example-kms-01", keys.about_to_be_deleted(ALIAS)),
    mutation("example-kms-02", Replaced(MAIN, "= true\n  rotation_period_in_days = 180", "= false")),
    mutation("example-kms-02", Set(KEY, "enable_key_rotation", False)),
    mutation("example-kms-02", keys.not_rotated(ALIAS)),
    mutation("example-kms-03", keys.never_rotated(ALIAS, days=400)),
    mutation(
        "example-kms-04",
        Replaced(
            MAIN,
            'deliveries" {\n  name          = "alias/notes-deliveries-${var.environment}"\n'
            "  target_key_id = aws_kms_key.notes.key_id",
            'deliveries" {\n  name          = "alias/notes-deliveries-${var.environment}"\n'
            "  target_key_id = aws_kms_key.more.key_id\n}\n\n"
            'resource "aws_kms_key" "more" {\n  enable_key_rotation = true',
        ),
    ),
    mutation(
        "example-kms-04",
        Set("aws_kms_alias.deliveries", "target_key_id", "0a1b2c3d-0000-4000-8000-000000000000"),
    ),
    mutation("example-kms-04", keys.points_elsewhere(DELIVERIES)),
    mutation(
        "example-kms-05",
        Replaced(MAIN, PRINCIPAL, f'{LETS_IN}["arn:aws:iam::${{local.account}}:root", "{OTHER}"] }}'),
        unlisted=True,
    ),
    mutation("example-kms-05", Replaced(MAIN, PRINCIPAL, f'{LETS_IN}"*" }}'), unlisted=True),
    mutation(
        "example-kms-05",
        Replaced(MAIN, '"kms:*"', '["kms:Encrypt", "kms:Decrypt"]'),
        falls_with={"example-iam-03": "an action that the account may not decide on"},
    ),
    mutation("example-kms-05", Set(KEY, "policy", keys.policy([OWN, OTHER])), unlisted=True),
    mutation(
        "example-kms-05",
        keys.has_policy(ALIAS, "the key lets another account in", keys.policy([OWN, OTHER])),
        unlisted=True,
    ),
    mutation(
        "example-iam-03",
        Replaced(MAIN, '["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]', '"kms:Decrypt"'),
    ),
    mutation("example-iam-03", Set(ROLE_POLICY, "policy", READS_ONLY)),
    mutation(
        "example-iam-03",
        call(
            "iam:PutRolePolicy",
            RoleName="notes-deployer-dev",
            PolicyName="use-of-the-key",
            PolicyDocument=READS_ONLY,
        ),
    ),
]
NEAR_MISSES = [
    near_miss(
        "example-kms-05",
        keys.has_policy(
            ALIAS,
            "the key lets in everybody of the account",
            keys.policy("*", Condition={"StringEquals": {"kms:CallerAccount": "111122223333"}}),
        ),
        why="nobody of another account calls from this one",
    ),
    near_miss(
        "example-iam-03",
        call(
            "iam:PutRolePolicy",
            RoleName="notes-deployer-dev",
            PolicyName="use-of-the-key",
            PolicyDocument=_role_policy("kms:*"),
        ),
        why="that is more than what it must be able to do",
    ),
]
