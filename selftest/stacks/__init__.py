"""The stacks that the proofs walk, and below each name what the proofs need of that stack alone.

Every stack under fixtures/ is walked, and the `example`, which no user sees: a small one that is whole. The
folder of a stack holds its `mutations`, its recorded `plans_and_states`, `truth` (what Terraform makes of
its roots), `explained.py` (what may change in it unnoticed, and why), `checkout/` (files that a checkout of
it needs and its repository lacks), and proofs of what only this stack has. `registry` tells what of all this
a stack lacks, and what to write.
"""
