"""Mutations for tests/account."""

from moto.support.models import support_backends

from plumbline.aws.reads import Aws
from selftest.mutations.edits import Credentials, Removed
from selftest.mutations.mutation import mutation

ELSEWHERE = Credentials("111111111111")


def downgrade(aws: Aws, name: str) -> None:
    """Let the account have a plan without urgent cases."""
    vars(support_backends[aws.account]["us-east-1"])["severity_levels"] = ["low", "normal"]


MUTATIONS = [
    mutation("bbws-acct-02", Removed("urgent support", downgrade), only_on="live"),
    mutation("bbws-acct-01", ELSEWHERE, only_on="live"),  # refused by the guard, before anything else is read
]
