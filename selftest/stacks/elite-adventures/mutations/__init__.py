"""Mutations beside the invariants that they prove: a module for each folder of tests/."""
