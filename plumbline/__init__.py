"""Holds AWS infrastructure against the runbooks that describe it."""

__version__ = "1.0.0"
