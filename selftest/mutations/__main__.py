"""`python -m selftest.mutations` prints the kill matrix."""

from selftest.mutations.matrix import page

print(page(), end="")
