"""What stands of Elite Adventures, and why it does."""

UNREPAIRED = {
    "elite-adventures-ddb-04": "the key of a table stays: another one has to be made, and what it holds copied",
}
"""Invariants that no command of their card turns green, and why."""
