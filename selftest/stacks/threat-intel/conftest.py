from selftest.applied.fixtures import applied

__all__ = ["applied"]
