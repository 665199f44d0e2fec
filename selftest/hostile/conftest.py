from selftest.hostile.sandbox import folder
from selftest.input.conftest import tree

__all__ = ["folder", "tree"]
