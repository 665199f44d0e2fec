"""Mutations for tests/account."""

from moto.support.models import support_backends

from plumbline.aws.reads import Aws
from selftest.mutations.edits import Credentials, Removed
from selftest.mutations.mutation import mutation

ELSEWHERE = Credentials("111111111111")
_EMPTY = (
    "bbws-ddb-01",
    "bbws-bkp-01",
    "bbws-bkp-02",
    "bbws-bkp-05",
    "bbws-tf-01 dynamodb.status",
    "bbws-bkp-10",
    "bbws-tf-06",
    *(f"bbws-mon-{number}" for number in ("01", "02", "03", "04", "11", "12", "13")),
    *(f"bbws-mon-{number} config.rule" for number in ("06", "07", "08", "09", "10")),
    "bbws-mon-05 config.recording",
    "bbws-log-01",
    "bbws-s3-06",
    *(f"bbws-iam-{number}" for number in ("01", "08", "09")),
)
_COMPANIONS = dict.fromkeys(_EMPTY, "another account holds none of these")
_TAGS = {"bbws-s3-11": "moto shows the buckets of all accounts, but not their tags"}


def downgrade(aws: Aws, name: str) -> None:
    """Let the account have a plan without urgent cases."""
    vars(support_backends[aws.account]["us-east-1"])["severity_levels"] = ["low", "normal"]


MUTATIONS = [
    mutation("bbws-acct-02", Removed("urgent support", downgrade)),
    mutation(
        "bbws-acct-01",
        ELSEWHERE,
        falls_with=_COMPANIONS | _TAGS,
        only_on="moto",
    ),
    mutation("bbws-acct-01", ELSEWHERE, only_on="live"),  # refused by the guard, before anything else is read
]
