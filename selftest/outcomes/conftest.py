from selftest.mutations.conftest import in_this_process

__all__ = ["in_this_process"]
