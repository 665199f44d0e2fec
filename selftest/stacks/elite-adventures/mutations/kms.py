"""Mutations for tests/kms."""

from selftest.mutations import keys
from selftest.mutations.documents import Set
from selftest.mutations.edits import Replaced
from selftest.mutations.mutation import mutation

FILE, KEY, ALIAS = "infra/terraform/kms.tf", "aws_kms_key.stack", "alias/elite-adventures-leads-prod"
UNHEARD = {"elite-adventures-alarm-05": "CloudWatch may not use the key of the topic then"}
UNDELIVERED = {"elite-adventures-audit-02 trail.delivery": "the trail may not use the key then"}

MUTATIONS = [
    mutation("elite-adventures-kms-01", Replaced(FILE, "= true\n  rotation_period_in_days = 365", "= false")),
    mutation("elite-adventures-kms-01", Set(KEY, "enable_key_rotation", False)),
    mutation("elite-adventures-kms-01", keys.not_rotated(ALIAS)),
    mutation(
        "elite-adventures-kms-02 kms.enabled",
        Replaced(FILE, "deletion_window_in_days = 30", "deletion_window_in_days = 30\n  is_enabled = false"),
        falls_with={**UNHEARD, **UNDELIVERED},
    ),
    mutation(
        "elite-adventures-kms-02 kms.enabled",
        Set(KEY, "is_enabled", False),
        falls_with={**UNHEARD, **UNDELIVERED},
    ),
    mutation(
        "elite-adventures-kms-02 kms.enabled", keys.switched_off(ALIAS), falls_with=UNHEARD, only_on="moto"
    ),
    mutation(
        "elite-adventures-kms-02 kms.enabled",
        keys.switched_off(ALIAS),
        falls_with={**UNHEARD, "elite-adventures-kms-02 kms.state": "its state is Disabled"},
        only_on="live",
    ),
    mutation(
        "elite-adventures-kms-02 kms.state",
        keys.about_to_be_deleted(ALIAS),
        falls_with={**UNHEARD, "elite-adventures-kms-02 kms.enabled": "such a key is not enabled"},
        only_on="live",
    ),
]
