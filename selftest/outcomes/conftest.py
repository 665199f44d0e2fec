from selftest.mutations.conftest import server

__all__ = ["server"]
