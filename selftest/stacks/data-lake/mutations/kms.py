"""Mutations for tests/kms, and for what became of the key."""

from selftest.mutations import keys
from selftest.mutations.documents import Set
from selftest.mutations.edits import Replaced
from selftest.mutations.mutation import mutation, near_miss

MODULE, OUTPUTS = "modules/kms/main.tf", "envs/dev/outputs.tf"
KEY = "module.kms.aws_kms_key.this"
ALIAS = "alias/dp-dev-data-lake"
OWN_ALIAS = "module.kms.aws_kms_alias.this"
NO_KEY = "00000000-0000-0000-0000-000000000000"
OWN, OTHER = "arn:aws:iam::100000000001:root", "arn:aws:iam::999988887777:root"
PRINCIPAL = '{ AWS = "arn:aws:iam::${var.account_id}:root" }'
MORE = 'resource "aws_kms_key" "more" {\n  enable_key_rotation = true\n}\n\n'
UNHEARD = {"data-lake-mon-03": "CloudWatch may not use the key of the topic then"}

MUTATIONS = [
    mutation(
        "data-lake-kms-01 kms.enabled",
        Replaced(
            MODULE, "enable_key_rotation     = true", "enable_key_rotation = true\n  is_enabled = false"
        ),
        falls_with=UNHEARD,
    ),
    mutation("data-lake-kms-01 kms.enabled", Set(KEY, "is_enabled", False), falls_with=UNHEARD),
    mutation("data-lake-kms-01 kms.enabled", keys.switched_off(ALIAS), falls_with=UNHEARD, only_on="moto"),
    mutation(
        "data-lake-kms-01 kms.enabled",
        keys.switched_off(ALIAS),
        falls_with={**UNHEARD, "data-lake-kms-01 kms.state": "its state is Disabled"},
        only_on="live",
    ),
    mutation(
        "data-lake-kms-01 kms.state",
        keys.about_to_be_deleted(ALIAS),
        falls_with={**UNHEARD, "data-lake-kms-01 kms.enabled": "such a key is not enabled"},
        only_on="live",
    ),
    mutation("data-lake-kms-02", Replaced(MODULE, "= true\n  rotation_period_in_days = 365", "= false")),
    mutation("data-lake-kms-02", Set(KEY, "enable_key_rotation", False)),
    mutation("data-lake-kms-02", keys.not_rotated(ALIAS)),
    mutation("data-lake-kms-03", keys.never_rotated(ALIAS, days=400)),
    mutation(
        "data-lake-kms-04",
        Replaced(OUTPUTS, 'output "kms_key_id" {', MORE + 'output "kms_key_id" {'),
        Replaced(OUTPUTS, "= module.kms.key_id", "= aws_kms_key.more.key_id"),
    ),
    mutation(
        "data-lake-kms-04",
        Set(OWN_ALIAS, "target_key_id", NO_KEY),
        falls_with={
            "data-lake-kms-01 kms.enabled": "the key is found by its alias",
            "data-lake-state-04 s3.encryption-key": "the alias of the other root has the same address",
        },
        only_on="state",
    ),
    mutation(
        "data-lake-kms-04",
        keys.points_elsewhere(ALIAS),
        falls_with={
            "data-lake-kms-02": "the other key is not rotated",
            "data-lake-s3-03 s3.encryption-key": "the zones have the one that had the alias",
        },
    ),
    mutation(
        "data-lake-kms-05",
        Replaced(MODULE, PRINCIPAL, f'{{ AWS = ["arn:aws:iam::${{var.account_id}}:root", "{OTHER}"] }}'),
        unlisted=True,
    ),
    mutation("data-lake-kms-05", Replaced(MODULE, PRINCIPAL, '{ AWS = "*" }'), unlisted=True),
    mutation("data-lake-kms-05", Replaced(MODULE, '"kms:*"', '["kms:Encrypt", "kms:Decrypt"]')),
    mutation(
        "data-lake-kms-05", Set(KEY, "policy", keys.policy([OWN, OTHER])), unlisted=True, falls_with=UNHEARD
    ),
    mutation(
        "data-lake-kms-05",
        keys.has_policy(ALIAS, "the key lets another account in", keys.policy([OWN, OTHER])),
        unlisted=True,
        falls_with=UNHEARD,
    ),
]

NEAR_MISSES = [
    near_miss(
        "data-lake-kms-05",
        keys.has_policy(
            ALIAS,
            "the key lets in everybody of the account",
            keys.policy("*", Condition={"StringEquals": {"kms:CallerAccount": "100000000001"}}),
        ),
        why="nobody of another account calls from this one",
    ),
]
