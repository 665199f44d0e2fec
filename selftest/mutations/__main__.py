"""`python -m selftest.mutations` writes the kill matrix of every stack."""

from selftest.mutations.matrix import page, path
from selftest.stacks.proven import STACKS

for proven in STACKS:
    path(proven).parent.mkdir(parents=True, exist_ok=True)
    path(proven).write_text(page(proven))
