"""The suite's own data and shape: runbooks, stacks, the sentences under tests/, and who imports whom."""
