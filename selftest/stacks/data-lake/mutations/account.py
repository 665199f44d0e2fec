"""Mutations for tests/account."""

from selftest.mutations.edits import Credentials
from selftest.mutations.mutation import mutation

MUTATIONS = [
    mutation("data-lake-acct-01", Credentials("123456789012"), only_on="live"),  # refused by the guard
]
