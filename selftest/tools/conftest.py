from selftest.hostile.sandbox import folder

__all__ = ["folder"]
