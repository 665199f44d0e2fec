"""Mutations for tests/account."""

from selftest.mutations.edits import Credentials
from selftest.mutations.mutation import mutation

ELSEWHERE = Credentials("123456789012")

MUTATIONS = [
    mutation("example-acct-01", ELSEWHERE, only_on="live"),  # refused by the guard
]
