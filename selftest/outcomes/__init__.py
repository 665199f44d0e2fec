"""Every test of the suite on every source ends in each way that it can: it holds, it does not, it is
undetermined, its evidence could not be read, its resource is missing.

The proofs walk through what the runbook asserts, so that a new invariant is included by itself.
"""
