"""A checkout as evidence: how its files are found, what its scripts do, what its action runs."""
