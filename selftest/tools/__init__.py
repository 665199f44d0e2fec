"""Proofs of what runs tools: stubs that answer as they do, and the tools themselves."""
