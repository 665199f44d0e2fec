"""Mutations for tests/account."""

from selftest.mutations.edits import Credentials
from selftest.mutations.mutation import mutation

ELSEWHERE = Credentials("123456789012")
_EMPTY = ("example-ddb-01", "example-log-01", "example-mon-01")
_COMPANIONS = dict.fromkeys(_EMPTY, "another account holds none of these")

MUTATIONS = [
    mutation("example-acct-01", ELSEWHERE, falls_with=_COMPANIONS, only_on="moto"),
    mutation("example-acct-01", ELSEWHERE, only_on="live"),  # refused by the guard
]
