from selftest.input.conftest import tree

__all__ = ["tree"]
